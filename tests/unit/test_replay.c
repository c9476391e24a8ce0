/* Trials whose rows are written by hand, and what is known to have happened in them. */
#include "lib/clock.h"
#include "schema/replay.h"
#include "tests/unit/state.h"
#include "tests/unit/unit.h"
#include <string.h>

enum { MS = 1000000, MAX = 5 };
static const unsigned ALL = ~0u; /* nodes, whatever their number */

static const char *const names[MAX] = {"n0", "n1", "n2", "n3", "n4"};
static const int64_t base_ns = INT64_C(5000000000000);

/* n0 is the master at first. Every poll takes 2 ms. */
struct rows {
	struct snapshot_set *set;
	samples samples;
	health_changes healths;
	struct replay_trial trial;
	struct replay replay;
};

static struct rows make(size_t n)
{
	return (struct rows){.set = snapshot_set_new(),
			     .trial = {.n_nodes = n, .names = names, .base_ns = base_ns}};
}

static void done(struct rows *r)
{
	replay_done(&r->replay);
	vec_done(&r->samples);
	vec_done(&r->healths);
	vec_done(&r->trial.steps);
	vec_done(&r->trial.rounds);
	snapshot_set_free(r->set);
}

/* master -1: none. listed, anew: a bit for each node, anew: with another ephemeral id. All vote. */
static const struct snapshot *view(struct rows *r, int master, unsigned listed, unsigned anew)
{
	const struct state state = {(int)r->trial.n_nodes, master, master + 2, listed, anew, ALL};

	return state_make(r->set, &state);
}

/* v NULL: refused. */
static void poll(struct rows *r, int node, int64_t at_ms, const struct snapshot *v)
{
	vec_push(&r->samples, (struct store_sample){.due_us = at_ms * 1000 - 100,
						    .late_us = 100,
						    .took_us = 2000,
						    .node = (uint8_t)node,
						    .outcome = v ? SAMPLE_OK : SAMPLE_NET_ERROR,
						    .view = v});
}

static void polls(struct rows *r, int first, int64_t at_ms, const struct snapshot *v)
{
	for (int i = first; i < (int)r->trial.n_nodes; i++)
		poll(r, i, at_ms, v);
}

static int64_t at(int64_t ms)
{
	return base_ns + ms * MS;
}

static void health(struct rows *r, int node, int64_t lo_ms, int64_t hi_ms, enum health status)
{
	vec_push(&r->healths, (struct health_change){node, {at(lo_ms), at(hi_ms)}, status});
}

static struct replay_step *step(struct rows *r, int node, const char *action, int64_t intent_ms)
{
	const struct replay_step new = {.node = node,
					.action = action,
					.intent_ns = at(intent_ms),
					.issued_ns = at(intent_ms + 1),
					.done_ns = at(intent_ms + 4),
					.undone_ns = TRACK_NEVER,
					.gone = {TRACK_NEVER, TRACK_NEVER}};

	vec_push(&r->trial.steps, new);
	return &r->trial.steps.v[r->trial.steps.n - 1];
}

static struct replay_step *undo(struct rows *r, int node, const char *action, int64_t intent_ms)
{
	struct replay_step *s = step(r, node, action, intent_ms);

	s->undoes = true;
	return s;
}

static void round_takes(struct rows *r, int node)
{
	struct replay_round new = {{false}};

	new.taken[node] = true;
	vec_push(&r->trial.rounds, new);
}

static void replay(struct rows *r, unsigned order)
{
	replay_done(&r->replay);
	r->trial.samples = &r->samples;
	r->trial.healths = &r->healths;
	replay_run(&r->trial, order, &r->replay);
}

static const struct metric_value *find(const struct rows *r, enum metric metric, enum origin origin)
{
	const struct metric_value *v;

	vec_each (v, &r->replay.values)
		if (v->metric == metric && v->origin == origin && v->observer == -1)
			return v;
	return NULL;
}

static void expect(const struct rows *r, enum metric metric, enum origin origin, int64_t lo_ms,
		   int64_t hi_ms, int censored)
{
	const struct metric_value *v = find(r, metric, origin);

	assert_non_null(v);
	assert_int_equal(v->lo_ns, lo_ms * MS);
	assert_int_equal(v->hi_ns, hi_ms * MS);
	assert_int_equal(v->censored, censored);
}

