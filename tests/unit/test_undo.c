/* What a trial owes to nodes that are not the collector's: they are brought back, or it is said
 * that they are not. On a fake cluster with a fake driver that can be slow, fail and stay silent.
 */
#include "collector/trial.h"
#include "lib/clock.h"
#include "tests/unit/drill_rig.h"
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static const char plan_text[] = "schema: 1\n"
				"study: {name: fake}\n"
				"cluster: {home: none, nodes: 3}\n"
				"allow: [quorum_loss]\n"
				"factors: {fault: kill}\n"
				"trials: 1\n"
				"warmup: 0\n"
				"limits: {start: 5s, gate: 1s, reelection: 1s, rejoin: 1s, "
				"quorum_loss: 100ms}\n"
				"pause: {between: 0s, jitter: 0s}\n";

/* What becomes of an action: begun and told of, or not. */
struct manner {
	enum { WORKS, FAILS, REFUSED, SILENT } how;
	int64_t takes_ns;
	int64_t shows_ns; /* so much later */
	bool interrupts;  /* ^C as soon as it is begun */
	bool fills;	  /* then nothing more can be written to a file */
};

struct rig;
struct node {
	struct rig *rig;
	bool up;
	struct loop_timer timer, show_timer;
	struct driver_event acted;
};

struct rig {
	struct drill_rig base; /* first: the ops get it back from there */
	struct manner manners[N_ACTIONS];
	int n_begun[N_ACTIONS];
	struct node nodes[N_NODES];
	int term, version, life, master;
	bool cannot_close, ended;
};

/* ---- the driver ----------------------------------------------------------------------------- */

/* Those that are up list each other, and have a master where they are the most. */
static void show(struct rig *rig)
{
	struct str members = STR_INIT;
	int n_up = 0;

	for (int i = 0; i < N_NODES; i++)
		if (rig->nodes[i].up)
			str_addf(&members, "%sn%d", n_up++ ? "," : "", i + 1);
	rig->version++;
	if (n_up * 2 > N_NODES && !rig->nodes[rig->master].up) {
		rig->term++;
		for (rig->master = 0; !rig->nodes[rig->master].up; rig->master++)
			;
	}
	for (int i = 0; i < N_NODES; i++) {
		if (!rig->nodes[i].up)
			continue;
		if (n_up * 2 > N_NODES)
			say(&rig->base,
			    mem_printf("now n%d master n%d term %d version %d members %s", i + 1,
				       rig->master + 1, rig->term, rig->version, members.s));
		else
			say(&rig->base, mem_printf("now n%d master none", i + 1));
	}
	str_done(&members);
}

static void take_effect(struct rig *rig, int node, enum action action)
{
	rig->nodes[node].up = action == ACTION_START;
	if (action == ACTION_START) {
		say(&rig->base,
		    mem_printf("now n%d ephemeral n%d-%d", node + 1, node + 1, ++rig->life));
		say(&rig->base, mem_printf("now n%d ok", node + 1));
	} else {
		say(&rig->base, mem_printf("now n%d refuse", node + 1));
	}
	show(rig);
}

static void on_show(void *arg)
{
	struct node *node = arg;

	take_effect(node->rig, node->acted.node, node->acted.action);
}

static void on_acted(void *arg)
{
	struct node *node = arg;
	struct rig *rig = node->rig;
	struct driver_event acted = node->acted;
	bool fails = rig->manners[acted.action].how == FAILS;

	if (!fails && rig->manners[acted.action].shows_ns)
		loop_timer_set(rig->base.d.loop, &node->show_timer,
			       clock_mono_ns() + rig->manners[acted.action].shows_ns);
	else if (!fails)
		take_effect(rig, acted.node, acted.action);
	acted.done_ns = clock_mono_ns();
	acted.error = fails ? "it is on fire" : NULL;
	rig->base.driver.on_event(rig->base.driver.arg, &acted);
	if (acted.action == ACTION_KILL && !fails) {
		struct driver_event gone = {.kind = DRIVER_GONE,
					    .node = acted.node,
					    .gone = {acted.issued_ns, acted.done_ns}};

		rig->base.driver.on_event(rig->base.driver.arg, &gone);
	}
}

