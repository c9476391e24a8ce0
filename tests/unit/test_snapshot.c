#include "lib/vec.h"
#include "schema/snapshot.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static const char real[] =
	"{\"cluster_uuid\":\"_20GygPeQyKrtdTCB0NGcg\",\"version\":6,\"state_uuid\":"
	"\"Y7JI9EixRTygt9IpwI7SzA\",\"master_node\":\"4vE38TeSRBW7aAvB0pMTew\",\"nodes\":{"
	"\"4vE38TeSRBW7aAvB0pMTew\":{\"name\":\"n1\",\"ephemeral_id\":\"yTmnJPVFRhOXhiWWq8LR5g\","
	"\"version\":\"8.19.0\",\"roles\":[\"master\",\"data\"]},"
	"\"0ther\":{\"name\":\"n2\",\"ephemeral_id\":\"e2\",\"roles\":[\"data\"]}},"
	"\"metadata\":{\"cluster_coordination\":{\"term\":1,\"last_committed_config\":["
	"\"4vE38TeSRBW7aAvB0pMTew\",\"0ther\",\"gone\"],\"last_accepted_config\":[\"b\",\"a\"],"
	"\"voting_config_exclusions\":[{\"node_id\":\"0ther\",\"node_name\":\"n2\"}]}}}";

static struct snapshot *parse(const char *body)
{
	struct err err = ERR_INIT;
	struct snapshot *s = snapshot_parse(body, strlen(body), &err);

	assert_string_equal(err.text, "");
	assert_non_null(s);
	return s;
}

static void reads_what_a_node_answers(void **state)
{
	struct snapshot *s = parse(real);

	(void)state;
	assert_string_equal(s->cluster_uuid, "_20GygPeQyKrtdTCB0NGcg");
	assert_string_equal(s->state_uuid, "Y7JI9EixRTygt9IpwI7SzA");
	assert_string_equal(s->master_id, "4vE38TeSRBW7aAvB0pMTew");
	assert_string_equal(snapshot_master_name(s), "n1");
	assert_int_equal(s->term, 1);
	assert_int_equal(s->version, 6);
	assert_int_equal(s->n_members, 2);
	assert_string_equal(s->members[0].id, "0ther");
	assert_false(s->members[0].master_eligible);
	assert_null(s->members[0].version);
	assert_true(s->members[1].master_eligible);
	assert_string_equal(s->members[1].version, "8.19.0");
	assert_int_equal(s->n_voters, 3);
	assert_int_equal(snapshot_live_voters(s), 2);
	assert_string_equal(snapshot_member_by_name(s, "n2")->ephemeral_id, "e2");
	assert_null(snapshot_member_by_name(s, "n3"));
	assert_null(snapshot_member_by_id(s, NULL));
	snapshot_free(s);
}

static void canonical_body_is_exact_and_parses_to_itself(void **state)
{
	struct snapshot *s = parse(real), *again = parse(s->body);

	(void)state;
	assert_string_equal(
		s->body,
		"{\"cluster_uuid\":\"_20GygPeQyKrtdTCB0NGcg\",\"exclusions\":[{\"id\":\"0ther\","
		"\"name\":\"n2\"}],\"master\":\"4vE38TeSRBW7aAvB0pMTew\",\"members\":["
		"{\"ephemeral_id\":\"e2\",\"id\":\"0ther\",\"name\":\"n2\",\"roles\":[\"data\"],"
		"\"version\":null},"
		"{\"ephemeral_id\":\"yTmnJPVFRhOXhiWWq8LR5g\",\"id\":\"4vE38TeSRBW7aAvB0pMTew\","
		"\"name\":\"n1\",\"roles\":[\"data\",\"master\"],\"version\":\"8.19.0\"}],"
		"\"state_uuid\":\"Y7JI9EixRTygt9IpwI7SzA\",\"term\":1,\"version\":6,"
		"\"voters\":[\"0ther\",\"4vE38TeSRBW7aAvB0pMTew\",\"gone\"],"
		"\"voters_accepted\":[\"a\",\"b\"]}");
	assert_string_equal(again->body, s->body);
	assert_int_equal(again->n_members, s->n_members);
	assert_int_equal(again->term, 1);
	assert_true(snapshot_same_master(s, again));
	snapshot_free(s);
	snapshot_free(again);
}

