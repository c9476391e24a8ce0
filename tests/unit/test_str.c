#include "lib/str.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

static void grows_and_stays_terminated(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		str_addf(&s, "%zu,", i % 10);
		assert_int_equal(s.n, 2 * (i + 1));
		assert_int_equal(strlen(s.s), s.n);
	}
	assert_string_equal(s.s + s.n - 6, "7,8,9,");
	str_clear(&s);
	assert_string_equal(s.s, "");
	str_add(&s, "");
	str_add_n(&s, "abcdef", 3);
	assert_string_equal(s.s, "abc");
	str_done(&s);
	assert_null(s.s);
}

static void format_longer_than_the_memory(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_add(&s, "x");
	str_addf(&s, "%500d|", 1);
	assert_int_equal(s.n, 502);
	assert_string_equal(s.s + 500, "1|");
	str_done(&s);
}

static void take_gives_the_text_away(void **state)
{
	struct str s = STR_INIT;
	char *taken;

	(void)state;
	taken = str_take(&s);
	assert_string_equal(taken, "");
	free(taken);
	str_add(&s, "mine");
	taken = str_take(&s);
	assert_string_equal(taken, "mine");
	assert_null(s.s);
	assert_int_equal(s.n, 0);
	free(taken);
}

static void nearest(void **state)
{
	static const char *const words[] = {"summary", "workbook", "verify", "page", NULL};
	static const char *const none[] = {NULL};

	(void)state;
	assert_string_equal(str_nearest("smmary", words), "summary");
	assert_string_equal(str_nearest("wrokbook", words), "workbook");
	assert_string_equal(str_nearest("verify", words), "verify");
	assert_string_equal(str_nearest("pgae", words), "page");
	assert_null(str_nearest("archive", words));
	assert_null(str_nearest("", words));
	assert_null(str_nearest("page", none));
}

static void starts(void **state)
{
	(void)state;
	assert_true(str_starts("reelection.p95", "reelection"));
	assert_true(str_starts("x", ""));
	assert_false(str_starts("re", "rejoin"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_stays_terminated),
		cmocka_unit_test(format_longer_than_the_memory),
		cmocka_unit_test(take_gives_the_text_away),
		cmocka_unit_test(nearest),
		cmocka_unit_test(starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
