#include "collector/schedule.h"
#include "tests/unit/unit.h"
#include <stdbool.h>

/* Three clusters with two arms each. */
static struct plan_arm arms[] = {{.cluster = 0}, {.cluster = 0}, {.cluster = 1},
				 {.cluster = 1}, {.cluster = 2}, {.cluster = 2}};
static struct plan_cluster clusters[3];
enum { N_ARMS = 6 };

static struct plan a_plan(void)
{
	struct plan plan = {
		.trials = 7,
		.warmup = 2,
		.interleave = true,
		.block = 3,
		.seed = 42,
		.pause_jitter_ns = 1000,
	};

	plan.clusters.v = clusters;
	plan.clusters.n = 3;
	plan.arms.v = arms;
	plan.arms.n = N_ARMS;
	return plan;
}

static void every_arm_gets_its_trials(void **state)
{
	struct plan plan = a_plan();
	int64_t n[N_ARMS][2] = {{0}};
	schedule slots;

	(void)state;
	schedule_make(&plan, &slots);
	assert_int_equal(slots.n, N_ARMS * 9);
	for (size_t i = 0; i < slots.n; i++) {
		const struct schedule_slot *slot = &slots.v[i];

		assert_int_equal(slot->position, i + 1);
		assert_in_range(slot->jitter_ns, 0, 1000);
		if (slot->warmup) {
			assert_int_equal(slot->block, 1);
			assert_int_equal(n[slot->arm][0], 0);
		} else {
			assert_int_equal(slot->block, n[slot->arm][0] / 3 + 1);
		}
		n[slot->arm][slot->warmup]++;
	}
	for (int arm = 0; arm < N_ARMS; arm++) {
		assert_int_equal(n[arm][0], 7);
		assert_int_equal(n[arm][1], 2);
	}
	vec_done(&slots);
}

static void a_cluster_has_one_turn_in_a_round(void **state)
{
	struct plan plan = a_plan();
	bool had[4][3] = {{false}};
	schedule slots;

	(void)state;
	schedule_make(&plan, &slots);
	for (size_t i = 0; i < slots.n; i++) {
		int64_t block = slots.v[i].block;
		int cluster = arms[slots.v[i].arm].cluster;

		if (i && slots.v[i - 1].block == block &&
		    arms[slots.v[i - 1].arm].cluster == cluster)
			continue;
		assert_in_range(block, 1, 3);
		assert_false(had[block][cluster]);
		had[block][cluster] = true;
	}
	vec_done(&slots);
}

static bool same(const schedule *a, const schedule *b)
{
	bool is_same = a->n == b->n;

	for (size_t i = 0; is_same && i < a->n; i++)
		is_same = a->v[i].position == b->v[i].position && a->v[i].block == b->v[i].block &&
			  a->v[i].arm == b->v[i].arm && a->v[i].warmup == b->v[i].warmup &&
			  a->v[i].jitter_ns == b->v[i].jitter_ns;
	return is_same;
}

static void seed_decides(void **state)
{
	struct plan plan = a_plan();
	schedule a, b, c;

	(void)state;
	schedule_make(&plan, &a);
	schedule_make(&plan, &b);
	plan.seed = 43;
	schedule_make(&plan, &c);
	assert_true(same(&a, &b));
	assert_false(same(&a, &c));
	vec_done(&a);
	vec_done(&b);
	vec_done(&c);
}

static void without_interleave_arms_come_in_turn(void **state)
{
	struct plan plan = a_plan();
	schedule slots;

	(void)state;
	plan.interleave = false;
	plan.pause_jitter_ns = 0;
	schedule_make(&plan, &slots);
	for (size_t i = 0; i < slots.n; i++) {
		assert_int_equal(slots.v[i].arm, i / 9);
		assert_int_equal(slots.v[i].warmup, i % 9 < 2);
		assert_int_equal(slots.v[i].jitter_ns, 0);
	}
	vec_done(&slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arm_gets_its_trials),
		cmocka_unit_test(a_cluster_has_one_turn_in_a_round),
		cmocka_unit_test(seed_decides),
		cmocka_unit_test(without_interleave_arms_come_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
