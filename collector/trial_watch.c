/* The phase after a fault: those left find out, and agree on a master anew, or have lost their
 * quorum. */
#include "collector/trial.h"
#include "lib/clock.h"

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
}

static bool master_was_taken(const struct trial *t)
{
	return t->losses.n > 1 || t->taken[t->old_master];
}

/* The others have drawn the consequence that is expected. */
static bool is_over(void *arg)
{
	const struct trial *t = arg;
	const struct track *track = track_of(t);
	if (!trial_victims_gone(t))
		return false;
	if (t->arm->fault == FAULT_PARTITION)
		return track_parted(track, t->losses.v[t->losses.n - 1].cut_off_go_on);
	if (loss_is_predicted_lost(t) && track_leaderless(track))
		return true;
	return master_was_taken(t) ? track_agreed(track) : track_forgotten(track);
}

static bool is_settled(void *arg)
{
	const struct trial *t = arg;
	return track_shrunk(track_of(t));
}

static bool has_a_master(void *arg)
{
	const struct trial *t = arg;
	return track_survivors_master(track_of(t)) >= 0;
}

static bool victims_have_ended(void *arg)
{
	return trial_victims_gone(arg);
}

static bool has_quorum(const struct trial *t)
{
	return track_survivors_master(track_of(t)) >= 0;
}

static void fail_watch(struct trial *t)
{
	if (t->arm->fault == FAULT_PARTITION)
		trial_fail(t, OUTCOME_NO_REELECTION,
			   "the sides did not settle within limits.reelection: one with a master, "
			   "the other without");
	else if (loss_is_predicted_lost(t))
		trial_fail(t, OUTCOME_NO_REELECTION,
			   "the nodes left went on naming a master that is gone");
	else if (!track_agreed(track_of(t)) && master_was_taken(t))
		trial_fail(t, OUTCOME_NO_REELECTION,
			   "the survivors did not agree on a master within limits.reelection");
	else if (!master_was_taken(t) && !track_forgotten(track_of(t)))
		trial_fail(t, OUTCOME_NO_REELECTION,
			   "the survivors went on listing the node that is gone");
}

/* A cascade goes on with the new master as long as there is one, and another node to see it go. */
static enum trial_state next_round(struct trial *t)
{
	size_t n_left = t->d->driver->nodes.n;
	for (size_t i = 0; i < t->d->driver->nodes.n; i++)
		n_left -= t->taken[i];
	if (t->arm->target != TARGET_CASCADE || n_left < 2 || !has_quorum(t) || t->reason[0] ||
	    t->interrupted || t->err.code)
		return TRIAL_HEAL;
	return trial_intend(t) ? TRIAL_FAULT : TRIAL_HEAL;
}

enum trial_state watch_run(struct trial *t)
{
	const struct plan *plan = t->d->plan;
	int64_t deadline_ns = t->losses.v[t->losses.n - 1].issued_ns + plan->limit_reelection_ns;
	enum loop_end end = trial_wait(t, is_over, deadline_ns);
	/* a quorum that is lost is seen to stay lost */
	if (end == LOOP_DONE && t->arm->fault != FAULT_PARTITION && track_leaderless(track_of(t)))
		trial_wait(t, has_a_master, clock_mono_ns() + plan->limit_quorum_loss_ns);
	else if (end == LOOP_DONE && t->arm->target == TARGET_CASCADE)
		trial_wait(t, is_settled, clock_mono_ns() + plan->limit_gate_ns);
	if (t->interrupted && trial_cut_short(t))
		return TRIAL_DONE;
	if (t->interrupted)
		trial_wait(t, victims_have_ended, deadline_ns);
	if (end == LOOP_DEADLINE)
		fail_watch(t);
	trial_make_them_end(t);
	loss_end(t);
	return next_round(t);
}
