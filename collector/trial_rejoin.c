/* The phases after the healing: the nodes that were taken rejoin, and the cluster settles. */
#include "collector/diagnose_node.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include "lib/str.h"
#include <stdio.h>

/* For so long what is whole must stay so, where nobody knows whether the fault is yet to come. */
#define STAY_NS (5 * NS_PER_S)

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
}

/* After a fault of which nobody knows whether it was done, whole is what stays whole. */
static bool is_redundant(struct trial *t)
{
	int64_t now_ns = clock_mono_ns();
	if (!track_redundant(track_of(t)))
		t->redundant_since_ns = 0;
	else if (t->redundant_since_ns == 0)
		t->redundant_since_ns = now_ns;
	return t->redundant_since_ns != 0 &&
	       (!t->must_stay || now_ns - t->redundant_since_ns >= STAY_NS);
}

static bool rejoin_is_over(void *arg)
{
	struct trial *t = arg;
	int ignored;
	return is_redundant(t) || trial_ended_again(t, &ignored);
}

/* The first of the nodes taken that is not back. */
static int find_missing(const struct trial *t)
{
	for (int i = 0; i < (int)t->d->driver->nodes.n; i++)
		if (t->taken[i] && !track_answers(track_of(t), i))
			return i;
	return t->victim;
}

/* The reason in plain words and, where it is not known, in the node's own. */
static void fail_rejoin(struct trial *t)
{
	struct str text = STR_INIT, log = STR_INIT;
	int node;
	bool ended = trial_ended_again(t, &node);
	if (!ended)
		node = find_missing(t);
	str_addf(&text, "%s %s", t->d->driver->nodes.v[node].name,
		 ended ? "ended again after its start" : "was not back within limits.rejoin");
	t->diagnosis = diagnose_node(t->d, node, &log);
	if (t->diagnosis == DIAGNOSIS_NONE)
		cluster_explain(t->d, node, &log);
	while (log.n && log.s[log.n - 1] == '\n')
		log.s[--log.n] = '\0';
	if (log.n)
		str_addf(&text, ": %s", log.s);
	trial_fail(t, OUTCOME_NO_REJOIN, text.s);
	str_done(&log);
	str_done(&text);
}

enum trial_state rejoin_run(struct trial *t)
{
	if (t->arm->fault == FAULT_NOOP)
		return noop_rejoin(t);
	int64_t deadline_ns = trial_last_undone_ns(t) + t->d->plan->limit_rejoin_ns +
			      (t->must_stay ? STAY_NS : 0);
	enum loop_end end = trial_wait(t, rejoin_is_over, deadline_ns);
	if (end == LOOP_INTERRUPTED && trial_cut_short(t))
		return TRIAL_DONE;
	if (end == LOOP_INTERRUPTED)
		trial_wait(t, rejoin_is_over, deadline_ns);
	if (!track_rejoined(track_of(t)))
		fail_rejoin(t);
	else
		trial_note_undone(t);
	return TRIAL_SETTLE;
}

/* Whole, with nothing under way any more that could show yet. */
static bool has_settled(void *arg)
{
	struct trial *t = arg;
	char why[256];
	int64_t now_ns = clock_mono_ns();
	if (!trial_is_whole(t, why, sizeof why))
		t->whole_since_ns = 0;
	else if (t->whole_since_ns == 0)
		t->whole_since_ns = now_ns;
	if (t->whole_since_ns == 0 || trial_is_undoing(t))
		return false;
	return !t->must_stay || !trial_is_open(t) || now_ns - t->whole_since_ns >= STAY_NS;
}

/* A node that came back too late for the trial is back all the same. */
enum trial_state settle_run(struct trial *t)
{
	char why[256];
	observe_pace(t->d->observe, PACE_IDLE);
	int64_t stay_ns = t->must_stay && trial_is_open(t) ? STAY_NS : 0;
	int64_t deadline_ns = clock_mono_ns() + t->d->plan->limit_gate_ns + stay_ns;
	enum loop_end end = trial_wait(t, has_settled, deadline_ns);
	if (end == LOOP_INTERRUPTED && !t->d->driver->ops->owns_nodes &&
	    (trial_is_open(t) || trial_is_undoing(t)))
		end = trial_wait(t, has_settled, deadline_ns);
	if (end == LOOP_DONE)
		trial_note_undone(t);
	if (!trial_is_whole(t, why, sizeof why) && !t->reason[0])
		snprintf(t->reason, sizeof t->reason, "afterwards: %s", why);
	return TRIAL_DONE;
}
