/* How a trial brings back what it took. */
#include "collector/handover.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include <stdio.h>

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
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
	trial_act(t, &t->steps.v[i]);
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

/* A signal is no reason to leave a node half started. */
static void await_acted(struct trial *t)
{
	int64_t deadline_ns = clock_mono_ns() + t->d->plan->limit_rejoin_ns;
	if (trial_wait(t, trial_all_acted, deadline_ns) == LOOP_INTERRUPTED)
		trial_wait(t, trial_all_acted, deadline_ns);
}

bool trial_undo(struct trial *t)
{
	size_t n = t->steps.n;
	bool one_by_one = t->d->plan->return_mode == RETURN_ONE_BY_ONE;
	t->round_steps = n;
	for (size_t i = 0; i < n; i++) {
		if (t->steps.v[i].action == ACTION_NOOP)
			continue;
		/* whatever became of it: what undoes is harmless where nothing was done */
		bool ok = undo_step(t, (int)i);
		if (one_by_one && ok && t->steps.v[i].action != ACTION_EXCLUDE) {
			await_acted(t);
			await_answer(t, t->steps.v[i].node);
		}
	}
	await_acted(t);
	for (size_t i = n; i < t->steps.n; i++)
		if (!t->steps.v[i].acted)
			snprintf(t->steps.v[i].error, sizeof t->steps.v[i].error,
				 "the driver did not answer");
	if (!trial_first_error(t, n))
		return true;
	trial_fail(t, OUTCOME_INSTRUMENT_ERROR, trial_first_error(t, n));
	return false;
}

int64_t trial_last_undone_ns(const struct trial *t)
{
	int64_t last_ns = TRACK_NEVER;
	for (size_t i = 0; i < t->steps.n; i++)
		if (t->steps.v[i].undoes >= 0 && t->steps.v[i].issued_ns > last_ns)
			last_ns = t->steps.v[i].issued_ns;
	return last_ns;
}

bool trial_is_undoing(const struct trial *t)
{
	for (size_t i = 0; i < t->steps.n; i++)
		if (t->steps.v[i].undoes >= 0 && t->steps.v[i].begun && !t->steps.v[i].acted)
			return true;
	return false;
}

/* The fault's step that it undoes; NULL: none, or it did not work, or that is known already. */
static struct trial_step *undone_by(const struct trial *t, const struct trial_step *step)
{
	bool ended_again = step->gone.hi_ns != TRACK_NEVER;
	if (step->undoes < 0 || !step->acted || step->error[0] || ended_again)
		return NULL;
	struct trial_step *fault = &t->steps.v[step->undoes];
	return fault->undone_ns == TRACK_NEVER ? fault : NULL;
}

bool trial_is_open(const struct trial *t)
{
	for (size_t i = 0; i < t->steps.n; i++)
		if (undone_by(t, &t->steps.v[i]))
			return true;
	return false;
}

void trial_note_undone(struct trial *t)
{
	int64_t now_ns = clock_mono_ns();
	for (size_t i = 0; i < t->steps.n; i++) {
		struct trial_step *fault = undone_by(t, &t->steps.v[i]);
		if (fault)
			fault->undone_ns = now_ns;
	}
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
