/* estimate: what the trials of a group say of one metric. Pure.
 *
 * Every trial counts once. Where all were observed, quantiles are of type 7 (linear between order
 * statistics, as in R, NumPy and Excel's PERCENTILE.INC) and their intervals lie between two order
 * statistics (stats_interval.h). Where some ran into a limit they are those of the Kaplan-Meier
 * curve with log-log limits (stats_survival.h): such a trial is neither dropped nor counted at the
 * time it was given up. Nothing is assumed of the distribution. */
#ifndef REJOIN_REPORT_ESTIMATE_H
#define REJOIN_REPORT_ESTIMATE_H

#include "report/stats.h"
#include "report/stats_interval.h"
#include "report/stats_modes.h"

enum estimate_method { ESTIMATE_TYPE7, ESTIMATE_KAPLAN_MEIER, N_ESTIMATE_METHODS };
extern const char *const estimate_methods[N_ESTIMATE_METHODS]; /* "type 7", "Kaplan-Meier" */

#define ESTIMATE_CONFIDENCE 0.95

/* One trial, in seconds: it took from lo to hi, and value stands for it (the middle). */
struct estimate_trial {
	double value, lo, hi;
	bool censored;	    /* longer than lo; the others are not looked at */
	bool left_censored; /* shorter than could be seen: lo is 0 */
	size_t place;	    /* the caller's: which trial it is; not looked at here */
};

struct estimate_figure {
	double value;	 /* NAN: not given */
	double lo, hi;	 /* measurement bound: the same figure of all lower and all upper ends; only
			    of order statistics */
	double ci_lo;	 /* 95 %, of quantiles; NAN: not given */
	double ci_hi;	 /* likewise; INFINITY: the trials set no upper bound */
	size_t needs;	 /* value is NAN for want of trials: so many would do; else 0 */
	size_t ci_needs; /* likewise for the interval; 0 too where the figure has none */
};

/* n = observed + n_censored; n_left_censored of the observed. */
struct estimate {
	size_t n, n_censored, n_left_censored;
	enum estimate_method method; /* Kaplan-Meier exactly where some trial is censored */
	struct estimate_figure of[N_STATS];
	double last_s;		     /* the longest time of all, censored or not; NAN: no trial */
	struct stats_fences fences;  /* of the quartiles above; NAN: none */
	size_t n_outside, n_far_out; /* observed trials beyond the inner (up to the outer) fence,
					beyond the outer one */
	struct stats_modes modes;    /* of the observed trials */
};

/* trials: in any order. */
void estimate_make(const struct estimate_trial *trials, size_t n, struct estimate *ret);

/* The quantile is known to be longer than last_s, and no more: the curve does not fall so far. */
bool estimate_is_beyond(const struct estimate *estimate, enum stats_figure figure);

/* Half the width of the measurement bound; NAN: not known. */
double estimate_half_width(const struct estimate *estimate, enum stats_figure figure);

/* Where a trial stands against the others; a censored one is inside. */
enum stats_place estimate_place(const struct estimate *estimate,
				const struct estimate_trial *trial);

/* k of n, with Clopper and Pearson's 95 % limits; share is NAN (limits 0 to 1) where n is 0. */
struct estimate_share {
	size_t k, n;
	double share, lo, hi;
};

struct estimate_share estimate_share(size_t k, size_t n);

#endif
