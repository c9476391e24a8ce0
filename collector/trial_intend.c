/* What a trial is going to do: chosen, and made durable before it is done. */
#include "collector/target.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>

static const enum action actions[N_FAULTS] = {
	[FAULT_STOP] = ACTION_STOP,	[FAULT_KILL] = ACTION_KILL,
	[FAULT_PAUSE] = ACTION_PAUSE,	[FAULT_PARTITION] = ACTION_CUT,
	[FAULT_HANDOVER] = ACTION_STOP, [FAULT_NOOP] = ACTION_NOOP,
};

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
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

/* Nothing of the round is done. */
static void take_back(struct trial *t)
{
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		t->taken[t->steps.v[i].node] = false;
	t->steps.n = t->round_steps;
	if (!t->losses.n)
		t->victim = -1;
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
		trial_add_step(t, (int)i, actions[t->arm->fault], -1);
	}
	/* the first to be told of is the master, where it is among them */
	int master = track_survivors_master(track_of(t));
	if (t->losses.n == 0 && master >= 0 && taken[master])
		t->victim = master;
	if (!n_taken)
		return false;
	if (store_intents(t)) {
		take_back(t);
		return false;
	}
	if (t->arm->fault != FAULT_NOOP)
		loss_begin(t, taken);
	return true;
}

void trial_void_intent(struct trial *t)
{
	struct store_step_times times = STORE_STEP_TIMES_INIT;
	times.undone_ns = clock_mono_ns();
	times.error = "not done: the cluster changed before the fault";
	for (size_t i = t->round_steps; i < t->steps.n; i++)
		store_update_step(t->d->store, t->steps.v[i].step_id, &times, &t->err);
	if (t->losses.n)
		loss_drop(t);
	take_back(t);
}
