#include "lib/sign.h"
#include "lib/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_KEY_FILE = 8192 };

struct sign_key {
	EVP_PKEY *pkey;
};

/* ---- the file ---- */

static int check_private(const char *path, const struct stat *st, struct err *err)
{
	if (st->st_mode & 077)
		return err_set(err, ERR_ENV,
			       "%s: readable by others than its owner (mode %03o): chmod 600 is "
			       "expected",
			       path, (unsigned)st->st_mode & 0777);
	if (st->st_uid != geteuid())
		return err_set(err, ERR_ENV, "%s: belongs to another account", path);
	return 0;
}

static int check_file(int fd, const char *path, bool is_private, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_ENV, "%s: a file is expected", path);
	if (st.st_size == 0 || st.st_size > MAX_KEY_FILE)
		return err_set(err, ERR_ENV, "%s: not an Ed25519 key in PEM form", path);
	return is_private ? check_private(path, &st, err) : 0;
}

/* Nobody is asked: a drill runs unattended. */
static int no_passphrase(char *buf, int size, int writing, void *was_asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)was_asked = true;
	return -1;
}

static EVP_PKEY *parse(const char *text, int n, bool is_private, bool *ret_encrypted)
{
	BIO *bio = BIO_new_mem_buf(text, n);
	EVP_PKEY *pkey = NULL;

	*ret_encrypted = false;
	if (bio && is_private)
		pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, ret_encrypted);
	else if (bio)
		pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (pkey && EVP_PKEY_get_id(pkey) != EVP_PKEY_ED25519) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	return pkey;
}

static int read_key(const char *path, bool is_private, EVP_PKEY **ret_pkey, struct err *err)
{
	char text[MAX_KEY_FILE];
	bool encrypted = false;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	if (check_file(fd, path, is_private, err) == 0) {
		n = read(fd, text, sizeof text);
		*ret_pkey = n > 0 ? parse(text, (int)n, is_private, &encrypted) : NULL;
		explicit_bzero(text, sizeof text);
		if (!*ret_pkey && encrypted)
			err_set(err, ERR_ENV,
				"%s: is encrypted: a key without a passphrase is expected", path);
		else if (!*ret_pkey)
			err_set(err, ERR_ENV, "%s: not an Ed25519 %s key in PEM form", path,
				is_private ? "private" : "public");
	}
	close(fd);
	return err->code;
}

/* ---- keys ---- */

static void must(int done)
{
	if (!done)
		abort(); /* a libcrypto without Ed25519, or without memory */
}

int sign_key_read(const char *path, struct sign_key **ret_key, struct err *err)
{
	EVP_PKEY *pkey = NULL;

	*ret_key = NULL;
	if (read_key(path, true, &pkey, err))
		return err->code;
	*ret_key = mem_alloc(sizeof **ret_key);
	(*ret_key)->pkey = pkey;
	return 0;
}

void sign_key_free(struct sign_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey); /* libcrypto clears it */
	free(key);
}

static void get_public(const EVP_PKEY *pkey, unsigned char ret_public[SIGN_PUBLIC_SIZE])
{
	size_t n = SIGN_PUBLIC_SIZE;

	must(EVP_PKEY_get_raw_public_key(pkey, ret_public, &n) && n == SIGN_PUBLIC_SIZE);
}

void sign_key_public(const struct sign_key *key, unsigned char ret_public[SIGN_PUBLIC_SIZE])
{
	get_public(key->pkey, ret_public);
}

int sign_public_read(const char *path, unsigned char ret_public[SIGN_PUBLIC_SIZE], struct err *err)
{
	EVP_PKEY *pkey = NULL;

	if (read_key(path, false, &pkey, err))
		return err->code;
	get_public(pkey, ret_public);
	EVP_PKEY_free(pkey);
	return 0;
}

/* ---- signatures ---- */

void sign_make(const struct sign_key *key, const void *data, size_t size_bytes,
	       unsigned char ret_signature[SIGN_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = SIGN_SIZE;

	must(ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey));
	must(EVP_DigestSign(ctx, ret_signature, &n, data, size_bytes) && n == SIGN_SIZE);
	EVP_MD_CTX_free(ctx);
}

bool sign_holds(const unsigned char public_key[SIGN_PUBLIC_SIZE], const void *data,
		size_t size_bytes, const unsigned char signature[SIGN_SIZE])
{
	EVP_PKEY *pkey =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, SIGN_PUBLIC_SIZE);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool holds = pkey && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
		     EVP_DigestVerify(ctx, signature, SIGN_SIZE, data, size_bytes) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return holds;
}