/* Writing beyond it fails, as on a disk that is full. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static int fake_act(struct driver *driver, int node, enum action action, struct err *err)
{
	struct rig *rig = (struct rig *)driver;
	const struct manner *manner = &rig->manners[action];
	struct node *at = &rig->nodes[node];

	if (manner->how == REFUSED)
		return err_set(err, ERR_ENV, "there is no such thing");
	rig->n_begun[action]++;
	if (manner->interrupts)
		raise(SIGINT);
	if (manner->fills)
		limit_files(1);
	at->acted = (struct driver_event){.kind = DRIVER_ACTED, .node = node, .action = action};
	at->acted.issued_ns = clock_mono_ns();
	if (manner->how != SILENT)
		loop_timer_set(driver->loop, &at->timer, at->acted.issued_ns + manner->takes_ns);
	return 0;
}

static int fake_close(struct driver *driver, struct err *err)
{
	struct rig *rig = (struct rig *)driver;

	for (int i = 0; i < N_NODES; i++) {
		loop_timer_stop(driver->loop, &rig->nodes[i].timer);
		loop_timer_stop(driver->loop, &rig->nodes[i].show_timer);
	}
	return rig->cannot_close ? err_set(err, ERR_ENV, "it does not end") : 0;
}

#define OPS                                                                                        \
	.name = "local", .open = fake_open, .act = fake_act, .explain = fake_explain,              \
	.close = fake_close
/* for the opening: no mark, the fake nodes know nothing of settings */
static const struct driver_ops own_ops = {OPS, .owns_nodes = true};
static const struct driver_ops foreign_ops = {OPS, .owns_nodes = false};

/* ---- the drill ------------------------------------------------------------------------------ */

static int set_up_with(void **state, const char *set)
{
	struct rig *rig = mem_alloc(sizeof *rig);
	struct err err = ERR_INIT;

	*state = rig;
	rig->term = rig->life = rig->version = 1;
	for (int i = 0; i < N_NODES; i++) {
		struct node *node = &rig->nodes[i];

		*node = (struct node){.rig = rig, .up = true};
		node->timer = (struct loop_timer){.fn = on_acted, .arg = node};
		node->show_timer = (struct loop_timer){.fn = on_show, .arg = node};
	}
	if (drill_rig_set_up(&rig->base, &own_ops, plan_text, set) ||
	    loop_catch_signals(rig->base.d.loop, &err) || cluster_open(&rig->base.d, 0, &err))
		return -1;
	rig->base.driver.ops = &foreign_ops;
	return 0;
}

static int set_up(void **state)
{
	return set_up_with(state, NULL);
}

static int set_up_cascade(void **state)
{
	return set_up_with(state, "factors.target=cascade");
}

static int set_up_one_by_one(void **state)
{
	return set_up_with(state, "return=one_by_one");
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	int code = drill_rig_tear_down(&rig->base, rig->ended);
	sigset_t caught;

	sigemptyset(&caught);
	sigaddset(&caught, SIGINT);
	sigprocmask(SIG_UNBLOCK, &caught, NULL);
	free(rig);
	return code;
}

/* ---- nodes that are not known to be back ---------------------------------------------------- */

static void what_was_begun_and_never_answered_is_not_healed(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_KILL].how = SILENT;
	rig->manners[ACTION_START].how = SILENT;
	assert_int_equal(drill_run(&rig->base.d, &err), ERR_UNHEALED);
	assert_true(rig->base.d.unhealed);
	assert_non_null(strstr(err.text, "the driver did not answer"));
	assert_int_equal(rig->n_begun[ACTION_START], 1);
}

/* ^C while a start takes its time, as while a node rejoins, is no reason to leave it half done. */
static void a_signal_while_nodes_are_started(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_START] =
		(struct manner){.takes_ns = 300 * NS_PER_MS, .interrupts = true};
	assert_int_equal(drill_run(&rig->base.d, &err), ERR_INTERRUPTED);
	assert_false(rig->base.d.unhealed);
	assert_true(rig->nodes[0].up);
}

/* Too late for the trial, but back. */
static void back_after_the_limit_is_back(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_START].shows_ns = 1300 * NS_PER_MS;
	assert_int_equal(drill_run(&rig->base.d, &err), 1);
	assert_false(rig->base.d.unhealed);
	assert_true(rig->nodes[0].up);
}

/* Nothing shows while a stop hangs: that all nodes are there is not that they stay. */
static void whole_while_the_fault_is_under_way_is_not_back(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_KILL].how = SILENT;
	rig->manners[ACTION_START].how = FAILS;
	assert_int_equal(drill_run(&rig->base.d, &err), ERR_UNHEALED);
	assert_true(rig->nodes[0].up);
}

static void not_healed_is_worse_than_not_recorded(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_KILL].fills = true;
	rig->manners[ACTION_START].how = FAILS;
	int code = drill_run(&rig->base.d, &err);
	limit_files(RLIM_INFINITY);
	assert_int_equal(code, ERR_UNHEALED);
	assert_true(rig->base.d.unhealed);
	assert_non_null(strstr(err.text, "it is on fire; "));
	assert_non_null(strstr(err.text, "drill.sqlite: "));
}

