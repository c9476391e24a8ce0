/* hash: SHA-256 (libcrypto): of one text, and of a stream of values. */
#ifndef REJOIN_LIB_HASH_H
#define REJOIN_LIB_HASH_H

#include "lib/err.h"
#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE 32
#define HASH_HEX_SIZE 65

/* As lower-case hexadecimal. */
void hash_sha256_hex(const void *data, size_t size_bytes, char ret_hex[HASH_HEX_SIZE]);
void hash_hex(const unsigned char hash[HASH_SIZE], char ret_hex[HASH_HEX_SIZE]);

/* A stream: begin, add, end. Small values are gathered, so that adding one costs a copy. */
struct hash {
	void *ctx; /* libcrypto's */
	size_t n;  /* bytes gathered */
	unsigned char gathered[8192];
};

void hash_begin(struct hash *hash);
void hash_add(struct hash *hash, const void *data, size_t size_bytes);
void hash_add_byte(struct hash *hash, unsigned char byte);
/* Eight bytes, the highest first. */
void hash_add_u64(struct hash *hash, uint64_t value);
/* LEB128: seven bits a byte, the lowest first; the top bit says that more follow. */
void hash_add_varint(struct hash *hash, uint64_t value);
/* Frees what begin took; the stream may then begin again. */
void hash_end(struct hash *hash, unsigned char ret_hash[HASH_SIZE]);

/* Of a file's content. ERR_ENV where it cannot be read; ret_size: its bytes. */
int hash_file_hex(const char *path, char ret_hex[HASH_HEX_SIZE], int64_t *ret_size,
		  struct err *err);

#endif
