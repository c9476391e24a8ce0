/* handover: taking a master-eligible node out of the voting configuration, and letting it in again.
 *
 * A master that is excluded hands over: POST /_cluster/voting_config_exclusions returns when it no
 * longer votes. Asked of the other nodes, one after another until one of them can. */
#ifndef REJOIN_COLLECTOR_HANDOVER_H
#define REJOIN_COLLECTOR_HANDOVER_H

#include "collector/driver.h"
#include "lib/http.h"
#include "lib/loop.h"

struct handover_event {
	int64_t issued_ns, done_ns; /* just before the first call, after the last one returned */
	const char *error;	    /* NULL: it is excluded */
};
typedef void handover_fn(void *arg, const struct handover_event *event);

struct handover;
/* Begins; fn is called once, from the loop, at most timeout_ns later. */
struct handover *handover_begin(struct loop *loop, struct http *http, const struct driver *driver,
				int node, int64_t timeout_ns, handover_fn *fn, void *arg);
int64_t handover_issued_ns(const struct handover *handover);
void handover_free(struct handover *handover); /* NULL is fine */

/* Lets every node in again (DELETE ...?wait_for_removal=false); waits for the answer. Harmless
 * where none is excluded. */
int handover_clear(struct loop *loop, struct http *http, const struct driver *driver,
		   struct err *err);

#endif
