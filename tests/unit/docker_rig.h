/* docker_rig: the docker driver with three nodes, n1 to n3 in containers c1 to c3, over a fake
 * engine; what the driver tells is kept. For the tests of the driver alone: whoever includes it has
 * a rig of its own. */
#ifndef REJOIN_TESTS_DOCKER_RIG_H
#define REJOIN_TESTS_DOCKER_RIG_H

#include "collector/driver_docker.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include "tests/unit/driver_told.h"
#include "tests/unit/fake_engine.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define C1 "POST /v1.41/containers/c1/"
#define VERSION "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}"

static char dir[64], *sock; /* of the test at hand */
static struct fake_engine *engine;
static struct plan *plan;

static inline void says_container(int i, const char *state, const char *config)
{
	char *rule = mem_printf("GET /v1.41/containers/c%d/json", i);
	char *body = mem_printf("{\"Id\":\"c%d\",\"Name\":\"/n%d\",\"State\":{%s},"
				"\"Config\":{%s},\"HostConfig\":{}}",
				i, i, state, config);

	fake_engine_says(engine, rule, 200, body);
	free(body);
	free(rule);
}

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
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

static inline void make_driver(const char *docker)
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

static inline void open_nodes(const char *docker)
{
	struct err err = ERR_INIT;

	make_driver(docker);
	if (driver->ops->open(driver, 0, &err))
		fail_msg("%s", err.text);
}

static inline struct told *act(enum action action, const char *error)
{
	begin_action(1, action);
	return await_acted(1, action, error);
}

struct asked {
	const char *rule;
	int n;
};

static inline bool was_asked(void *arg)
{
	const struct asked *asked = arg;

	return fake_engine_asked(engine, asked->rule) >= asked->n;
}

static inline void await_asked(const char *rule, int n)
{
	struct asked asked = {rule, n};

	assert_int_equal(loop_wait(loop, was_asked, &asked, clock_mono_ns() + 10 * NS_PER_S, false),
			 LOOP_DONE);
	assert_int_equal(fake_engine_asked(engine, rule), n);
}

#endif
