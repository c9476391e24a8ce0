/* store_merge: studies of several recordings copied into one new file.
 *
 * Numbers of rows are mapped by adding to them, so that their order within a study, and with it the
 * study's seal, stays. A cluster state that several recordings hold is stored once. Nothing but the
 * numbers changes. */
#ifndef REJOIN_SCHEMA_STORE_MERGE_H
#define REJOIN_SCHEMA_STORE_MERGE_H

#include "lib/err.h"
#include "schema/store.h"

struct store_merge;

/* path: an empty file, filled without a journal: for a file that gets its name when it is whole.
 * Once stop returns true, what follows ends with ERR_INTERRUPTED. */
int store_merge_open(const char *path, bool (*stop)(void), struct store_merge **ret_merge,
		     struct err *err);
/* Copies these studies of a recording that is open for reading. Their uuids must be new. A row that
 * refers to another that is not there: ERR_ENV. */
int store_merge_add(struct store_merge *merge, struct store *from, const int64_t *study_ids,
		    size_t n_studies, struct err *err);
/* Frees merge even on failure. NULL is fine. */
int store_merge_close(struct store_merge *merge, struct err *err);

#endif
