/* What a trial does to nodes, and what the driver tells of it. */
#include "collector/handover.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include <stdio.h>
#include <string.h>

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

/* The first of several counts. */
void trial_act(struct trial *t, struct trial_step *step)
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

bool trial_all_acted(void *arg)
{
	const struct trial *t = arg;
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		if (!t->steps.v[i].acted)
			return false;
	return true;
}

static bool is_to_end(const struct trial_step *step)
{
	return step->action == ACTION_STOP || step->action == ACTION_KILL;
}

/* The nodes of the round are from here on those that the others must do without. */
static void part_nodes(struct trial *t)
{
	struct driver *driver = t->d->driver;
	for (size_t i = 0; i < driver->nodes.n; i++)
		driver->nodes.v[i].cut_off = t->taken[i];
	track_take(track_of(t), t->taken);
	steps_of(t)->stay_alive = true;
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		if (is_to_end(&t->steps.v[i]))
			steps_of(t)->stay_alive = false;
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

/* ---- all of a round ---- */

const char *trial_first_error(const struct trial *t, size_t from)
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
		trial_fail(t, OUTCOME_INSTRUMENT_ERROR, trial_first_error(t, t->round_steps));
		return false;
	}
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		if (t->steps.v[i].action != ACTION_EXCLUDE)
			trial_act(t, &t->steps.v[i]);
	/* not to be interrupted: what was asked for must be known to be done before it can be
	 * undone */
	loop_wait(t->d->loop, trial_all_acted, t, clock_mono_ns() + t->d->plan->limit_reelection_ns,
		  false);
	for (size_t i = t->round_steps; i < t->steps.n; i++) {
		struct trial_step *step = &t->steps.v[i];
		if (!step->acted)
			snprintf(step->error, sizeof step->error, "the driver did not answer");
		else if (!step->error[0])
			steps_of(t)->fault_done_ns =
				later(steps_of(t)->fault_done_ns, step->done_ns);
	}
	if (!trial_first_error(t, t->round_steps))
		return true;
	trial_fail(t, OUTCOME_INSTRUMENT_ERROR, trial_first_error(t, t->round_steps));
	/* it may have been done, be done yet, or never: as it was is back too, if it stays so */
	steps_of(t)->stay_alive = t->must_stay = true;
	return false;
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
	/* one that had been given up for want of an answer has it now */
	if (event->error || step->undoes >= 0)
		snprintf(step->error, sizeof step->error, "%s", event->error ? event->error : "");
	if (step == first_of(t, step->undoes >= 0) && step->undoes >= 0)
		steps_of(t)->start_issued_ns = event->issued_ns;
	else if (step == first_of(t, false))
		note_issued(t, event->issued_ns);
}
