/* discover: what the nodes of a cluster that is there already are called, and which may be master.
 */
#ifndef REJOIN_COLLECTOR_DISCOVER_H
#define REJOIN_COLLECTOR_DISCOVER_H

#include "collector/plan.h"
#include "lib/http.h"

/* Asks every host of plan->clusters[cluster] for its name (waits on the loop) and fills
 * hosts.v[].name and master_eligible. A host that does not answer, two with one name: ERR_ENV, one
 * line. */
int discover_nodes(struct plan *plan, int cluster, struct loop *loop, struct http *http,
		   struct err *err);

#endif
