#include "collector/trial.h"
#include "collector/progress.h"
#include "lib/clock.h"
#include "lib/str.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *const trial_state_names[N_TRIAL_STATES] = {
	[TRIAL_GATE] = "gate",	   [TRIAL_BASELINE] = "baseline", [TRIAL_FAULT] = "fault",
	[TRIAL_WATCH] = "watch",   [TRIAL_HEAL] = "heal",	  [TRIAL_REJOIN] = "rejoin",
	[TRIAL_SETTLE] = "settle", [TRIAL_DONE] = "done",
};

const char *const trial_outcome_names[N_OUTCOMES] = {
	[OUTCOME_RECOVERED] = "recovered",
	[OUTCOME_NO_REELECTION] = "no_reelection",
	[OUTCOME_NO_REJOIN] = "no_rejoin",
	[OUTCOME_DISTURBED] = "disturbed",
	[OUTCOME_GATE_FAILED] = "gate_failed",
	[OUTCOME_ABORTED] = "aborted",
	[OUTCOME_INSTRUMENT_ERROR] = "instrument_error",
};

void trial_fail(struct trial *t, enum trial_outcome outcome, const char *reason)
{
	if (t->outcome != OUTCOME_RECOVERED)
		return; /* what went wrong first is what the trial is called */
	t->outcome = outcome;
	snprintf(t->reason, sizeof t->reason, "%s", reason);
}

static bool is_noop(const struct trial *t)
{
	return t->arm->fault == FAULT_NOOP;
}

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
}

/* Only the first signal ends a wait: a node that is down is brought back even when the user has
 * lost patience. */
enum loop_end trial_wait(struct trial *t, bool (*done)(void *), int64_t deadline_ns)
{
	enum loop_end end = loop_wait(t->d->loop, done, t, deadline_ns, !t->interrupted);
	if (end == LOOP_INTERRUPTED) {
		t->interrupted = true;
		progress_note("%s: %s", strsignal(loop_interrupted(t->d->loop)),
			      t->struck ? "healing" : "ending");
	}
	return end;
}

