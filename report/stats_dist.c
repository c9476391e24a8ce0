#include "report/stats_dist.h"
#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { MAX_TERMS = 100000, MAX_STEPS = 2000 };

double stats_normal_cdf(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

double stats_normal_sf(double z)
{
	return 0.5 * erfc(z * M_SQRT1_2);
}

/* Abramowitz and Stegun 26.2.23 is within 4.5e-4; each step of Halley's method cubes the error. */
double stats_normal_quantile(double p)
{
	double tail = p < 0.5 ? p : 1 - p, t, z;

	if (isnan(p) || p < 0 || p > 1)
		return NAN;
	if (tail == 0)
		return p == 0 ? -INFINITY : INFINITY;
	t = sqrt(-2 * log(tail));
	z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
			(1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
	for (int i = 0; i < 3; i++) {
		double density = exp(-0.5 * z * z) * M_2_SQRTPI * M_SQRT1_2 / 2;
		double miss = tail < 0.25 ? tail - stats_normal_sf(z)
					  : 0.5 * erf(z * M_SQRT1_2) - (0.5 - tail);
		double off = density > 0 ? miss / density : 0;

		z -= off / (1 - 0.5 * z * off);
	}
	return p < 0.5 ? -z : z;
}

/* lgamma(n + 1) minus Stirling's approximation of it. */
static double stirling_error(double n)
{
	double nn = n * n;

	if (n < 16)
		return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * M_PI);
	return (1.0 / 12 -
		(1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / nn) / nn) / nn) / nn) /
	       n;
}

/* x log(x / mean) + mean - x, without cancellation where x is near the mean. */
static double deviance(double x, double mean)
{
	double v = (x - mean) / (x + mean), sum, term, before;

	if (fabs(x - mean) >= 0.1 * (x + mean))
		return x * log(x / mean) + mean - x;
	sum = (x - mean) * v;
	term = 2 * x * v;
	for (int j = 1; j < MAX_STEPS; j++) {
		term *= v * v;
		before = sum;
		sum += term / (2 * j + 1);
		if (sum == before)
			break;
	}
	return sum;
}

/* x^a (1-x)^b / B(a, b), y = 1 - x. */
static double beta_front(double x, double y, double a, double b)
{
	double n = a + b;
	double exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) -
			  deviance(a, n * x) - deviance(b, n * y);

	return sqrt(a * b / n / (2 * M_PI)) * exp(exponent);
}

static double away_from_zero(double v)
{
	return fabs(v) < DBL_MIN ? DBL_MIN : v;
}

static double beta_fraction(double x, double a, double b)
{
	double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), h = d;

	for (int m = 1; m < MAX_TERMS; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 / away_from_zero(1 + even * d);
		c = away_from_zero(1 + even / c);
		h *= d * c;
		d = 1 / away_from_zero(1 + odd * d);
		c = away_from_zero(1 + odd / c);
		step = d * c;
		h *= step;
		if (fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return h;
}

/* I_x(a, b), or 1 minus that: the fraction gives the side on which it converges, the other is
 * its complement. */
static double beta_either(double x, double y, double a, double b, bool upper)
{
	bool here = x <= (a + 1) / (a + b + 2);
	double part;

	if (isnan(x) || x < 0 || x > 1 || !(a > 0) || !(b > 0))
		return NAN;
	if (x == 0 || y == 0)
		return (x == 0) == upper ? 1 : 0;
	part = beta_front(x, y, a, b) *
	       (here ? beta_fraction(x, a, b) / a : beta_fraction(y, b, a) / b);
	return here == upper ? 1 - part : part;
}

double stats_beta_cdf(double x, double a, double b)
{
	return beta_either(x, 1 - x, a, b, false);
}

static double gamma_series(double x, double a)
{
	double term = 1, sum = 1;

	for (int n = 1; n < MAX_TERMS && term > sum * DBL_EPSILON / 4; n++) {
		term *= x / (a + n);
		sum += term;
	}
	return sum;
}

static double gamma_fraction(double x, double a)
{
	double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / away_from_zero(b), h = d;

	for (int i = 1; i < MAX_TERMS; i++) {
		double top = -i * (i - a), step;

		b += 2;
		d = 1 / away_from_zero(top * d + b);
		c = away_from_zero(b + top / c);
		step = c * d;
		h *= step;
		if (fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return h;
}

static double gamma_either(double x, double a, bool upper)
{
	bool series = x < a + 1;
	double front, part;

	if (isnan(x) || x < 0 || !(a > 0))
		return NAN;
	if (x == 0 || isinf(x))
		return (x == 0) == upper ? 1 : 0;
	front = exp(-stirling_error(a) - deviance(a, x)) / sqrt(2 * M_PI * a); /* over Gamma(a+1) */
	part = series ? front * gamma_series(x, a) : front * a * gamma_fraction(x, a);
	return series == upper ? 1 - part : part;
}

double stats_gamma_cdf(double x, double a)
{
	return gamma_either(x, a, false);
}

double stats_gamma_sf(double x, double a)
{
	return gamma_either(x, a, true);
}

/* A distribution function, for the two quantiles. */
struct family {
	double a, b;
	double (*cdf)(const struct family *, double x);
};

/* Where the function reaches p, between lo and hi: bisected until no double lies between. */
static double solve(const struct family *f, double p, double lo, double hi)
{
	for (;;) {
		double mid = lo + (hi - lo) / 2;

		if (mid <= lo || mid >= hi)
			return hi;
		if (f->cdf(f, mid) < p)
			lo = mid;
		else
			hi = mid;
	}
}

static double family_beta(const struct family *f, double x)
{
	return stats_beta_cdf(x, f->a, f->b);
}

static double family_gamma(const struct family *f, double x)
{
	return stats_gamma_cdf(x, f->a);
}

double stats_beta_quantile(double p, double a, double b)
{
	const struct family f = {a, b, family_beta};

	if (isnan(p) || p < 0 || p > 1 || !(a > 0) || !(b > 0))
		return NAN;
	return p == 0 || p == 1 ? p : solve(&f, p, 0, 1);
}

double stats_gamma_quantile(double p, double a)
{
	const struct family f = {a, 0, family_gamma};
	double hi = a + 1;

	if (isnan(p) || p < 0 || p > 1 || !(a > 0))
		return NAN;
	if (p == 0 || p == 1)
		return p == 0 ? 0 : INFINITY;
	while (stats_gamma_cdf(hi, a) < p)
		hi *= 2;
	return solve(&f, p, 0, hi);
}

double stats_chi2_sf(double x, double df)
{
	return stats_gamma_sf(x / 2, df / 2);
}

double stats_t_two_sided(double t, double df)
{
	if (isinf(t))
		return 0;
	return beta_either(df / (df + t * t), t * t / (df + t * t), df / 2, 0.5, false);
}

static double binomial_either(double k, size_t n, double p, bool upper)
{
	double below = floor(k);

	if (isnan(k) || isnan(p) || p < 0 || p > 1)
		return NAN;
	if (below < 0 || below >= (double)n)
		return (below < 0) == upper ? 1 : 0;
	return beta_either(p, 1 - p, below + 1, (double)n - below, !upper);
}

double stats_binomial_cdf(double k, size_t n, double p)
{
	return binomial_either(k, n, p, false);
}

double stats_binomial_sf(double k, size_t n, double p)
{
	return binomial_either(k, n, p, true);
}
