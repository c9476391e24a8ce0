#include "lib/err.h"
#include "tests/unit/unit.h"
#include <string.h>

static void first_error_wins(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(err_set(&err, ERR_ENV, "port %d in use", 9200), ERR_ENV);
	assert_int_equal(err_set(&err, ERR_USAGE, "later"), ERR_ENV);
	assert_string_equal(err.text, "port 9200 in use");
}

static void callers_add_context(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(err_wrap(&err, "trial 7"), 0);
	assert_string_equal(err.text, "");
	err_set(&err, ERR_UNHEALED, "no such process");
	err_wrap(&err, "stop node %s", "n2");
	assert_int_equal(err_wrap(&err, "trial %d", 7), ERR_UNHEALED);
	assert_string_equal(err.text, "trial 7: stop node n2: no such process");
}

/* An argument or a file may hold anything; an error is one line all the same. */
static void one_line(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	err_set(&err, ERR_USAGE, "unknown factor '%s'", "a\nb\x1b[31m\x7f\xc2\x9b\xc3\xb6");
	assert_string_equal(err.text, "unknown factor 'a?b?[31m???\xc3\xb6'");
	err_wrap(&err, "plan\r%d", 1);
	assert_string_equal(err.text, "plan?1: unknown factor 'a?b?[31m???\xc3\xb6'");
}

static void long_texts_end_in_dots(void **state)
{
	struct err set = ERR_INIT, wrapped = ERR_INIT, twice = ERR_INIT;
	char fits[sizeof set.text], more[sizeof set.text + 1];

	(void)state;
	memset(fits, 'x', sizeof fits - 1);
	fits[sizeof fits - 1] = '\0';
	memset(more, 'x', sizeof more - 1);
	more[sizeof more - 1] = '\0';

	err_set(&set, ERR_ENV, "%s", fits);
	assert_string_equal(set.text, fits);
	err_wrap(&set, "node");
	assert_int_equal(strlen(set.text), sizeof set.text - 1);
	assert_memory_equal(set.text, "node: xxx", 9);
	assert_string_equal(set.text + sizeof set.text - 5, "x...");

	err_set(&wrapped, ERR_ENV, "%s", more);
	assert_string_equal(wrapped.text + sizeof wrapped.text - 5, "x...");

	err_set(&twice, ERR_ENV, "inner");
	err_wrap(&twice, "%s", more);
	assert_string_equal(twice.text + sizeof twice.text - 5, "x...");
}

static void exit_codes(void **state)
{
	(void)state;
	assert_int_equal(err_exit_code(0), 0);
	assert_int_equal(err_exit_code(1), 1);
	assert_int_equal(err_exit_code(ERR_USAGE), 2);
	assert_int_equal(err_exit_code(ERR_UNHEALED), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_error_wins),
		cmocka_unit_test(callers_add_context),
		cmocka_unit_test(long_texts_end_in_dots),
		cmocka_unit_test(one_line),
		cmocka_unit_test(exit_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