bool trial_cut_short(struct trial *t)
{
	trial_fail(t, OUTCOME_ABORTED, "interrupted");
	t->cut_short = t->d->driver->ops->owns_nodes;
	return t->cut_short;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static const char *recorded_uuid(const struct trial *t)
{
	return t->d->clusters[t->d->cluster].uuid;
}

bool trial_is_whole(const struct trial *t, char *why, size_t size)
{
	size_t voters = (size_t)plan_voters(t->d->plan->clusters.v[t->d->cluster].master_eligible);
	if (!track_is_whole(track_of(t), voters, cluster_least_health(t->d), why, size))
		return false;
	const char *uuid = track_view(track_of(t), 0)->cluster_uuid;
	if (uuid && strcmp(uuid, recorded_uuid(t)) == 0)
		return true;
	snprintf(why, size, "the nodes form another cluster (uuid %s, recorded %s)",
		 uuid ? uuid : "none", recorded_uuid(t));
	return false;
}

static bool gate_is_open(void *arg)
{
	char why[256];
	return trial_is_whole(arg, why, sizeof why);
}

/* Before the fault nothing is owed to the cluster. */
static enum trial_state give_up(struct trial *t, enum loop_end end)
{
	char why[256] = "";
	if (end == LOOP_DEADLINE) {
		if (trial_is_whole(t, why, sizeof why))
			snprintf(why, sizeof why, "%s",
				 t->writing ? "no write was acknowledged" : "no poll ended");
		trial_fail(t, OUTCOME_GATE_FAILED, why);
	} else {
		trial_fail(t, OUTCOME_ABORTED, "interrupted");
	}
	return TRIAL_DONE;
}

static enum trial_state run_gate(struct trial *t)
{
	observe_pace(t->d->observe, PACE_IDLE);
	enum loop_end end = trial_wait(t, gate_is_open, t->gate_deadline_ns);
	return end == LOOP_DONE ? TRIAL_BASELINE : give_up(t, end);
}

static bool is_steady(void *arg)
{
	struct trial *t = arg;
	return observe_is_steady(t->d->observe) &&
	       (!t->writing || writer_is_acknowledged(t->d->writer));
}

static void begin_writing(struct trial *t)
{
	if (!t->d->writer || t->writing)
		return;
	writer_begin(t->d->writer, t->base_ns);
	t->writing = true;
}

static void end_writing(struct trial *t)
{
	if (!t->writing)
		return;
	writer_end(t->d->writer);
}

static enum trial_state run_baseline(struct trial *t)
{
	begin_writing(t);
	enum loop_end end = trial_wait(t, never, clock_mono_ns() + t->slot->jitter_ns + 1);
	if (end == LOOP_INTERRUPTED)
		return give_up(t, end);
	int master = track_master(track_of(t));
	if (!gate_is_open(t) || master < 0)
		return TRIAL_GATE;
	/* the sync may hold the loop up: before the fast polls, not among them */
	if (!trial_intend(t) && !t->err.code)
		trial_fail(t, OUTCOME_GATE_FAILED, "there is no such node to take");
	if (t->err.code || t->victim < 0)
		return TRIAL_DONE;
	observe_pace(t->d->observe, PACE_FAST);
	end = trial_wait(t, is_steady, t->gate_deadline_ns);
	if (end == LOOP_DONE && gate_is_open(t) && track_master(track_of(t)) == master)
		return TRIAL_FAULT;
	trial_void_intent(t);
	if (end != LOOP_DONE || t->err.code)
		return give_up(t, end);
	return TRIAL_GATE;
}

/* Read from the master's own view: the cluster is whole, so that all views agree. */
static void note_before(struct trial *t)
{
	t->old_master = track_master(track_of(t));
	const struct snapshot *view = track_view(track_of(t), t->old_master);
	const char *name = t->d->driver->nodes.v[t->victim].name;
	const struct snapshot_member *member = snapshot_member_by_name(view, name);
	t->term_before = view->term;
	t->old_ephemeral_id = member ? member->ephemeral_id : NULL;
}

static enum trial_state run_fault(struct trial *t)
{
	if (!t->struck)
		note_before(t);
	if (is_noop(t))
		return noop_fault(t);
	return trial_strike(t) ? TRIAL_WATCH : TRIAL_HEAL;
}

static enum trial_state run_watch(struct trial *t)
{
	return is_noop(t) ? noop_watch(t) : watch_run(t);
}

static enum trial_state run_heal(struct trial *t)
{
	if (is_noop(t))
		return noop_heal(t);
	observe_pace(t->d->observe, PACE_REJOIN);
	bool undone = trial_undo(t);
	if (t->interrupted && trial_cut_short(t))
		return TRIAL_DONE;
	return undone ? TRIAL_REJOIN : TRIAL_SETTLE;
}

#define AFTER(state) (1U << (state))

static const struct {
	enum trial_state (*run)(struct trial *t);
	unsigned next; /* the states that may follow */
} phases[N_TRIAL_STATES] = {
	[TRIAL_GATE] = {run_gate, AFTER(TRIAL_BASELINE) | AFTER(TRIAL_DONE)},
	[TRIAL_BASELINE] = {run_baseline,
			    AFTER(TRIAL_GATE) | AFTER(TRIAL_FAULT) | AFTER(TRIAL_DONE)},
	[TRIAL_FAULT] = {run_fault, AFTER(TRIAL_WATCH) | AFTER(TRIAL_HEAL)},
	[TRIAL_WATCH] = {run_watch, AFTER(TRIAL_FAULT) | AFTER(TRIAL_HEAL) | AFTER(TRIAL_DONE)},
	[TRIAL_HEAL] = {run_heal, AFTER(TRIAL_REJOIN) | AFTER(TRIAL_SETTLE) | AFTER(TRIAL_DONE)},
	[TRIAL_REJOIN] = {rejoin_run, AFTER(TRIAL_SETTLE) | AFTER(TRIAL_DONE)},
	[TRIAL_SETTLE] = {settle_run, AFTER(TRIAL_DONE)},
};

int trial_add(struct trial *t)
{
	struct drill *d = t->d;
	struct store_trial row = {
		.study_id = d->study_id,
		.session_id = d->session_id,
		.arm_id = d->arm_ids[t->slot->arm],
		.cluster_id = d->clusters[d->cluster].cluster_id,
		.position = t->slot->position,
		.block = t->slot->block,
		.warmup = t->slot->warmup,
		.base_ns = t->base_ns,
	};
	return store_add_trial(d->store, &row, &t->trial_id, &t->err);
}

void trial_done(struct trial *t)
{
	losses_done(t);
	vec_done(&t->steps);
	witness_done(&t->witness);
	str_done(&t->lost_writes);
}

void trial_begin(struct trial *t, struct drill *d, const struct schedule_slot *slot)
{
	*t = (struct trial){.d = d,
			    .slot = slot,
			    .victim = -1,
			    .old_master = -1,
			    .fault_issued_ns = TRACK_NEVER};
	witness_begin(&t->witness, d->driver);
	t->base_ns = t->witness.clock.start.mono_ns;
	t->arm = &d->plan->arms.v[slot->arm];
	t->gate_deadline_ns = t->base_ns + d->plan->limit_gate_ns;
}

int trial_run(struct trial *t, struct drill *d, const struct schedule_slot *slot, struct err *err)
{
	trial_begin(t, d, slot);
	d->trial = t;
	if (trial_add(t) == 0) {
		observe_begin(d->observe, t->base_ns);
		while (t->state != TRIAL_DONE) {
			progress_phase(t);
			enum trial_state next = phases[t->state].run(t);
			assert(phases[t->state].next & AFTER(next));
			t->state = next;
		}
		end_writing(t);
		observe_end(d->observe);
		if (t->writing && !t->interrupted)
			writer_look(d->writer, &t->lost_writes);
		record_trial(t, &t->err);
	}
	d->trial = NULL;
	*err = t->err;
	return err->code;
}
