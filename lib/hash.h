/* hash: SHA-256 (libcrypto), as lower-case hexadecimal. */
#ifndef REJOIN_LIB_HASH_H
#define REJOIN_LIB_HASH_H

#include <stddef.h>

#define HASH_HEX_SIZE 65

void hash_sha256_hex(const void *data, size_t size_bytes, char ret_hex[HASH_HEX_SIZE]);

#endif
