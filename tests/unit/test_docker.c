/* The docker driver's actions, watch and logs against a fake engine. */
#include "collector/driver_docker.h"
#include "collector/plan_impl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "tests/unit/fake_engine.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define C1 "POST /v1.41/containers/c1/"
#define VERSION "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}"

static char dir[64], *sock;
static struct loop *loop;
static struct fake_engine *engine;
static struct plan *plan;
static struct driver *driver;

struct told {
	struct driver_event event;
	char error[400];
};
static struct told told[32];
static size_t n_told, n_wanted;

static void on_event(void *arg, const struct driver_event *event)
{
	struct told *at = &told[n_told++];

	(void)arg;
	assert_true(n_told <= sizeof told / sizeof *told);
	at->event = *event;
	snprintf(at->error, sizeof at->error, "%s", event->error ? event->error : "");
}

static void says_container(int i, const char *state, const char *config)
{
	char *rule = mem_printf("GET /v1.41/containers/c%d/json", i);
	char *body = mem_printf("{\"Id\":\"c%d\",\"Name\":\"/n%d\",\"State\":{%s},"
				"\"Config\":{%s},\"HostConfig\":{}}",
				i, i, state, config);

	fake_engine_says(engine, rule, 200, body);
	free(body);
	free(rule);
}

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	snprintf(dir, sizeof dir, "/tmp/rejoin-unit-XXXXXX");
	n_told = n_wanted = 0;
	if (!mkdtemp(dir) || loop_open(&loop, &err))
		return -1;
	sock = mem_printf("%s/sock", dir);
	engine = fake_engine_new(loop, sock);
	fake_engine_says(engine, "GET /version", 200, VERSION);
	fake_engine_says(engine, "GET /v1.41/containers/json?all=1", 200,
			 "[{\"Id\":\"c1\"},{\"Id\":\"c2\"},{\"Id\":\"c3\"}]");
	for (int i = 1; i <= 3; i++)
		says_container(i, "\"Running\":true", "\"StopTimeout\":30");
	fake_engine_holds(engine, C1 "wait");
	fake_engine_holds(engine, "POST /v1.41/containers/c2/wait");
	fake_engine_holds(engine, "POST /v1.41/containers/c3/wait");
	return 0;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;
	int code = 0;

	(void)state;
	fake_engine_vanish(engine); /* what is held after a failure must not be waited for */
	if (driver) {
		code = driver->ops->close(driver, &err);
		driver->ops->free(driver);
	}
	driver = NULL;
	plan_free(plan);
	plan = NULL;
	fake_engine_free(engine);
	loop_close(loop);
	free(sock);
	return code ? code : rmdir(dir);
}

static void make_driver(const char *docker)
{
	struct err err = ERR_INIT;
	char *text =
		mem_printf("schema: 1\nstudy: {name: s}\ntrials: 1\n"
			   "cluster: {driver: docker, sizes: {3: {hosts: [http://h1:9201, "
			   "http://h2:9202, http://h3:9203]}}, docker: {host: 'unix://%s'%s}}\n",
			   sock, docker);

	if (plan_from_text("t.yml", text, strlen(text), NULL, 0, &plan, &err) ||
	    driver_new(plan, loop, NULL, &driver, &err))
		fail_msg("%s", err.text);
	free(text);
	for (int i = 0; i < 3; i++)
		plan->clusters.v[0].hosts.v[i].name = mem_printf("n%d", i + 1);
	driver->on_event = on_event;
}

static void open_nodes(const char *docker)
{
	struct err err = ERR_INIT;

	make_driver(docker);
	if (driver->ops->open(driver, 0, &err))
		fail_msg("%s", err.text);
}

static void begin_action(enum action action)
{
	struct err err = ERR_INIT;

	if (driver->ops->act(driver, 0, action, &err))
		fail_msg("%s", err.text);
}

static bool all_told(void *arg)
{
	(void)arg;
	return n_told >= n_wanted;
}

static struct told *await_told(void)
{
	n_wanted++;
	assert_int_equal(loop_wait(loop, all_told, NULL, clock_mono_ns() + 10 * NS_PER_S, false),
			 LOOP_DONE);
	return &told[n_wanted - 1];
}

static struct told *await_acted(enum action action, const char *error)
{
	struct told *at = await_told();

	assert_int_equal(at->event.kind, DRIVER_ACTED);
	assert_int_equal(at->event.node, 0);
	assert_int_equal(at->event.action, action);
	assert_string_equal(at->error, error);
	assert_true(at->event.issued_ns > 0 && at->event.issued_ns <= at->event.done_ns);
	return at;
}

static struct told *act(enum action action, const char *error)
{
	begin_action(action);
	return await_acted(action, error);
}

static struct told *await_gone(void)
{
	struct told *at = await_told();

	assert_int_equal(at->event.kind, DRIVER_GONE);
	assert_int_equal(at->event.node, 0);
	assert_true(at->event.gone.lo_ns < at->event.gone.hi_ns);
	return at;
}

