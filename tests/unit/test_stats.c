#include "report/bins.h"
#include "report/stats.h"
#include "tests/unit/unit.h"
#include <math.h>

static void is_near(double a, double b)
{
	assert_true(fabs(a - b) <= 1e-12 * fmax(1, fabs(b)));
}

/* Python: statistics.quantiles(v, method="inclusive"), mean, stdev of the powers of two */
static void known_values(void **state)
{
	static const double v[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
	struct stats s;

	(void)state;
	stats_compute(v, 10, 0, &s);
	assert_int_equal(s.n, 10);
	is_near(s.of[STATS_MIN], 1);
	is_near(s.of[STATS_P25], 5);
	is_near(s.of[STATS_P50], 24);
	is_near(s.of[STATS_P75], 112);
	is_near(s.of[STATS_P90], 281.6);
	is_near(s.of[STATS_MAX], 512);
	is_near(s.of[STATS_MEAN], 102.3);
	is_near(s.of[STATS_SD], 164.94851048466947);
	assert_false(stats_known(s.of[STATS_P95]));
	assert_false(stats_known(s.of[STATS_P99]));
}

/* A spread of 1e-6 on 1e6: one pass would lose it. */
static void keeps_digits(void **state)
{
	static const double v[] = {1e6, 1e6 + 0.25, 1e6 + 0.5};
	struct stats s;

	(void)state;
	stats_compute(v, 3, 0, &s);
	is_near(s.of[STATS_SD], 0.25);
	is_near(s.of[STATS_MEAN], 1e6 + 0.25);
}

static void needs_enough_trials(void **state)
{
	double v[100];
	struct stats s;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		v[i] = (double)i;
	for (size_t n = 0; n <= 100; n++) {
		stats_compute(v, n, 0, &s);
		for (int f = 0; f < N_STATS; f++)
			assert_int_equal(stats_known(s.of[f]), n >= stats_needs[f]);
	}
	is_near(s.of[STATS_P99], 98.01);
}

/* Of 10 trials 2 are censored: place 9 * p must not reach past the 8th. */
static void censored_are_longest(void **state)
{
	static const double v[] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct stats s;

	(void)state;
	stats_compute(v, 8, 2, &s);
	assert_int_equal(s.n, 10);
	assert_int_equal(s.n_censored, 2);
	is_near(s.of[STATS_P50], 5.5);
	is_near(s.of[STATS_P75], 7.75);
	assert_false(stats_known(s.of[STATS_P90]));
	assert_false(stats_known(s.of[STATS_MAX]));
	assert_false(stats_known(s.of[STATS_MEAN]));
	assert_false(stats_known(s.of[STATS_SD]));
	stats_compute(v, 6, 4, &s); /* place 6.75 lies between the 7th and the 8th */
	assert_false(stats_known(s.of[STATS_P75]));
	stats_compute(v, 0, 3, &s);
	for (int f = 0; f < N_STATS; f++)
		assert_false(stats_known(s.of[f]));
}

static void quantile_on_the_last_observed(void **state)
{
	static const double v[] = {1, 2, 3};

	(void)state;
	is_near(stats_quantile(v, 3, 5, 0.5), 3);
	assert_false(stats_known(stats_quantile(v, 2, 5, 0.5)));
	assert_false(stats_known(stats_quantile(v, 3, 5, 0.51)));
	assert_false(stats_known(stats_quantile(v, 0, 0, 0.5)));
}

static void classes_hold_every_value(void **state)
{
	double v[200];
	struct bins bins;

	(void)state;
	assert_int_equal(bins_choose(NULL, 0, 0).n, 0);
	for (size_t i = 0; i < 200; i++)
		v[i] = 0.1 + (double)i * 0.01;
	v[199] = 1e6; /* must not stretch the others into one class */
	bins = bins_choose(v, 200, 0);
	assert_in_range(bins.n, 10, BINS_MAX);
	assert_int_equal(bins_place(&bins, 1e6), bins.n - 1);
	for (size_t i = 0; i < 199; i++) {
		size_t b = bins_place(&bins, v[i]);

		assert_true(bins_edge(&bins, b) <= v[i] + 1e-9);
		assert_true(b + 1 == bins.n || v[i] < bins_edge(&bins, b + 1) + 1e-9);
	}
	bins = bins_choose(v, 1, 0);
	assert_int_equal(bins.n, BINS_MIN);
	assert_int_equal(bins_place(&bins, v[0]), 2);
}

/* Classes narrower than the instrument can tell apart would only show its noise. */
static void classes_are_no_finer_than_measured(void **state)
{
	double v[] = {1.6276, 1.6277, 1.6279};
	struct bins bins = bins_choose(v, 1, 0.005);

	(void)state;
	is_near(bins.width, 0.005);
	is_near(bins.from, 1.615);
	assert_int_equal(bins.n, BINS_MIN);
	bins = bins_choose(v, 3, 0.003);
	is_near(bins.width, 0.005);
	assert_int_equal(bins_place(&bins, v[2]), 2);
	/* not known how wide: a hundredth of the time */
	bins = bins_choose(v, 3, 0);
	is_near(bins.width, 0.02);
	/* near 0 there is no room below */
	v[0] = 0.001;
	bins = bins_choose(v, 1, 0.005);
	is_near(bins.from, 0);
	assert_int_equal(bins.n, BINS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_values),
		cmocka_unit_test(keeps_digits),
		cmocka_unit_test(needs_enough_trials),
		cmocka_unit_test(censored_are_longest),
		cmocka_unit_test(quantile_on_the_last_observed),
		cmocka_unit_test(classes_hold_every_value),
		cmocka_unit_test(classes_are_no_finer_than_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
