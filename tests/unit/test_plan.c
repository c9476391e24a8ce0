#include "collector/plan_impl.h"
#include "collector/plan_value.h"
#include "lib/clock.h"
#include "tests/unit/plan_rig.h"
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_error(const char *set, const char *expected)
{
	struct err err = ERR_INIT;
	struct plan *plan;

	assert_int_equal(plan_from_text("t.yml", small, strlen(small), &set, 1, &plan, &err),
			 ERR_USAGE);
	assert_null(plan);
	assert_string_equal(err.text, expected);
}

static void defaults_are_filled_in(void **state)
{
	struct plan *plan = read_ok(small, NULL, 0);

	(void)state;
	assert_string_equal(plan->study_name, "3");
	assert_null(plan->record.objective);
	assert_null(plan->java);
	assert_string_equal(plan->driver, "local");
	assert_int_equal(plan->heap_bytes, 256 << 20);
	assert_int_equal(plan->http_port, 0);
	assert_int_equal(plan->trials, 7);
	assert_int_equal(plan->warmup, 1);
	assert_true(plan->interleave);
	assert_int_equal(plan->block, 5);
	assert_int_equal(plan->seed, 1);
	assert_int_equal(plan->poll_fast_ns, 5 * NS_PER_MS);
	assert_int_equal(plan->poll_rejoin_ns, 20 * NS_PER_MS);
	assert_int_equal(plan->poll_idle_ns, 100 * NS_PER_MS);
	assert_int_equal(plan->poll_timeout_ns, NS_PER_S);
	assert_int_equal(plan->limit_start_ns, 180 * NS_PER_S);
	assert_int_equal(plan->limit_gate_ns, 60 * NS_PER_S);
	assert_int_equal(plan->limit_reelection_ns, 120 * NS_PER_S);
	assert_int_equal(plan->limit_rejoin_ns, 180 * NS_PER_S);
	assert_int_equal(plan->limit_noop_ns, 5 * NS_PER_S);
	assert_int_equal(plan->limit_quorum_loss_ns, 5 * NS_PER_S);
	assert_int_equal(plan->max_downtime_ns, 0);
	assert_int_equal(plan->return_mode, RETURN_TOGETHER);
	assert_false(plan->allow[ALLOW_QUORUM_LOSS] || plan->allow[ALLOW_UNASSIGNED_SHARDS]);
	assert_int_equal(plan->write_probe_ns, 0);
	assert_null(strstr(plan->json, "probe"));
	assert_int_equal(plan->pause_between_ns, NS_PER_S);
	assert_int_equal(plan->pause_jitter_ns, NS_PER_S);
	plan_free(plan);
}

static void every_combination_is_an_arm(void **state)
{
	struct plan *plan = read_ok(small, NULL, 0);

	(void)state;
	assert_int_equal(plan->clusters.n, 2);
	assert_string_equal(plan->clusters.v[0].label, "5-masters");
	assert_int_equal(plan->clusters.v[1].master_eligible, 3);
	assert_int_equal(plan->clusters.v[1].n_nodes, 5);
	assert_int_equal(plan->arms.n, 4);
	assert_int_equal(plan->arms.v[2].cluster, 1);
	assert_int_equal(plan->arms.v[2].fault, FAULT_KILL);
	assert_string_equal(plan->arms.v[3].factors_json,
			    "{\"fault\":\"stop\",\"master_eligible\":3,\"target\":\"master\"}");
	plan_free(plan);
}

static void noop_takes_no_quorum(void **state)
{
	static const char *const sets[] = {"factors.fault=noop", "factors.master_eligible=[1, 2]",
					   "probe.write=20ms", "limits.noop=1s"};
	struct plan *plan = read_ok(small, sets, 4);

	(void)state;
	assert_int_equal(plan->clusters.n, 2);
	assert_int_equal(plan->arms.v[0].fault, FAULT_NOOP);
	assert_int_equal(plan->limit_noop_ns, NS_PER_S);
	assert_int_equal(plan->write_probe_ns, 20 * NS_PER_MS);
	assert_non_null(strstr(plan->json, "\"probe\":{\"write\":\"20ms\"}"));
	plan_free(plan);
}

static void settings_are_text_under_dotted_keys(void **state)
{
	struct plan *plan = read_ok(small, NULL, 0);
	const struct plan_cluster *cluster = &plan->clusters.v[0];

	(void)state;
	assert_string_equal(cluster->settings_json,
			    "{\"a.a\":\"5\",\"a.b\":\"on\",\"a.c\":\"[\\\"x\\\",\\\"1\\\"]\"}");
	assert_int_equal(cluster->settings.n, 3);
	assert_string_equal(cluster->settings.v[1].key, "a.b");
	assert_string_equal(cluster->settings.v[1].value, "on");
	plan_free(plan);
}

