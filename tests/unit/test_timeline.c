/* timeline: on a recorded drill, whose trial 2 stopped n3, the master of three. */
#include "report/timeline.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <string.h>

static struct store *store;
static struct model model;
static struct grouping grouping;

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(store_open("tests/upgrade/format1.sqlite", STORE_READ, &store, &err), 0);
	assert_int_equal(model_load(store, ORIGIN_FAULT_ISSUED, &model, &err), 0);
	assert_int_equal(grouping_make(&model, NULL, false, &grouping, &err), 0);
	return 0;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	grouping_done(&grouping);
	model_done(&model);
	return store_close(store, &err);
}

static void load(int64_t id, struct timeline *ret)
{
	struct timeline_choice choice;
	struct err err = ERR_INIT;

	assert_int_equal(timeline_choose(&model, &grouping, id, &choice, &err), 0);
	assert_int_equal(choice.trial->id, id);
	assert_int_equal(choice.why, TIMELINE_ASKED);
	assert_int_equal(timeline_load(store, choice.trial, ret, &err), 0);
}

static void test_choose(void **state)
{
	struct timeline_choice choice;
	struct err err = ERR_INIT;
	size_t n_shorter = 0, n_longer = 0;
	double value_s;

	(void)state;
	assert_int_equal(timeline_choose(&model, &grouping, 0, &choice, &err), 0);
	assert_int_equal(choice.why, TIMELINE_MEDIAN);
	assert_int_equal(choice.group, 0);
	assert_int_equal(choice.n_beyond, 0);
	assert_int_equal(model.arms.v[choice.trial->arm].master_eligible, 3);
	value_s = model_value_s(&choice.trial->values[METRIC_REELECTION]);
	for (size_t i = 0; i < grouping.groups.v[0].trials.n; i++) {
		const struct model_trial *t = &model.trials.v[grouping.groups.v[0].trials.v[i]];

		n_shorter += model_value_s(&t->values[METRIC_REELECTION]) < value_s;
		n_longer += model_value_s(&t->values[METRIC_REELECTION]) > value_s;
	}
	assert_true(n_shorter == n_longer || n_shorter + 1 == n_longer);
	assert_int_equal(timeline_choose(&model, &grouping, 4711, &choice, &err), ERR_USAGE);
	assert_null(choice.trial);
}

/* As if no trial of the group, but for its first, had reached re-election; n of it are kept. */
static void censor(const struct group *group, size_t n)
{
	for (size_t i = n; i < group->trials.n; i++)
		model.trials.v[group->trials.v[i]].values[METRIC_REELECTION].censored = 1;
}

static void test_choose_without_times(void **state)
{
	struct timeline_choice choice;
	struct err err = ERR_INIT;

	(void)state;
	assert_true(grouping.groups.n >= 2 && grouping.groups.v[0].trials.n >= 2);
	censor(&grouping.groups.v[0], 1);
	timeline_choose(&model, &grouping, 0, &choice, &err);
	assert_int_equal(choice.why, TIMELINE_MEDIAN);
	assert_int_equal(choice.n_beyond, grouping.groups.v[0].trials.n - 1);
	assert_ptr_equal(choice.trial, &model.trials.v[grouping.groups.v[0].trials.v[0]]);

	censor(&grouping.groups.v[0], 0);
	timeline_choose(&model, &grouping, 0, &choice, &err);
	assert_int_equal(choice.why, TIMELINE_MEDIAN);
	assert_int_equal(choice.group, 1);

	/* a warm-up that has a time does not stand for the groups */
	for (size_t i = 1; i < grouping.groups.n; i++)
		censor(&grouping.groups.v[i], 0);
	model.trials.v[0].warmup = true;
	timeline_choose(&model, &grouping, 0, &choice, &err);
	assert_int_equal(choice.why, TIMELINE_FIRST);
	assert_ptr_equal(choice.trial, &model.trials.v[1]);

	for (size_t i = 0; i < model.trials.n; i++)
		model.trials.v[i].warmup = true;
	timeline_choose(&model, &grouping, 0, &choice, &err);
	assert_int_equal(choice.why, TIMELINE_WARMUP);
	assert_ptr_equal(choice.trial, &model.trials.v[0]);
}

static void test_spans(void **state)
{
	struct timeline t;
	const struct timeline_node *node;

	(void)state;
	load(2, &t);
	assert_true(t.has_fault && t.has_samples);
	assert_int_equal(t.nodes.n, 5);
	vec_each (node, &t.nodes) {
		assert_true(node->spans.n >= 3);
		assert_true(fabs(node->spans.v[0].from_s - t.from_s) < 1e-12);
		assert_true(fabs(node->spans.v[node->spans.n - 1].to_s - t.to_s) < 1e-12);
		for (size_t i = 1; i < node->spans.n; i++) {
			assert_true(fabs(node->spans.v[i - 1].to_s - node->spans.v[i].from_s) <
				    1e-12);
			assert_true(node->spans.v[i].from.lo_s < node->spans.v[i].from.hi_s);
		}
		assert_string_equal(node->spans.v[0].master, "n3");
		assert_string_equal(node->spans.v[node->spans.n - 1].master, "n2");
		assert_int_equal(node->spans.v[node->spans.n - 1].term, 4);
		assert_int_equal(node->is_victim, strcmp(node->name, "n3") == 0);
		assert_true(node->healths.n >= 3);
	}
	/* n1 lost it between the polls that the recording's master_change names */
	assert_int_equal(t.nodes.v[0].spans.v[1].state, TIMELINE_NONE);
	assert_true(fabs(t.nodes.v[0].spans.v[1].from.lo_s - (0.459743 - 0.267949258)) < 1e-6);
	assert_true(fabs(t.nodes.v[0].spans.v[1].from.hi_s - (0.492672 - 0.267949258)) < 1e-6);
	/* the victim was silent from about its end to its return */
	assert_int_equal(t.nodes.v[2].spans.v[1].state, TIMELINE_SILENT);
	timeline_done(&t);
}

static void test_steps(void **state)
{
	struct timeline t;

	(void)state;
	load(2, &t);
	assert_int_equal(t.steps.n, 2);
	assert_string_equal(t.steps.v[0].action, "stop");
	assert_string_equal(t.nodes.v[t.steps.v[0].node].name, "n3");
	assert_true(fabs(t.steps.v[0].issued_s) < 1e-12);
	assert_true(t.steps.v[0].gone_hi_s > 0.6 && t.steps.v[0].gone_hi_s < 0.61);
	assert_string_equal(t.steps.v[1].action, "start");
	assert_true(isnan(t.steps.v[1].gone_hi_s));
	timeline_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choose), cmocka_unit_test(test_spans),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_choose_without_times), /* the last: it changes the model */
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
