/* Which container each node lives in. */
#include "collector/docker_find.h"
#include "collector/plan_impl.h"
#include "tests/unit/engine_rig.h"
#include <string.h>

/* texts that a plan would own, for as long as the block around them */
#define TEXT(s) ((char[]){s})
#define CONTAINERS "GET /v1.41/containers/"

static struct plan_docker plan;
static struct docker_container found[3];

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	if (engine_rig_open())
		return -1;
	fake_engine_says(fake, "GET /version", 200, "{\"ApiVersion\":\"1.41\"}");
	plan = (struct plan_docker){0};
	memset(found, 0, sizeof found);
	return docker_engine_new(address, loop, &engine, &err) ||
	       docker_engine_connect(engine, &err);
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		docker_container_done(&found[i]);
	plan_docker_done(&plan);
	return engine_rig_close();
}

/* ---- containers ------------------------------------------------------------------------------ */

static struct plan_host hosts[3] = {{.url = TEXT("http://localhost:9201"), .name = TEXT("n1")},
				    {.url = TEXT("http://127.0.0.1:9202"), .name = TEXT("n2")},
				    {.url = TEXT("http://[::1]:9203"), .name = TEXT("n3")}};

/* a b c: the ids; each is called other-ID and says nothing of itself but more */
static void there_are(const char *a, const char *b, const char *c)
{
	const char *const more[] = {a, b, c};

	fake_engine_says(fake, CONTAINERS "json?all=1", 200,
			 "[{\"Id\":\"a\"},{\"Id\":\"b\"},{\"Id\":\"c\"}]");
	for (int i = 0; i < 3; i++) {
		char *rule = mem_printf(CONTAINERS "%c/json", 'a' + i);
		char *body = mem_printf("{\"Id\":\"%c\",%s%s}", 'a' + i,
					strstr(more[i], "\"Name\"") ? "" : "\"Name\":\"/other\",",
					more[i]);

		fake_engine_says(fake, rule, 200, body);
		free(body);
		free(rule);
	}
}

#define NOTHING "\"Config\":{\"Hostname\":\"x\"}"

static void map_to(const char *node, const char *container)
{
	struct plan_setting setting = {mem_strdup(node), mem_strdup(container)};

	vec_push(&plan.containers, setting);
}

static void finds(const char *a, const char *b, const char *c)
{
	struct err err = ERR_INIT;

	if (docker_find(engine, &plan, hosts, 3, found, &err))
		fail_msg("%s", err.text);
	assert_string_equal(found[0].id, a);
	assert_string_equal(found[1].id, b);
	assert_string_equal(found[2].id, c);
}

static void fails(const char *why)
{
	struct err err = ERR_INIT;

	assert_int_equal(docker_find(engine, &plan, hosts, 3, found, &err), ERR_ENV);
	assert_string_equal(err.text, why);
}

static void by_name(void **state)
{
	(void)state;
	there_are("\"Name\":\"/n3\",\"State\":{\"Running\":true}", "\"Name\":\"/n1\"",
		  "\"Name\":\"/n2\",\"Config\":{\"StopTimeout\":120,\"Tty\":true}");
	finds("b", "c", "a");
	assert_true(found[2].running);
	assert_false(found[0].running);
	assert_int_equal(found[0].stop_timeout_ns, INT64_C(10000000000));
	assert_int_equal(found[1].stop_timeout_ns, INT64_C(120000000000));
	assert_true(found[1].tty);
}

static void by_what_it_was_told(void **state)
{
	(void)state;
	there_are("\"Config\":{\"Env\":[\"A=b\",\"node.name=n1\"]}",
		  "\"Args\":[\"-Ex=y\",\"-Enode.name=n2\"],\"Config\":{\"Env\":[\"node.name=n1\"]}",
		  "\"Args\":[\"-c\",\"exec elasticsearch -E node.name='n3' -E x=y\"]");
	finds("a", "b", "c");
}

static void by_host_name_and_port(void **state)
{
	(void)state;
	there_are("\"Config\":{\"Hostname\":\"n1\"}",
		  "\"HostConfig\":{\"NetworkMode\":\"host\"},\"Config\":{\"Hostname\":\"n1\"},"
		  "\"NetworkSettings\":{\"Ports\":{\"9200/tcp\":[{\"HostPort\":\"9202\"}]}}",
		  "\"HostConfig\":{\"PortBindings\":{\"9200/tcp\":[{\"HostIp\":\"\",\"HostPort\":"
		  "\"9203\"}],\"9300/tcp\":null}}");
	finds("a", "b", "c");
}

