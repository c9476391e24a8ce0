/* store_copy: a recording copied as a whole, and the node logs in it unpacked. */
#ifndef REJOIN_SCHEMA_STORE_COPY_H
#define REJOIN_SCHEMA_STORE_COPY_H

#include "lib/err.h"
#include "lib/str.h"
#include "schema/store.h"

/* A compact copy in one plain file, of one state of the recording (VACUUM INTO). path must not
 * exist, nor PATH.pages, a passing copy. The same rows give the same bytes. Once stop returns true
 * it ends: ERR_INTERRUPTED, and path is the caller's to remove, as after every failure. */
int store_copy_into(struct store *store, const char *path, bool (*stop)(void), struct err *err);

/* Of a row with log_chunk.lines and log_chunk.n_bytes in these columns: adds the lines. Damaged:
 * ERR_ENV. */
int store_log_lines(const struct store_row *row, int lines, int n_bytes, struct str *ret_text,
		    struct err *err);

#endif
