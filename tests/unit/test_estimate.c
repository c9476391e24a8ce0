#include "report/estimate.h"
#include "report/stats_survival.h"
#include "tests/unit/unit.h"
#include <math.h>

static void is_near(double a, double b)
{
	if (fabs(a - b) > 1e-12 * fmax(1, fabs(b)))
		fail_msg("%.15g is not %.15g", a, b);
}

static struct estimate_trial seen(double value)
{
	return (struct estimate_trial){.value = value, .lo = value - 0.25, .hi = value + 0.25};
}

static struct estimate_trial given_up(double at)
{
	/* what a censored trial says of its value and upper end is not looked at */
	return (struct estimate_trial){.value = -1, .lo = at, .hi = -1, .censored = true};
}

/* n trials of 1, 2, ... n, shuffled: order must not matter. */
static void count_up(struct estimate_trial *trials, size_t n)
{
	for (size_t i = 0; i < n; i++)
		trials[i] = seen((double)((i * 7919) % n + 1));
}

static void has_value(const struct estimate *e, enum stats_figure f, double value)
{
	is_near(e->of[f].value, value);
	is_near(e->of[f].lo, value - 0.25);
	is_near(e->of[f].hi, value + 0.25);
	assert_int_equal(e->of[f].needs, 0);
}

static void is_blank(const struct estimate *e, enum stats_figure f, size_t needs)
{
	assert_true(isnan(e->of[f].value) && isnan(e->of[f].lo) && isnan(e->of[f].hi));
	assert_int_equal(e->of[f].needs, needs);
}

static void has_interval(const struct estimate *e, enum stats_figure f, double lo, double hi)
{
	is_near(e->of[f].ci_lo, lo);
	if (isinf(hi))
		assert_true(isinf(e->of[f].ci_hi));
	else
		is_near(e->of[f].ci_hi, hi);
	assert_int_equal(e->of[f].ci_needs, 0);
}

static void has_no_interval(const struct estimate *e, enum stats_figure f, size_t needs)
{
	assert_true(isnan(e->of[f].ci_lo) && isnan(e->of[f].ci_hi));
	assert_int_equal(e->of[f].ci_needs, needs);
}

static void no_trial(void **state)
{
	struct estimate e;

	(void)state;
	estimate_make(NULL, 0, &e);
	assert_int_equal(e.n + e.n_censored + e.n_left_censored, 0);
	assert_int_equal(e.method, ESTIMATE_TYPE7);
	for (int f = 0; f < N_STATS; f++) {
		is_blank(&e, f, stats_needs[f]);
		assert_false(estimate_is_beyond(&e, f));
	}
	has_no_interval(&e, STATS_P50, 6);
	assert_true(isnan(e.last_s) && isnan(e.fences.inner_lo));
	assert_int_equal(e.modes.n, 0);
}

static void one_trial(void **state)
{
	struct estimate_trial trial = seen(3);
	struct estimate e;

	(void)state;
	estimate_make(&trial, 1, &e);
	has_value(&e, STATS_MIN, 3);
	has_value(&e, STATS_P50, 3);
	has_value(&e, STATS_MAX, 3);
	is_near(e.of[STATS_MEAN].value, 3);
	is_blank(&e, STATS_P25, 4);
	is_blank(&e, STATS_P95, 20);
	is_blank(&e, STATS_P99, 100);
	is_blank(&e, STATS_SD, 2);
	has_no_interval(&e, STATS_P50, 6);
	is_near(e.last_s, 3);
	is_near(estimate_half_width(&e, STATS_P50), 0.25);
}

/* 5 trials: 1 - 2 * 0.5^5 = 93.75 %; 6: 96.875 % */
static void median_needs_six(void **state)
{
	struct estimate_trial trials[6];
	struct estimate e;

	(void)state;
	count_up(trials, 5);
	estimate_make(trials, 5, &e);
	has_value(&e, STATS_P50, 3);
	has_value(&e, STATS_P25, 2);
	has_no_interval(&e, STATS_P50, 6);
	count_up(trials, 6);
	estimate_make(trials, 6, &e);
	has_value(&e, STATS_P50, 3.5);
	has_interval(&e, STATS_P50, 1, 6);
	has_no_interval(&e, STATS_P95, 59);
	/* mean and sd have no distribution-free interval at any n: nothing is promised */
	has_no_interval(&e, STATS_MEAN, 0);
}

