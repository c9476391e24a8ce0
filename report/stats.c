#include "report/stats.h"
#include <math.h>
#include <stdlib.h>

const char *const stats_names[N_STATS] = {"min", "p25", "p50", "p75",  "p90",
					  "p95", "p99", "max", "mean", "sd"};
const size_t stats_needs[N_STATS] = {1, 4, 1, 4, 10, 20, 100, 1, 1, 2};

const double stats_share_of[N_STATS] = {NAN, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, NAN, NAN, NAN};

bool stats_known(double figure)
{
	return !isnan(figure);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void stats_sort(double *values, size_t n)
{
	if (n)
		qsort(values, n, sizeof *values, by_value);
}

double stats_quantile(const double *sorted, size_t n_observed, size_t n, double p)
{
	double place, below, part;
	size_t i;

	if (!n)
		return NAN;
	place = (double)(n - 1) * p;
	below = floor(place);
	part = place - below;
	i = (size_t)below;
	if (i >= n_observed || (part > 0 && i + 1 >= n_observed))
		return NAN;
	return part > 0 ? sorted[i] + part * (sorted[i + 1] - sorted[i]) : sorted[i];
}

static double mean_of(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return sum / (double)n;
}

/* Two passes: one pass loses all digits where the spread is small against the mean. */
static double sd_of(const double *v, size_t n, double mean)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (v[i] - mean) * (v[i] - mean);
	return sqrt(sum / (double)(n - 1));
}

void stats_compute(const double *sorted, size_t n_observed, size_t n_censored, struct stats *ret)
{
	size_t n = n_observed + n_censored;

	*ret = (struct stats){.n = n, .n_censored = n_censored};
	for (int f = 0; f < N_STATS; f++)
		ret->of[f] = NAN;
	if (!n_observed)
		return;
	ret->of[STATS_MIN] = sorted[0];
	for (int f = STATS_P25; f <= STATS_P99; f++)
		if (n >= stats_needs[f])
			ret->of[f] = stats_quantile(sorted, n_observed, n, stats_share_of[f]);
	if (n_censored)
		return;
	ret->of[STATS_MAX] = sorted[n - 1];
	ret->of[STATS_MEAN] = mean_of(sorted, n);
	if (n >= stats_needs[STATS_SD])
		ret->of[STATS_SD] = sd_of(sorted, n, ret->of[STATS_MEAN]);
}
