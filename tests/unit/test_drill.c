/* Whole drills on a fake cluster with a fake driver: what cannot be had from real nodes at will. */
#include "collector/trial.h"
#include "lib/clock.h"
#include "tests/unit/drill_rig.h"
#include <string.h>

static const char plan_text[] = "schema: 1\n"
				"study: {name: fake}\n"
				"cluster: {home: none, nodes: 3}\n"
				"factors: {fault: kill}\n"
				"trials: 2\n"
				"warmup: 0\n"
				"limits: {start: 5s, gate: 1s, reelection: 1s, rejoin: 5s}\n"
				"pause: {between: 0s, jitter: 0s}\n";

enum mode { ELECTS, DOES_NOT_ELECT, CANNOT_ACT };

struct rig {
	struct drill_rig base; /* first: the ops get it back from there */
	struct trial last;     /* what it owns is freed with the rig */
	enum mode mode;
	int term, life;
	struct loop_timer timer;
	struct driver_event acted;
};

/* ---- the driver ----------------------------------------------------------------------------- */

/* What a survivor shows when the victim is gone. */
static void lose_master(struct rig *rig, const char *survivor, const char *next, const char *other)
{
	if (rig->mode == ELECTS)
		say(&rig->base, mem_printf("now %s master %s term %d version %d members %s,%s",
					   survivor, next, rig->term, rig->term * 10, next, other));
	else
		say(&rig->base, mem_printf("now %s master none", survivor));
}

static void on_acted(void *arg)
{
	struct rig *rig = arg;
	struct driver_event gone = {.kind = DRIVER_GONE,
				    .node = rig->acted.node,
				    .gone = {rig->acted.issued_ns, clock_mono_ns()}};

	rig->base.driver.on_event(rig->base.driver.arg, &rig->acted);
	if (rig->acted.action == ACTION_KILL)
		rig->base.driver.on_event(rig->base.driver.arg, &gone);
}

static int fake_act(struct driver *driver, int node, enum action action, struct err *err)
{
	struct rig *rig = (struct rig *)driver;
	const char *name = driver->nodes.v[node].name;
	const char *next = driver->nodes.v[(node + 1) % 3].name;
	const char *third = driver->nodes.v[(node + 2) % 3].name;

	if (rig->mode == CANNOT_ACT)
		return err_set(err, ERR_ENV, "the machine is on fire");
	rig->acted = (struct driver_event){.kind = DRIVER_ACTED, .node = node, .action = action};
	rig->acted.issued_ns = clock_mono_ns();
	if (action == ACTION_KILL) {
		say(&rig->base, mem_printf("now %s refuse", name));
		rig->term += rig->mode == ELECTS;
		lose_master(rig, next, next, third);
		lose_master(rig, third, next, third);
	} else {
		rig->life++;
		say(&rig->base, mem_printf("now %s ephemeral %s-%d", name, name, rig->life));
		say(&rig->base, mem_printf("now %s ok", name));
		rig->term += rig->mode == DOES_NOT_ELECT;
		say(&rig->base, mem_printf("now * master %s term %d version %d members n1,n2,n3",
					   next, rig->term, rig->term * 10 + 1));
	}
	rig->acted.done_ns = clock_mono_ns();
	loop_timer_set(driver->loop, &rig->timer, rig->acted.done_ns);
	return 0;
}

static int fake_close(struct driver *driver, struct err *err)
{
	struct rig *rig = (struct rig *)driver;

	(void)err;
	loop_timer_stop(driver->loop, &rig->timer);
	return 0;
}

static const struct driver_ops fake_ops = {
	.name = "local",
	.owns_nodes = true, /* no mark: the fake nodes know nothing of settings */
	.open = fake_open,
	.act = fake_act,
	.explain = fake_explain,
	.close = fake_close};

/* ---- the drill ------------------------------------------------------------------------------ */