#define FAULT ORIGIN_FAULT_ISSUED
#define START ORIGIN_START_ISSUED

/* n0 is stopped at 100 ms and started at 201 ms; n1 is master from 140 ms on. */
static void stop_n0(struct rows *r)
{
	const struct snapshot *before = view(r, 0, 7, 0), *none = view(r, -1, 6, 0),
			      *after = view(r, 1, 6, 0);
	struct replay_step *stop;

	round_takes(r, 0);
	stop = step(r, 0, "stop", 99);
	stop->gone = (struct interval){at(116), at(117)};
	undo(r, 0, "start", 200);
	for (int i = 0; i < 3; i++)
		health(r, i, 4, 4, HEALTH_GREEN);
	polls(r, 0, 0, before);
	polls(r, 0, 110, before);
	poll(r, 0, 115, NULL);
	poll(r, 1, 120, none);
	poll(r, 2, 120, before);
	polls(r, 1, 130, none);
	poll(r, 1, 140, after);
	poll(r, 2, 140, none);
	poll(r, 2, 150, after);
	polls(r, 1, 205, after);
}

static void a_stopped_master(void **unused)
{
	struct rows r = make(3);

	(void)unused;
	stop_n0(&r);
	polls(&r, 0, 310, view(&r, 1, 7, 1));
	health(&r, 1, 110, 125, HEALTH_YELLOW);
	health(&r, 1, 300, 330, HEALTH_GREEN);
	replay(&r, REPLAY_PLAIN);
	assert_true(r.replay.struck);
	assert_null(r.replay.why_not);
	assert_int_equal(r.replay.old_master, 0);
	assert_int_equal(r.replay.term_before, 2);
	assert_string_equal(r.replay.old_ephemeral_id, "e0-0");
	assert_int_equal(r.replay.new_master, 1);
	assert_int_equal(r.replay.term_after, 3);
	expect(&r, METRIC_DETECTION, FAULT, 10, 22, 0);
	expect(&r, METRIC_REELECTION, FAULT, 30, 42, 0);
	expect(&r, METRIC_AGREEMENT, FAULT, 40, 52, 0);
	expect(&r, METRIC_REELECTION, ORIGIN_FAULT_DONE, 27, 39, 0);
	expect(&r, METRIC_REELECTION, ORIGIN_PROCESS_GONE, 13, 26, 0);
	expect(&r, METRIC_SHUTDOWN, FAULT, 16, 17, 0);
	expect(&r, METRIC_REJOIN, START, 4, 111, 0);
	expect(&r, METRIC_REDUNDANCY, START, 99, 129, 0);
	assert_false(replay_is_bound(&r.replay, find(&r, METRIC_REDUNDANCY, START)));
	assert_int_equal(r.replay.reelections.n, 1);
	assert_int_equal(r.replay.reelections.v[0].lo_ns, 30 * MS);
	assert_int_equal(r.replay.reelections.v[0].hi_ns, 42 * MS);
	assert_int_equal(track_master_changes(r.replay.track)->n, 5);
	done(&r);
}

/* What the state lacks tells it to the last digit; what health lacks sets a bound. */
static void redundancy_that_never_came(void **unused)
{
	struct rows r = make(3);
	const struct metric_value *v;

	(void)unused;
	stop_n0(&r);
	polls(&r, 1, 400, view(&r, 1, 6, 0));
	replay(&r, REPLAY_PLAIN);
	expect(&r, METRIC_REDUNDANCY, START, 199, 0, 1);
	assert_false(replay_is_bound(&r.replay, find(&r, METRIC_REDUNDANCY, START)));
	done(&r);

	r = make(3);
	stop_n0(&r);
	polls(&r, 0, 310, view(&r, 1, 7, 1));
	health(&r, 2, 110, 125, HEALTH_YELLOW);
	replay(&r, REPLAY_PLAIN);
	v = find(&r, METRIC_REDUNDANCY, START);
	assert_int_equal(v->censored, 1);
	assert_int_equal(v->lo_ns, 0);
	assert_true(replay_is_bound(&r.replay, v));
	assert_false(replay_is_bound(&r.replay, find(&r, METRIC_REJOIN, START)));
	done(&r);
}

