/* witness: how the polled instants differ from the nodes' own log lines. */
#ifndef REJOIN_REPORT_WITNESS_H
#define REJOIN_REPORT_WITNESS_H

#include "report/model.h"

struct witness_figures {
	size_t n; /* changes with a line of their own; 0: the rest means nothing */
	size_t n_early;
	double min_s, median_s, max_s; /* polled instant less the line's */
};

/* Of one study, warm-ups included: it is about the instrument. */
struct witness_figures witness_figures(const struct model_study *study);

/* "polled later than the nodes' own log lines by median 4.1 ms (2.0 to 9.3), n = 20"; NULL: none.
 * The caller frees it. */
char *witness_text(const struct model_study *study);

#endif
