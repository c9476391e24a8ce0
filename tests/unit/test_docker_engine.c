/* Where the engine is, and which version is spoken. */
#include "collector/docker_engine.h"
#include "tests/unit/engine_rig.h"
#include <string.h>

static int set_up(void **state)
{
	(void)state;
	unsetenv("DOCKER_HOST");
	unsetenv("DOCKER_TLS_VERIFY");
	return engine_rig_open();
}

static int tear_down(void **state)
{
	(void)state;
	return engine_rig_close();
}

/* ---- where it is ----------------------------------------------------------------------------- */

static void refused(const char *where, const char *why)
{
	struct docker_engine *none = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(docker_engine_new(where, loop, &none, &err), ERR_USAGE);
	assert_string_equal(err.text, why);
	assert_null(none);
}

static void addresses(void **state)
{
	static const char *const right[][3] = {
		{"tcp://10.0.0.1:2376", "http://10.0.0.1:2376", "10.0.0.1"},
		{"tcp://dock/", "http://dock:2375", "dock"},
		{"tcp://[::1]:77", "http://[::1]:77", "[::1]"},
		{"unix:///run/user/1000/docker.sock", "http://localhost", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		struct err err = ERR_INIT;
		struct docker_engine *at;

		if (docker_engine_new(right[i][0], loop, &at, &err))
			fail_msg("%s", err.text);
		assert_string_equal(at->base, right[i][1]);
		assert_string_equal(at->where, right[i][0]);
		if (right[i][2])
			assert_string_equal(at->host, right[i][2]);
		else
			assert_string_equal(at->socket_path, "/run/user/1000/docker.sock");
		docker_engine_free(at);
	}
}

#define EXPECTED                                                                                   \
	" (DOCKER_HOST or cluster.docker.host): unix:///path or tcp://host:port is expected"

static void wrong_addresses(void **state)
{
	static const char *const wrong[] = {"ssh://host", "unix://relative", "tcp://",
					    "tcp://h/p",  "tcp://[::1",	     "docker.sock"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *why = mem_printf("docker: %s" EXPECTED, wrong[i]);

		refused(wrong[i], why);
		free(why);
	}
}

static void secrets_are_not_repeated(void **state)
{
	(void)state;
	refused("tcp://user:hunter2@host:1",
		"docker: DOCKER_HOST or cluster.docker.host holds a user: unix:///path or "
		"tcp://host:port is expected");
}

static void the_environment_counts_where_the_plan_is_silent(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_string_equal(docker_engine_address(), "unix:///var/run/docker.sock");
	setenv("DOCKER_HOST", "", 1);
	assert_string_equal(docker_engine_address(), "unix:///var/run/docker.sock");
	setenv("DOCKER_HOST", "tcp://there:1", 1);
	assert_int_equal(docker_engine_new(NULL, loop, &engine, &err), 0);
	assert_string_equal(engine->where, "tcp://there:1");
	setenv("DOCKER_TLS_VERIFY", "1", 1);
	refused(NULL, "docker: tcp://there:1 with DOCKER_TLS_VERIFY: engines that want a "
		      "certificate are not supported: unix:///path is expected (ssh -L forwards "
		      "one)");
}

/* ---- its version ----------------------------------------------------------------------------- */

static int connect_to(const char *version, struct err *err)
{
	fake_engine_says(fake, "GET /version", 200, version);
	if (!engine && docker_engine_new(address, loop, &engine, err))
		return err->code;
	return docker_engine_connect(engine, err);
}

static void speaks(const char *version, const char *expected)
{
	struct err err = ERR_INIT;

	assert_int_equal(connect_to(version, &err), 0);
	assert_string_equal(engine->version, expected);
}

static void versions_that_both_know(void **state)
{
	(void)state;
	speaks("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}", "1.41");
	speaks("{\"ApiVersion\":\"1.30\"}", "1.30");
	speaks("{\"ApiVersion\":\"1.52\",\"MinAPIVersion\":\"1.24\"}", "1.44");
	speaks("{\"ApiVersion\":\"1.60\",\"MinAPIVersion\":\"1.50\"}", "1.50");
}

static void does_not_speak(const char *version, const char *before, const char *after)
{
	struct err err = ERR_INIT;
	char *text = mem_printf("docker: %s%s%s", before, address, after);

	assert_int_equal(connect_to(version, &err), ERR_ENV);
	assert_string_equal(err.text, text);
	free(text);
}

static void what_is_no_engine(void **state)
{
	static const char strange[] = " does not answer as an engine does";

	(void)state;
	does_not_speak("{\"ApiVersion\":\"1.24\"}", "the engine at ",
		       " speaks API 1.24: 1.30 or newer is expected");
	does_not_speak("{}", "", strange);
	does_not_speak("<html>", "", strange);
	does_not_speak("{\"ApiVersion\":\"1.x\"}", "", strange);
	does_not_speak("{\"ApiVersion\":\"2.0\"}", "", strange);
}

static void a_socket_without_rights(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	fake_engine_vanish(fake);
	assert_int_equal(docker_engine_new(address, loop, &engine, &err), 0);
	assert_int_equal(docker_engine_connect(engine, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "does not answer: No such file or directory"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(addresses),
		TEST(wrong_addresses),
		TEST(secrets_are_not_repeated),
		TEST(the_environment_counts_where_the_plan_is_silent),
		TEST(versions_that_both_know),
		TEST(what_is_no_engine),
		TEST(a_socket_without_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