/* 1 - 0.95^58 = 94.9 %, 1 - 0.95^59 = 95.2 % */
static void p95_needs_fifty_nine(void **state)
{
	struct estimate_trial trials[59];
	struct estimate e;

	(void)state;
	count_up(trials, 58);
	estimate_make(trials, 58, &e);
	has_value(&e, STATS_P95, 1 + 57 * 0.95);
	has_no_interval(&e, STATS_P95, 59);
	count_up(trials, 59);
	estimate_make(trials, 59, &e);
	has_value(&e, STATS_P95, 1 + 58 * 0.95);
	assert_true(isfinite(e.of[STATS_P95].ci_lo));
	is_near(e.of[STATS_P95].ci_hi, 59);
	assert_int_equal(e.of[STATS_P95].ci_needs, 0);
	is_blank(&e, STATS_P99, 100);
	has_no_interval(&e, STATS_P99, 299);
}

/* 1 2 3 4+ 5 6 7 8 9 10+; the curve by hand: 0.9 0.8 0.7 | .7*5/6 .7*4/6 .7*3/6 .7*2/6 .7*1/6 */
static void censored_in_the_middle(void **state)
{
	struct estimate_trial trials[10];
	struct stats_time times[10];
	struct stats_times all = {times, 10};
	struct stats_survival curve;
	struct stats_survival_quantile q;
	struct estimate e;

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		double at = (double)(10 - i);
		bool censored = at == 4 || at == 10;

		trials[i] = censored ? given_up(at) : seen(at);
		times[i] = (struct stats_time){at, censored};
	}
	estimate_make(trials, 10, &e);
	assert_int_equal(e.method, ESTIMATE_KAPLAN_MEIER);
	assert_int_equal(e.n, 10);
	assert_int_equal(e.n_censored, 2);
	has_value(&e, STATS_MIN, 1);
	has_value(&e, STATS_P25, 3); /* 0.7 <= 0.75 */
	has_value(&e, STATS_P50, 6); /* 0.583 at 5, 0.467 at 6; dropped it would be 5.5 */
	has_value(&e, STATS_P75, 8); /* 0.233 at 8 */
	is_blank(&e, STATS_P90, 0);  /* 0.117 at 9, then only a censored one */
	assert_true(estimate_is_beyond(&e, STATS_P90));
	assert_false(estimate_is_beyond(&e, STATS_P95)); /* wants trials, that comes first */
	is_blank(&e, STATS_P95, 20);
	is_blank(&e, STATS_MAX, 0);
	is_blank(&e, STATS_MEAN, 0);
	is_blank(&e, STATS_SD, 0);
	is_near(e.last_s, 10);
	stats_survival(&all, 0.95, &curve);
	stats_survival_quantile(&curve, 0.5, &q);
	has_interval(&e, STATS_P50, q.lo, q.hi);
	stats_survival_done(&curve);
}

/* Given up before the first one ended: nobody knows which was the shortest. */
static void censored_before_all(void **state)
{
	struct estimate_trial trials[] = {given_up(0.5), seen(2), seen(4), seen(3)};
	struct estimate e;

	(void)state;
	estimate_make(trials, 4, &e);
	is_blank(&e, STATS_MIN, 0);
	has_value(&e, STATS_P50, 3); /* it was never at risk: of three, two thirds go on after 2 */
	is_near(e.last_s, 4);
	assert_false(estimate_is_beyond(&e, STATS_MIN));
}

static void all_censored(void **state)
{
	struct estimate_trial trials[8];
	struct estimate e;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		trials[i] = given_up(120);
	estimate_make(trials, 8, &e);
	assert_int_equal(e.n_censored, 8);
	for (int f = 0; f < N_STATS; f++)
		is_blank(&e, f, stats_needs[f] > 8 ? stats_needs[f] : 0);
	assert_true(estimate_is_beyond(&e, STATS_P25));
	assert_true(estimate_is_beyond(&e, STATS_P50));
	assert_false(estimate_is_beyond(&e, STATS_MAX));
	has_no_interval(&e, STATS_P50, 0);
	assert_int_equal(e.modes.n, 0);
	is_near(e.last_s, 120);
}

/* The lower limit is known where the median itself is not. */
static void limit_below_a_median_not_reached(void **state)
{
	struct estimate_trial trials[40];
	struct estimate e;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		trials[i] = i < 18 ? seen((double)i + 1) : given_up(60);
	estimate_make(trials, 40, &e);
	assert_true(estimate_is_beyond(&e, STATS_P50));
	assert_true(e.of[STATS_P50].ci_lo > 1 && e.of[STATS_P50].ci_lo < 18);
	assert_true(isinf(e.of[STATS_P50].ci_hi));
}

