#include "report/stats_survival.h"
#include "tests/unit/golden.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct stats_times times_of(const struct golden *g, const char *x, const char *c)
{
	size_t n, n_c;
	const double *at = golden_array(g, x, &n), *censored = golden_array(g, c, &n_c);
	struct stats_time *v = calloc(n + 1, sizeof *v);

	assert_int_equal(n, n_c);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct stats_time){at[i], censored[i] > 0.5};
	return (struct stats_times){v, n};
}

static void same_steps(const struct golden *g, const struct stats_survival *s)
{
	size_t n;

	golden_array(g, "t", &n);
	assert_int_equal(s->n, n);
	for (size_t i = 0; i < n; i++) {
		golden_near("time", s->v[i].time, golden_number(g, "t", i), 0);
		golden_near("at risk", (double)s->v[i].n_at_risk, golden_number(g, "r", i), 0);
		golden_near("s", s->v[i].s, golden_number(g, "s", i), 1e-9);
		golden_near("greenwood", s->v[i].greenwood, golden_number(g, "greenwood", i), 1e-9);
		golden_near("lo", s->v[i].lo, golden_number(g, "lo", i), 1e-9);
		golden_near("hi", s->v[i].hi, golden_number(g, "hi", i), 1e-9);
	}
}

static void kaplan_meier(void **state)
{
	static const struct {
		const char *key;
		double p;
	} quantiles[] = {{"q10", 0.1}, {"q25", 0.25}, {"q50", 0.5}, {"q75", 0.75}, {"q90", 0.9}};
	struct golden g = {0};

	(void)state;
	while (golden_next(&g, "survival")) {
		struct stats_times times = times_of(&g, "x", "c");
		struct stats_survival_quantile q;
		struct stats_survival s;

		stats_survival(&times, 0.95, &s);
		assert_int_equal(s.n_trials, times.n);
		if (golden_field(&g, "t"))
			same_steps(&g, &s);
		for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
			stats_survival_quantile(&s, quantiles[i].p, &q);
			golden_near("at", q.at, golden_number(&g, quantiles[i].key, 0), 1e-12);
			golden_near("lo", q.lo, golden_number(&g, quantiles[i].key, 1), 1e-12);
			golden_near("hi", q.hi, golden_number(&g, quantiles[i].key, 2), 1e-12);
		}
		stats_survival_done(&s);
		free((void *)(uintptr_t)times.v);
	}
}

static void nothing_to_say(void **state)
{
	struct stats_times none = {NULL, 0}, groups[2] = {{NULL, 0}, {NULL, 0}};
	const struct stats_time v[] = {{1, false}, {2, true}};
	struct stats_survival_quantile q;
	struct stats_survival s;
	struct stats_test test;

	(void)state;
	stats_survival(&none, 0.95, &s);
	stats_survival_quantile(&s, 0.5, &q);
	assert_true(isnan(q.at) && isnan(q.lo) && isnan(q.hi) && isnan(s.last));
	stats_survival_done(&s);
	stats_logrank(groups, 2, &test);
	assert_true(isnan(test.p) && isnan(test.statistic) && !test.df);
	groups[0] = (struct stats_times){v, 2};
	stats_logrank(groups, 2, &test);
	assert_true(isnan(test.p));
	groups[1] = (struct stats_times){v + 1, 1};
	groups[0].n = 0;
	stats_logrank(groups, 2, &test); /* no event */
	assert_true(isnan(test.p));
}

/* O - E says whose events came later: of the last group here 2 - (1/2 + 2/3 + 1 + 1). */
static void excess(void **state)
{
	const struct stats_time a[] = {{1, false}, {2, false}}, b[] = {{4, false}, {3, false}};
	const struct stats_times groups[] = {{a, 2}, {b, 2}}, turned[] = {{b, 2}, {a, 2}};
	struct stats_test test;

	(void)state;
	stats_logrank(groups, 2, &test);
	golden_near("excess", test.excess, -7.0 / 6, 1e-12);
	stats_logrank(turned, 2, &test);
	golden_near("excess", test.excess, 7.0 / 6, 1e-12);
	stats_logrank(groups, 1, &test);
	assert_true(isnan(test.excess));
}

static void logrank(void **state)
{
	struct golden g = {0};

	(void)state;
	while (golden_next(&g, "logrank")) {
		struct stats_times groups[8];
		struct stats_test test;
		char x[16] = "x0", c[16] = "c0";
		size_t n = 0;

		for (; golden_field(&g, x); n++, x[1]++, c[1]++)
			groups[n] = times_of(&g, x, c);
		stats_logrank(groups, n, &test);
		assert_int_equal(test.df, golden_number(&g, "df", 0));
		golden_near("statistic", test.statistic, golden_number(&g, "statistic", 0), 1e-9);
		golden_near("p", test.p, golden_number(&g, "p", 0), 1e-9);
		while (n--)
			free((void *)(uintptr_t)groups[n].v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kaplan_meier),
		cmocka_unit_test(nothing_to_say),
		cmocka_unit_test(excess),
		cmocka_unit_test(logrank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
