/* adhoc: plans without a file, and what plans leave to the environment. */
#ifndef REJOIN_COLLECTOR_ADHOC_H
#define REJOIN_COLLECTOR_ADHOC_H

#include "collector/plan.h"

struct adhoc {
	const char *driver;  /* docker, none */
	const char *hosts;   /* "URL,URL,URL": every node */
	const char *faults;  /* "stop" or "stop,kill" */
	const char *targets; /* "master" */
	const char *name;    /* study.name */
	int64_t trials;
	int64_t masters; /* how many of the nodes may be master; 0: all */
};

/* A plan from the command line alone: one cluster that is there already, one or more faults.
 * Every node counts as master-eligible: where that is not so the run says what to write instead. */
int adhoc_plan(const struct adhoc *adhoc, const char *const *sets, size_t n_sets,
	       struct plan **ret_plan, struct err *err);

/* What to add to the sets of a plan so that it says where its Docker engine is: "heal" reads the
 * plan out of the recording, in another environment. NULL: nothing; the caller frees. */
char *adhoc_engine_set(const struct plan *plan);

#endif
