#include "lib/deflate.h"
#include "lib/mem.h"
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

int deflate_unpack(const void *packed, size_t packed_bytes, size_t size_bytes, struct str *ret_data,
		   struct err *err)
{
	uLongf n = size_bytes;
	/* one more, since zlib refuses a place of no bytes */
	char *data = mem_alloc(size_bytes + 1);

	if (uncompress((Bytef *)data, &n, packed, packed_bytes) != Z_OK || n != size_bytes)
		err_set(err, ERR_ENV, "packed data is damaged");
	else
		str_add_n(ret_data, data, n);
	free(data);
	return err->code;
}
