#include "report/stats_modes.h"
#include "tests/unit/golden.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdlib.h>

static void peaks_of_the_density(void **state)
{
	struct golden g = {0};
	struct stats_modes m;

	(void)state;
	while (golden_next(&g, "modes")) {
		size_t n, n_peaks, n_held = 0;
		const double *v = golden_array(&g, "x", &n);

		golden_array(&g, "peaks", &n_peaks);
		stats_modes(v, n, 0, &m);
		golden_near("bandwidth", m.bandwidth, golden_number(&g, "bandwidth", 0), 1e-9);
		assert_int_equal(m.n, n_peaks);
		for (size_t i = 0; i < m.n; i++) {
			assert_true(fabs(m.of[i].at - golden_number(&g, "peaks", i)) <=
				    m.bandwidth / 8);
			assert_true(m.of[i].lo <= m.of[i].at && m.of[i].at <= m.of[i].hi);
			n_held += m.of[i].n;
		}
		assert_true(n_held <= n && n_held + n / 10 >= n);
	}
}

static void few_or_equal(void **state)
{
	double v[12];
	struct stats_modes m;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		v[i] = 3;
	stats_modes(v, 9, 0, &m);
	assert_int_equal(m.n, 0);
	stats_modes(v, 12, 0, &m);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.of[0].n, 12);
	assert_true(m.of[0].at == 3 && m.bandwidth == 0);
	v[11] = 4; /* one apart: no mode of its own */
	stats_modes(v, 12, 0, &m);
	assert_int_equal(m.n, 1);
}

/* Evenly spread values have one hump, however many there are, and whatever lies far out. */
static void evenly_spread(void **state)
{
	enum { N = 100000 };
	double *v = calloc(N, sizeof *v);
	struct stats_modes m;

	(void)state;
	for (size_t i = 0; i < N; i++)
		v[i] = (double)i;
	stats_modes(v, N, 0, &m);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.of[0].n, N);
	v[N - 1] = 1e15;
	stats_modes(v, N, 0, &m);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.of[0].n, N - 1);
	stats_modes(v, 30, 0, &m);
	assert_int_equal(m.n, 1);
	free(v);
}

/* Values on a grid as wide as their spread: steps are not humps. */
static void rounded(void **state)
{
	double v[300];
	struct stats_modes m;

	(void)state;
	for (size_t i = 0; i < 300; i++)
		v[i] = (double)(i / 100);
	stats_modes(v, 300, 0, &m);
	assert_int_equal(m.n, 3);
	stats_modes(v, 300, 1, &m);
	assert_int_equal(m.n, 1);
	assert_true(m.bandwidth == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peaks_of_the_density),
		cmocka_unit_test(few_or_equal),
		cmocka_unit_test(evenly_spread),
		cmocka_unit_test(rounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
