#include "report/stats_dist.h"
#include "report/stats_interval.h"
#include "tests/unit/golden.h"
#include "tests/unit/unit.h"
#include <math.h>

static double binomial_cdf(double k, double n, double p)
{
	return stats_binomial_cdf(k, (size_t)n, p);
}

static double binomial_sf(double k, double n, double p)
{
	return stats_binomial_sf(k, (size_t)n, p);
}

static const struct {
	const char *kind;
	double (*one)(double);
	double (*two)(double, double);
	double (*three)(double, double, double);
	double tolerance;
} functions[] = {
	{"normal_cdf", stats_normal_cdf, NULL, NULL, 1e-12},
	{"normal_sf", stats_normal_sf, NULL, NULL, 1e-12},
	{"normal_quantile", stats_normal_quantile, NULL, NULL, 1e-12},
	{"beta_cdf", NULL, NULL, stats_beta_cdf, 1e-11},
	{"beta_quantile", NULL, NULL, stats_beta_quantile, 1e-11},
	{"gamma_cdf", NULL, stats_gamma_cdf, NULL, 1e-11},
	{"gamma_sf", NULL, stats_gamma_sf, NULL, 1e-11},
	{"gamma_quantile", NULL, stats_gamma_quantile, NULL, 1e-11},
	{"chi2_sf", NULL, stats_chi2_sf, NULL, 1e-12},
	{"t_two_sided", NULL, stats_t_two_sided, NULL, 1e-11},
	{"binomial_cdf", NULL, NULL, binomial_cdf, 1e-11},
	{"binomial_sf", NULL, NULL, binomial_sf, 1e-11},
};

static void distributions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		struct golden g = {0};

		while (golden_next(&g, functions[i].kind)) {
			size_t n;
			const double *a = golden_array(&g, "args", &n);
			double is = functions[i].one   ? functions[i].one(a[0])
				    : functions[i].two ? functions[i].two(a[0], a[1])
						       : functions[i].three(a[0], a[1], a[2]);

			golden_near(functions[i].kind, is, golden_number(&g, "value", 0),
				    functions[i].tolerance);
		}
	}
}

static void outside_the_domain(void **state)
{
	(void)state;
	assert_true(isnan(stats_normal_quantile(-0.1)));
	assert_true(isnan(stats_normal_quantile(NAN)));
	assert_true(isinf(stats_normal_quantile(1)));
	assert_true(fabs(stats_normal_quantile(0.5)) < 1e-15);
	assert_true(isnan(stats_beta_cdf(1.1, 1, 1)));
	assert_true(isnan(stats_beta_cdf(0.5, 0, 1)));
	assert_true(isnan(stats_beta_quantile(2, 1, 1)));
	assert_true(isnan(stats_gamma_cdf(-1, 1)));
	assert_true(isnan(stats_gamma_quantile(0.5, -1)));
	assert_true(isnan(stats_chi2_sf(NAN, 1)));
	assert_true(isnan(stats_t_two_sided(NAN, 3)));
	assert_true(isnan(stats_binomial_cdf(1, 2, NAN)));
	assert_true(stats_beta_cdf(0, 2, 3) == 0 && stats_beta_cdf(1, 2, 3) == 1);
	assert_true(stats_gamma_sf(INFINITY, 3) == 0 && stats_gamma_quantile(1, 3) == INFINITY);
	assert_true(stats_t_two_sided(INFINITY, 3) == 0);
}

static void quantile_intervals(void **state)
{
	struct golden g = {0};
	struct stats_interval is;

	(void)state;
	while (golden_next(&g, "needs"))
		assert_int_equal(stats_interval_needs(golden_number(&g, "p", 0),
						      golden_number(&g, "confidence", 0)),
				 golden_number(&g, "needs", 0));
	g = (struct golden){0};
	while (golden_next(&g, "interval")) {
		stats_interval_quantile(NULL, 0, (size_t)golden_number(&g, "n", 0),
					golden_number(&g, "p", 0),
					golden_number(&g, "confidence", 0), &is);
		assert_int_equal(is.lo, golden_number(&g, "lo", 0));
		assert_int_equal(is.hi, golden_number(&g, "hi", 0));
		golden_near("coverage", is.coverage, golden_number(&g, "coverage", 0), 1e-9);
		assert_true(isinf(is.lo_value));
	}
}

static void what_n_supports(void **state)
{
	static const double v[] = {1, 2, 3, 4, 5, 6};
	struct stats_interval is;

	(void)state;
	assert_int_equal(stats_interval_needs(0.5, 0.95), 6);
	assert_int_equal(stats_interval_needs(0.95, 0.95), 59);
	assert_int_equal(stats_interval_needs(0.99, 0.95), 299);
	assert_int_equal(stats_interval_needs(1, 0.95), 0);
	stats_interval_quantile(v, 5, 5, 0.5, 0.95, &is);
	assert_int_equal(is.lo, 0);
	assert_int_equal(is.needs, 6);
	assert_true(isnan(is.coverage) && isnan(is.lo_value) && isnan(is.hi_value));
	stats_interval_quantile(v, 6, 6, 0.5, 0.95, &is);
	assert_true(is.lo_value == 1 && is.hi_value == 6);
	golden_near("coverage", is.coverage, 1 - 2.0 / 64, 1e-14);
	stats_interval_quantile(v, 5, 6, 0.5, 0.95, &is); /* the longest is censored */
	assert_true(is.lo_value == 1 && is.hi_value == INFINITY);
}

static void shares(void **state)
{
	struct golden g = {0};
	double lo, hi;

	(void)state;
	while (golden_next(&g, "share")) {
		stats_interval_share((size_t)golden_number(&g, "k", 0),
				     (size_t)golden_number(&g, "n", 0),
				     golden_number(&g, "confidence", 0), &lo, &hi);
		golden_near("lo", lo, golden_number(&g, "lo", 0), 1e-9);
		golden_near("hi", hi, golden_number(&g, "hi", 0), 1e-9);
	}
	stats_interval_share(0, 0, 0.95, &lo, &hi);
	assert_true(lo == 0 && hi == 1);
}

/* Quartiles 2.25 and 4.75 of type 7. */
static void fences(void **state)
{
	static const double v[] = {1, 2, 3, 4, 5, 60};
	struct stats_fences f;

	(void)state;
	stats_fences(v, 6, 6, &f);
	golden_near("inner_lo", f.inner_lo, -1.5, 1e-12);
	golden_near("inner_hi", f.inner_hi, 8.5, 1e-12);
	golden_near("outer_hi", f.outer_hi, 12.25, 1e-12);
	assert_int_equal(stats_place(&f, 60), STATS_FAR_OUT);
	assert_int_equal(stats_place(&f, 9), STATS_OUTSIDE);
	assert_int_equal(stats_place(&f, -1.5), STATS_INSIDE);
	stats_fences(v, 3, 6, &f);
	assert_true(isnan(f.inner_hi));
	assert_int_equal(stats_place(&f, 60), STATS_INSIDE);
	stats_fences(v, 3, 3, &f);
	assert_true(isnan(f.inner_lo));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distributions),
		cmocka_unit_test(outside_the_domain),
		cmocka_unit_test(quantile_intervals),
		cmocka_unit_test(what_n_supports),
		cmocka_unit_test(shares),
		cmocka_unit_test(fences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
