/* stats_trend: did the trials get longer or shorter while the run went on? Pure.
 *
 * Values stand in the order in which they were run; ties are allowed, and INFINITY for a
 * right-censored trial; NAN is the caller's mistake. p-values are two-sided. NAN: fewer than three
 * trials, or all equal. O(n log n). */
#ifndef REJOIN_REPORT_STATS_TREND_H
#define REJOIN_REPORT_STATS_TREND_H

#include <stddef.h>

/* Mann 1945 and Kendall: s is the number of pairs in which the later trial is longer less the
 * number in which it is shorter. Its variance is (n(n-1)(2n+5) - sum t(t-1)(2t+5) over ties of t) /
 * 18, p from the normal approximation with continuity correction (|s| - 1), rough below 10 trials.
 * tau is Kendall's tau-b of value and order (scipy.stats.kendalltau).
 *
 * Spearman: rho is the correlation of the midranks with the order, p from Student's t with n - 2
 * degrees of freedom of rho sqrt((n-2) / (1 - rho^2)) (scipy.stats.spearmanr). */
struct stats_trend {
	double s, tau, kendall_p;
	double rho, spearman_p;
};

void stats_trend(const double *values, size_t n, struct stats_trend *ret);

#endif
