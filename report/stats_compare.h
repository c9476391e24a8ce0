/* stats_compare: are groups of trials different, by how much, and how many trials would tell? Pure.
 *
 * Samples are ascending. A right-censored trial may stand as INFINITY: longer than all, equal to
 * other censored ones, which is right where all had the same limit (stats_logrank otherwise). NAN
 * is the caller's mistake. A figure that the data cannot give is NAN. All p-values are two-sided.
 */
#ifndef REJOIN_REPORT_STATS_COMPARE_H
#define REJOIN_REPORT_STATS_COMPARE_H

#include "report/stats_survival.h"

struct stats_sample {
	const double *sorted;
	size_t n;
};

/* Kruskal and Wallis 1952: with R_i the sum of a group's midranks of N,
 * H = (12 / (N (N+1)) sum R_i^2 / n_i - 3 (N+1)) / (1 - sum (t^3 - t) / (N^3 - N)) over ties of t;
 * p from chi-square with k - 1 degrees of freedom. Empty groups are left out. NAN: fewer than two
 * groups, or all values equal. */
void stats_kruskal(const struct stats_sample *groups, size_t n_groups, struct stats_test *ret);

/* Mann and Whitney 1947. u counts the pairs with x > y, and half of those with x = y: SciPy's
 * statistic for (x, y). superiority is P(X < Y) + P(X = Y)/2 = 1 - u / (n_x n_y): above 1/2, x
 * tends to be the shorter (Vargha and Delaney's A of y over x).
 *
 * exact: without ties and with at most STATS_EXACT_MAX in each group, p is from the distribution
 * of u itself (R: fewer than 50; SciPy's "auto" already leaves it above 8, its "exact" gives the
 * same). Otherwise the normal approximation with continuity correction and variance
 * n_x n_y / 12 (N + 1 - sum (t^3 - t) / (N (N - 1))).
 *
 * NAN: an empty group; p alone: all values equal (R as well; SciPy says 1). */
enum { STATS_EXACT_MAX = 50 };

struct stats_mann_whitney {
	double u, p, superiority;
	bool exact;
};

void stats_mann_whitney(const struct stats_sample *x, const struct stats_sample *y,
			struct stats_mann_whitney *ret);

/* Hodges and Lehmann 1963: the median of all differences y - x, so above 0 if y is longer, and its
 * interval between two of these differences in order (Moses; Hollander and Wolfe, "Nonparametric
 * Statistical Methods", 4.3): D(c) and D(n_x n_y + 1 - c).
 *
 * Exact as above, c is the quantile of u of order (1 - confidence) / 2 (R's qwilcox and conf.int;
 * NAN where that is 0, since then no interval has the confidence: of two equal groups, 4 trials
 * each are the fewest for 95 %). Otherwise c = floor(mean - z sd + 1/2), of the approximation
 * above; R searches the shift at which its test turns instead, and differs by about a difference in
 * order. Differences are never stored: the c-th is found by bisection over the doubles, counting in
 * O(n_x + n_y) each time. Not for samples with infinities: all NAN. */
struct stats_shift {
	double shift, lo, hi;
	double coverage; /* exact only: at least the confidence; NAN otherwise */
	bool exact;
};

void stats_shift(const struct stats_sample *x, const struct stats_sample *y, double confidence,
		 struct stats_shift *ret);

/* Trials needed in each of two equal groups for a Mann-Whitney test at level alpha to find with
 * probability power what was seen: (z(1 - alpha/2) + z(power))^2 / (6 (superiority - 1/2)^2),
 * rounded up (Noether, JASA 82, 1987). 0: no difference to be found, or above a thousand million.
 */
size_t stats_trials_needed(double superiority, double alpha, double power);

/* The same for a log-rank test, of which p_ended of all trials end and the others run into their
 * limit: it takes 4 (z(1 - alpha/2) + z(power))^2 / log_hazard_ratio^2 ends in both groups together
 * (Schoenfeld, Biometrika 68, 1981), so half of that, by p_ended, trials of each, rounded up.
 * log_hazard_ratio: of what was seen (O - E) / V of one group (Peto's one step), which makes it
 * n (z + z)^2 / chi-square where two groups of n had the same number at risk throughout. 0: as
 * above. */
size_t stats_trials_needed_logrank(double log_hazard_ratio, double p_ended, double alpha,
				   double power);

/* Holm 1979: p-values of n tests made together become such that each may be held against the
 * level by itself. In place, in any order; NAN stays, and is not counted as a test. */
void stats_holm(double *p, size_t n);

#endif
