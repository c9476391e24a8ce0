/* What a trial does to nodes. */
#include "collector/handover.h"
#include "collector/target.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include <stdio.h>
#include <string.h>

/* What is done to a node for a fault, and what undoes it. */
static const struct {
	enum action action, undo;
	bool ends_process;
} faults[N_FAULTS] = {
	[FAULT_STOP] = {ACTION_STOP, ACTION_START, true},
	[FAULT_KILL] = {ACTION_KILL, ACTION_START, true},
	[FAULT_PAUSE] = {ACTION_PAUSE, ACTION_RESUME, false},
	[FAULT_PARTITION] = {ACTION_CUT, ACTION_MEND, false},
	[FAULT_HANDOVER] = {ACTION_STOP, ACTION_START, true},
	[FAULT_NOOP] = {ACTION_NOOP, ACTION_NOOP, false},
};

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
}

static struct track_steps *steps_of(const struct trial *t)
{
	return track_steps(track_of(t));
}

/* TRACK_NEVER is the least there is. */
static int64_t later(int64_t a_ns, int64_t b_ns)
{
	return a_ns > b_ns ? a_ns : b_ns;
}

int trial_add_step(struct trial *t, int node, enum action action, int undoes)
{
	struct trial_step step = {.node = node,
				  .action = action,
				  .undoes = undoes,
				  .intent_ns = clock_mono_ns(),
				  .issued_ns = TRACK_NEVER,
				  .done_ns = TRACK_NEVER,
				  .undone_ns = TRACK_NEVER,
				  .gone = {TRACK_NEVER, TRACK_NEVER}};
	vec_push(&t->steps, step);
	return (int)t->steps.n - 1;
}

/* ---- intents -------------------------------------------------------------------------------- */

static void look_at_nodes(const struct trial *t, struct target_node *nodes)
{
	struct driver *driver = t->d->driver;
	int master = track_survivors_master(track_of(t));
	const struct snapshot *view = track_view(track_of(t), master < 0 ? 0 : master);
	for (size_t i = 0; i < driver->nodes.n; i++) {
		const struct snapshot_member *m =
			view ? snapshot_member_by_name(view, driver->nodes.v[i].name) : NULL;
		nodes[i] =
			(struct target_node){.up = m && !t->taken[i],
					     .master = (int)i == master,
					     .master_eligible = driver->nodes.v[i].master_eligible};
		for (size_t k = 0; m && k < view->n_voters; k++)
			nodes[i].voter = nodes[i].voter || strcmp(view->voters[k], m->id) == 0;
	}
}

static int store_intents(struct trial *t)
{
	struct drill *d = t->d;
	int code = store_begin(d->store, &t->err);
	for (size_t i = t->round_steps; !code && i < t->steps.n; i++) {
		struct trial_step *step = &t->steps.v[i];
		code = store_add_step(d->store, d->session_id, t->trial_id,
				      d->clusters[d->cluster].node_ids.v[step->node],
				      action_names[step->action], 0, step->intent_ns,
				      &step->step_id, &t->err);
	}
	if (!code)
		code = store_commit_durable(d->store, &t->err);
	if (code)
		store_rollback(d->store);
	return code;
}

bool trial_intend(struct trial *t)
{
	size_t n = t->d->driver->nodes.n;
	struct target_node *nodes = mem_alloc(n * sizeof *nodes);
	bool taken[TRACK_MAX_NODES] = {false};
	int n_eligible = t->d->plan->clusters.v[t->d->cluster].master_eligible;
	look_at_nodes(t, nodes);
	size_t n_taken = target_choose(t->arm->target, nodes, n, n_eligible, t->slot->pick, taken);
	free(nodes);
	t->round_steps = t->steps.n;
	for (size_t i = 0; i < n && n_taken; i++) {
		if (!taken[i])
			continue;
		if (t->victim < 0)
			t->victim = (int)i;
		t->taken[i] = t->arm->fault != FAULT_NOOP;
		if (t->arm->fault == FAULT_HANDOVER)
			trial_add_step(t, (int)i, ACTION_EXCLUDE, -1);
		trial_add_step(t, (int)i, faults[t->arm->fault].action, -1);
	}
	/* the first to be told of is the master, where it is among them */
	int master = track_survivors_master(track_of(t));
	if (t->losses.n == 0 && master >= 0 && taken[master])
		t->victim = master;
	if (n_taken && store_intents(t) == 0 && t->arm->fault != FAULT_NOOP)
		loss_begin(t, taken);
	return n_taken > 0;
}