/* Each round counts from its own loss, and ends with the intent of what follows. */
static void losses_one_after_another(void **unused)
{
	struct rows r = make(5);
	const struct snapshot *before = view(&r, 0, 31, 0), *first = view(&r, 1, 30, 0),
			      *second = view(&r, 2, 28, 0);

	(void)unused;
	round_takes(&r, 0);
	round_takes(&r, 1);
	step(&r, 0, "kill", 99)->gone = (struct interval){at(100), at(101)};
	step(&r, 1, "kill", 200)->gone = (struct interval){at(201), at(202)};
	undo(&r, 0, "start", 300);
	undo(&r, 1, "start", 300);
	polls(&r, 0, 0, before);
	polls(&r, 1, 110, before);
	poll(&r, 1, 120, first);
	poll(&r, 2, 120, first);
	poll(&r, 4, 120, first);
	/* n3 comes to know when the round is over: its last answer of it was that of 110 ms */
	poll(&r, 3, 199, before);
	polls(&r, 2, 215, first);
	poll(&r, 2, 220, second);
	poll(&r, 4, 222, second);
	poll(&r, 3, 224, second);
	replay(&r, REPLAY_PLAIN);
	assert_int_equal(r.replay.reelections.n, 2);
	assert_int_equal(r.replay.reelections.v[0].lo_ns, 10 * MS);
	assert_int_equal(r.replay.reelections.v[0].hi_ns, 22 * MS);
	assert_int_equal(r.replay.reelections.v[1].lo_ns, 14 * MS);
	assert_int_equal(r.replay.reelections.v[1].hi_ns, 21 * MS);
	assert_int_equal(r.replay.old_master, 0);
	assert_int_equal(r.replay.new_master, 2);
	assert_null(find(&r, METRIC_REELECTION, FAULT));
	done(&r);
}

/* An answer after the round's end would have narrowed it. */
static void a_round_ends_with_the_next_intent(void **unused)
{
	struct rows r = make(3);
	const struct snapshot *before = view(&r, 0, 7, 0);

	(void)unused;
	round_takes(&r, 0);
	step(&r, 0, "kill", 99);
	undo(&r, 0, "start", 200)->issued_ns = at(250);
	polls(&r, 0, 90, before);
	poll(&r, 1, 110, before);
	poll(&r, 1, 120, view(&r, 1, 6, 0));
	/* until then n2 may have shown the new master from 90 ms on */
	poll(&r, 2, 210, before);
	replay(&r, REPLAY_PLAIN);
	assert_int_equal(r.replay.reelections.n, 1);
	assert_int_equal(r.replay.reelections.v[0].lo_ns, 0);
	assert_int_equal(r.replay.reelections.v[0].hi_ns, 22 * MS);
	expect(&r, METRIC_REELECTION, FAULT, 10, 22, 0);
	done(&r);
}

static void nothing_done_gives_floors(void **unused)
{
	struct rows r = make(3);
	const struct snapshot *whole = view(&r, 0, 7, 0);

	(void)unused;
	step(&r, 0, "noop", 99)->undone_ns = at(500);
	undo(&r, 0, "noop", 299);
	for (int i = 0; i < 3; i++)
		health(&r, i, 4, 4, HEALTH_GREEN);
	for (int ms = 0; ms < 550; ms += ms == 240 ? 40 : 20)
		polls(&r, 0, ms, whole);
	/* between its changes health was asked for too: of these gaps nothing is known */
	health(&r, 1, 350, 360, HEALTH_YELLOW);
	health(&r, 1, 450, 490, HEALTH_GREEN);
	replay(&r, REPLAY_PLAIN);
	expect(&r, METRIC_REELECTION, FAULT, 0, 42, -1);
	expect(&r, METRIC_REJOIN, START, 0, 22, -1);
	expect(&r, METRIC_REDUNDANCY, START, 0, 40, -1);
	assert_true(replay_is_bound(&r.replay, find(&r, METRIC_REDUNDANCY, START)));
	assert_false(replay_is_bound(&r.replay, find(&r, METRIC_REJOIN, START)));
	assert_int_equal(r.replay.reelections.n, 0);
	assert_int_equal(r.replay.new_master, 0);
	done(&r);
}

