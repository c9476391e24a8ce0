#include "report/stats_compare.h"
#include "report/stats_trend.h"
#include "tests/unit/golden.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct stats_sample sample_of(const struct golden *g, const char *key)
{
	struct stats_sample s;

	golden_sort(g, key);
	s.sorted = golden_array(g, key, &s.n);
	return s;
}

static void kruskal(void **state)
{
	static const double v[] = {1, 1};
	struct stats_sample groups[8] = {{v, 1}, {v, 2}};
	struct golden g = {0};
	struct stats_test test;

	(void)state;
	stats_kruskal(groups, 2, &test);
	assert_true(isnan(test.p));
	stats_kruskal(groups, 0, &test);
	assert_true(isnan(test.p));
	while (golden_next(&g, "kruskal")) {
		char key[] = "x0";
		size_t n = 0;

		for (; golden_field(&g, key); n++, key[1]++)
			groups[n] = sample_of(&g, key);
		groups[n++] = (struct stats_sample){NULL, 0};
		stats_kruskal(groups, n, &test);
		assert_int_equal(test.df, golden_number(&g, "df", 0));
		golden_near("statistic", test.statistic, golden_number(&g, "statistic", 0), 1e-9);
		golden_near("p", test.p, golden_number(&g, "p", 0), 1e-9);
	}
}

static void mann_whitney(void **state)
{
	struct golden g = {0};
	struct stats_mann_whitney m;

	(void)state;
	while (golden_next(&g, "mann_whitney")) {
		struct stats_sample x = sample_of(&g, "x"), y = sample_of(&g, "y");

		stats_mann_whitney(&x, &y, &m);
		golden_near("u", m.u, golden_number(&g, "u", 0), 0);
		golden_near("p", m.p, golden_number(&g, "p", 0), 1e-9);
		golden_near("superiority", m.superiority, golden_number(&g, "superiority", 0),
			    1e-9);
		assert_int_equal(m.exact, golden_number(&g, "exact", 0));
	}
}

static void shift(void **state)
{
	struct golden g = {0};
	struct stats_shift s;

	(void)state;
	while (golden_next(&g, "shift")) {
		struct stats_sample x = sample_of(&g, "x"), y = sample_of(&g, "y");

		stats_shift(&x, &y, 0.95, &s);
		golden_near("shift", s.shift, golden_number(&g, "shift", 0), 1e-12);
		golden_near("lo", s.lo, golden_number(&g, "lo", 0), 1e-12);
		golden_near("hi", s.hi, golden_number(&g, "hi", 0), 1e-12);
		golden_near("coverage", s.coverage, golden_number(&g, "coverage", 0), 1e-9);
	}
}

/* 10^10 pairs; the differences are symmetric around 5. */
static void shift_of_many(void **state)
{
	enum { N = 100000 };
	double *v = calloc(2 * N, sizeof *v);
	struct stats_sample x = {v, N}, y = {v + N, N};
	struct stats_shift s;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		v[i] = (double)i;
		v[N + i] = (double)i + 5;
	}
	stats_shift(&x, &y, 0.95, &s);
	assert_true(s.shift == 5);
	assert_true(s.lo < 5 && s.hi == 10 - s.lo);
	free(v);
}

static void infinities_and_nothing(void **state)
{
	static const double a[] = {1, 2, INFINITY, INFINITY}, b[] = {3, INFINITY}, one[] = {7, 7};
	const struct stats_sample x = {a, 4}, y = {b, 2}, none = {NULL, 0}, same = {one, 2};
	struct stats_mann_whitney m;
	struct stats_shift s;

	(void)state;
	stats_mann_whitney(&x, &y, &m);
	assert_true(m.u == 2 + 2 * 0.5 && !m.exact);
	stats_shift(&x, &y, 0.95, &s);
	assert_true(isnan(s.shift) && isnan(s.lo));
	stats_mann_whitney(&x, &none, &m);
	assert_true(isnan(m.u) && isnan(m.p) && isnan(m.superiority));
	stats_shift(&none, &x, 0.95, &s);
	assert_true(isnan(s.shift));
	stats_mann_whitney(&same, &same, &m);
	assert_true(isnan(m.p) && m.superiority == 0.5);
}