struct asked {
	const char *rule;
	int n;
};

static bool was_asked(void *arg)
{
	const struct asked *asked = arg;

	return fake_engine_asked(engine, asked->rule) >= asked->n;
}

static void await_asked(const char *rule, int n)
{
	struct asked asked = {rule, n};

	assert_int_equal(loop_wait(loop, was_asked, &asked, clock_mono_ns() + 10 * NS_PER_S, false),
			 LOOP_DONE);
	assert_int_equal(fake_engine_asked(engine, rule), n);
}

/* ---- actions --------------------------------------------------------------------------------- */

static void every_action_is_one_request(void **state)
{
	static const struct {
		enum action action;
		const char *request;
	} all[] = {{ACTION_STOP, C1 "stop"},
		   {ACTION_START, C1 "start"},
		   {ACTION_KILL, C1 "kill?signal=KILL"},
		   {ACTION_PAUSE, C1 "pause"},
		   {ACTION_RESUME, C1 "unpause"}};

	(void)state;
	open_nodes("");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		fake_engine_says(engine, all[i].request, 204, NULL);
		act(all[i].action, "");
		assert_string_equal(fake_engine_last(engine, all[i].request), all[i].request);
		if (all[i].action == ACTION_STOP)
			await_gone();
	}
	assert_int_equal(n_told, 6);
}

static void stop_is_given_its_time(void **state)
{
	(void)state;
	open_nodes(", stop_timeout: 90500ms");
	fake_engine_says(engine, C1 "stop", 204, NULL);
	act(ACTION_STOP, "");
	assert_string_equal(fake_engine_last(engine, C1 "stop"), C1 "stop?t=91");
	await_gone();
}

static void errors_are_passed_on_in_one_line(void **state)
{
	(void)state;
	open_nodes("");
	fake_engine_says(engine, C1 "stop", 404,
			 "{\"message\":\"No such container: c1\\nor so\"}\n");
	act(ACTION_STOP, "docker: stop n1: No such container: c1 or so");
	fake_engine_says(engine, C1 "kill", 409, "{\"message\":\"Container c1 is not running\"}");
	act(ACTION_KILL, "docker: kill n1: Container c1 is not running");
	fake_engine_says(engine, C1 "pause", 500, "oh no\n");
	act(ACTION_PAUSE, "docker: pause n1: oh no");
	fake_engine_says(engine, C1 "start", 500, "");
	act(ACTION_START, "docker: start n1: HTTP status 500");
	fake_engine_says(engine, C1 "unpause", 500, "{\"message\":\"cgroup is busy\"}");
	act(ACTION_RESUME, "docker: resume n1: cgroup is busy");
}

static void undoing_twice_is_done(void **state)
{
	(void)state;
	open_nodes("");
	fake_engine_says(engine, C1 "start", 304, NULL);
	act(ACTION_START, "");
	fake_engine_says(engine, C1 "unpause", 500, "{\"message\":\"Container c1 is not paused\"}");
	act(ACTION_RESUME, "");
	assert_int_equal(fake_engine_asked(engine, C1 "wait"), 1);
}

static void cutting_is_refused(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("");
	assert_int_equal(driver->ops->act(driver, 0, ACTION_CUT, &err), ERR_ENV);
	assert_string_equal(err.text, "docker: cut n1: the docker driver cannot cut nodes off from "
				      "each other");
	err = (struct err)ERR_INIT;
	assert_int_equal(driver->ops->act(driver, 0, ACTION_MEND, &err), ERR_ENV);
}

static void a_start_waits_for_the_stop_and_a_kill_does_not(void **state)
{
	(void)state;
	open_nodes("");
	fake_engine_holds(engine, C1 "stop");
	fake_engine_says(engine, C1 "kill", 204, NULL);
	fake_engine_says(engine, C1 "start", 204, NULL);
	begin_action(ACTION_STOP);
	await_asked(C1 "stop", 1);
	act(ACTION_KILL, "");
	begin_action(ACTION_START);
	assert_int_equal(fake_engine_asked(engine, C1 "start"), 0);
	fake_engine_says(engine, C1 "stop", 204, NULL);
	await_acted(ACTION_STOP, "");
	await_gone();
	assert_int_equal(fake_engine_asked(engine, C1 "start"), 0);
	await_acted(ACTION_START, "");
	await_asked(C1 "wait", 2);
}

static void closing_takes_back_what_waits(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("");
	fake_engine_holds(engine, C1 "pause");
	begin_action(ACTION_PAUSE);
	begin_action(ACTION_RESUME);
	await_asked(C1 "pause", 1);
	fake_engine_says(engine, C1 "pause", 204, NULL);
	assert_int_equal(driver->ops->close(driver, &err), 0);
	await_acted(ACTION_RESUME, "the cluster is being closed");
	await_acted(ACTION_PAUSE, "");
	assert_int_equal(driver->nodes.n, 0);
	assert_int_equal(driver->ops->close(driver, &err), 0);
}

