#include "report/stats_compare.h"
#include "lib/mem.h"
#include "report/stats_dist.h"
#include <math.h>
#include <stdlib.h>

struct ranked {
	double value;
	size_t at; /* group, or index */
};

static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

static struct ranked *pool(const struct stats_sample *groups, size_t n_groups, size_t *ret_n)
{
	struct ranked *v;
	size_t n = 0;

	for (size_t g = 0; g < n_groups; g++)
		n += groups[g].n;
	v = mem_resize(NULL, n + 1, sizeof *v);
	*ret_n = n;
	n = 0;
	for (size_t g = 0; g < n_groups; g++)
		for (size_t i = 0; i < groups[g].n; i++)
			v[n++] = (struct ranked){groups[g].sorted[i], g};
	qsort(v, n, sizeof *v, by_value);
	return v;
}

/* Sums the midranks, less their mean, of each group; returns the sum of t^3 - t over ties. */
static double sum_ranks(const struct ranked *v, size_t n, double *rank_sums)
{
	double ties = 0;

	for (size_t i = 0; i < n;) {
		size_t end = i;
		double t, rank;

		while (end < n && v[end].value == v[i].value)
			end++;
		if (end == i)
			abort(); /* NAN */
		t = (double)(end - i);
		ties += t * t * t - t;
		rank = (double)(i + end + 1) / 2 - ((double)n + 1) / 2;
		for (; i < end; i++)
			rank_sums[v[i].at] += rank;
	}
	return ties;
}

/* H is computed from the ranks less their mean: 12 / (N (N+1)) sum (R_i - n_i (N+1)/2)^2 / n_i, the
 * same without the difference of two large numbers. */
void stats_kruskal(const struct stats_sample *groups, size_t n_groups, struct stats_test *ret)
{
	size_t n, n_used = 0;
	struct ranked *v = pool(groups, n_groups, &n);
	double *sums = mem_alloc((n_groups + 1) * sizeof *sums), total = 0, all = (double)n;
	double cube = all * (all * all - 1), ties = sum_ranks(v, n, sums);

	for (size_t g = 0; g < n_groups; g++)
		if (groups[g].n) {
			n_used++;
			total += sums[g] * sums[g] / (double)groups[g].n;
		}
	*ret = (struct stats_test){.statistic = NAN, .p = NAN};
	if (n_used >= 2 && ties < cube) {
		ret->df = n_used - 1;
		ret->statistic = 12 * total / (all * (all + 1)) / (1 - ties / cube);
		ret->p = stats_chi2_sf(ret->statistic, (double)ret->df);
	}
	free(sums);
	free(v);
}

size_t stats_trials_needed(double superiority, double alpha, double power)
{
	double z = stats_normal_quantile(1 - alpha / 2) + stats_normal_quantile(power);
	double off = superiority - 0.5;
	double n = ceil(z * z / (6 * off * off));

	return n <= 1e9 ? (size_t)n : 0; /* NAN and INFINITY are not */
}

size_t stats_trials_needed_logrank(double log_hazard_ratio, double p_ended, double alpha,
				   double power)
{
	double z = stats_normal_quantile(1 - alpha / 2) + stats_normal_quantile(power);
	double n_ends = 4 * z * z / (log_hazard_ratio * log_hazard_ratio);
	double n = ceil(n_ends / 2 / p_ended);

	return n <= 1e9 ? (size_t)n : 0;
}

void stats_holm(double *p, size_t n)
{
	struct ranked *v = mem_resize(NULL, n + 1, sizeof *v);
	size_t n_tests = 0;
	double least = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			v[n_tests++] = (struct ranked){p[i], i};
	qsort(v, n_tests, sizeof *v, by_value);
	for (size_t i = 0; i < n_tests; i++) {
		least = fmax(least, fmin(1, v[i].value * (double)(n_tests - i)));
		p[v[i].at] = least;
	}
	free(v);
}