static void no_master_however_it_is_said(void **state)
{
	static const char *const bodies[] = {
		"{\"master_node\":null}",
		"{\"version\":3}",
		"{\"cluster_manager_node\":null,\"version\":3}",
		"{\"nodes\":{}}",
		"{\"metadata\":{}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct snapshot *s = parse(bodies[i]), *again = parse(s->body);

		assert_null(s->master_id);
		assert_null(snapshot_master_name(s));
		assert_int_equal(s->term, -1);
		assert_int_equal(s->n_members, 0);
		assert_string_equal(s->body, again->body);
		assert_true(snapshot_same_master(s, again));
		snapshot_free(s);
		snapshot_free(again);
	}
}

static void opensearch_names_and_missing_roles(void **state)
{
	struct snapshot *s = parse(
		"{\"cluster_manager_node\":\"a\",\"nodes\":{"
		"\"a\":{\"name\":\"m1\",\"roles\":[\"cluster_manager\"]},"
		"\"b\":{\"name\":\"m2\"},\"c\":{\"name\":\"m3\"}},"
		"\"metadata\":{\"cluster_coordination\":{\"last_committed_config\":[\"b\"]}}}");

	(void)state;
	assert_string_equal(snapshot_master_name(s), "m1");
	assert_true(s->members[0].master_eligible);
	assert_true(s->members[1].master_eligible);
	assert_false(s->members[2].master_eligible);
	snapshot_free(s);
}

static void a_master_that_is_no_member_goes_by_its_id(void **state)
{
	struct snapshot *s = parse("{\"master_node\":\"xyz\"}");

	(void)state;
	assert_string_equal(snapshot_master_name(s), "xyz");
	snapshot_free(s);
}

static void what_is_no_cluster_state_is_refused(void **state)
{
	static const char *const bodies[] = {
		"",
		"null",
		"[]",
		"7",
		"{}",
		"{\"error\":{\"type\":\"master_not_discovered_exception\"},\"status\":503}",
		"{\"name\":\"n1\",\"cluster_uuid\":\"x\",\"version\":{\"number\":\"8.19.0\"}}",
		"{\"version\":1,\"version\":2}",
		"{\"version\":-1}",
		"{\"version\":99999999999999999999}",
		"{\"master_node\":7}",
		"{\"master_node\":\"a",
		"{\"nodes\":[7]}",
		"{\"nodes\":7}",
		"{\"nodes\":{\"a\":{}}}",
		"{\"nodes\":{\"a\":{\"name\":\"n\",\"roles\":[1]}}}",
		"{\"members\":[{\"name\":\"n\"}]}",
		"{\"version\":1,\"metadata\":{\"cluster_coordination\":{\"last_committed_config\":{"
		"}}}}",
		"{\"version\":1,\"metadata\":{\"cluster_coordination\":{\"voting_config_"
		"exclusions\":[1]}}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct err err = ERR_INIT;

		assert_null(snapshot_parse(bodies[i], strlen(bodies[i]), &err));
		assert_int_equal(err.code, ERR_ENV);
		assert_ptr_equal(strstr(err.text, "not a cluster state: "), err.text);
		assert_null(strchr(err.text, '\n'));
	}
}

static void set_keeps_one_of_each(void **state)
{
	struct snapshot_set *set = snapshot_set_new();
	VEC(struct snapshot *) first = {0};
	char body[64];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(body, sizeof body, "{\"version\":%d}", i);
		vec_push(&first, snapshot_set_take(set, parse(body)));
		assert_int_equal(first.v[i]->version, i);
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(body, sizeof body, "{\"version\":%d,\"other\":1}", i);
		assert_ptr_equal(snapshot_set_take(set, parse(body)), first.v[i]);
	}
	assert_ptr_equal(snapshot_set_take(set, first.v[5]), first.v[5]);
	vec_done(&first);
	snapshot_set_free(set);
	snapshot_set_free(NULL);
	snapshot_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_a_node_answers),
		cmocka_unit_test(canonical_body_is_exact_and_parses_to_itself),
		cmocka_unit_test(no_master_however_it_is_said),
		cmocka_unit_test(opensearch_names_and_missing_roles),
		cmocka_unit_test(a_master_that_is_no_member_goes_by_its_id),
		cmocka_unit_test(what_is_no_cluster_state_is_refused),
		cmocka_unit_test(set_keeps_one_of_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
