/* stats: what a sample of durations says. Pure.
 *
 * A right-censored trial ran into its limit: its duration is known only to be longer. Here it
 * counts as longer than every observed one. A figure that would need to know such a duration, or
 * more trials than there are, is not given: it is NAN (stats_known tells), and reports leave it
 * blank. */
#ifndef REJOIN_REPORT_STATS_H
#define REJOIN_REPORT_STATS_H

#include <stdbool.h>
#include <stddef.h>

enum stats_figure {
	STATS_MIN,
	STATS_P25,
	STATS_P50,
	STATS_P75,
	STATS_P90,
	STATS_P95,
	STATS_P99,
	STATS_MAX,
	STATS_MEAN, /* those before it are order statistics: they have bounds */
	STATS_SD,   /* of the sample: n - 1 */
	N_STATS,
	N_BOUNDED_STATS = STATS_MEAN,
};

extern const char *const stats_names[N_STATS]; /* "min", "p25", ... */
extern const size_t stats_needs[N_STATS];      /* trials below which the figure is not given */
extern const double stats_share_of[N_STATS]; /* of a quantile: 0.25, 0.5, ...; NAN of the others */

struct stats {
	size_t n; /* trials, censored ones included */
	size_t n_censored;
	double of[N_STATS];
};

bool stats_known(double figure);

/* Ascending. */
void stats_sort(double *values, size_t n);

/* Order statistic quantile of type 7 (R's and NumPy's default) of n values, of which only the
 * n_observed smallest are known, sorted. NAN: it depends on an unknown one. */
double stats_quantile(const double *sorted, size_t n_observed, size_t n, double p);

/* All figures. sorted: the observed values, ascending. */
void stats_compute(const double *sorted, size_t n_observed, size_t n_censored, struct stats *ret);

#endif
