#include "report/stats_trend.h"
#include "lib/mem.h"
#include "report/stats_dist.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct placed {
	double value;
	size_t order;
};

static int by_value(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Merges v[0..half) and v[half..n), both ascending; returns the pairs of one value of each in
 * which the first is larger. */
static double merge(double *v, size_t half, size_t n, double *spare)
{
	size_t i = 0, j = half, k = 0;
	double larger = 0;

	while (i < half && j < n)
		if (v[j] < v[i]) {
			larger += (double)(half - i);
			spare[k++] = v[j++];
		} else {
			spare[k++] = v[i++];
		}
	while (i < half)
		spare[k++] = v[i++];
	memcpy(v, spare, k * sizeof *v); /* what is left of the second part is in place */
	return larger;
}

/* Sorts; returns the pairs that stood in descending order. */
static double sort_counting(double *v, size_t n, double *spare)
{
	double pairs;

	if (n < 2)
		return 0;
	pairs = sort_counting(v, n / 2, spare);
	pairs += sort_counting(v + n / 2, n - n / 2, spare);
	return pairs + merge(v, n / 2, n, spare);
}

struct ties {
	double pairs, kendall; /* sum of t(t-1)/2 and of t(t-1)(2t+5) */
};

static struct ties count_ties(const double *sorted, size_t n)
{
	struct ties ties = {0, 0};

	for (size_t i = 0, end; i < n; i = end) {
		double t;

		for (end = i; end < n && sorted[end] == sorted[i]; end++)
			;
		if (end == i)
			abort(); /* NAN */
		t = (double)(end - i);
		ties.pairs += t * (t - 1) / 2;
		ties.kendall += t * (t - 1) * (2 * t + 5);
	}
	return ties;
}

static void kendall(const double *values, size_t n_values, struct stats_trend *ret)
{
	double *v = mem_resize(NULL, 2 * n_values, sizeof *v);
	double n = (double)n_values, all = n * (n - 1) / 2, descending, variance;
	struct ties ties;

	memcpy(v, values, n_values * sizeof *v);
	descending = sort_counting(v, n_values, v + n_values);
	ties = count_ties(v, n_values);
	free(v);
	if (ties.pairs == all)
		return;
	ret->s = all - ties.pairs - 2 * descending;
	ret->tau = ret->s / sqrt(all) / sqrt(all - ties.pairs);
	variance = (n * (n - 1) * (2 * n + 5) - ties.kendall) / 18;
	ret->kendall_p = fmin(1, 2 * stats_normal_sf((fabs(ret->s) - 1) / sqrt(variance)));
}

static void spearman(const double *values, size_t n_values, struct stats_trend *ret)
{
	struct placed *v = mem_resize(NULL, n_values, sizeof *v);
	double n = (double)n_values, middle = (n - 1) / 2, both = 0, ranks = 0;
	double orders = n * (n * n - 1) / 12, left;

	for (size_t i = 0; i < n_values; i++)
		v[i] = (struct placed){values[i], i};
	qsort(v, n_values, sizeof *v, by_value);
	for (size_t i = 0, end; i < n_values;) {
		double rank;

		for (end = i + 1; end < n_values && v[end].value == v[i].value; end++)
			;
		rank = (double)(i + end - 1) / 2 - middle;
		ranks += rank * rank * (double)(end - i);
		for (; i < end; i++)
			both += rank * ((double)v[i].order - middle);
	}
	free(v);
	if (ranks == 0)
		return;
	ret->rho = both / sqrt(ranks) / sqrt(orders);
	left = 1 - ret->rho * ret->rho;
	ret->spearman_p = left > 0 ? stats_t_two_sided(ret->rho * sqrt((n - 2) / left), n - 2) : 0;
}

void stats_trend(const double *values, size_t n, struct stats_trend *ret)
{
	*ret = (struct stats_trend){NAN, NAN, NAN, NAN, NAN};
	if (n < 3)
		return;
	kendall(values, n, ret);
	spearman(values, n, ret);
}