static void trials_needed(void **state)
{
	struct golden g = {0};

	(void)state;
	while (golden_next(&g, "trials_needed"))
		assert_int_equal(stats_trials_needed(golden_number(&g, "args", 0),
						     golden_number(&g, "args", 1),
						     golden_number(&g, "args", 2)),
				 golden_number(&g, "value", 0));
	assert_int_equal(stats_trials_needed(0.5, 0.05, 0.8), 0);
	assert_int_equal(stats_trials_needed(NAN, 0.05, 0.8), 0);
}

/* Schoenfeld 1981: a ratio of hazards of 1.5 takes 191 ends for 80 % power at 5 %. */
static void trials_needed_logrank(void **state)
{
	(void)state;
	assert_int_equal(stats_trials_needed_logrank(log(1.5), 1, 0.05, 0.8), 96);
	assert_int_equal(stats_trials_needed_logrank(-log(1.5), 1, 0.05, 0.8), 96);
	/* 4 * 7.8489 / 0.1644 = 190.97 ends are half of 382 trials */
	assert_int_equal(stats_trials_needed_logrank(log(1.5), 0.5, 0.05, 0.8), 191);
	assert_int_equal(stats_trials_needed_logrank(log(2), 1, 0.05, 0.9), 44); /* 87.48 ends */
	assert_int_equal(stats_trials_needed_logrank(0, 1, 0.05, 0.8), 0);
	assert_int_equal(stats_trials_needed_logrank(NAN, 1, 0.05, 0.8), 0);
	assert_int_equal(stats_trials_needed_logrank(1, 0, 0.05, 0.8), 0);
}

static void holm(void **state)
{
	double with_gap[] = {0.04, NAN, 0.01};
	struct golden g = {0};

	(void)state;
	while (golden_next(&g, "holm")) {
		double p[64];
		size_t n;
		const double *from = golden_array(&g, "p", &n);

		memcpy(p, from, n * sizeof *p);
		stats_holm(p, n);
		for (size_t i = 0; i < n; i++)
			golden_near("holm", p[i], golden_number(&g, "adjusted", i), 1e-9);
	}
	stats_holm(with_gap, 3);
	assert_true(with_gap[0] == 0.04 && isnan(with_gap[1]) && with_gap[2] == 0.02);
	stats_holm(NULL, 0);
}

static void trend(void **state)
{
	static const double flat[] = {4, 4, 4};
	struct golden g = {0};
	struct stats_trend t;

	(void)state;
	while (golden_next(&g, "trend")) {
		size_t n;
		const double *v = golden_array(&g, "x", &n);

		stats_trend(v, n, &t);
		golden_near("s", t.s, golden_number(&g, "s", 0), 0);
		golden_near("tau", t.tau, golden_number(&g, "tau", 0), 1e-9);
		golden_near("kendall_p", t.kendall_p, golden_number(&g, "kendall_p", 0), 1e-9);
		golden_near("rho", t.rho, golden_number(&g, "rho", 0), 1e-9);
		golden_near("spearman_p", t.spearman_p, golden_number(&g, "spearman_p", 0), 1e-9);
	}
	stats_trend(flat, 3, &t);
	assert_true(isnan(t.s) && isnan(t.kendall_p) && isnan(t.rho) && isnan(t.spearman_p));
	stats_trend(flat, 2, &t);
	assert_true(isnan(t.tau));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kruskal),
		cmocka_unit_test(mann_whitney),
		cmocka_unit_test(shift),
		cmocka_unit_test(shift_of_many),
		cmocka_unit_test(infinities_and_nothing),
		cmocka_unit_test(trials_needed),
		cmocka_unit_test(trials_needed_logrank),
		cmocka_unit_test(holm),
		cmocka_unit_test(trend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
