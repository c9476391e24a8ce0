/* group: trials that had the same levels of the factors asked for, and their figures. */
#ifndef REJOIN_REPORT_GROUP_H
#define REJOIN_REPORT_GROUP_H

#include "report/model.h"
#include "report/stats.h"

struct group {
	json_t *factors; /* object: name -> level, in the order asked for; null where an arm has no
			    level */
	VEC(size_t) trials; /* places in the model of the trials that count */
	size_t n_trials;    /* those neither aborted nor unfinished */
	size_t n_of[N_OUTCOMES];
	size_t n_censored;		/* ran into a limit: no_reelection, no_rejoin */
	size_t n_failed;		/* gate_failed, instrument_error */
	size_t n_contested;		/* more than one new term */
	int64_t n_acknowledged, n_lost; /* writes of the trials that could be looked for */
	int64_t n_false_changes;	/* of master, where nothing was done */
	struct stats stats[N_METRICS];	/* of the middles of the intervals */
	struct stats lower[N_METRICS], upper[N_METRICS]; /* of their ends: what bounds stats */
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

/* What of an interval is collected. */
enum group_part { GROUP_MIDDLE, GROUP_LOWER, GROUP_UPPER };

/* The observed values of a metric in a group in seconds, ascending. The caller frees with vec_done.
 */
typedef VEC(double) group_values;
void group_collect(const struct model *model, const struct group *group, enum metric metric,
		   enum group_part part, group_values *ret_values, size_t *ret_n_censored);

/* Half the width of the bound of a figure that is an order statistic; NAN: not known. */
double group_half_width(const struct group *group, enum metric metric, enum stats_figure figure);

/* Level i of a group as a text of its own. */
char *group_level_text(const struct grouping *grouping, const struct group *group, size_t i);
/* How reports head a factor's column. */
const char *group_factor_title(const char *name);

#endif
