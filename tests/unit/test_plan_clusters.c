/* What a plan is made into: existing clusters, sweeps, targets, and what they do to a quorum. */
#include "collector/plan_impl.h"
#include "lib/clock.h"
#include "tests/unit/plan_rig.h"
#include <stdio.h>
#include <string.h>

/* ---- clusters that are there already --------------------------------------------------------- */

#define THREE "[http://a:9200, 'https://[::1]:9201', http://c]"
#define EXISTING(driver, more)                                                                     \
	"schema: 1\nstudy: {name: s}\ntrials: 1\n"                                                 \
	"cluster: {driver: " driver ", sizes: {5: {hosts: [http://a:1, http://b:1, http://c:1, "   \
	"http://d:1, http://e:1, http://f:1]}, 3: {hosts: " THREE ", uuid: u3}}" more "}\n"

static void same_again(const struct plan *plan)
{
	struct err err = ERR_INIT;
	struct plan *again;

	if (plan_from_json(plan->json, &again, &err))
		fail_msg("%s in %s", err.text, plan->json);
	assert_string_equal(again->json, plan->json);
	assert_string_equal(again->sha256, plan->sha256);
	assert_int_equal(again->clusters.n, plan->clusters.n);
	assert_int_equal(again->arms.n, plan->arms.n);
	plan_free(again);
}

static void sizes_are_clusters(void **state)
{
	struct plan *plan =
		read_ok(EXISTING("docker", ", docker: {containers: {n1: x, a.b: y}}"), NULL, 0);

	(void)state;
	assert_int_equal(plan->clusters.n, 2);
	assert_string_equal(plan->clusters.v[0].label, "3-masters");
	assert_int_equal(plan->clusters.v[0].n_nodes, 3);
	assert_string_equal(plan->clusters.v[0].uuid, "u3");
	assert_string_equal(plan->clusters.v[0].hosts.v[1].url, "https://[::1]:9201");
	assert_null(plan->clusters.v[0].hosts.v[1].name);
	assert_int_equal(plan->clusters.v[1].master_eligible, 5);
	assert_int_equal(plan->clusters.v[1].n_nodes, 6);
	assert_null(plan->clusters.v[1].uuid);
	assert_int_equal(plan->docker.containers.n, 2);
	assert_null(strstr(plan->json, "heap"));
	same_again(plan);
	plan_free(plan);
}

static void some_of_the_sizes(void **state)
{
	static const char *const sets[] = {"factors.master_eligible=5", "factors.target=[half, 2]",
					   "cluster.docker.containers.a.b=z"};
	struct plan *plan = read_ok(EXISTING("docker", ""), sets, 3);

	(void)state;
	assert_int_equal(plan->clusters.n, 1);
	assert_int_equal(plan->clusters.v[0].n_nodes, 6);
	assert_int_equal(plan->arms.n, 2);
	assert_string_equal(plan->docker.containers.v[0].key, "a.b");
	assert_string_equal(plan->docker.containers.v[0].value, "z");
	plan_free(plan);
}

static void driver_none_does_nothing(void **state)
{
	struct plan *plan = read_ok(EXISTING("none", ""), NULL, 0);

	(void)state;
	assert_int_equal(plan->arms.n, 2);
	assert_int_equal(plan->arms.v[0].fault, FAULT_WATCHED);
	assert_int_equal(plan->arms.v[1].fault, FAULT_WATCHED);
	assert_int_equal(plan->arms.v[0].target, TARGET_NONE);
	same_again(plan);
	plan_free(plan);
}

static void access_names_places(void **state)
{
	struct plan *plan = read_ok(EXISTING("none", ", auth: {user: u, password_env: P}, "
						     "tls: {ca: f, pin: 'sha256//abc='}"),
				    NULL, 0);
	struct plan *other = read_ok(EXISTING("none", ", auth: {api_key_file: k}, "
						      "tls: {insecure: true}"),
				     NULL, 0);

	(void)state;
	assert_string_equal(plan->access.user, "u");
	assert_string_equal(plan->access.password_env, "P");
	assert_string_equal(plan->access.ca_file, "f");
	assert_string_equal(plan->access.pin, "sha256//abc=");
	assert_false(plan->access.insecure);
	assert_string_equal(other->access.api_key_file, "k");
	assert_true(other->access.insecure);
	same_again(plan);
	same_again(other);
	plan_free(other);
	plan_free(plan);
}