void trial_void_intent(struct trial *t)
{
	struct store_step_times times = STORE_STEP_TIMES_INIT;
	times.undone_ns = clock_mono_ns();
	times.error = "not done: the cluster changed before the fault";
	for (size_t i = t->round_steps; i < t->steps.n; i++) {
		store_update_step(t->d->store, t->steps.v[i].step_id, &times, &t->err);
		t->taken[t->steps.v[i].node] = false;
	}
	t->steps.n = t->round_steps;
	if (t->losses.n)
		loss_drop(t);
	if (!t->losses.n)
		t->victim = -1;
}

/* ---- deeds ---------------------------------------------------------------------------------- */

/* A fault's instant counts from its first round on; the driver tells it more closely when the call
 * is over, which may take as long as the node takes to stop. */
static void note_issued(struct trial *t, int64_t issued_ns)
{
	struct trial_loss *loss = &t->losses.v[t->losses.n - 1];
	if (!t->struck || t->losses.n == 1)
		steps_of(t)->fault_issued_ns = t->fault_issued_ns = issued_ns;
	loss->issued_ns = issued_ns;
	t->struck = true;
}

/* Begins it. The first of several counts. */
static void act(struct trial *t, struct trial_step *step)
{
	struct driver *driver = t->d->driver;
	struct err err = ERR_INIT;
	int64_t now_ns = clock_mono_ns();
	if (step->undoes >= 0 && steps_of(t)->start_issued_ns == TRACK_NEVER)
		steps_of(t)->start_issued_ns = now_ns;
	else if (step->undoes < 0 && t->losses.v[t->losses.n - 1].issued_ns == TRACK_NEVER)
		note_issued(t, now_ns);
	step->begun = driver->ops->act(driver, step->node, step->action, &err) == 0;
	if (step->begun)
		return;
	snprintf(step->error, sizeof step->error, "%s", err.text);
	step->acted = true;
}

static bool all_acted(void *arg)
{
	const struct trial *t = arg;
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		if (!t->steps.v[i].acted)
			return false;
	return true;
}

/* The nodes of the round are from here on those that the others must do without. */
static void part_nodes(struct trial *t)
{
	struct driver *driver = t->d->driver;
	for (size_t i = 0; i < driver->nodes.n; i++)
		driver->nodes.v[i].cut_off = t->taken[i];
	track_take(track_of(t), t->taken);
	steps_of(t)->stay_alive = !faults[t->arm->fault].ends_process;
}

/* ---- handover ---- */

struct exclusion {
	struct trial *trial;
	struct trial_step *step;
};

static void on_excluded(void *arg, const struct handover_event *event)
{
	const struct exclusion *x = arg;
	x->step->issued_ns = event->issued_ns;
	x->step->done_ns = event->done_ns;
	x->step->acted = true;
	if (event->error)
		snprintf(x->step->error, sizeof x->step->error, "%s", event->error);
}

static bool is_excluded(void *arg)
{
	const struct trial *t = arg;
	return t->steps.v[t->round_steps].acted;
}

/* The master leaves the voting configuration, which makes it hand over; it is stopped when the call
 * has returned. */
static bool exclude(struct trial *t)
{
	struct drill *d = t->d;
	struct trial_step *step = &t->steps.v[t->round_steps];
	struct exclusion x = {t, step};
	struct handover *handover = handover_begin(d->loop, d->http, d->driver, step->node,
						   d->plan->limit_reelection_ns, on_excluded, &x);
	step->begun = true;
	note_issued(t, handover_issued_ns(handover));
	loop_wait(d->loop, is_excluded, t, 0, false); /* has its own time-out */
	handover_free(handover);
	return !step->error[0];
}

static bool include(struct trial *t, struct trial_step *step)
{
	struct err err = ERR_INIT;
	step->issued_ns = clock_mono_ns();
	if (handover_clear(t->d->loop, t->d->http, t->d->driver, &err))
		snprintf(step->error, sizeof step->error, "%s", err.text);
	step->done_ns = clock_mono_ns();
	step->acted = true;
	return !err.code;
}

/* ---- all of a round ---- */

