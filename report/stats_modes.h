/* stats_modes: does a distribution have more than one hump? A description, not a test: it has no
 * stated error rate. Pure.
 *
 * Density: a Gaussian kernel cut at 4 h, linearly binned to h/8. h is Silverman's bandwidth
 * 0.9 min(sd, IQR/1.34) n^(-1/5) ("Density Estimation", 1986, 3.31; sd where the IQR is 0), but no
 * less than the resolution of the values. It smooths rather too much, so close humps are missed
 * sooner than some are invented. Two peaks are two modes if the density between them falls to 75 %
 * of the lower one or less, and if each of them, from valley to valley, has at least 10 % of the
 * values and four of them.
 *
 * Simulated: of 30 or 100 values from a distribution with one hump, a second is seen in 1 to 10 %
 * of samples (most often of log-normal ones); two equal normal humps 4 sd apart are both seen in
 * about 40 % of samples of 30 and in 90 % of 100. */
#ifndef REJOIN_REPORT_STATS_MODES_H
#define REJOIN_REPORT_STATS_MODES_H

#include <stddef.h>

enum { STATS_MODES_MAX = 10, STATS_MODES_NEED = 10 };

struct stats_mode {
	double at; /* where the density peaks, within h/16 */
	double lo; /* smallest and largest value that belongs to it */
	double hi;
	size_t n; /* values from lo to hi; over all modes they may be fewer than n */
};

struct stats_modes {
	size_t n; /* 0: fewer than STATS_MODES_NEED values, or too scattered for any hump */
	double bandwidth;
	struct stats_mode of[STATS_MODES_MAX]; /* ascending */
};

/* sorted: n finite values, ascending. resolution: the step to which they are rounded, or the width
 * of their measurement; 0 if none. Values all equal are one mode of bandwidth 0. */
void stats_modes(const double *sorted, size_t n, double resolution, struct stats_modes *ret);

#endif
