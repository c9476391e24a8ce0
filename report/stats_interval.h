/* stats_interval: how far a quantile or a share can be trusted, and which values stand apart. Pure.
 *
 * Nothing is assumed of the distribution. Samples are ascending; of n trials only the n_observed
 * shortest are known, the others are right-censored and count as +infinity. What n cannot support
 * is NAN, with the number of trials that would do. Units are those of the values. */
#ifndef REJOIN_REPORT_STATS_INTERVAL_H
#define REJOIN_REPORT_STATS_INTERVAL_H

#include <stddef.h>

/* The order statistics lo and hi (counted from 1) bound the quantile of order p: of the trials, B
 * lie below it, B is binomial(n, p), and P(x(lo) <= quantile <= x(hi)) >= P(lo <= B < hi), which
 * is the coverage, and exact for a continuous distribution. Conover, "Practical Nonparametric
 * Statistics", 3.2; the same indices as SciPy's quantile_test().confidence_interval().
 *
 * Each tail is given half of 1 - confidence. Where n is too small for that on one side, this
 * side takes the extreme trial and the other side what is left of 1 - confidence. So an interval
 * exists as soon as [x(1), x(n)] has the coverage: the smallest n with
 * 1 - p^n - (1-p)^n >= confidence. At 95 % that is 6 for the median, 59 for p95, 299 for p99. */
struct stats_interval {
	size_t lo, hi;	 /* 0: not supported */
	double coverage; /* of [x(lo), x(hi)] */
	size_t needs;	 /* smallest n that supports an interval; 0 where none does */
	double lo_value; /* NAN: not supported; INFINITY: beyond every observed trial */
	double hi_value; /* INFINITY: the data set no upper bound */
};

size_t stats_interval_needs(double p, double confidence);

void stats_interval_quantile(const double *sorted, size_t n_observed, size_t n, double p,
			     double confidence, struct stats_interval *ret);

/* Clopper and Pearson's interval for a share of k in n (Biometrika 26, 1934), from the quantiles
 * of the beta distribution. Without trials: 0 to 1. */
void stats_interval_share(size_t k, size_t n, double confidence, double *ret_lo, double *ret_hi);

/* Tukey's fences ("Exploratory Data Analysis", 1977): 1.5 and 3 times the interquartile range
 * outside the quartiles, here of type 7. NAN: fewer than 4 trials, or a quartile is censored. */
struct stats_fences {
	double inner_lo, inner_hi, outer_lo, outer_hi;
};

enum stats_place { STATS_INSIDE, STATS_OUTSIDE, STATS_FAR_OUT };

/* From the quartiles: all NAN if one of them is. */
void stats_fences_of(double q1, double q3, struct stats_fences *ret);
void stats_fences(const double *sorted, size_t n_observed, size_t n, struct stats_fences *ret);

/* Without fences nothing is outside. */
enum stats_place stats_place(const struct stats_fences *fences, double value);

#endif
