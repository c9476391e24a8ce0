/* auth: credentials from where they lie, and where they may go.
 *
 * A secret is read once and wiped by who got it. It is never printed and never on a command line;
 * errors name the variable or the file, not what it holds. */
#ifndef REJOIN_LIB_AUTH_H
#define REJOIN_LIB_AUTH_H

#include "lib/err.h"
#include <stdbool.h>

/* Names of places only; NULL: not given. At most one of the six, with user for a password. */
struct auth {
	const char *user, *password_env, *password_file; /* basic authentication */
	const char *api_key_env, *api_key_file;		 /* Authorization: ApiKey */
	const char *bearer_env, *bearer_file;		 /* Authorization: Bearer */
};

/* The value of the Authorization header, for auth_wipe; NULL where nothing is given. A user with a
 * colon (a password stands behind it), a variable that is not set or empty, a file that is missing,
 * empty, too long or readable by others than its owner (mode & 077): ERR_ENV, one line that names
 * it. */
int auth_header(const struct auth *auth, char **ret_header, struct err *err);
void auth_wipe(char *secret); /* overwrites and frees it; NULL is fine */

/* May name a variable of the environment. What may not is no name but, by mistake, a secret. */
bool auth_is_variable(const char *name);

/* ERR_ENV, one line that names it, where the file of an authority cannot be read. A pipe is none:
 * nobody would be waiting for it but the connection. */
int auth_check_ca(const char *path, struct err *err);

/* ERR_ENV where credentials for url would go in the clear: neither https nor loopback. */
int auth_check_url(const char *url, struct err *err);

#endif
