/* cluster: requests to an Elasticsearch or OpenSearch that a report is handed to, one at a time. */
#ifndef REJOIN_REPORT_CLUSTER_H
#define REJOIN_REPORT_CLUSTER_H

#include "lib/auth.h"
#include "lib/err.h"
#include <stdbool.h>
#include <stdint.h>

struct cluster_access {
	struct auth auth;
	const char *ca_file; /* PEM; NULL: the system's */
	bool insecure;	     /* certificates are not checked */
};

struct cluster;
int cluster_open(const char *url, const struct cluster_access *given, struct cluster **ret_cluster,
		 struct err *err);
void cluster_close(struct cluster *cluster); /* NULL is fine */

/* Sends body and waits. Status 429 and 503, and a connection that is cut, are tried again after a
 * pause that doubles, or what Retry-After asks for. Any other status than 200 and 201: ERR_ENV,
 * with the status. ret_body is valid until the next request. */
int cluster_ask(struct cluster *cluster, const char *method, const char *path, const char *body,
		const char **ret_body, struct err *err);

/* The pause before try n (1, 2, ...), at least so long; a signal ends it: ERR_INTERRUPTED. */
int cluster_pause(struct cluster *cluster, int n, int64_t at_least_s, struct err *err);

enum { CLUSTER_TRIES = 6 };

#endif
