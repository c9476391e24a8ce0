#include "lib/auth.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_SECRET = 8192 };

void auth_wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

/* ---- where it comes from -------------------------------------------------------------------- */

bool auth_is_variable(const char *name)
{
	static const char letters[] =
		"_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	return name[0] && !(name[0] >= '0' && name[0] <= '9') &&
	       strspn(name, letters) == strlen(name);
}

static int from_env(const char *name, char **ret_secret, struct err *err)
{
	const char *value;
	if (!auth_is_variable(name))
		return err_set(err, ERR_ENV,
			       "the name of a variable is expected, e.g. ES_PASSWORD");
	value = getenv(name);
	if (!value || !*value)
		return err_set(err, ERR_ENV, "the environment has no %s", name);
	*ret_secret = mem_strdup(value);
	return 0;
}

static int check_file(const char *path, const struct stat *st, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_ENV, "%s: a file is expected", path);
	if (st->st_mode & 077)
		return err_set(err, ERR_ENV,
			       "%s: readable by others than its owner (mode %03o): "
			       "chmod 600 is expected",
			       path, (unsigned)st->st_mode & 0777);
	if (st->st_size == 0 || st->st_size > MAX_SECRET)
		return err_set(err, ERR_ENV, "%s: a secret of 1 to %d bytes is expected", path,
			       MAX_SECRET);
	return 0;
}

static int from_file(const char *path, char **ret_secret, struct err *err)
{
	struct stat st;
	/* a pipe that nobody writes to is refused, not waited for */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0)
		err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	else
		check_file(path, &st, err);
	if (!err->code) {
		char *secret = mem_alloc(MAX_SECRET + 1);
		ssize_t n = read(fd, secret, MAX_SECRET);
		secret[n > 0 ? n : 0] = '\0';
		secret[strcspn(secret, "\r\n")] = '\0'; /* as editors end it */
		if (!*secret) {
			auth_wipe(secret);
			err_set(err, ERR_ENV, "%s: its first line is empty", path);
		} else {
			*ret_secret = secret;
		}
	}
	close(fd);
	return err->code;
}

static int read_one(const char *env, const char *file, char **ret_secret, struct err *err)
{
	if (env)
		return from_env(env, ret_secret, err);
	return file ? from_file(file, ret_secret, err) : 0;
}

/* A line end in it would be a header of its own. */
static int check_secret(const char *secret, struct err *err)
{
	for (const char *c = secret; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(err, ERR_ENV, "the secret holds a control character");
	return 0;
}

/* ---- the header ----------------------------------------------------------------------------- */

static char *base64(const char *text, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = mem_alloc(4 * ((n + 2) / 3) + 1), *at = out;
	for (size_t i = 0; i < n; i += 3) {
		unsigned left = (unsigned)(n - i < 3 ? n - i : 3), bits = 0;
		for (unsigned k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ? (unsigned char)text[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			*at++ = k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=';
	}
	*at = '\0';
	return out;
}

static char *make_basic(const char *user, const char *password)
{
	char *pair = mem_printf("%s:%s", user, password);
	char *encoded = base64(pair, strlen(pair));
	char *header = mem_printf("Basic %s", encoded);
	auth_wipe(pair);
	auth_wipe(encoded);
	return header;
}

int auth_header(const struct auth *a, char **ret_header, struct err *err)
{
	char *password = NULL, *api_key = NULL, *bearer = NULL;
	*ret_header = NULL;
	if (a->user && strchr(a->user, ':'))
		return err_set(err, ERR_ENV, "a user's name without a colon is expected");
	if (read_one(a->password_env, a->password_file, &password, err) == 0 &&
	    read_one(a->api_key_env, a->api_key_file, &api_key, err) == 0)
		read_one(a->bearer_env, a->bearer_file, &bearer, err);
	const char *secret = password ? password : api_key ? api_key : bearer;
	if (!err->code && secret && check_secret(secret, err) == 0)
		*ret_header = password	? make_basic(a->user, password)
			      : api_key ? mem_printf("ApiKey %s", api_key)
					: mem_printf("Bearer %s", bearer);
	auth_wipe(password);
	auth_wipe(api_key);
	auth_wipe(bearer);
	return err->code;
}

/* ---- where it may go ------------------------------------------------------------------------ */

int auth_check_ca(const char *path, struct err *err)
{
	struct stat st;
	if (stat(path, &st) != 0 || access(path, R_OK) != 0)
		return err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_ENV, "%s: a file is expected", path);
	return 0;
}

/* By its number, or the name that stands for it: 127.example.com is somebody's. */
static bool is_loopback(const char *url)
{
	const char *host = url + strlen("http://");
	char name[64];
	struct in_addr address;
	size_t n = strcspn(host, ":/?#");
	if (str_starts(host, "[::1]"))
		return !host[5] || strchr(":/?#", host[5]);
	if (n >= sizeof name)
		return false;
	memcpy(name, host, n);
	name[n] = '\0';
	return strcmp(name, "localhost") == 0 ||
	       (inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

int auth_check_url(const char *url, struct err *err)
{
	if (!str_starts(url, "https://") && !(str_starts(url, "http://") && is_loopback(url)))
		return err_set(err, ERR_ENV,
			       "%s: credentials would go over the network in the "
			       "clear: https is expected",
			       url);
	return 0;
}
