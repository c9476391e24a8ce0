/* phases: where the time of a failover goes. A phase is a difference of two times of one trial, so
 * medians of phases need not add up to the median of the whole. Pure. */
#ifndef REJOIN_REPORT_PHASES_H
#define REJOIN_REPORT_PHASES_H

#include "report/group.h"

struct phase {
	const char *name, *meaning;
	int from, to; /* metrics; from -1: where to counts from */
};

/* The first N_PHASES_OUTAGE from the fault on, the others from the start of the node. */
enum { N_PHASES = 6, N_PHASES_OUTAGE = 3 };
extern const struct phase phases[N_PHASES];

/* In seconds, ascending, of the trials in which both ends were seen. The caller frees with
 * vec_done. */
void phases_collect(const struct model *model, const struct group *group, const struct phase *phase,
		    group_values *ret);

#endif
