/* The docker driver's actions, and its watch for ends, against a fake engine. */
#include "collector/driver_docker.h"
#include "tests/unit/docker_rig.h"

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
			await_gone(1);
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
	await_gone(1);
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
	begin_action(1, ACTION_STOP);
	await_asked(C1 "stop", 1);
	act(ACTION_KILL, "");
	begin_action(1, ACTION_START);
	assert_int_equal(fake_engine_asked(engine, C1 "start"), 0);
	fake_engine_says(engine, C1 "stop", 204, NULL);
	await_acted(1, ACTION_STOP, "");
	await_gone(1);
	assert_int_equal(fake_engine_asked(engine, C1 "start"), 0);
	await_acted(1, ACTION_START, "");
	await_asked(C1 "wait", 2);
}

static void closing_takes_back_what_would_do_harm(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("");
	fake_engine_holds(engine, C1 "start");
	begin_action(1, ACTION_START);
	begin_action(1, ACTION_PAUSE);
	await_asked(C1 "start", 1);
	fake_engine_says(engine, C1 "start", 204, NULL);
	assert_int_equal(driver->ops->close(driver, &err), 0);
	await_acted(1, ACTION_PAUSE, "the cluster is being closed");
	await_acted(1, ACTION_START, "");
	assert_int_equal(fake_engine_asked(engine, C1 "pause"), 0);
	assert_int_equal(driver->nodes.n, 0);
	assert_int_equal(driver->ops->close(driver, &err), 0);
}

static void closing_sends_what_heals(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("");
	fake_engine_holds(engine, C1 "stop");
	begin_action(1, ACTION_STOP);
	begin_action(1, ACTION_START);
	await_asked(C1 "stop", 1);
	fake_engine_says(engine, C1 "start", 204, NULL);
	fake_engine_says(engine, C1 "stop", 204, NULL);
	assert_int_equal(driver->ops->close(driver, &err), 0);
	await_acted(1, ACTION_STOP, "");
	await_acted(1, ACTION_START, "");
	assert_int_equal(fake_engine_asked(engine, C1 "start"), 1);
	assert_int_equal(driver->nodes.n, 0);
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
	begin_action(1, ACTION_STOP);
	await_asked(C1 "stop", 1);
	fake_engine_says(engine, C1 "wait", 200, "{\"StatusCode\":143}");
	/* once another node's request has been there and back, that answer has been seen too */
	fake_engine_says(engine, "POST /v1.41/containers/c2/pause", 204, NULL);
	assert_int_equal(driver->ops->act(driver, 1, ACTION_PAUSE, &err), 0);
	assert_int_equal(await_told()->event.node, 1);
	fake_engine_says(engine, C1 "stop", 204, NULL);
	stop = await_acted(1, ACTION_STOP, "");
	gone = await_gone(1);
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
	gone = await_gone(1);
	assert_true(gone->event.gone.lo_ns >= before_ns);
	/* it runs again, and ends again */
	fake_engine_holds(engine, C1 "wait");
	fake_engine_says(engine, C1 "start", 204, NULL);
	act(ACTION_START, "");
	await_asked(C1 "wait", 2);
	fake_engine_says(engine, C1 "wait", 404, "{\"message\":\"No such container: c1\"}");
	assert_true(await_gone(1)->event.gone.lo_ns > gone->event.gone.hi_ns);
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
	await_gone(1);
}

static void an_engine_that_vanishes_in_the_middle(void **state)
{
	struct told *at;

	(void)state;
	open_nodes("");
	fake_engine_holds(engine, C1 "stop");
	begin_action(1, ACTION_STOP);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_action_is_one_request),
		TEST(stop_is_given_its_time),
		TEST(errors_are_passed_on_in_one_line),
		TEST(undoing_twice_is_done),
		TEST(cutting_is_refused),
		TEST(a_start_waits_for_the_stop_and_a_kill_does_not),
		TEST(closing_takes_back_what_would_do_harm),
		TEST(closing_sends_what_heals),
		TEST(an_end_is_told_after_what_asked_for_it),
		TEST(an_end_that_nobody_asked_for_is_told),
		TEST(a_container_that_does_not_run_is_not_watched),
		TEST(the_watch_outlives_the_engine),
		TEST(an_engine_that_vanishes_in_the_middle),
		TEST(opening_without_an_engine_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
