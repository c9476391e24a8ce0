#include "collector/probe.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

static void state_urls(void **state)
{
	static const struct {
		const char *product, *version;
		bool local;
	} cases[] = {
		{NULL, NULL, true},
		{"elasticsearch", "7.17.28", true},
		{"elasticsearch", "8.19.0", true},
		{"elasticsearch", "9.1.10", true},
		{"elasticsearch", "9.2.0", false},
		{"elasticsearch", "10.0.0-SNAPSHOT", false},
		{"elasticsearch", "nonsense", true},
		{"opensearch", "2.19.1", true},
		{"opensearch", "10.2.0", true},
		{NULL, "9.2.0", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *url = probe_state_url("http://h:1", cases[i].product, cases[i].version);

		assert_non_null(strstr(
			url, "http://h:1/_cluster/state/master_node,version,nodes,metadata/"));
		assert_non_null(strstr(url, "allow_no_indices=true&filter_path="));
		assert_int_equal(strstr(url, "?local=true&") != NULL, cases[i].local);
		free(url);
	}
}

static void other_urls(void **state)
{
	char *health = probe_health_url("http://h:1"), *node = probe_node_url("http://h:1");

	(void)state;
	assert_string_equal(health, "http://h:1/_cluster/health?local=true&filter_path=status");
	assert_non_null(strstr(node, "http://h:1/_nodes/_local/jvm?filter_path="));
	free(health);
	free(node);
}

static void health_of_bodies(void **state)
{
	static const struct {
		const char *body;
		enum health health;
	} cases[] = {
		{"{\"status\":\"green\"}", HEALTH_GREEN},
		{"{\"status\":\"yellow\"}", HEALTH_YELLOW},
		{"{\"status\":\"red\"}", HEALTH_RED},
		{"{\"status\":\"none\"}", HEALTH_NONE},
		{"{\"status\":\"purple\"}", HEALTH_NONE},
		{"{\"status\":503}", HEALTH_NONE},
		{"{\"status\":\"green\"", HEALTH_NONE},
		{"[\"green\"]", HEALTH_NONE},
		{"", HEALTH_NONE},
		{"<html>", HEALTH_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(probe_health(cases[i].body, strlen(cases[i].body)),
				 cases[i].health);
}

static struct probe_node read_node(const char *body)
{
	struct probe_node node;
	struct err err = ERR_INIT;

	assert_int_equal(probe_node_read(body, strlen(body), &node, &err), 0);
	return node;
}

static void describes_elasticsearch(void **state)
{
	struct probe_node node = read_node(
		"{\"nodes\":{\"Bq4Q\":{\"name\":\"n1\",\"version\":\"8.19.0\",\"build_flavor\":"
		"\"default\",\"build_type\":\"zip\",\"roles\":[\"data\",\"master\"],\"jvm\":{"
		"\"version\":\"17.0.16\",\"vm_name\":\"OpenJDK 64-Bit Server VM\"}}}}");

	(void)state;
	assert_string_equal(node.persistent_id, "Bq4Q");
	assert_string_equal(node.name, "n1");
	assert_string_equal(node.version, "8.19.0");
	assert_string_equal(node.product, "elasticsearch");
	assert_string_equal(node.jvm, "OpenJDK 64-Bit Server VM 17.0.16");
	assert_string_equal(node.roles, "[\"data\",\"master\"]");
	probe_node_done(&node);
}

static void describes_opensearch(void **state)
{
	struct probe_node node = read_node(
		"{\"nodes\":{\"x\":{\"name\":\"os1\",\"version\":\"2.19.1\",\"build_type\":\"tar\","
		"\"roles\":[\"cluster_manager\",\"data\"],\"jvm\":{\"version\":\"21\"}}}}");

	(void)state;
	assert_string_equal(node.product, "opensearch");
	assert_string_equal(node.jvm, "JVM 21");
	assert_string_equal(node.roles, "[\"cluster_manager\",\"data\"]");
	probe_node_done(&node);
}

static void what_is_not_said_is_null(void **state)
{
	static const char *const bodies[] = {
		"{\"nodes\":{\"x\":{}}}",
		"{\"nodes\":{\"x\":{\"name\":3,\"version\":null,\"jvm\":{}}}}",
		"{\"nodes\":{\"x\":[]}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct probe_node node = read_node(bodies[i]);

		assert_string_equal(node.persistent_id, "x");
		assert_null(node.name);
		assert_null(node.version);
		assert_null(node.jvm);
		assert_null(node.roles);
		probe_node_done(&node);
	}
}

static void no_description(void **state)
{
	static const char *const bodies[] = {"",   "{}", "[]", "{\"nodes\":{}}", "{\"nodes\":3}",
					     "<h", "nul"};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct probe_node node;
		struct err err = ERR_INIT;

		assert_int_equal(probe_node_read(bodies[i], strlen(bodies[i]), &node, &err),
				 ERR_ENV);
		assert_string_equal(err.text, "not a node's description");
		probe_node_done(&node);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_urls),		cmocka_unit_test(other_urls),
		cmocka_unit_test(health_of_bodies),	cmocka_unit_test(describes_elasticsearch),
		cmocka_unit_test(describes_opensearch), cmocka_unit_test(what_is_not_said_is_null),
		cmocka_unit_test(no_description),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
