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

/* What is done to the victim for a fault, and what undoes it. */
static const struct {
	enum action action, undo;
	bool ends_process;
} faults[N_FAULTS] = {
	[FAULT_STOP] = {ACTION_STOP, ACTION_START, true},
	[FAULT_KILL] = {ACTION_KILL, ACTION_START, true},
	[FAULT_NOOP] = {ACTION_NOOP, ACTION_NOOP, false},
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
			      t->fault.acted ? "healing" : "ending");
	}
	return end;
}

/* Interrupted with an open fault: nodes that end with the run need no healing. */
static bool cut_short(struct trial *t)
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
	if (!track_is_whole(track_of(t), voters, why, size))
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

static int store_intent(struct trial *t)
{
	struct drill *d = t->d;
	t->fault.action = faults[t->arm->fault].action;
	t->fault.intent_ns = clock_mono_ns();
	if (store_begin(d->store, &t->err) ||
	    store_add_step(d->store, d->session_id, t->trial_id,
			   d->clusters[d->cluster].node_ids.v[t->victim],
			   action_names[t->fault.action], 0, t->fault.intent_ns, &t->fault.step_id,
			   &t->err) ||
	    store_commit_durable(d->store, &t->err)) {
		store_rollback(d->store);
		return t->err.code;
	}
	return 0;
}

