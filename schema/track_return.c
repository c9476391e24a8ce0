/* Nodes that were taken come back; and what the sides of a cluster show meanwhile. */
#include "schema/track_impl.h"
#include <string.h>

void track_set_fact(struct fact *fact, bool holds, struct interval at)
{
	if (holds && !fact->holds)
		fact->at = at;
	fact->holds = holds;
}

const struct snapshot *track_common_master(const struct track *t, bool survivors_only)
{
	const struct snapshot *first = NULL;

	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct snapshot *view = t->nodes[i].view;

		if (survivors_only && !track_is_survivor(t, i))
			continue;
		if (!view || !view->master_id)
			return NULL;
		if (!first)
			first = view;
		else if (view != first && !snapshot_same_master(view, first))
			return NULL;
	}
	return first;
}

bool track_voters_as_before(const struct track *t, const struct snapshot *view)
{
	size_t live = snapshot_live_voters(view);

	return live == view->n_voters && live >= t->voters_before;
}

/* ---- one node's view of the taken ones ---- */

static bool is_after_start(const struct track *t, int64_t done_ns)
{
	return t->steps.start_issued_ns != TRACK_NEVER && done_ns >= t->steps.start_issued_ns;
}

/* A node that was paused or cut off returns as the same process. */
static bool has_ended(const struct track *t, int node)
{
	struct interval end = track_end_of(t, node);

	return end.lo_ns != TRACK_NEVER || end.hi_ns != TRACK_NEVER;
}

/* Back is a new process; or the same that never ended, listed again where it was not (of itself a
 * node never says that it was not), or listed all along by everybody. */
static bool lists_back(struct track *t, int node, int victim, const struct snapshot *view,
		       int64_t done_ns)
{
	struct track_node *n = &t->nodes[node], *v = &t->nodes[victim];
	const struct snapshot_member *m = snapshot_member_by_name(view, t->names[victim]);

	if (!m) {
		n->left[victim] = true;
		v->delisted = v->delisted || !n->taken;
		return false;
	}
	if (v->old_ephemeral_id && m->ephemeral_id &&
	    strcmp(m->ephemeral_id, v->old_ephemeral_id) != 0)
		return true;
	if (has_ended(t, victim) || !is_after_start(t, done_ns))
		return false;
	if (n->left[victim] || (n->taken && v->delisted))
		return true;
	return t->steps.stay_alive && (n->taken || !v->delisted);
}

static bool lists_all_back(struct track *t, int node, int64_t done_ns)
{
	bool all = t->n_taken > 0;

	for (size_t i = 0; i < t->n_nodes; i++)
		if (t->nodes[i].taken && !lists_back(t, node, (int)i, t->nodes[node].view, done_ns))
			all = false;
	return all;
}

/* ---- the cluster as a whole ---- */

/* The facts that every node must show, and since when all of them do. */
static void look_at_all(struct track *t)
{
	bool rejoined = t->n_taken > 0 && track_common_master(t, false) != NULL, redundant;
	struct interval rejoined_at = INTERVAL_NEVER, redundant_at;

	for (size_t i = 0; rejoined && i < t->n_nodes; i++) {
		rejoined = t->nodes[i].back.holds;
		rejoined_at = interval_last(rejoined_at, t->nodes[i].back.at);
		rejoined_at = interval_last(rejoined_at, t->nodes[i].master.at);
	}
	redundant = rejoined;
	redundant_at = rejoined_at;
	for (size_t i = 0; redundant && i < t->n_nodes; i++) {
		redundant = t->nodes[i].voters.holds && t->nodes[i].health_ok.holds;
		redundant_at = interval_last(redundant_at, t->nodes[i].voters.at);
		redundant_at = interval_last(redundant_at, t->nodes[i].health_ok.at);
	}
	track_set_fact(&t->rejoined, rejoined, rejoined_at);
	track_set_fact(&t->redundant, redundant, redundant_at);
	if (rejoined && t->first_rejoined.hi_ns == TRACK_NEVER)
		t->first_rejoined = rejoined_at;
	if (redundant && t->first_redundant.hi_ns == TRACK_NEVER)
		t->first_redundant = redundant_at;
}

static void look_at_one(struct track *t, int node, struct interval at, bool view_changed)
{
	struct track_node *n = &t->nodes[node];

	track_set_fact(&n->back, lists_all_back(t, node, at.hi_ns), at);
	if (n->back.holds && n->first_back.hi_ns == TRACK_NEVER)
		n->first_back = at;
	if (view_changed)
		track_set_fact(&n->voters, track_voters_as_before(t, n->view), at);
}

void track_look_for_return(struct track *t, int node, struct interval at, bool view_changed)
{
	if (node >= 0) {
		/* without a change only time can have brought it: the start makes listed nodes
		 * returned */
		if (!view_changed && (t->nodes[node].back.holds || !is_after_start(t, at.hi_ns)))
			return;
		look_at_one(t, node, at, view_changed);
	}
	look_at_all(t);
}

/* ---- the sides ---- */

static bool lists_taken(const struct track *t, const struct snapshot *view)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (t->nodes[i].taken && snapshot_member_by_name(view, t->names[i]))
			return true;
	return false;
}

bool track_forgotten(const struct track *t)
{
	if (!track_common_master(t, true))
		return false;
	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i) && lists_taken(t, t->nodes[i].view))
			return false;
	return true;
}

static bool view_is_shrunk(const struct snapshot *view)
{
	size_t n_eligible = 0;

	for (size_t i = 0; i < view->n_members; i++)
		n_eligible += view->members[i].master_eligible;
	return snapshot_live_voters(view) == view->n_voters || n_eligible < 3;
}

/* All must show it: the master applies what it publishes after the others. */
bool track_shrunk(const struct track *t)
{
	if (!track_forgotten(t))
		return false;
	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i) && !view_is_shrunk(t->nodes[i].view))
			return false;
	return true;
}

bool track_leaderless(const struct track *t)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i) && t->nodes[i].view && t->nodes[i].view->master_id)
			return false;
	return true;
}

/* A node of the other side is no master of this one: its own side may have lost it already, and
 * this one not yet know. */
static const char *own_master(const struct track *t, const struct snapshot *view, bool taken)
{
	const char *master = view ? snapshot_master_name(view) : NULL;

	for (size_t i = 0; master && i < t->n_nodes; i++)
		if (strcmp(t->names[i], master) == 0 && t->nodes[i].taken == taken)
			return master;
	return NULL;
}

const char *track_side_master(const struct track *t, bool taken)
{
	const struct snapshot *first = NULL;

	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct snapshot *view = t->nodes[i].view;

		if (t->nodes[i].taken != taken)
			continue;
		if (!view || !view->master_id || (first && !snapshot_same_master(view, first)))
			return NULL;
		first = view;
	}
	return own_master(t, first, taken);
}

static bool side_is_leaderless(const struct track *t, bool taken)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (t->nodes[i].taken == taken && t->nodes[i].view && t->nodes[i].view->master_id)
			return false;
	return true;
}

bool track_parted(const struct track *t, bool taken_go_on)
{
	return track_side_master(t, taken_go_on) && side_is_leaderless(t, !taken_go_on);
}
