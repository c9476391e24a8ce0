#include "lib/mem.h"
#include "report/stats_compare.h"
#include "report/stats_dist.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What one walk over both samples tells. */
struct pairs {
	double u;    /* pairs x > y, and half of those x = y */
	double ties; /* sum of t^3 - t */
	double n_x, n_y;
};

static size_t run_of(const struct stats_sample *s, size_t from, double value)
{
	size_t i = from;

	while (i < s->n && s->sorted[i] == value)
		i++;
	return i - from;
}

static void walk(const struct stats_sample *x, const struct stats_sample *y, struct pairs *ret)
{
	size_t i = 0, j = 0;

	*ret = (struct pairs){.n_x = (double)x->n, .n_y = (double)y->n};
	while (i < x->n || j < y->n) {
		double value = j == y->n || (i < x->n && x->sorted[i] < y->sorted[j])
				       ? x->sorted[i]
				       : y->sorted[j];
		size_t a = run_of(x, i, value), b = run_of(y, j, value);
		double t = (double)(a + b);

		if (!t)
			abort(); /* NAN */
		ret->u += (double)a * ((double)j + (double)b / 2);
		ret->ties += t * t * t - t;
		i += a;
		j += b;
	}
}

static double sd_of(const struct pairs *p)
{
	double n = p->n_x + p->n_y;

	if (p->ties >= n * (n * n - 1))
		return 0;
	return sqrt(p->n_x * p->n_y / 12 * (n + 1 - p->ties / (n * (n - 1))));
}

static bool is_exact(const struct pairs *p)
{
	return p->ties == 0 && p->n_x <= STATS_EXACT_MAX && p->n_y <= STATS_EXACT_MAX;
}

/* How many orders of a and b trials without ties give u, for u = 0 .. a*b: the coefficients of
 * the Gaussian binomial, the product over i = 1..a of (1 - q^(b+i)) / (1 - q^i). They are whole
 * numbers below 2^97 for 50 and 50, and what overflows on the way cancels modulo 2^128. O(a * a b).
 * The caller frees them. */
static unsigned __int128 *count_orders(size_t a, size_t b)
{
	size_t end = a * b;
	unsigned __int128 *f = mem_alloc((end + 1) * sizeof *f);

	f[0] = 1;
	for (size_t i = 1; i <= a; i++) {
		for (size_t u = end; u >= b + i; u--)
			f[u] -= f[u - b - i];
		for (size_t u = i; u <= end; u++)
			f[u] += f[u - i];
	}
	return f;
}

/* P(U <= u) for u = 0 .. n_x n_y. The caller frees it. */
static double *exact_cdf(const struct pairs *p)
{
	size_t a = (size_t)fmin(p->n_x, p->n_y), b = (size_t)fmax(p->n_x, p->n_y);
	unsigned __int128 *f = count_orders(a, b), total = 0, sum = 0;
	double *cdf = mem_resize(NULL, a * b + 1, sizeof *cdf);

	for (size_t u = 0; u <= a * b; u++)
		total += f[u];
	for (size_t u = 0; u <= a * b; u++) {
		sum += f[u];
		cdf[u] = (double)sum / (double)total;
	}
	free(f);
	return cdf;
}

static double exact_p(const struct pairs *p)
{
	double *cdf = exact_cdf(p);
	double least = cdf[(size_t)fmin(p->u, p->n_x * p->n_y - p->u)];

	free(cdf);
	return fmin(1, 2 * least);
}

static double normal_p(const struct pairs *p)
{
	double off = fabs(p->u - p->n_x * p->n_y / 2), sd = sd_of(p);

	return sd > 0 ? fmin(1, 2 * stats_normal_sf((off - 0.5) / sd)) : NAN;
}

void stats_mann_whitney(const struct stats_sample *x, const struct stats_sample *y,
			struct stats_mann_whitney *ret)
{
	struct pairs p;

	*ret = (struct stats_mann_whitney){.u = NAN, .p = NAN, .superiority = NAN};
	if (!x->n || !y->n)
		return;
	walk(x, y, &p);
	ret->u = p.u;
	ret->superiority = 1 - p.u / (p.n_x * p.n_y);
	ret->exact = is_exact(&p);
	ret->p = ret->exact ? exact_p(&p) : normal_p(&p);
}

/* Doubles in order as whole numbers in order, and back. */
static uint64_t key_of(double d)
{
	uint64_t bits;

	d += 0.0; /* one zero */
	memcpy(&bits, &d, sizeof bits);
	return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

static double value_of(uint64_t key)
{
	uint64_t bits = key >> 63 ? key & ~(1ULL << 63) : ~key;
	double d;

	memcpy(&d, &bits, sizeof d);
	return d;
}

/* Pairs with y - x <= d, as long as the difference is computed the same way. */
static uint64_t count_up_to(const struct stats_sample *x, const struct stats_sample *y, double d)
{
	uint64_t count = 0;
	size_t j = 0;

	for (size_t i = 0; i < x->n; i++) {
		while (j < y->n && y->sorted[j] - x->sorted[i] <= d)
			j++;
		count += j;
	}
	return count;
}

/* The place-th smallest (from 1) of all y - x: rounding keeps the order, so it is exact. */
static double difference_at(const struct stats_sample *x, const struct stats_sample *y,
			    uint64_t place)
{
	uint64_t lo = key_of(y->sorted[0] - x->sorted[x->n - 1]);
	uint64_t hi = key_of(y->sorted[y->n - 1] - x->sorted[0]);

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (count_up_to(x, y, value_of(mid)) >= place)
			hi = mid;
		else
			lo = mid + 1;
	}
	return value_of(lo);
}

static double median_difference(const struct stats_sample *x, const struct stats_sample *y)
{
	uint64_t n = (uint64_t)x->n * y->n;
	double low = difference_at(x, y, (n + 1) / 2);

	return n % 2 ? low : low + (difference_at(x, y, n / 2 + 1) - low) / 2;
}

/* Smallest c >= 1 with P(U <= c) >= tail, if even [D(1), D(n)] has the confidence; or 0. */
static uint64_t exact_place(const struct pairs *p, double tail, double *ret_coverage)
{
	double *cdf = exact_cdf(p);
	uint64_t c = 0;

	while (cdf[c] < tail)
		c++;
	if (c)
		*ret_coverage = 1 - 2 * cdf[c - 1];
	free(cdf);
	return c;
}

static uint64_t normal_place(const struct pairs *p, double tail)
{
	double c = floor(p->n_x * p->n_y / 2 + stats_normal_quantile(tail) * sd_of(p) + 0.5);

	return c >= 1 ? (uint64_t)c : 0;
}

static bool all_finite(const struct stats_sample *s)
{
	return s->n && isfinite(s->sorted[0]) && isfinite(s->sorted[s->n - 1]);
}

void stats_shift(const struct stats_sample *x, const struct stats_sample *y, double confidence,
		 struct stats_shift *ret)
{
	uint64_t place, n = (uint64_t)x->n * y->n;
	double tail = (1 - confidence) / 2;
	struct pairs p;

	*ret = (struct stats_shift){NAN, NAN, NAN, NAN, false};
	if (!all_finite(x) || !all_finite(y))
		return;
	walk(x, y, &p);
	ret->shift = median_difference(x, y);
	ret->exact = is_exact(&p);
	place = ret->exact ? exact_place(&p, tail, &ret->coverage) : normal_place(&p, tail);
	if (!place)
		return;
	ret->lo = difference_at(x, y, place);
	ret->hi = difference_at(x, y, n + 1 - place);
}
