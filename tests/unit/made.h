/* made: a recording's model made by hand, for tests of the report. model_done frees it. */
#ifndef REJOIN_TESTS_UNIT_MADE_H
#define REJOIN_TESTS_UNIT_MADE_H

#include "report/model.h"

/* Each returns its place in the model. */
size_t made_study(struct model *model, const char *name);
size_t made_cluster(struct model *model, size_t study, int64_t master_eligible);
/* more: JSON of the plan's own factors, "{}" for none. */
size_t made_arm(struct model *model, size_t study, size_t cluster, const char *fault,
		const char *more);

/* A recovered trial with one metric of width_s, in the middle of its interval; INFINITY: censored
 * at limit_s, and no_reelection. */
size_t made_trial(struct model *model, size_t arm, enum metric metric, double seconds,
		  double width_s, double limit_s);
/* Several, in turn; 5 ms wide, censored at 120 s. */
void made_trials(struct model *model, size_t arm, enum metric metric, const double *seconds,
		 size_t n);

#endif