static void canonical_form_is_the_same_plan(void **state)
{
	static const char *const sets[] = {"study.objective=\"\\u2028 \\U0001f600 \\\\\"",
					   "poll.fast=1.5ms", "cluster.heap=1g"};
	static const char *const same[] = {"study.objective=\"\\u2028 \\U0001f600 \\\\\"",
					   "poll.fast=1500us", "cluster.heap=1024m"};
	struct plan *plan = read_ok(small, sets, 3), *other = read_ok(small, same, 3), *again;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(plan_from_json(plan->json, &again, &err), 0);
	assert_string_equal(again->json, plan->json);
	assert_string_equal(again->sha256, plan->sha256);
	assert_string_equal(other->sha256, plan->sha256);
	assert_int_equal(again->clusters.n, plan->clusters.n);
	assert_string_equal(again->clusters.v[0].settings_json, plan->clusters.v[0].settings_json);
	assert_string_equal(again->arms.v[3].factors_json, plan->arms.v[3].factors_json);
	plan_free(again);
	plan_free(other);
	plan_free(plan);
	assert_int_equal(plan_from_json("{\"schema\":1", &again, &err), ERR_USAGE);
	assert_null(again);
}

static void sets_go_over_the_file(void **state)
{
	static const char *const sets[] = {"trials=30",
					   "poll.idle=1s",
					   "factors.fault=[stop]",
					   "cluster.settings.a.b=off",
					   "cluster.settings.z.z=1",
					   "study.name=a=b",
					   "cluster.settings.n={x: 1, y: 2}"};
	struct plan *plan = read_ok(small, sets, sizeof sets / sizeof *sets);

	(void)state;
	assert_int_equal(plan->trials, 30);
	assert_int_equal(plan->poll_idle_ns, NS_PER_S);
	assert_int_equal(plan->arms.n, 2);
	assert_string_equal(plan->study_name, "a=b");
	assert_int_equal(plan->clusters.v[0].settings.n, 6);
	assert_string_equal(plan->clusters.v[0].settings.v[1].value, "off");
	assert_string_equal(plan->clusters.v[0].settings.v[3].key, "n.x");
	plan_free(plan);
}

static void errors_of_sets_name_the_set(void **state)
{
	(void)state;
	expect_error("trials=0", "--set trials: trials: 0: 1 to 100000 is expected");
	expect_error("trials=", "--set trials: trials: empty: a whole number is expected");
	expect_error("trials", "--set trials: key=value is expected, e.g. trials=30");
	expect_error("pol.fast=5ms", "--set pol.fast: pol: unknown key; did you mean 'poll'?");
	expect_error("trials.a=1", "--set trials.a: trials.a: unknown key");
	expect_error("a.b.c.d.e.f=1", "--set a.b.c.d.e.f: a.b.c.d.e.f: unknown key");
	expect_error("trials=[1", "--set trials: not YAML: while parsing a flow sequence, did "
				  "not find expected ',' or ']'");
	expect_error("trials=\n\x1b", "--set trials: not readable as text: control characters "
				      "are not allowed: UTF-8 is expected");
}

/* Every tests/cases/plan/NAME.yml is refused with the line in NAME.expected. */
static void bad_plans_give_one_line(void **state)
{
	glob_t found;
	int n_bad = 0;

	(void)state;
	assert_int_equal(glob("tests/cases/plan/*.yml", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *file = found.gl_pathv[i];
		struct err err = ERR_INIT;
		char path[200], line[1100] = "tests/cases/plan/";
		size_t n = strlen(line);
		struct plan *plan;
		FILE *in;

		snprintf(path, sizeof path, "%.*s.expected", (int)strlen(file) - 4, file);
		in = fopen(path, "r");
		assert_non_null(in);
		assert_non_null(fgets(line + n, (int)(sizeof line - n), in));
		fclose(in);
		line[strcspn(line, "\n")] = '\0';
		if (plan_read(file, NULL, 0, &plan, &err) != ERR_USAGE)
			fail_msg("%s: not refused", file);
		n_bad += strcmp(err.text, line) != 0;
		if (strcmp(err.text, line) != 0)
			print_error("expected: %s\nbut got:  %s\n", line, err.text);
	}
	globfree(&found);
	assert_int_equal(n_bad, 0);
}

static void bad_files_give_one_line(void **state)
{
	struct err err = ERR_INIT;
	struct plan *plan;

	(void)state;
	assert_int_equal(plan_read("no/such.yml", NULL, 0, &plan, &err), ERR_USAGE);
	assert_string_equal(err.text, "no/such.yml: cannot read the plan: "
				      "No such file or directory");
	err = (struct err)ERR_INIT;
	assert_int_equal(plan_read("tests", NULL, 0, &plan, &err), ERR_USAGE);
	assert_string_equal(err.text, "tests: cannot read the plan: Is a directory");
	err = (struct err)ERR_INIT;
	assert_int_equal(plan_read("/dev/zero", NULL, 0, &plan, &err), ERR_USAGE);
	assert_string_equal(err.text, "/dev/zero: larger than 1 MiB: a plan is expected");
}

static void example_plans_are_good(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("data/plans/*.yml", 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 3);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct err err = ERR_INIT;
		struct plan *plan;

		if (plan_read(found.gl_pathv[i], NULL, 0, &plan, &err))
			fail_msg("%s", err.text);
		plan_free(plan);
	}
	globfree(&found);
}

