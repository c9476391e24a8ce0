/* bins: the classes of a histogram. Pure. */
#ifndef REJOIN_REPORT_BINS_H
#define REJOIN_REPORT_BINS_H

#include <stddef.h>

enum { BINS_MIN = 5, BINS_MAX = 40 };

struct bins {
	double from, width; /* class i is [from + i * width, from + (i + 1) * width) */
	size_t n;
};

/* The next of 1, 2, 5, 10, 20, ... times a power of ten that is not below x > 0. */
double bins_round(double x);

/* About 20 classes of a round width over n ascending values, none narrower than finest, which is
 * how wide a measurement is (not above 0: not known); values that nearly coincide stand among empty
 * classes. A few values far beyond the others do not stretch them: they fall into the last class,
 * which then has no upper end. No value: no class. */
struct bins bins_choose(const double *sorted, size_t n, double finest);

size_t bins_place(const struct bins *bins,
		  double value); /* the class; the last one for what is beyond */
double bins_edge(const struct bins *bins, size_t i); /* where class i starts */

#endif