/* log-log limits exist for three trials, but nobody should trust them */
static void few_trials_have_no_limits(void **state)
{
	struct estimate_trial trials[] = {seen(1), seen(2), given_up(3), seen(2.5), seen(1.5)};
	struct estimate e;

	(void)state;
	estimate_make(trials, 5, &e);
	has_no_interval(&e, STATS_P50, 6);
}

static void ties(void **state)
{
	struct estimate_trial trials[20];
	struct estimate e;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		trials[i] = seen(i % 2 ? 2 : 1);
	estimate_make(trials, 20, &e);
	has_value(&e, STATS_P50, 1.5);
	has_interval(&e, STATS_P50, 1, 2);
	for (size_t i = 0; i < 20; i++)
		trials[i] = seen(5);
	estimate_make(trials, 20, &e);
	has_value(&e, STATS_P95, 5);
	has_interval(&e, STATS_P50, 5, 5);
	is_near(e.of[STATS_SD].value, 0);
	assert_int_equal(e.n_outside + e.n_far_out, 0);
	assert_int_equal(e.modes.n, 1);
	/* censored at the very time of an event: it lasted longer */
	trials[0] = given_up(5);
	estimate_make(trials, 20, &e);
	has_value(&e, STATS_P90, 5);
	assert_true(isnan(e.of[STATS_MAX].value));
}

static void outliers_and_humps(void **state)
{
	struct estimate_trial trials[42];
	struct estimate e;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		trials[i] = seen((i % 2 ? 100 : 10) + (double)(i / 2) / 10);
	for (size_t i = 0; i < 40; i++)
		trials[i].lo = trials[i].hi = trials[i].value;
	estimate_make(trials, 40, &e);
	assert_int_equal(e.modes.n, 2);
	assert_int_equal(e.modes.of[0].n, 20);
	assert_true(e.modes.of[0].hi < 13 && e.modes.of[1].lo >= 100);
	assert_int_equal(e.n_outside + e.n_far_out, 0);

	count_up(trials, 40); /* quartiles 10.75 and 30.25: fences -18.5 59.5, -47.75 88.75 */
	trials[40] = seen(70);
	trials[41] = seen(500);
	estimate_make(trials, 42, &e);
	assert_int_equal(e.n_outside, 1);
	assert_int_equal(e.n_far_out, 1);
	assert_int_equal(estimate_place(&e, &trials[40]), STATS_OUTSIDE);
	assert_int_equal(estimate_place(&e, &trials[41]), STATS_FAR_OUT);
	assert_int_equal(estimate_place(&e, &trials[0]), STATS_INSIDE);
	trials[41] = given_up(500);
	estimate_make(trials, 42, &e);
	assert_int_equal(e.n_far_out, 0);
	assert_int_equal(estimate_place(&e, &trials[41]), STATS_INSIDE);
}

static void left_censored_count_as_seen(void **state)
{
	struct estimate_trial trials[] = {
		{.value = 0.5, .lo = 0, .hi = 1, .left_censored = true}, seen(2), seen(3)};
	struct estimate e;

	(void)state;
	estimate_make(trials, 3, &e);
	assert_int_equal(e.n_left_censored, 1);
	assert_int_equal(e.method, ESTIMATE_TYPE7);
	is_near(e.of[STATS_MIN].value, 0.5);
	is_near(e.of[STATS_MIN].lo, 0);
	is_near(e.of[STATS_MIN].hi, 1);
}

/* scipy.stats.binomtest(k, n).proportion_ci(method="exact") */
static void shares(void **state)
{
	struct estimate_share s = estimate_share(10, 12);

	(void)state;
	is_near(s.share, 10.0 / 12);
	assert_true(fabs(s.lo - 0.5158623) < 1e-7 && fabs(s.hi - 0.9791375) < 1e-7);
	s = estimate_share(0, 12);
	is_near(s.lo, 0);
	is_near(s.hi, 1 - pow(0.025, 1.0 / 12));
	s = estimate_share(0, 0);
	assert_true(isnan(s.share) && s.lo == 0 && s.hi == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_trial),
		cmocka_unit_test(one_trial),
		cmocka_unit_test(median_needs_six),
		cmocka_unit_test(p95_needs_fifty_nine),
		cmocka_unit_test(censored_in_the_middle),
		cmocka_unit_test(censored_before_all),
		cmocka_unit_test(all_censored),
		cmocka_unit_test(limit_below_a_median_not_reached),
		cmocka_unit_test(few_trials_have_no_limits),
		cmocka_unit_test(ties),
		cmocka_unit_test(outliers_and_humps),
		cmocka_unit_test(left_censored_count_as_seen),
		cmocka_unit_test(shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