/* The intent came to nothing: nothing was done to the node. */
static void void_intent(struct trial *t)
{
	struct store_step_times times = STORE_STEP_TIMES_INIT;
	times.undone_ns = clock_mono_ns();
	times.error = "not done: the cluster changed before the fault";
	store_update_step(t->d->store, t->fault.step_id, &times, &t->err);
	t->fault.step_id = 0;
	t->victim = -1;
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
	t->victim = track_master(track_of(t));
	if (!gate_is_open(t) || t->victim < 0)
		return TRIAL_GATE;
	/* the sync may hold the loop up: before the fast polls, not among them */
	if (store_intent(t))
		return TRIAL_DONE;
	observe_pace(t->d->observe, PACE_FAST);
	end = trial_wait(t, is_steady, t->gate_deadline_ns);
	if (end == LOOP_DONE && gate_is_open(t) && track_master(track_of(t)) == t->victim)
		return TRIAL_FAULT;
	void_intent(t);
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

static bool fault_acted(void *arg)
{
	const struct trial *t = arg;
	return t->fault.acted;
}

static enum trial_state run_fault(struct trial *t)
{
	struct driver *driver = t->d->driver;
	struct err err = ERR_INIT;
	note_before(t);
	if (is_noop(t))
		return noop_fault(t);
	track_fault(track_of(t), t->victim);
	if (driver->ops->act(driver, t->victim, t->fault.action, &err)) {
		snprintf(t->fault.error, sizeof t->fault.error, "%s", err.text);
		trial_fail(t, OUTCOME_INSTRUMENT_ERROR, err.text);
		return TRIAL_SETTLE;
	}
	/* not to be interrupted: what was asked for must be known to be done before it can be
	 * undone */
	loop_wait(t->d->loop, fault_acted, t, clock_mono_ns() + t->d->plan->limit_reelection_ns,
		  false);
	if (!t->fault.acted)
		snprintf(t->fault.error, sizeof t->fault.error, "the driver did not answer");
	if (!t->fault.error[0])
		return TRIAL_WATCH;
	trial_fail(t, OUTCOME_INSTRUMENT_ERROR, t->fault.error);
	return TRIAL_HEAL;
}

static bool victim_is_gone(const struct trial *t)
{
	return !faults[t->arm->fault].ends_process || t->fault.gone.hi_ns != TRACK_NEVER;
}

static bool election_is_over(void *arg)
{
	const struct trial *t = arg;
	return track_agreed(track_of(t)) && victim_is_gone(t);
}

static bool victim_has_ended(void *arg)
{
	return victim_is_gone(arg);
}

/* A node that does not stop when asked would block its own return. */
static void make_it_end(struct trial *t)
{
	struct driver *driver = t->d->driver;
	struct err err = ERR_INIT;
	if (victim_is_gone(t))
		return;
	store_add_incident(t->d->store, t->d->study_id, t->trial_id, "did_not_stop", 1,
			   "the victim's process did not end within limits.reelection: killed",
			   clock_mono_ns(), &t->err);
	if (driver->ops->act(driver, t->victim, ACTION_KILL, &err) == 0)
		trial_wait(t, victim_has_ended, clock_mono_ns() + t->d->plan->limit_gate_ns);
}

static enum trial_state run_watch(struct trial *t)
{
	if (is_noop(t))
		return noop_watch(t);
	int64_t deadline_ns = t->fault.issued_ns + t->d->plan->limit_reelection_ns;
	enum loop_end end = trial_wait(t, election_is_over, deadline_ns);
	if (end == LOOP_INTERRUPTED && cut_short(t))
		return TRIAL_DONE;
	if (end == LOOP_INTERRUPTED)
		trial_wait(t, victim_has_ended, deadline_ns);
	if (end == LOOP_DEADLINE && !track_agreed(track_of(t)))
		trial_fail(t, OUTCOME_NO_REELECTION,
			   "the survivors did not agree on a master within limits.reelection");
	make_it_end(t);
	return TRIAL_HEAL;
}

static bool start_acted(void *arg)
{
	const struct trial *t = arg;
	return t->start.acted;
}

static enum trial_state run_heal(struct trial *t)
{
	if (is_noop(t))
		return noop_heal(t);
	struct driver *driver = t->d->driver;
	struct err err = ERR_INIT;
	t->start.action = faults[t->arm->fault].undo;
	t->start.intent_ns = clock_mono_ns();
	observe_pace(t->d->observe, PACE_REJOIN);
	if (driver->ops->act(driver, t->victim, t->start.action, &err) == 0)
		trial_wait(t, start_acted, clock_mono_ns() + t->d->plan->limit_rejoin_ns);
	else
		snprintf(t->start.error, sizeof t->start.error, "%s", err.text);
	if (!t->start.error[0])
		return TRIAL_REJOIN;
	trial_fail(t, OUTCOME_INSTRUMENT_ERROR, t->start.error);
	return TRIAL_SETTLE;
}

static bool rejoin_is_over(void *arg)
{
	const struct trial *t = arg;
	return track_redundant(track_of(t)) || t->start.gone.hi_ns != TRACK_NEVER;
}

/* The reason in the node's own words. */
static void fail_rejoin(struct trial *t)
{
	struct str text = STR_INIT;
	if (t->start.gone.hi_ns != TRACK_NEVER)
		str_add(&text, "the node ended again after its start");
	else
		str_add(&text, "the node was not back within limits.rejoin");
	struct str log = STR_INIT;
	cluster_explain(t->d, t->victim, &log);
	if (log.n)
		str_addf(&text, ": %s", log.s);
	trial_fail(t, OUTCOME_NO_REJOIN, text.s);
	str_done(&log);
	str_done(&text);
}

static enum trial_state run_rejoin(struct trial *t)
{
	if (is_noop(t))
		return noop_rejoin(t);
	int64_t deadline_ns = t->start.issued_ns + t->d->plan->limit_rejoin_ns;
	enum loop_end end = trial_wait(t, rejoin_is_over, deadline_ns);
	if (end == LOOP_INTERRUPTED && cut_short(t))
		return TRIAL_DONE;
	if (end == LOOP_INTERRUPTED)
		trial_wait(t, rejoin_is_over, deadline_ns);
	if (!track_rejoined(track_of(t)))
		fail_rejoin(t);
	else
		t->fault.undone_ns = clock_mono_ns();
	return TRIAL_SETTLE;
}

static enum trial_state run_settle(struct trial *t)
{
	char why[256];
	observe_pace(t->d->observe, PACE_IDLE);
	trial_wait(t, gate_is_open, clock_mono_ns() + t->d->plan->limit_gate_ns);
	if (!trial_is_whole(t, why, sizeof why) && !t->reason[0])
		snprintf(t->reason, sizeof t->reason, "afterwards: %s", why);
	return TRIAL_DONE;
}

#define AFTER(state) (1U << (state))

static const struct {
	enum trial_state (*run)(struct trial *t);
	unsigned next; /* the states that may follow */
} phases[N_TRIAL_STATES] = {
	[TRIAL_GATE] = {run_gate, AFTER(TRIAL_BASELINE) | AFTER(TRIAL_DONE)},
	[TRIAL_BASELINE] = {run_baseline,
			    AFTER(TRIAL_GATE) | AFTER(TRIAL_FAULT) | AFTER(TRIAL_DONE)},
	[TRIAL_FAULT] = {run_fault, AFTER(TRIAL_WATCH) | AFTER(TRIAL_HEAL) | AFTER(TRIAL_SETTLE)},
	[TRIAL_WATCH] = {run_watch, AFTER(TRIAL_HEAL) | AFTER(TRIAL_DONE)},
	[TRIAL_HEAL] = {run_heal, AFTER(TRIAL_REJOIN) | AFTER(TRIAL_SETTLE)},
	[TRIAL_REJOIN] = {run_rejoin, AFTER(TRIAL_SETTLE) | AFTER(TRIAL_DONE)},
	[TRIAL_SETTLE] = {run_settle, AFTER(TRIAL_DONE)},
};

void trial_on_driver(struct trial *t, const struct driver_event *event)
{
	struct track_steps *steps = track_steps(track_of(t));
	bool starting = t->start.intent_ns != TRACK_NEVER;
	struct trial_step *step = starting ? &t->start : &t->fault;
	if (event->node != t->victim)
		return; /* the samples show what became of it */
	if (event->kind == DRIVER_GONE) {
		step->gone = event->gone;
		if (!starting)
			steps->process_gone = event->gone;
		return;
	}
	if (event->action != step->action)
		return; /* make_it_end's */
	step->acted = true;
	step->issued_ns = event->issued_ns;
	step->done_ns = event->done_ns;
	if (event->error)
		snprintf(step->error, sizeof step->error, "%s", event->error);
	if (starting) {
		steps->start_issued_ns = event->issued_ns;
	} else {
		steps->fault_issued_ns = event->issued_ns;
		steps->fault_done_ns = event->done_ns;
	}
}

static int add_trial(struct trial *t)
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

static void init_step(struct trial_step *step)
{
	*step = (struct trial_step){.intent_ns = TRACK_NEVER,
				    .issued_ns = TRACK_NEVER,
				    .done_ns = TRACK_NEVER,
				    .undone_ns = TRACK_NEVER,
				    .gone = {TRACK_NEVER, TRACK_NEVER}};
}

int trial_run(struct trial *t, struct drill *d, const struct schedule_slot *slot, struct err *err)
{
	*t = (struct trial){.d = d, .slot = slot, .victim = -1, .old_master = -1};
	witness_begin(&t->witness, d->driver);
	t->base_ns = t->witness.clock.start.mono_ns;
	t->arm = &d->plan->arms.v[slot->arm];
	t->gate_deadline_ns = t->base_ns + d->plan->limit_gate_ns;
	init_step(&t->fault);
	init_step(&t->start);
	d->trial = t;
	if (add_trial(t) == 0) {
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
	witness_done(&t->witness);
	str_done(&t->lost_writes);
	d->trial = NULL;
	*err = t->err;
	return err->code;
}
