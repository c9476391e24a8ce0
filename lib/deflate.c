#include "lib/deflate.h"
#include "lib/mem.h"
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

void deflate_pack(const void *data, size_t size_bytes, struct str *ret_packed)
{
	uLongf n = compressBound(size_bytes);
	char *packed = mem_alloc(n);

	if (compress2((Bytef *)packed, &n, data, size_bytes, Z_DEFAULT_COMPRESSION) != Z_OK)
		abort(); /* out of memory: there is room for the result */
	str_add_n(ret_packed, packed, n);
	free(packed);
}

/* Deflate makes nothing smaller than by 1032 to 1 (zlib's own technical notes): more than that in
 * so few bytes is somebody's invention, and no place is made for it. */
static bool is_possible(size_t packed_bytes, size_t size_bytes)
{
	return size_bytes <= 64 || (size_bytes - 64) / 1032 <= packed_bytes;
}

int deflate_unpack(const void *packed, size_t packed_bytes, size_t size_bytes, struct str *ret_data,
		   struct err *err)
{
	uLongf n = size_bytes;
	char *data;

	if (!is_possible(packed_bytes, size_bytes))
		return err_set(err, ERR_ENV, "packed data is damaged");
	/* one more, since zlib refuses a place of no bytes */
	data = mem_alloc(size_bytes + 1);
	if (uncompress((Bytef *)data, &n, packed, packed_bytes) != Z_OK || n != size_bytes)
		err_set(err, ERR_ENV, "packed data is damaged");
	else
		str_add_n(ret_data, data, n);
	free(data);
	return err->code;
}

const char *deflate_library(void)
{
	return zlibVersion();
}