static void numbers_with_units(void **state)
{
	struct str text = STR_INIT;
	int64_t v;

	(void)state;
	assert_true(plan_value_duration("1.5s", &v) && v == 1500 * NS_PER_MS);
	assert_true(plan_value_duration("0.000000001s", &v) && v == 1);
	assert_false(plan_value_duration("0.5ns", &v));
	assert_false(plan_value_duration("9999999999h", &v));
	assert_false(plan_value_duration("-1s", &v) || plan_value_duration("1.s", &v) ||
		     plan_value_duration(".5s", &v) || plan_value_duration("s", &v) ||
		     plan_value_duration("1S", &v) || plan_value_duration("1s ", &v) ||
		     plan_value_duration("", &v) || plan_value_duration("0.0000000001s", &v));
	assert_true(plan_value_size("1.5g", &v) && v == INT64_C(1536) << 20);
	assert_false(plan_value_size("0.3k", &v) || plan_value_size("256", &v));
	assert_true(plan_value_int("-12", &v) && v == -12);
	assert_false(plan_value_int("010", &v) || plan_value_int("+1", &v) ||
		     plan_value_int("9223372036854775808", &v) || plan_value_int("-", &v));
	plan_value_add_duration(&text, 90 * NS_PER_S);
	str_add(&text, " ");
	plan_value_add_duration(&text, 0);
	str_add(&text, " ");
	plan_value_add_duration(&text, 1500 * NS_PER_US);
	str_add(&text, " ");
	plan_value_add_size(&text, INT64_C(1536) << 20);
	assert_string_equal(text.s, "90s 0s 1500us 1536m");
	str_done(&text);
}

static void voters_and_quorum(void **state)
{
	static const int expected[][3] = {{1, 1, 1}, {2, 1, 1}, {3, 3, 2}, {4, 3, 2}, {5, 5, 3},
					  {6, 5, 3}, {7, 7, 4}, {8, 7, 4}, {9, 9, 5}};

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_int_equal(plan_voters(expected[i][0]), expected[i][1]);
		assert_int_equal(plan_quorum(expected[i][1]), expected[i][2]);
	}
}

/* The rows of the README's table of keys: "| `path` | meaning | range | default |". */
static void readme_and_table_agree(void **state)
{
	bool seen[N_KEYS] = {false};
	char line[1000], start[100], end[200];
	FILE *in = fopen("data/plans/README.md", "r");

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		struct str range = STR_INIT;
		size_t i = 0;

		if (strncmp(line, "| `", 3) != 0)
			continue;
		for (; i < N_KEYS; i++) {
			snprintf(start, sizeof start, "| `%s` |", plan_keys[i].path);
			if (strncmp(line, start, strlen(start)) == 0)
				break;
		}
		if (i == N_KEYS)
			fail_msg("not a key: %s", line);
		seen[i] = true;
		plan_key_add_range(&range, &plan_keys[i]);
		if (plan_keys[i].preset)
			snprintf(end, sizeof end, " | %s | `%s` |", range.s, plan_keys[i].preset);
		else
			snprintf(end, sizeof end, " | %s | %s", range.s,
				 plan_keys[i].required ? "required |" : "");
		if (!strstr(line, end))
			fail_msg("expected '%s' in: %s", end, line);
		str_done(&range);
	}
	fclose(in);
	for (size_t i = 0; i < N_KEYS; i++)
		if (!seen[i])
			fail_msg("data/plans/README.md lacks %s", plan_keys[i].path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_filled_in),
		cmocka_unit_test(every_combination_is_an_arm),
		cmocka_unit_test(noop_takes_no_quorum),
		cmocka_unit_test(settings_are_text_under_dotted_keys),
		cmocka_unit_test(canonical_form_is_the_same_plan),
		cmocka_unit_test(sets_go_over_the_file),
		cmocka_unit_test(errors_of_sets_name_the_set),
		cmocka_unit_test(bad_plans_give_one_line),
		cmocka_unit_test(bad_files_give_one_line),
		cmocka_unit_test(example_plans_are_good),
		cmocka_unit_test(numbers_with_units),
		cmocka_unit_test(voters_and_quorum),
		cmocka_unit_test(readme_and_table_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
