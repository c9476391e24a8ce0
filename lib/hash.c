#include "lib/hash.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VARINT = 10 };

static void must(int done)
{
	if (!done)
		abort(); /* a libcrypto without SHA-256, or without memory */
}

void hash_hex(const unsigned char hash[HASH_SIZE], char ret_hex[HASH_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH_SIZE; i++) {
		ret_hex[2 * i] = digits[hash[i] >> 4];
		ret_hex[2 * i + 1] = digits[hash[i] & 0xf];
	}
	ret_hex[2 * HASH_SIZE] = '\0';
}

void hash_sha256_hex(const void *data, size_t size_bytes, char ret_hex[HASH_HEX_SIZE])
{
	unsigned char sum[HASH_SIZE];

	must(EVP_Digest(data, size_bytes, sum, NULL, EVP_sha256(), NULL));
	hash_hex(sum, ret_hex);
}

void hash_begin(struct hash *hash)
{
	hash->n = 0;
	hash->ctx = EVP_MD_CTX_new();
	must(hash->ctx && EVP_DigestInit_ex(hash->ctx, EVP_sha256(), NULL));
}

static void flush(struct hash *hash)
{
	must(EVP_DigestUpdate(hash->ctx, hash->gathered, hash->n));
	hash->n = 0;
}

void hash_add(struct hash *hash, const void *data, size_t size_bytes)
{
	if (size_bytes > sizeof hash->gathered - hash->n)
		flush(hash);
	if (size_bytes > sizeof hash->gathered) {
		must(EVP_DigestUpdate(hash->ctx, data, size_bytes));
		return;
	}
	if (size_bytes)
		memcpy(hash->gathered + hash->n, data, size_bytes);
	hash->n += size_bytes;
}

void hash_add_byte(struct hash *hash, unsigned char byte)
{
	if (hash->n == sizeof hash->gathered)
		flush(hash);
	hash->gathered[hash->n++] = byte;
}

void hash_add_u64(struct hash *hash, uint64_t value)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> (56 - 8 * i));
	hash_add(hash, bytes, sizeof bytes);
}

void hash_add_varint(struct hash *hash, uint64_t value)
{
	if (sizeof hash->gathered - hash->n < MAX_VARINT)
		flush(hash);
	while (value >= 0x80) {
		hash->gathered[hash->n++] = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	hash->gathered[hash->n++] = (unsigned char)value;
}

void hash_end(struct hash *hash, unsigned char ret_hash[HASH_SIZE])
{
	flush(hash);
	must(EVP_DigestFinal_ex(hash->ctx, ret_hash, NULL));
	EVP_MD_CTX_free(hash->ctx);
	hash->ctx = NULL;
}

int hash_file_hex(const char *path, char ret_hex[HASH_HEX_SIZE], int64_t *ret_size, struct err *err)
{
	unsigned char block[65536], sum[HASH_SIZE];
	FILE *file = fopen(path, "re");
	struct hash hash;
	size_t n;

	if (!file)
		return err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	*ret_size = 0;
	hash_begin(&hash);
	while ((n = fread(block, 1, sizeof block, file)) > 0) {
		hash_add(&hash, block, n);
		*ret_size += (int64_t)n;
	}
	hash_end(&hash, sum);
	hash_hex(sum, ret_hex);
	if (ferror(file))
		err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	fclose(file);
	return err->code;
}
