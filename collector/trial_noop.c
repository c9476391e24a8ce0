/* A trial in which nothing is done: the same phases, polled as fast, and whatever happens in them
 * is not the doing of a fault. */
#include "collector/trial.h"
#include "lib/clock.h"
#include <stdio.h>

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
}

/* A step that takes no time. */
static void mark(struct trial *t, int step, int64_t now_ns)
{
	t->steps.v[step].issued_ns = t->steps.v[step].done_ns = now_ns;
	t->steps.v[step].acted = true;
}

enum trial_state noop_fault(struct trial *t)
{
	struct track_steps *steps = track_steps(track_of(t));
	int64_t now_ns = clock_mono_ns();
	track_fault(track_of(t), -1);
	steps->noop = true;
	steps->fault_issued_ns = steps->fault_done_ns = now_ns;
	mark(t, 0, now_ns);
	t->fault_issued_ns = now_ns;
	t->struck = true;
	return TRIAL_WATCH;
}

static enum trial_state watch(struct trial *t, enum trial_state next)
{
	int64_t until_ns = clock_mono_ns() + t->d->plan->limit_noop_ns;
	if (trial_wait(t, never, until_ns) != LOOP_INTERRUPTED)
		return next;
	trial_fail(t, OUTCOME_ABORTED, "interrupted");
	return TRIAL_DONE;
}

enum trial_state noop_watch(struct trial *t)
{
	return watch(t, TRIAL_HEAL);
}

enum trial_state noop_heal(struct trial *t)
{
	int64_t now_ns = clock_mono_ns();
	mark(t, trial_add_step(t, t->victim, ACTION_NOOP, 0), now_ns);
	track_steps(track_of(t))->start_issued_ns = now_ns;
	observe_pace(t->d->observe, PACE_REJOIN);
	return TRIAL_REJOIN;
}

static int count_false_changes(const struct trial *t)
{
	const master_changes *changes = track_master_changes(track_of(t));
	int n = 0;
	for (size_t i = 0; i < changes->n; i++)
		n += changes->v[i].at.hi_ns > t->fault_issued_ns;
	return n;
}

static void look_for_changes(struct trial *t)
{
	int n = count_false_changes(t), master = track_master(track_of(t));
	char why[256], reason[512];
	if (n)
		snprintf(reason, sizeof reason,
			 "nothing was done, and yet nodes changed their master %d time%s", n,
			 n == 1 ? "" : "s");
	else if (!trial_is_whole(t, why, sizeof why))
		snprintf(reason, sizeof reason, "nothing was done, and yet %s", why);
	else if (master != t->old_master || track_view(track_of(t), master)->term != t->term_before)
		snprintf(reason, sizeof reason, "nothing was done, and yet there was an election");
	else
		return;
	trial_fail(t, OUTCOME_DISTURBED, reason);
}

enum trial_state noop_rejoin(struct trial *t)
{
	enum trial_state next = watch(t, TRIAL_SETTLE);
	int64_t now_ns = clock_mono_ns();
	track_steps(track_of(t))->noop_end_ns = now_ns;
	t->steps.v[0].undone_ns = now_ns;
	if (next == TRIAL_SETTLE)
		look_for_changes(t);
	return next;
}