static const char *first_error(const struct trial *t, size_t from)
{
	for (size_t i = from; i < t->steps.n; i++)
		if (t->steps.v[i].error[0])
			return t->steps.v[i].error;
	return NULL;
}

bool trial_strike(struct trial *t)
{
	part_nodes(t);
	if (t->arm->fault == FAULT_HANDOVER && !exclude(t)) {
		trial_fail(t, OUTCOME_INSTRUMENT_ERROR, first_error(t, t->round_steps));
		return false;
	}
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		if (t->steps.v[i].action != ACTION_EXCLUDE)
			act(t, &t->steps.v[i]);
	/* not to be interrupted: what was asked for must be known to be done before it can be
	 * undone */
	loop_wait(t->d->loop, all_acted, t, clock_mono_ns() + t->d->plan->limit_reelection_ns,
		  false);
	for (size_t i = t->round_steps; i < t->steps.n; i++) {
		struct trial_step *step = &t->steps.v[i];
		if (!step->acted)
			snprintf(step->error, sizeof step->error, "the driver did not answer");
		else if (!step->error[0])
			steps_of(t)->fault_done_ns =
				later(steps_of(t)->fault_done_ns, step->done_ns);
	}
	if (!first_error(t, t->round_steps))
		return true;
	trial_fail(t, OUTCOME_INSTRUMENT_ERROR, first_error(t, t->round_steps));
	/* it may have been done, be done yet, or never: as it was is back too, if it stays so */
	steps_of(t)->stay_alive = t->must_stay = true;
	return false;
}

static bool is_to_end(const struct trial_step *step)
{
	return step->action == ACTION_STOP || step->action == ACTION_KILL;
}

bool trial_victims_gone(const struct trial *t)
{
	for (size_t i = 0; i < t->steps.n; i++)
		if (is_to_end(&t->steps.v[i]) && !t->steps.v[i].error[0] &&
		    t->steps.v[i].gone.hi_ns == TRACK_NEVER)
			return false;
	return true;
}

static bool victims_gone(void *arg)
{
	return trial_victims_gone(arg);
}

/* A node that does not stop when asked would block its own return. */
void trial_make_them_end(struct trial *t)
{
	struct driver *driver = t->d->driver;
	if (trial_victims_gone(t))
		return;
	store_add_incident(t->d->store, t->d->study_id, t->trial_id, "did_not_stop", 1,
			   "the victim's process did not end within limits.reelection: killed",
			   clock_mono_ns(), &t->err);
	for (size_t i = 0; i < t->steps.n; i++) {
		struct err err = ERR_INIT;
		if (is_to_end(&t->steps.v[i]) && t->steps.v[i].gone.hi_ns == TRACK_NEVER)
			driver->ops->act(driver, t->steps.v[i].node, ACTION_KILL, &err);
	}
	trial_wait(t, victims_gone, clock_mono_ns() + t->d->plan->limit_gate_ns);
}

/* ---- undoing -------------------------------------------------------------------------------- */

static enum action undo_of(enum action action)
{
	static const enum action undo[N_ACTIONS] = {
		[ACTION_STOP] = ACTION_START,	   [ACTION_KILL] = ACTION_START,
		[ACTION_PAUSE] = ACTION_RESUME,	   [ACTION_CUT] = ACTION_MEND,
		[ACTION_EXCLUDE] = ACTION_INCLUDE, [ACTION_NOOP] = ACTION_NOOP};
	return undo[action];
}

static bool undo_step(struct trial *t, int undoes)
{
	const struct trial_step *done = &t->steps.v[undoes];
	int i = trial_add_step(t, done->node, undo_of(done->action), undoes);
	if (t->steps.v[i].action == ACTION_INCLUDE)
		return include(t, &t->steps.v[i]);
	act(t, &t->steps.v[i]);
	return !t->steps.v[i].error[0];
}

/* What the one-by-one return waits for. */
struct return_wait {
	struct trial *trial;
	int node;
};

static bool has_answered(void *arg)
{
	const struct return_wait *w = arg;
	int ignored;
	return track_answers(track_of(w->trial), w->node) || trial_ended_again(w->trial, &ignored);
}

static void await_answer(struct trial *t, int node)
{
	struct return_wait w = {t, node};
	loop_wait(t->d->loop, has_answered, &w, clock_mono_ns() + t->d->plan->limit_rejoin_ns,
		  false);
}

