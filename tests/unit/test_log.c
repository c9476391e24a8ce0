#include "lib/log.h"
#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

static const char *say_all(struct capture *capture, enum log_color color, bool quiet)
{
	capture_begin(capture, stderr);
	log_init("rejoin-x", color, quiet);
	log_info("trial %d", 7);
	log_warn("late by %d ms", 3);
	log_error("no %s", "node");
	log_status("never on a file");
	return capture_end(capture);
}

static void lines(void **state)
{
	struct capture c;

	(void)state;
	assert_string_equal(say_all(&c, LOG_COLOR_AUTO, false),
			    "trial 7\nrejoin-x: warning: late by 3 ms\nrejoin-x: error: no node\n");
	assert_false(log_is_terminal());
}

static void what_a_node_says_stays_on_one_line(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c, stderr);
	log_init("rejoin-x", LOG_COLOR_NEVER, false);
	log_warn("%s", "a\nrejoin-x: error: b\033]0;t\a\xc2\x9b"
		       "31m \xc3\xa4");
	assert_string_equal(capture_end(&c),
			    "rejoin-x: warning: a?rejoin-x: error: b?]0;t???31m \xc3\xa4\n");
}

static void quiet_keeps_warnings_and_errors(void **state)
{
	struct capture c;

	(void)state;
	assert_string_equal(say_all(&c, LOG_COLOR_NEVER, true),
			    "rejoin-x: warning: late by 3 ms\nrejoin-x: error: no node\n");
}

static void colours_only_when_asked(void **state)
{
	struct capture c;

	(void)state;
	assert_string_equal(say_all(&c, LOG_COLOR_ALWAYS, true),
			    "rejoin-x: \033[33mwarning:\033[0m late by 3 ms\n"
			    "rejoin-x: \033[31merror:\033[0m no node\n");
	assert_string_equal(log_ansi("bold"), "\033[1m");
	assert_string_equal(log_ansi("mauve"), "");
	log_init("rejoin-x", LOG_COLOR_NEVER, false);
	assert_string_equal(log_ansi("bold"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(what_a_node_says_stays_on_one_line),
		cmocka_unit_test(quiet_keeps_warnings_and_errors),
		cmocka_unit_test(colours_only_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
