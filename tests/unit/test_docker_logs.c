/* What the docker driver reads of its containers, from a fake engine. */
#include "collector/driver_docker.h"
#include "tests/unit/docker_rig.h"
#include <errno.h>

#define LINE "[2026-01-01T00:00:00,123][INFO ][o.e.n.Node               ] [n1] started\n"
#define LOGS "GET /v1.41/containers/c1/logs?stdout=1&stderr=1&"

static void read_log(enum tail_state expected, const char *text)
{
	struct tail_mark mark = TAIL_MARK_INIT;
	struct str got = STR_INIT;
	char *request;

	assert_int_equal(driver->ops->read_log(driver, 0, &mark, NULL), TAIL_WHOLE);
	assert_int_equal(driver->ops->read_log(driver, 0, &mark, &got), expected);
	assert_string_equal(got.s ? got.s : "", text);
	request = mem_printf(LOGS "since=%lld.%09lld", (long long)(mark.from / NS_PER_S),
			     (long long)(mark.from % NS_PER_S));
	assert_string_equal(fake_engine_last(engine, LOGS), request);
	free(request);
	str_done(&got);
	tail_done(&mark);
}

static void logs_in_frames(void **state)
{
	struct str body = STR_INIT;
	char header[8] = {1, 0, 0, 0, 0, 0, 0, sizeof LINE - 1};

	(void)state;
	open_nodes("");
	str_add_n(&body, header, sizeof header);
	str_add(&body, LINE);
	header[0] = 2;
	str_add_n(&body, header, sizeof header);
	str_add(&body, LINE);
	fake_engine_says_n(engine, LOGS "since=", 200, body.s, body.n);
	read_log(TAIL_WHOLE, LINE LINE);
	fake_engine_says(engine, LOGS "since=", 200, "");
	read_log(TAIL_WHOLE, "");
	str_done(&body);
}

static void logs_of_a_terminal(void **state)
{
	(void)state;
	says_container(1, "\"Running\":true", "\"Tty\":true");
	open_nodes("");
	fake_engine_says(engine, LOGS "since=", 200, LINE);
	read_log(TAIL_WHOLE, LINE);
}

static void logs_that_cannot_be_read(void **state)
{
	(void)state;
	open_nodes("");
	fake_engine_says(engine, LOGS "since=", 501, "{\"message\":\"logging driver none\"}");
	read_log(TAIL_FAILED, "");
	assert_int_equal(errno, EIO);
	fake_engine_says(engine, LOGS "since=", 200, LINE); /* no frames */
	read_log(TAIL_FAILED, "");
}

static void a_log_that_is_too_long_is_cut(void **state)
{
	size_t n = 17 << 20;
	char *body = mem_alloc(n);
	struct tail_mark mark = TAIL_MARK_INIT;
	struct str got = STR_INIT;

	(void)state;
	says_container(1, "\"Running\":true", "\"Tty\":true");
	open_nodes("");
	memset(body, 'x', n);
	memcpy(body, LINE, sizeof LINE - 1);
	fake_engine_says_n(engine, LOGS "since=", 200, body, n);
	driver->ops->read_log(driver, 0, &mark, NULL);
	assert_int_equal(driver->ops->read_log(driver, 0, &mark, &got), TAIL_LONG);
	assert_true(got.n > 15 << 20 && got.n <= 16 << 20);
	assert_true(str_starts(got.s, LINE));
	str_done(&got);
	free(body);
}

static void explain(const char *expected)
{
	struct str text = STR_INIT;

	driver->ops->explain(driver, 0, &text);
	assert_string_equal(text.s, expected);
	str_done(&text);
}

static void explained_by_state_and_last_lines(void **state)
{
	(void)state;
	says_container(1, "\"Running\":true", "\"Tty\":true");
	open_nodes("");
	says_container(1, "\"Running\":false,\"ExitCode\":137,\"OOMKilled\":true", "");
	fake_engine_says(engine, LOGS "tail=200", 200, LINE);
	explain("n1 (container n1) has ended (exit 137, killed for want of memory); it said last:\n"
		"  " LINE);
	says_container(1, "\"Running\":true,\"Paused\":true", "");
	fake_engine_says(engine, LOGS "tail=200", 200, "");
	explain("n1 (container n1) is paused and said nothing\n");
	says_container(1, "\"Running\":true", "");
	fake_engine_says(engine, LOGS "tail=200", 500, "{\"message\":\"no reader\"}");
	explain("n1 (container n1) runs; its log cannot be read: docker: no reader\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(logs_in_frames),
		TEST(logs_of_a_terminal),
		TEST(logs_that_cannot_be_read),
		TEST(a_log_that_is_too_long_is_cut),
		TEST(explained_by_state_and_last_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