/* ---- ends ------------------------------------------------------------------------------------ */

static void an_end_is_told_after_what_asked_for_it(void **state)
{
	struct err err = ERR_INIT;
	struct told *stop, *gone;

	(void)state;
	open_nodes("");
	await_asked(C1 "wait", 1);
	fake_engine_holds(engine, C1 "stop");
	begin_action(ACTION_STOP);
	await_asked(C1 "stop", 1);
	fake_engine_says(engine, C1 "wait", 200, "{\"StatusCode\":143}");
	/* once another node's request has been there and back, that answer has been seen too */
	fake_engine_says(engine, "POST /v1.41/containers/c2/pause", 204, NULL);
	assert_int_equal(driver->ops->act(driver, 1, ACTION_PAUSE, &err), 0);
	assert_int_equal(await_told()->event.node, 1);
	fake_engine_says(engine, C1 "stop", 204, NULL);
	stop = await_acted(ACTION_STOP, "");
	gone = await_gone();
	assert_int_equal(gone->event.gone.lo_ns, stop->event.issued_ns);
	assert_true(gone->event.gone.hi_ns < told[0].event.done_ns);
}

static void an_end_that_nobody_asked_for_is_told(void **state)
{
	int64_t before_ns = clock_mono_ns();
	struct told *gone;

	(void)state;
	open_nodes("");
	await_asked(C1 "wait", 1);
	fake_engine_says(engine, C1 "wait", 200, "{\"StatusCode\":137}");
	gone = await_gone();
	assert_true(gone->event.gone.lo_ns >= before_ns);
	/* it runs again, and ends again */
	fake_engine_holds(engine, C1 "wait");
	fake_engine_says(engine, C1 "start", 204, NULL);
	act(ACTION_START, "");
	await_asked(C1 "wait", 2);
	fake_engine_says(engine, C1 "wait", 404, "{\"message\":\"No such container: c1\"}");
	assert_true(await_gone()->event.gone.lo_ns > gone->event.gone.hi_ns);
}

static void a_container_that_does_not_run_is_not_watched(void **state)
{
	(void)state;
	says_container(1, "\"Running\":false", "");
	open_nodes("");
	fake_engine_says(engine, C1 "start", 204, NULL);
	assert_int_equal(fake_engine_asked(engine, C1 "wait"), 0);
	act(ACTION_START, "");
	await_asked(C1 "wait", 1);
}

static void the_watch_outlives_the_engine(void **state)
{
	char *why = mem_printf("docker: kill n1: the engine at unix://%s does not answer: No such "
			       "file or directory",
			       sock);

	(void)state;
	open_nodes("");
	await_asked(C1 "wait", 1);
	fake_engine_vanish(engine);
	act(ACTION_KILL, why);
	free(why);
	assert_int_equal(n_told, 1);
	fake_engine_return(engine);
	await_asked(C1 "wait", 2);
	fake_engine_says(engine, C1 "wait", 200, "{}");
	await_gone();
}

static void an_engine_that_vanishes_in_the_middle(void **state)
{
	struct told *at;

	(void)state;
	open_nodes("");
	fake_engine_holds(engine, C1 "stop");
	begin_action(ACTION_STOP);
	await_asked(C1 "stop", 1);
	fake_engine_vanish(engine);
	at = await_told();
	assert_int_equal(at->event.kind, DRIVER_ACTED);
	assert_non_null(strstr(at->error, "docker: stop n1: the engine at unix://"));
	assert_non_null(strstr(at->error, "does not answer: "));
}

static void opening_without_an_engine_is_one_line(void **state)
{
	struct err err = ERR_INIT;
	char *why = mem_printf("docker: the engine at unix://%s does not answer: No such file or "
			       "directory",
			       sock);

	(void)state;
	make_driver("");
	fake_engine_vanish(engine);
	assert_int_equal(driver->ops->open(driver, 0, &err), ERR_ENV);
	assert_string_equal(err.text, why);
	free(why);
	fake_engine_return(engine);
	err = (struct err)ERR_INIT;
	assert_int_equal(driver->ops->open(driver, 0, &err), 0);
}

/* ---- logs ------------------------------------------------------------------------------------ */

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_action_is_one_request, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stop_is_given_its_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_are_passed_on_in_one_line, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(undoing_twice_is_done, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cutting_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_start_waits_for_the_stop_and_a_kill_does_not,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(closing_takes_back_what_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_end_is_told_after_what_asked_for_it, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(an_end_that_nobody_asked_for_is_told, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_container_that_does_not_run_is_not_watched,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_watch_outlives_the_engine, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_engine_that_vanishes_in_the_middle, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(opening_without_an_engine_is_one_line, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(logs_in_frames, set_up, tear_down),
		cmocka_unit_test_setup_teardown(logs_of_a_terminal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(logs_that_cannot_be_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_log_that_is_too_long_is_cut, set_up, tear_down),
		cmocka_unit_test_setup_teardown(explained_by_state_and_last_lines, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
