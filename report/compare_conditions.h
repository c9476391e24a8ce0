/* compare_conditions: in what else studies differ that are compared with each other: product,
 * version, settings, nodes, polls, limits, host. A difference of times may come from any of it. */
#ifndef REJOIN_REPORT_COMPARE_CONDITIONS_H
#define REJOIN_REPORT_COMPARE_CONDITIONS_H

#include "lib/err.h"
#include "lib/vec.h"
#include "schema/store.h"

/* A study as one of those compared. */
struct condition_side {
	struct store *store;
	int64_t study_id;
	const char *label; /* "A" */
};

struct condition {
	char *what;	    /* "version", "poll.fast", "in force: cluster.election.back_off_time" */
	VEC(char *) values; /* of each side: "8.19.0", "3, 4"; "-": not set or not recorded */
};

typedef VEC(struct condition) conditions;

/* Only those that differ, in a fixed order; several studies of one label make one side. ret_labels:
 * of the sides, in the order of values; pointers of the caller's. */
int conditions_load(const struct condition_side *sides, size_t n, conditions *ret,
		    const char **ret_labels, size_t *ret_n_labels, struct err *err);
void conditions_done(conditions *all);

#endif
