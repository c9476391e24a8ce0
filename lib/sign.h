/* sign: Ed25519 signatures (RFC 8032), by libcrypto. Keys are files as openssl makes them (PEM):
 *
 *   openssl genpkey -algorithm ed25519 -out seal.key       chmod 600
 *   openssl pkey -in seal.key -pubout -out seal.pub
 *
 * A private key is held in memory only while somebody signs, and never printed. */
#ifndef REJOIN_LIB_SIGN_H
#define REJOIN_LIB_SIGN_H

#include "lib/err.h"
#include <stdbool.h>
#include <stddef.h>

#define SIGN_PUBLIC_SIZE 32
#define SIGN_SIZE 64

struct sign_key;

/* A private key. Not a regular file, another's, readable by others than its owner (mode & 077),
 * encrypted, or no Ed25519 key: ERR_ENV, one line that names the file. */
int sign_key_read(const char *path, struct sign_key **ret_key, struct err *err);
void sign_key_free(struct sign_key *key); /* wiped; NULL is fine */
void sign_key_public(const struct sign_key *key, unsigned char ret_public[SIGN_PUBLIC_SIZE]);

/* A public key; ERR_ENV likewise. */
int sign_public_read(const char *path, unsigned char ret_public[SIGN_PUBLIC_SIZE], struct err *err);

void sign_make(const struct sign_key *key, const void *data, size_t size_bytes,
	       unsigned char ret_signature[SIGN_SIZE]);
bool sign_holds(const unsigned char public_key[SIGN_PUBLIC_SIZE], const void *data,
		size_t size_bytes, const unsigned char signature[SIGN_SIZE]);

#endif
