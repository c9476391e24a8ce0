/* secret: the credentials that a plan names the place of, and how nodes are then spoken to.
 *
 * A secret is read once, lives in the http module alone and is wiped there. It is never printed,
 * never stored and never on a command line; errors name the variable or the file, not what it
 * holds. */
#ifndef REJOIN_COLLECTOR_SECRET_H
#define REJOIN_COLLECTOR_SECRET_H

#include "collector/plan.h"
#include "lib/http.h"

/* Gives http what plan->access says: CA, pin, credentials. A variable that is not set or empty, a
 * file that is missing, empty, too long or readable by others than its owner (mode & 077): ERR_ENV,
 * one line that names it. Credentials for a host that is not https: ERR_ENV, unless it is a
 * loopback address. */
int secret_apply(const struct plan *plan, struct http *http, struct err *err);

#endif