static void answers_come_in_the_order_of_their_ends(void **unused)
{
	struct rows r = make(3);
	const struct snapshot *before = view(&r, 0, 7, 0), *after = view(&r, 1, 6, 0);
	const master_changes *changes;

	(void)unused;
	round_takes(&r, 0);
	step(&r, 0, "kill", 99);
	polls(&r, 0, 0, before);
	poll(&r, 1, 120, after);
	r.samples.v[r.samples.n - 1].took_us = 40000;
	poll(&r, 2, 130, after);
	replay(&r, REPLAY_PLAIN);
	changes = track_master_changes(r.replay.track);
	assert_int_equal(changes->n, 2);
	assert_int_equal(changes->v[0].node, 2);
	assert_int_equal(changes->v[0].at.hi_ns, at(132));
	assert_int_equal(changes->v[1].node, 1);
	assert_int_equal(changes->v[1].at.hi_ns, at(160));
	expect(&r, METRIC_AGREEMENT, FAULT, 0, 60, -1);
	done(&r);
}

/* An answer's end is stored rounded up to a microsecond: it may have come before the fault. */
static void the_order_within_a_microsecond_is_open(void **unused)
{
	struct rows r = make(3);

	(void)unused;
	round_takes(&r, 0);
	step(&r, 0, "kill", 99)->issued_ns = at(112) - 500;
	polls(&r, 0, 0, view(&r, 0, 7, 0));
	poll(&r, 1, 110, view(&r, -1, 6, 0));
	replay(&r, REPLAY_PLAIN);
	assert_int_equal(r.replay.old_master, 0);
	replay(&r, REPLAY_FAULT_LATE);
	assert_int_equal(r.replay.old_master, -1);
	replay(&r, REPLAY_TIES_TURNED | REPLAY_START_LATE);
	assert_int_equal(r.replay.old_master, 0);
	done(&r);
}

static void what_was_not_done_is_nothing(void **unused)
{
	struct rows r = make(3);
	struct replay_step *s;

	(void)unused;
	s = step(&r, 0, "stop", 99);
	s->issued_ns = s->done_ns = TRACK_NEVER;
	s->failed = s->voided = true;
	polls(&r, 0, 0, view(&r, 0, 7, 0));
	replay(&r, REPLAY_PLAIN);
	assert_false(r.replay.struck);
	assert_null(r.replay.why_not);
	assert_int_equal(r.replay.values.n, 0);
	/* it failed, and nobody can tell when it would have been */
	r.trial.steps.v[0].voided = false;
	round_takes(&r, 0);
	replay(&r, REPLAY_PLAIN);
	assert_non_null(strstr(r.replay.why_not, "before the instant of the fault"));
	assert_int_equal(r.replay.values.n, 0);
	done(&r);
}

/* Nobody says what was done: n0 was lost at 113 ms, n1 master at 139 ms. */
static void a_loss_that_was_only_watched(void **unused)
{
	struct rows r = make(3);
	const struct metric_value *v;

	(void)unused;
	stop_n0(&r);
	r.trial.steps.n = r.trial.rounds.n = 0;
	r.trial.watched = true;
	for (int ms = 210; ms < 400; ms += 10) {
		poll(&r, 0, ms, NULL);
		polls(&r, 1, ms, view(&r, 1, 6, 0));
	}
	replay(&r, REPLAY_PLAIN);
	assert_true(r.replay.struck);
	v = find(&r, METRIC_REELECTION, FAULT);
	assert_non_null(v);
	assert_true(v->lo_ns <= 26 * MS && v->hi_ns >= 26 * MS && v->hi_ns < 50 * MS);
	assert_int_equal(r.replay.new_master, -1);
	done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stopped_master),
		cmocka_unit_test(redundancy_that_never_came),
		cmocka_unit_test(losses_one_after_another),
		cmocka_unit_test(a_round_ends_with_the_next_intent),
		cmocka_unit_test(nothing_done_gives_floors),
		cmocka_unit_test(answers_come_in_the_order_of_their_ends),
		cmocka_unit_test(the_order_within_a_microsecond_is_open),
		cmocka_unit_test(what_was_not_done_is_nothing),
		cmocka_unit_test(a_loss_that_was_only_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
