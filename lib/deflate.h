/* deflate: bytes made smaller and back (zlib, RFC 1950). */
#ifndef REJOIN_LIB_DEFLATE_H
#define REJOIN_LIB_DEFLATE_H

#include "lib/err.h"
#include "lib/str.h"
#include <stddef.h>

/* Adds the packed bytes to ret_packed. */
void deflate_pack(const void *data, size_t size_bytes, struct str *ret_packed);

/* Adds the bytes that were packed, size_bytes of them, to ret_data. Damaged, or not so many:
 * ERR_ENV, and nothing is added. size_bytes may be what a file says: no memory is taken for more
 * than can have been packed. */
int deflate_unpack(const void *packed, size_t packed_bytes, size_t size_bytes, struct str *ret_data,
		   struct err *err);

/* Of the library: "1.2.13". Another one may pack the same bytes otherwise. */
const char *deflate_library(void);

#endif
