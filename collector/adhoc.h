/* adhoc: a plan from the command line alone: one cluster that is there already, one or more faults.
 */
#ifndef REJOIN_COLLECTOR_ADHOC_H
#define REJOIN_COLLECTOR_ADHOC_H

#include "collector/plan.h"

struct adhoc {
	const char *driver; /* docker */
	const char *hosts;  /* "URL,URL,URL": every node */
	const char *faults; /* "stop" or "stop,kill" */
	const char *name;   /* study.name */
	int64_t trials;
};

/* Every node counts as master-eligible: where that is not so the run says what to write instead. */
int adhoc_plan(const struct adhoc *adhoc, const char *const *sets, size_t n_sets,
	       struct plan **ret_plan, struct err *err);

#endif
