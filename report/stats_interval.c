#include "report/stats_interval.h"
#include "report/stats.h"
#include "report/stats_dist.h"
#include <math.h>
#include <stdbool.h>

/* Probability that [x(1), x(n)] does not hold the quantile. */
static double missed_by_all(double p, size_t n)
{
	return pow(p, (double)n) + pow(1 - p, (double)n);
}

size_t stats_interval_needs(double p, double confidence)
{
	double most = p > 0.5 ? p : 1 - p;
	size_t n;

	if (!(p > 0 && p < 1) || !(confidence > 0 && confidence < 1))
		return 0;
	n = (size_t)fmax(1, log(1 - confidence) / log(most) - 1); /* one tail alone: never above */
	while (missed_by_all(p, n) > 1 - confidence)
		n++;
	return n;
}

/* Largest order statistic that is above the quantile with at most that probability; 0: none. */
static size_t find_lo(size_t n, double p, double tail)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = hi - (hi - lo) / 2;

		if (stats_binomial_cdf((double)mid - 1, n, p) <= tail)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

/* Smallest order statistic that is below the quantile with at most that probability; n + 1: none.
 */
static size_t find_hi(size_t n, double p, double tail)
{
	size_t lo = 1, hi = n + 1;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (stats_binomial_sf((double)mid - 1, n, p) <= tail)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static double value_at(const double *sorted, size_t n_observed, size_t place)
{
	return place <= n_observed ? sorted[place - 1] : INFINITY;
}

void stats_interval_quantile(const double *sorted, size_t n_observed, size_t n, double p,
			     double confidence, struct stats_interval *ret)
{
	double alpha = 1 - confidence;
	size_t lo, hi;

	*ret = (struct stats_interval){.needs = stats_interval_needs(p, confidence)};
	ret->coverage = ret->lo_value = ret->hi_value = NAN;
	if (!ret->needs || n < ret->needs)
		return;
	lo = find_lo(n, p, alpha / 2);
	hi = find_hi(n, p, alpha / 2);
	if (!lo) {
		lo = 1;
		hi = find_hi(n, p, alpha - stats_binomial_cdf(0, n, p));
	} else if (hi > n) {
		hi = n;
		lo = find_lo(n, p, alpha - stats_binomial_sf((double)n - 1, n, p));
	}
	ret->lo = lo = lo ? lo : 1; /* needs was met: only rounding finds none */
	ret->hi = hi = hi <= n ? hi : n;
	ret->coverage = 1 - stats_binomial_cdf((double)lo - 1, n, p) -
			stats_binomial_sf((double)hi - 1, n, p);
	ret->lo_value = value_at(sorted, n_observed, lo);
	ret->hi_value = value_at(sorted, n_observed, hi);
}

void stats_interval_share(size_t k, size_t n, double confidence, double *ret_lo, double *ret_hi)
{
	double tail = (1 - confidence) / 2, hits = (double)k, misses = (double)(n - k);

	*ret_lo = k ? stats_beta_quantile(tail, hits, misses + 1) : 0;
	/* by symmetry: 1 - tail has lost digits */
	*ret_hi = k < n ? 1 - stats_beta_quantile(tail, misses, hits + 1) : 1;
}

void stats_fences_of(double q1, double q3, struct stats_fences *ret)
{
	double iqr = q3 - q1;

	*ret = (struct stats_fences){q1 - 1.5 * iqr, q3 + 1.5 * iqr, q1 - 3 * iqr, q3 + 3 * iqr};
}

void stats_fences(const double *sorted, size_t n_observed, size_t n, struct stats_fences *ret)
{
	bool enough = n >= stats_needs[STATS_P25];
	double q1 = stats_quantile(sorted, n_observed, n, stats_share_of[STATS_P25]);
	double q3 = stats_quantile(sorted, n_observed, n, stats_share_of[STATS_P75]);

	stats_fences_of(enough ? q1 : NAN, enough ? q3 : NAN, ret);
}

enum stats_place stats_place(const struct stats_fences *fences, double value)
{
	if (value < fences->outer_lo || value > fences->outer_hi)
		return STATS_FAR_OUT;
	if (value < fences->inner_lo || value > fences->inner_hi)
		return STATS_OUTSIDE;
	return STATS_INSIDE;
}
