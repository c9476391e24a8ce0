#include "lib/clock.h"
#include "tests/unit/unit.h"
#include <stdbool.h>

static void utc_text(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(clock_utc_text(0, buf), "1970-01-01T00:00:00.000Z");
	assert_string_equal(clock_utc_text(1795306200 * NS_PER_S + 123 * NS_PER_MS, buf),
			    "2026-11-22T00:10:00.123Z");
	assert_string_equal(clock_utc_text(NS_PER_S - 1, buf), "1970-01-01T00:00:00.999Z");
	assert_string_equal(clock_utc_text(951782400 * NS_PER_S, buf), "2000-02-29T00:00:00.000Z");
	assert_string_equal(clock_utc_text(-1, buf), "1969-12-31T23:59:59.999Z");
	assert_string_equal(clock_utc_text(INT64_MAX, buf), "2262-04-11T23:47:16.854Z");
	assert_string_equal(clock_utc_text(INT64_MIN, buf), "1677-09-21T00:12:43.145Z");
}

/* A machine that is held up while it reads says so in error_ns; but not every time. */
static void anchor_ties_the_clocks(void **state)
{
	bool tight = false;

	(void)state;
	for (int i = 0; i < 1000 && !tight; i++) {
		int64_t before = clock_mono_ns();
		struct clock_anchor a = clock_anchor_read(), b = clock_anchor_read();
		int64_t after = clock_mono_ns();
		int64_t drift = (b.utc_ns - a.utc_ns) - (b.mono_ns - a.mono_ns);

		assert_true(before <= a.mono_ns && a.mono_ns <= b.mono_ns && b.mono_ns <= after);
		assert_true(a.error_ns >= 0 && b.error_ns >= 0);
		assert_true(a.utc_ns > 1577836800 * NS_PER_S); /* 2020 */
		tight = a.error_ns + b.error_ns < NS_PER_MS && -NS_PER_MS < drift &&
			drift < NS_PER_MS;
	}
	assert_true(tight);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utc_text),
		cmocka_unit_test(anchor_ties_the_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
