/* group: trials that had the same levels of the factors asked for, and their figures. */
#ifndef REJOIN_REPORT_GROUP_H
#define REJOIN_REPORT_GROUP_H

#include "report/estimate.h"
#include "report/model.h"

struct group {
	json_t *factors; /* object: name -> level, in the order asked for; null where an arm has no
			    level */
	VEC(size_t) trials; /* places in the model of the trials that count */
	size_t n_trials;    /* those neither aborted nor unfinished */
	size_t n_of[N_OUTCOMES];
	size_t n_censored;  /* ran into a limit: no_reelection, no_rejoin */
	size_t n_failed;    /* measured nothing: disturbed, gate_failed, instrument_error */
	size_t n_elections; /* measured, and the new terms are known */
	size_t n_contested; /* of these: more than one new term */
	int64_t n_acknowledged, n_lost; /* writes of the trials that could be looked for */
	int64_t n_false_changes;	/* of master, where nothing was done */
	struct estimate estimates[N_METRICS];
	struct estimate_share contested;     /* n_contested of n_elections */
	struct estimate_share failed;	     /* n_failed of n_trials; people read "not measured" */
	struct estimate_share not_recovered; /* n_censored + n_failed of n_trials */
};

struct grouping {
	VEC(char *) names;	  /* factors */
	VEC(struct group) groups; /* numbers ascending, texts in the plan's order */
	bool include_warmup;
	size_t n_warmup; /* trials left out for being warm-ups; 0 with include_warmup */
};

/* by: factors, comma-separated; size is master_eligible. NULL: size, fault and every other factor
 * that varies. A factor that no arm knows: ERR_USAGE with the nearest one. Several studies are
 * never thrown together: study comes first then, asked for or not; so for noop and real faults,
 * with fault at the end. */
int grouping_make(const struct model *model, const char *by, bool include_warmup,
		  struct grouping *ret, struct err *err);
void grouping_done(struct grouping *grouping);

/* The trials of a group that have a value of the metric, in the order of the model. Reuses ret. The
 * caller frees with vec_done. */
typedef VEC(struct estimate_trial) group_trials;
void group_collect(const struct model *model, const struct group *group, enum metric metric,
		   group_trials *ret);

/* Of these the observed values in seconds, ascending; and how many are censored. */
typedef VEC(double) group_values;
void group_observed(const struct model *model, const struct group *group, enum metric metric,
		    group_values *ret_values, size_t *ret_n_censored);

/* The shortest time, in seconds, after which a trial was given up; INFINITY: none was. Where all
 * were, no more is known of any of them than that it took longer. */
double group_least_limit(const struct model *model, const struct group *group, enum metric metric);

/* Level i of a group as a text of its own. */
char *group_level_text(const struct grouping *grouping, const struct group *group, size_t i);

/* Elections that took 0, 1, ..., 5, and 6 or more new terms. */
enum { GROUP_TERMS = 7 };
void group_count_terms(const struct model *model, const struct group *group,
		       size_t ret_n[GROUP_TERMS]);

#endif
