#include "report/bins.h"
#include "report/stats.h"
#include <math.h>

double bins_round(double x)
{
	static const double to[] = {1, 2, 5};
	double power = pow(10, floor(log10(x)));

	for (size_t i = 0; i < sizeof to / sizeof *to; i++)
		if (x <= to[i] * power * 1.0000001)
			return to[i] * power;
	return 10 * power;
}

/* Empty classes on both sides; none below 0. */
static void pad(struct bins *bins)
{
	size_t half = (BINS_MIN - bins->n) / 2;
	double below = fmin((double)half, floor(bins->from / bins->width + 1e-9));

	bins->from -= fmax(0, below) * bins->width;
	bins->n = BINS_MIN;
}

struct bins bins_choose(const double *sorted, size_t n, double finest)
{
	struct bins bins = {0};
	double low, high, median;

	if (!n)
		return bins;
	low = sorted[0];
	median = stats_quantile(sorted, n, n, 0.5);
	high = stats_quantile(sorted, n, n, 0.95);
	high = fmin(sorted[n - 1], median + 3 * (high - median) + 1e-3);
	if (!(finest > 0))
		finest = median / 100;
	bins.width = bins_round(fmax((high - low) / 20, fmax(finest, 1e-4)));
	bins.from = floor(low / bins.width) * bins.width;
	bins.n = (size_t)floor((high - bins.from) / bins.width + 1e-9) + 1;
	if (bins.n > BINS_MAX)
		bins.n = BINS_MAX;
	if (bins.n < BINS_MIN)
		pad(&bins);
	return bins;
}

size_t bins_place(const struct bins *bins, double value)
{
	/* A value on an edge belongs to the class above it, whatever the division makes of it. */
	double place = floor((value - bins->from) / bins->width + 1e-9);

	if (place < 0)
		return 0;
	return place < (double)bins->n ? (size_t)place : bins->n - 1;
}

double bins_edge(const struct bins *bins, size_t i)
{
	return bins->from + (double)i * bins->width;
}