static int set_up(void **state)
{
	struct rig *rig = mem_alloc(sizeof *rig);

	*state = rig;
	rig->term = 1;
	rig->life = 1;
	rig->timer = (struct loop_timer){.fn = on_acted, .arg = rig};
	return drill_rig_set_up(&rig->base, &fake_ops, plan_text, NULL);
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	int code;

	trial_done(&rig->last);
	code = drill_rig_tear_down(&rig->base, false);
	free(rig);
	return code;
}

static void run_trial(struct rig *rig, struct trial *trial)
{
	struct err err = ERR_INIT;

	if (rig->base.d.cluster < 0)
		assert_int_equal(cluster_open(&rig->base.d, 0, &err), 0);
	trial_done(&rig->last);
	assert_int_equal(trial_run(trial, &rig->base.d, &rig->base.d.schedule.v[0], &err), 0);
	rig->last = *trial;
}

static void whole_plan_recovers(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	assert_int_equal(drill_run(&rig->base.d, &err), 0);
	assert_int_equal(rig->base.d.n_run, 2);
	assert_int_equal(rig->base.d.n_failed, 0);
}

static void no_election_is_censored_and_healed(void **state)
{
	struct rig *rig = *state;
	struct trial trial;
	metric_values values = {0};
	size_t n_censored = 0;

	rig->mode = DOES_NOT_ELECT;
	run_trial(rig, &trial);
	assert_int_equal(trial.outcome, OUTCOME_NO_REELECTION);
	/* the master that came with the node's return is the healing's, not the election's */
	track_metrics(observe_track(rig->base.d.observe), &values);
	for (size_t i = 0; i < values.n; i++) {
		const struct metric_value *v = &values.v[i];
		if (v->metric != METRIC_REELECTION && v->metric != METRIC_AGREEMENT)
			continue;
		assert_int_equal(v->censored, 1);
		if (v->origin == ORIGIN_FAULT_ISSUED) {
			assert_true(v->lo_ns > 0);
			assert_true(v->lo_ns <= trial.steps.v[1].issued_ns - trial.fault_issued_ns);
			n_censored++;
		}
	}
	assert_int_equal(n_censored, 2);
	vec_done(&values);
	assert_true(trial.steps.v[0].undone_ns != TRACK_NEVER);
	rig->mode = ELECTS;
	run_trial(rig, &trial);
	assert_int_equal(trial.outcome, OUTCOME_RECOVERED);
}

static void driver_that_cannot_is_an_instrument_error(void **state)
{
	struct rig *rig = *state;
	struct trial trial;

	rig->mode = CANNOT_ACT;
	run_trial(rig, &trial);
	assert_int_equal(trial.outcome, OUTCOME_INSTRUMENT_ERROR);
	assert_string_equal(trial.reason, "the machine is on fire");
}

/* running on a cluster that is not the plan's */
static void another_cluster_is_refused(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;
	struct trial trial;

	assert_int_equal(cluster_open(&rig->base.d, 0, &err), 0);
	fake_say(&rig->base.fake, "now * uuid of-another version 99", 3);
	run_trial(rig, &trial);
	assert_int_equal(trial.outcome, OUTCOME_GATE_FAILED);
	assert_non_null(strstr(trial.reason, "the nodes form another cluster (uuid of-another"));
	assert_int_equal(trial.steps.n, 0);

	assert_int_equal(cluster_close(&rig->base.d, &err), 0);
	assert_int_equal(cluster_open(&rig->base.d, 0, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "its uuid is of-another, but"));
	assert_int_equal(rig->base.d.cluster, -1);
}

static void gate_says_what_is_missing(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;
	struct trial trial;

	assert_int_equal(cluster_open(&rig->base.d, 0, &err), 0);
	fake_say(&rig->base.fake, "now * health red", 3);
	run_trial(rig, &trial);
	assert_int_equal(trial.outcome, OUTCOME_GATE_FAILED);
	assert_non_null(strstr(trial.reason, "red"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_plan_recovers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_election_is_censored_and_healed, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(driver_that_cannot_is_an_instrument_error, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(another_cluster_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gate_says_what_is_missing, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("drill", tests, NULL, NULL);
}