static void templates_of_the_command_driver(void **state)
{
	struct plan *plan = read_ok(EXISTING("command", ", command: {stop: [a, '{node}', ''], "
							"start: auto, env: A, timeout: 2s}"),
				    NULL, 0);
	struct plan *list = read_ok(EXISTING("command", ", command: {stop: [a, '{node}', ''], "
							"start: [auto], env: [A], timeout: 2s}"),
				    NULL, 0);
	struct plan *shell = read_ok(EXISTING("command", ", command: {shell: true, start: auto, "
							 "stop: \"a\\nb '{host}'\"}"),
				     NULL, 0);

	(void)state;
	assert_int_equal(plan->command.stop.n, 3);
	assert_string_equal(plan->command.stop.v[2], "");
	assert_true(plan->command.start_auto);
	assert_false(plan->command.shell);
	assert_int_equal(plan->command.timeout_ns, 2 * NS_PER_S);
	assert_string_equal(plan->command.env.v[0], "A");
	assert_string_equal(list->sha256, plan->sha256);
	assert_true(shell->command.shell && shell->command.start_auto);
	assert_string_equal(shell->command.stop.v[0], "a\nb '{host}'");
	assert_int_equal(shell->command.timeout_ns, 60 * NS_PER_S);
	same_again(plan);
	same_again(shell);
	plan_free(shell);
	plan_free(list);
	plan_free(plan);
}

/* ---- sweeps ---------------------------------------------------------------------------------- */

