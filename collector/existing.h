/* existing: clusters that are not the collector's own: what is asked before anything is done to
 * them. */
#ifndef REJOIN_COLLECTOR_EXISTING_H
#define REJOIN_COLLECTOR_EXISTING_H

#include "collector/plan.h"
#include "lib/http.h"

/* Asks the nodes of every cluster of the plan for their names, and compares what may be master with
 * what the plan says (ERR_ENV, one line). Does nothing where the driver makes the nodes. */
int existing_find(struct plan *plan, struct loop *loop, struct http *http, struct err *err);

/* Shows on stderr what will be done to which cluster and node, and wants "yes" from a terminal;
 * yes: it was said already (--yes). ERR_USAGE: there is nobody to ask; ERR_INTERRUPTED: another
 * answer, or a signal. */
int existing_confirm(const struct plan *plan, struct loop *loop, bool yes, struct err *err);

#endif