bool trial_undo(struct trial *t)
{
	size_t n = t->steps.n;
	bool one_by_one = t->d->plan->return_mode == RETURN_ONE_BY_ONE;
	int64_t deadline_ns = clock_mono_ns() + t->d->plan->limit_rejoin_ns;
	t->round_steps = n;
	for (size_t i = 0; i < n; i++) {
		if (t->steps.v[i].action == ACTION_NOOP)
			continue;
		/* whatever became of it: what undoes is harmless where nothing was done */
		bool ok = undo_step(t, (int)i);
		if (one_by_one && ok && t->steps.v[i].action != ACTION_EXCLUDE) {
			trial_wait(t, all_acted, deadline_ns);
			await_answer(t, t->steps.v[i].node);
		}
	}
	trial_wait(t, all_acted, deadline_ns);
	for (size_t i = n; i < t->steps.n; i++)
		if (!t->steps.v[i].acted)
			snprintf(t->steps.v[i].error, sizeof t->steps.v[i].error,
				 "the driver did not answer");
	if (!first_error(t, n))
		return true;
	trial_fail(t, OUTCOME_INSTRUMENT_ERROR, first_error(t, n));
	return false;
}

bool trial_ended_again(const struct trial *t, int *ret_node)
{
	for (size_t i = 0; i < t->steps.n; i++)
		if (t->steps.v[i].action == ACTION_START &&
		    t->steps.v[i].gone.hi_ns != TRACK_NEVER) {
			*ret_node = t->steps.v[i].node;
			return true;
		}
	return false;
}

/* ---- what the driver tells ------------------------------------------------------------------ */

static struct trial_step *last_step(struct trial *t, int node, enum action action, bool any)
{
	for (size_t i = t->steps.n; i-- > 0;)
		if (t->steps.v[i].node == node && t->steps.v[i].action != ACTION_EXCLUDE &&
		    t->steps.v[i].action != ACTION_INCLUDE &&
		    (any || t->steps.v[i].action == action))
			return &t->steps.v[i];
	return NULL;
}

/* Whose end it is. While a start waits for a stop that hangs, the old process's. */
static struct trial_step *step_that_ended(struct trial *t, int node)
{
	struct trial_step *step = last_step(t, node, 0, true);
	if (!step || step->action != ACTION_START || step->acted)
		return step;
	struct trial_step *fault = &t->steps.v[step->undoes];
	return is_to_end(fault) && fault->gone.hi_ns == TRACK_NEVER ? fault : step;
}

static void on_gone(struct trial *t, const struct driver_event *event)
{
	struct trial_step *step = step_that_ended(t, event->node);
	if (!step || step->gone.hi_ns != TRACK_NEVER)
		return;
	step->gone = event->gone;
	if (step->action == ACTION_START)
		return; /* ended again */
	track_gone(track_of(t), event->node, event->gone);
	if (!trial_victims_gone(t))
		return;
	struct interval *last = &steps_of(t)->process_gone;
	for (size_t i = 0; i < t->steps.n; i++) {
		if (!is_to_end(&t->steps.v[i]))
			continue;
		last->lo_ns = later(last->lo_ns, t->steps.v[i].gone.lo_ns);
		last->hi_ns = later(last->hi_ns, t->steps.v[i].gone.hi_ns);
	}
}

/* The step of the round (or of the healing) from whose issue durations count. */
static const struct trial_step *first_of(const struct trial *t, bool undoing)
{
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		if ((t->steps.v[i].undoes >= 0) == undoing &&
		    t->steps.v[i].action != ACTION_INCLUDE)
			return &t->steps.v[i];
	return NULL;
}

void trial_on_driver(struct trial *t, const struct driver_event *event)
{
	if (event->kind == DRIVER_GONE) {
		on_gone(t, event);
		return;
	}
	struct trial_step *step = last_step(t, event->node, event->action, false);
	if (!step || step->acted)
		return; /* trial_make_them_end's */
	step->acted = true;
	step->issued_ns = event->issued_ns;
	step->done_ns = event->done_ns;
	if (event->error)
		snprintf(step->error, sizeof step->error, "%s", event->error);
	if (step == first_of(t, step->undoes >= 0) && step->undoes >= 0)
		steps_of(t)->start_issued_ns = event->issued_ns;
	else if (step == first_of(t, false))
		note_issued(t, event->issued_ns);
}