static void every_level_is_a_cluster(void **state)
{
	static const char *const sets[] = {"factors.settings={b: {c: [1s, 2s]}, a.a: [x, [y, z]]}",
					   "factors.indices=[0, 500]", "factors.fault=stop",
					   "factors.settings.d.e.f.g.h=[1]"};
	struct plan *plan = read_ok(small, sets, 4);
	const struct plan_cluster *last = &plan->clusters.v[15];

	(void)state;
	assert_int_equal(plan->clusters.n, 16);
	assert_int_equal(plan->arms.n, 16);
	assert_string_equal(plan->clusters.v[0].label, "5-masters-1");
	assert_string_equal(plan->clusters.v[0].levels_json,
			    "{\"a.a\":\"x\",\"b.c\":\"1s\",\"d.e.f.g.h\":\"1\",\"indices\":0}");
	assert_string_equal(last->label, "3-masters-8");
	assert_int_equal(last->n_indices, 500);
	/* over what all clusters have; sorted, as the nodes get them */
	assert_string_equal(last->settings_json,
			    "{\"a.a\":\"[\\\"y\\\",\\\"z\\\"]\",\"a.b\":\"on\","
			    "\"a.c\":\"[\\\"x\\\",\\\"1\\\"]\",\"b.c\":\"2s\","
			    "\"d.e.f.g.h\":\"1\"}");
	assert_string_equal(last->settings.v[0].key, "a.a");
	assert_string_equal(plan->arms.v[15].factors_json,
			    "{\"a.a\":\"[\\\"y\\\",\\\"z\\\"]\",\"b.c\":\"2s\","
			    "\"d.e.f.g.h\":\"1\",\"fault\":\"stop\",\"indices\":500,"
			    "\"master_eligible\":3,\"target\":\"master\"}");
	for (size_t i = 0; i < plan->clusters.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(plan->clusters.v[i].label,
						plan->clusters.v[k].label);
	same_again(plan);
	plan_free(plan);
}

static void one_level_is_no_factor_of_indices(void **state)
{
	static const char *const sets[] = {"factors.indices=20", "factors.master_eligible=3"};
	struct plan *plan = read_ok(small, sets, 2), *none = read_ok(small, NULL, 0);

	(void)state;
	assert_string_equal(plan->clusters.v[0].label, "3-masters");
	assert_string_equal(plan->clusters.v[0].levels_json, "{\"indices\":20}");
	assert_string_equal(none->clusters.v[0].levels_json, "{}");
	assert_int_equal(none->clusters.v[0].n_indices, 0);
	plan_free(none);
	plan_free(plan);
}

/* ---- targets and quorum ---------------------------------------------------------------------- */

static void targets_take_so_many(void **state)
{
	static const struct {
		enum plan_target target;
		int taken[6]; /* of 0, 1, ... masters */
	} expected[] = {
		{TARGET_MASTER, {0, 1, 1, 1, 1, 1}},   {TARGET_NON_MASTER, {0, 1, 1, 1, 1, 1}},
		{TARGET_RANDOM, {0, 1, 1, 1, 1, 1}},   {TARGET_HALF, {0, 0, 1, 1, 2, 2}},
		{TARGET_MAJORITY, {0, 1, 2, 2, 3, 3}}, {TARGET_CASCADE, {0, 1, 1, 1, 1, 1}},
		{TARGET_1, {0, 1, 1, 1, 1, 1}},	       {TARGET_1 + 1, {0, 2, 2, 2, 2, 2}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		for (int n = 1; n <= 5; n++)
			assert_int_equal(plan_target_count(expected[i].target, n),
					 expected[i].taken[n]);
	assert_int_equal(plan_target_count(TARGET_8, 9), 8);
	assert_string_equal(plan_target_names[TARGET_8], "8");
}

/* Every fault and target on 1 to 5 masters of 9 nodes: refused without allow if, and only if, a
 * quorum is lost. */
static void quorum_is_lost_only_where_allowed(void **state)
{
	/* losses at once that are survived (domain: Sizes), per masters */
	static const int survived[] = {0, 0, 0, 1, 1, 2};
	static const char *const targets[] = {"master", "non_master", "random",	  "half",
					      "1",	"2",	      "majority", "cascade"};

	(void)state;
	for (int masters = 2; masters <= 5; masters++) {
		for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
			char size[40], target[40];
			const char *sets[] = {"factors.fault=kill", size, target,
					      "allow=quorum_loss", "cluster.nodes=9"};
			struct err err = ERR_INIT;
			struct plan *strict, *plan;

			snprintf(size, sizeof size, "factors.master_eligible=%d", masters);
			snprintf(target, sizeof target, "factors.target=%s", targets[i]);
			plan = read_ok(small, sets, 5);
			assert_true(plan->allow[ALLOW_QUORUM_LOSS]);
			assert_false(plan->allow[ALLOW_UNASSIGNED_SHARDS]);
			bool lost = strcmp(targets[i], "cascade") == 0 ||
				    plan_target_count(plan->arms.v[0].target, masters) >
					    survived[masters];
			assert_int_equal(plan_loses_quorum(plan, &plan->arms.v[0]), lost);
			sets[3] = "trials=7";
			int code = plan_from_text("t.yml", small, strlen(small), sets, 5, &strict,
						  &err);
			assert_int_equal(code, lost ? ERR_USAGE : 0);
			assert_int_equal(!!strstr(err.text, "allow: [quorum_loss]"), lost);
			plan_free(strict);
			plan_free(plan);
		}
	}
}

static void what_takes_no_voter_needs_no_leave(void **state)
{
	static const char *const cut[] = {"factors.fault=partition", "factors.target=[half, 3]",
					  "factors.master_eligible=[4, 5]"};
	static const char *const control[] = {"factors.fault=[stop, noop]",
					      "factors.target=non_master",
					      "factors.master_eligible=1", "cluster.nodes=3"};
	struct plan *plan = read_ok(small, cut, 3), *other = read_ok(small, control, 4);

	(void)state;
	for (size_t i = 0; i < plan->arms.n; i++)
		assert_false(plan_loses_quorum(plan, &plan->arms.v[i]));
	assert_int_equal(other->arms.n, 2);
	plan_free(other);
	plan_free(plan);
}

/* Nothing is done to any node: the targets of the other faults are none of its. */
static void noop_is_one_arm(void **state)
{
	static const char *const sets[] = {"factors.fault=[noop, kill]", "return=one_by_one",
					   "factors.target=[master, non_master, random]",
					   "factors.master_eligible=3", "limits.max_downtime=1h"};
	struct plan *plan = read_ok(small, sets, 5);

	(void)state;
	assert_int_equal(plan->arms.n, 4);
	assert_int_equal(plan->arms.v[0].fault, FAULT_NOOP);
	assert_int_equal(plan->return_mode, RETURN_ONE_BY_ONE);
	assert_int_equal(plan->max_downtime_ns, 3600 * NS_PER_S);
	same_again(plan);
	plan_free(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_clusters),
		cmocka_unit_test(some_of_the_sizes),
		cmocka_unit_test(driver_none_does_nothing),
		cmocka_unit_test(access_names_places),
		cmocka_unit_test(templates_of_the_command_driver),
		cmocka_unit_test(every_level_is_a_cluster),
		cmocka_unit_test(one_level_is_no_factor_of_indices),
		cmocka_unit_test(targets_take_so_many),
		cmocka_unit_test(quorum_is_lost_only_where_allowed),
		cmocka_unit_test(what_takes_no_voter_needs_no_leave),
		cmocka_unit_test(noop_is_one_arm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