static void ports_of_another_machine_do_not_count(void **state)
{
	struct plan_host elsewhere = {.url = TEXT("http://127.example.com:9202"),
				      .name = TEXT("n2")};
	struct err err = ERR_INIT;

	(void)state;
	there_are("\"HostConfig\":{\"PortBindings\":{\"9200/tcp\":[{\"HostPort\":\"9202\"}]}}",
		  NOTHING, NOTHING);
	assert_int_equal(docker_find(engine, &plan, &elsewhere, 1, found, &err), ERR_ENV);
	assert_string_equal(err.text,
			    "docker: no container is called n2 or has node.name=n2: map it with "
			    "cluster.docker.containers: {n2: CONTAINER} (containers: other, other, "
			    "other)");
}

static void by_label_and_map(void **state)
{
	(void)state;
	there_are("\"Name\":\"/n1\"", "\"Name\":\"/n2\"", "\"Name\":\"/n3\"");
	plan.label = mem_strdup("a=b c");
	map_to("n2", "strange/name");
	fake_engine_says(fake, CONTAINERS "strange%2Fname/json", 200,
			 "{\"Id\":\"d\",\"Name\":\"/strange\"}");
	finds("a", "d", "c");
	assert_string_equal(fake_engine_last(fake, CONTAINERS "json"), CONTAINERS
			    "json?all=1&filters=%7B%22label%22%3A%5B%22a%3Db%20c%22%5D%7D");
}

static void a_map_alone_lists_nothing(void **state)
{
	(void)state;
	there_are("\"Name\":\"/x\"", "\"Name\":\"/y\"", "\"Name\":\"/z\"");
	map_to("n1", "c");
	map_to("n2", "b");
	map_to("n3", "a");
	finds("c", "b", "a");
	assert_int_equal(fake_engine_asked(fake, CONTAINERS "json?"), 0);
}

static void what_is_not_found(void **state)
{
	(void)state;
	there_are("\"Name\":\"/n1\"", NOTHING, NOTHING);
	fails("docker: no container is called n2 or has node.name=n2, and none publishes port "
	      "9202: "
	      "map it with cluster.docker.containers: {n2: CONTAINER} (containers: n1, other, "
	      "other)");
}

static void a_map_that_leads_nowhere(void **state)
{
	(void)state;
	there_are("\"Name\":\"/n1\"", NOTHING, NOTHING);
	map_to("n1", "gone");
	fake_engine_says(fake, CONTAINERS "gone/json", 404,
			 "{\"message\":\"No such container: gone\"}");
	fails("cluster.docker.containers.n1: docker: No such container: gone");
}

static void two_for_one_and_one_for_two(void **state)
{
	(void)state;
	there_are("\"Name\":\"/x\",\"Config\":{\"Env\":[\"node.name=n1\"]}",
		  "\"Name\":\"/y\",\"Config\":{\"Env\":[\"node.name=n1\"]}", NOTHING);
	fails("docker: x and y may both be node n1: map it with cluster.docker.containers: "
	      "{n1: x}");
	there_are("\"Name\":\"/n1\",\"Config\":{\"Env\":[\"node.name=n2\"]}", NOTHING, NOTHING);
	docker_container_done(&found[0]);
	found[0] = (struct docker_container){0};
	fails("docker: container n1 would be node n1 and node n2: map them with "
	      "cluster.docker.containers: {n1: CONTAINER, n2: CONTAINER}");
}

static void what_would_be_removed(void **state)
{
	(void)state;
	there_are("\"Name\":\"/n1\",\"HostConfig\":{\"AutoRemove\":true}", NOTHING, NOTHING);
	fails("docker: container n1 is removed when it stops (--rm): node n1 could not be started "
	      "again");
}

static void containers_that_go_meanwhile_are_passed_over(void **state)
{
	(void)state;
	there_are("\"Name\":\"/n1\"", "\"Name\":\"/n2\"", "\"Name\":\"/n3\"");
	fake_engine_says(fake, CONTAINERS "b/json", 404, "{\"message\":\"No such container: b\"}");
	fails("docker: no container is called n2 or has node.name=n2, and none publishes port "
	      "9202: "
	      "map it with cluster.docker.containers: {n2: CONTAINER} (containers: n1, n3)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_name),
		TEST(by_what_it_was_told),
		TEST(by_host_name_and_port),
		TEST(ports_of_another_machine_do_not_count),
		TEST(by_label_and_map),
		TEST(a_map_alone_lists_nothing),
		TEST(what_is_not_found),
		TEST(a_map_that_leads_nowhere),
		TEST(two_for_one_and_one_for_two),
		TEST(what_would_be_removed),
		TEST(containers_that_go_meanwhile_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
