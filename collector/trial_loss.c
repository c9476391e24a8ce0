/* What the nodes left make of a loss, beside what the voting configuration predicts. */
#include "collector/json_compact.h"
#include "collector/target.h"
#include "collector/trial.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

static struct track *track_of(const struct trial *t)
{
	return observe_track(t->d->observe);
}

static bool is_voter(const struct snapshot *view, const char *id)
{
	for (size_t i = 0; i < view->n_voters; i++)
		if (strcmp(view->voters[i], id) == 0)
			return true;
	return false;
}

/* Also of a node that is no member any more: somebody's last view still lists it. */
static const char *name_of(const struct trial *t, const char *id)
{
	for (int i = 0; i < (int)t->d->driver->nodes.n; i++) {
		const struct snapshot *view = track_view(track_of(t), i);
		const struct snapshot_member *m = view ? snapshot_member_by_id(view, id) : NULL;
		if (m)
			return m->name;
	}
	return id;
}

static char *voters_json(const struct trial *t, const struct snapshot *view)
{
	json_t *names = json_array();
	for (size_t i = 0; i < view->n_voters; i++)
		json_array_append_new(names, json_string(name_of(t, view->voters[i])));
	return json_compact(names);
}

static char *left_out_json(const struct snapshot *view)
{
	json_t *names = json_array();
	for (size_t i = 0; i < view->n_members; i++)
		if (view->members[i].master_eligible && !is_voter(view, view->members[i].id))
			json_array_append_new(names, json_string(view->members[i].name));
	return json_compact(names);
}

static char *taken_json(const struct trial *t, const bool *taken)
{
	json_t *names = json_array();
	for (size_t i = 0; i < t->d->driver->nodes.n; i++)
		if (taken[i])
			json_array_append_new(names, json_string(t->d->driver->nodes.v[i].name));
	return json_compact(names);
}

/* The voters that no round has taken, and all of them. */
static void count_voters(const struct trial *t, const struct snapshot *view, size_t *ret_left,
			 size_t *ret_live)
{
	*ret_left = *ret_live = 0;
	for (size_t i = 0; i < t->d->driver->nodes.n; i++) {
		const struct snapshot_member *m =
			snapshot_member_by_name(view, t->d->driver->nodes.v[i].name);
		if (!m || !is_voter(view, m->id))
			continue;
		++*ret_live;
		*ret_left += !t->taken[i];
	}
}

void loss_begin(struct trial *t, const bool *taken)
{
	int master = track_survivors_master(track_of(t));
	const struct snapshot *view = track_view(track_of(t), master < 0 ? 0 : master);
	struct trial_loss loss = {.taken = taken_json(t, taken),
				  .voters_before = voters_json(t, view),
				  .left_out = left_out_json(view),
				  .survived = -1,
				  .issued_ns = TRACK_NEVER,
				  .reelection = {TRACK_NEVER, TRACK_NEVER}};
	size_t n_left, n_live, n_taken = 0;
	count_voters(t, view, &n_left, &n_live);
	for (size_t i = 0; i < t->d->driver->nodes.n; i++) {
		n_taken += taken[i];
		loss.n_lost += t->taken[i];
	}
	loss.predicted = 2 * n_left > view->n_voters;
	loss.worst = n_live > n_taken && 2 * (n_live - n_taken) > view->n_voters;
	/* cut off, they may go on by themselves */
	if (t->arm->fault == FAULT_PARTITION) {
		loss.cut_off_go_on = 2 * (n_live - n_left) > view->n_voters;
		loss.predicted = loss.worst = loss.predicted || loss.cut_off_go_on;
	}
	vec_push(&t->losses, loss);
}

bool loss_is_predicted_lost(const struct trial *t)
{
	return t->losses.n && !t->losses.v[t->losses.n - 1].predicted;
}

void loss_end(struct trial *t)
{
	struct trial_loss *loss = &t->losses.v[t->losses.n - 1];
	int master = track_survivors_master(track_of(t));
	if (master >= 0 && !t->taken[master]) {
		loss->survived = 1;
		loss->voters_after = voters_json(t, track_view(track_of(t), master));
	} else if (track_leaderless(track_of(t))) {
		loss->survived = 0;
	}
	loss->reelection = track_reelection(track_of(t));
	if (t->arm->fault != FAULT_PARTITION)
		return;
	/* one side may have gone on, whichever it is */
	loss->cut_off_master = mem_strdup(track_side_master(track_of(t), true));
	loss->other_master = mem_strdup(track_side_master(track_of(t), false));
	loss->survived = loss->cut_off_master || loss->other_master;
}

static void loss_done(struct trial_loss *loss)
{
	free(loss->taken);
	free(loss->voters_before);
	free(loss->left_out);
	free(loss->voters_after);
	free(loss->cut_off_master);
	free(loss->other_master);
}

void loss_drop(struct trial *t)
{
	loss_done(&t->losses.v[--t->losses.n]);
}

void losses_done(struct trial *t)
{
	for (size_t i = 0; i < t->losses.n; i++)
		loss_done(&t->losses.v[i]);
	vec_done(&t->losses);
}