static void what_cannot_be_recorded_is_healed(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_KILL].fills = true;
	int code = drill_run(&rig->base.d, &err);
	limit_files(RLIM_INFINITY);
	assert_int_equal(code, ERR_ENV);
	assert_false(rig->base.d.unhealed);
	assert_true(rig->nodes[0].up);
	assert_int_equal(rig->n_begun[ACTION_START], 1);
}

/* The second round's intent is not on disk: heal would not know of it. */
static void a_cascade_ends_where_nothing_can_be_recorded(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_KILL].fills = true;
	int code = drill_run(&rig->base.d, &err);
	limit_files(RLIM_INFINITY);
	assert_int_equal(rig->n_begun[ACTION_KILL], 1);
	assert_int_equal(rig->n_begun[ACTION_START], 1);
	assert_int_equal(code, ERR_ENV);
	assert_false(rig->base.d.unhealed);
}

static void a_cascade_takes_another(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	assert_int_equal(drill_run(&rig->base.d, &err), 0);
	assert_int_equal(rig->n_begun[ACTION_KILL], 2);
	assert_int_equal(rig->n_begun[ACTION_START], 2);
}

/* limits.rejoin is one node's: all of them together may take longer. */
static void one_by_one_each_has_its_time(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->base.plan->arms.v[0].target = TARGET_MAJORITY;
	rig->manners[ACTION_START].takes_ns = 700 * NS_PER_MS;
	assert_int_equal(drill_run(&rig->base.d, &err), 0);
	assert_int_equal(rig->n_begun[ACTION_START], 2);
}

static void not_healed_is_worse_than_not_closed(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_START].how = FAILS;
	rig->cannot_close = true;
	int code = drill_run(&rig->base.d, &err);
	assert_int_equal(drill_end(&rig->base.d, code, &err), ERR_UNHEALED);
	rig->ended = true;
	assert_non_null(strstr(err.text, "it is on fire"));
}

static void what_was_refused_needs_no_healing(void **state)
{
	struct rig *rig = *state;
	struct err err = ERR_INIT;

	rig->manners[ACTION_KILL].how = REFUSED;
	rig->manners[ACTION_START].how = REFUSED;
	assert_int_equal(drill_run(&rig->base.d, &err), 1);
	assert_false(rig->base.d.unhealed);
}

/* A stop that hung: the end of the old process comes while the start waits for its turn. */
static void an_end_before_the_start_is_the_fault_s(void **state)
{
	struct rig *rig = *state;
	struct trial t;
	int node;

	trial_begin(&t, &rig->base.d, &rig->base.d.schedule.v[0]);
	observe_begin(rig->base.d.observe, t.base_ns);
	trial_add_step(&t, 0, ACTION_KILL, -1);
	trial_add_step(&t, 0, ACTION_START, 0);
	struct driver_event gone = {.kind = DRIVER_GONE, .node = 0, .gone = {1, 2}};
	trial_on_driver(&t, &gone);
	assert_false(trial_ended_again(&t, &node));
	assert_true(trial_victims_gone(&t));
	/* and after it, that of the new one */
	struct driver_event acted = {.kind = DRIVER_ACTED,
				     .node = 0,
				     .action = ACTION_START,
				     .issued_ns = 3,
				     .done_ns = 4};
	trial_on_driver(&t, &acted);
	gone.gone = (struct interval){4, 5};
	trial_on_driver(&t, &gone);
	assert_true(trial_ended_again(&t, &node));
	observe_end(rig->base.d.observe);
	trial_done(&t);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_begun_and_never_answered_is_not_healed),
		TEST(a_signal_while_nodes_are_started),
		TEST(back_after_the_limit_is_back),
		TEST(whole_while_the_fault_is_under_way_is_not_back),
		TEST(not_healed_is_worse_than_not_recorded),
		TEST(what_cannot_be_recorded_is_healed),
		cmocka_unit_test_setup_teardown(a_cascade_ends_where_nothing_can_be_recorded,
						set_up_cascade, tear_down),
		cmocka_unit_test_setup_teardown(a_cascade_takes_another, set_up_cascade, tear_down),
		cmocka_unit_test_setup_teardown(one_by_one_each_has_its_time, set_up_one_by_one,
						tear_down),
		TEST(not_healed_is_worse_than_not_closed),
		TEST(what_was_refused_needs_no_healing),
		TEST(an_end_before_the_start_is_the_fault_s),
	};

	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGXFSZ, &ignore, NULL); /* writing fails instead */
	return cmocka_run_group_tests_name("undo", tests, NULL, NULL);
}
