#include "lib/hash.h"
#include <openssl/evp.h>
#include <stdlib.h>

void hash_sha256_hex(const void *data, size_t size_bytes, char ret_hex[HASH_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n;

	if (!EVP_Digest(data, size_bytes, sum, &n, EVP_sha256(), NULL) ||
	    n * 2 + 1 != HASH_HEX_SIZE)
		abort(); /* a libcrypto without SHA-256 */
	for (unsigned i = 0; i < n; i++) {
		ret_hex[2 * i] = digits[sum[i] >> 4];
		ret_hex[2 * i + 1] = digits[sum[i] & 0xf];
	}
	ret_hex[2 * (size_t)n] = '\0';
}
