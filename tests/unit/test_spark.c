#include "report/spark.h"
#include "tests/unit/unit.h"
#include <string.h>

static void shows(const struct stats_time *times, size_t n, double from, double to,
		  const char *want)
{
	struct str text = STR_INIT;

	spark_add(&text, &(struct stats_times){times, n}, from, to);
	assert_string_equal(text.s, want);
	str_done(&text);
}

static void one_over_at_each_eighth(void **state)
{
	struct stats_time times[8];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		times[i] = (struct stats_time){(double)(i + 1) / 8, false};
	shows(times, 8, 0, 1, " ▁▁▂▂▃▃▄▄▅▅▆▆▇▇█");
}

/* One of 800 shows, and one of 800 that is missing shows too. */
static void never_none_nor_all_unless_it_is(void **state)
{
	struct stats_time times[800];

	(void)state;
	for (size_t i = 0; i < 800; i++)
		times[i] = (struct stats_time){i == 0 ? 0 : i == 799 ? 16 : 8, false};
	shows(times, 800, 0, 16, "▁▁▁▁▁▁▁▇▇▇▇▇▇▇▇█");
}

static void censored_are_never_over(void **state)
{
	static const struct stats_time some[] = {{1, false}, {2, false}, {60, true}, {60, true}};
	static const struct stats_time all[] = {{60, true}, {60, true}};
	static const struct stats_time early[] = {{0.5, true}, {1, false}, {2, false}};

	(void)state;
	shows(some, 4, 0, 2, "       ▂▂▂▂▂▂▂▂▄");
	shows(all, 2, 0, 2, "                ");
	shows(early, 3, 0, 2, "       ▄▄▄▄▄▄▄▄█");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_over_at_each_eighth),
		cmocka_unit_test(never_none_nor_all_unless_it_is),
		cmocka_unit_test(censored_are_never_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
