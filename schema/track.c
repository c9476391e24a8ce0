#include "schema/track.h"
#include "schema/track_impl.h"
#include <assert.h>
#include <string.h>

const char *const health_names[] = {"none", "red", "yellow", "green", NULL};

struct track *track_new(size_t n_nodes, const char *const *names)
{
	struct track *t = mem_alloc(sizeof *t);

	assert(n_nodes >= 1 && n_nodes <= TRACK_MAX_NODES);
	t->n_nodes = n_nodes;
	t->names = names;
	t->nodes = mem_alloc(n_nodes * sizeof *t->nodes);
	t->victim = -1;
	t->steps = (struct track_steps){.fault_issued_ns = TRACK_NEVER,
					.fault_done_ns = TRACK_NEVER,
					.process_gone = INTERVAL_NEVER,
					.start_issued_ns = TRACK_NEVER,
					.noop_end_ns = TRACK_NEVER};
	t->first_rejoined = t->first_redundant = INTERVAL_NEVER;
	t->refused = t->silent = t->booted = INTERVAL_NEVER;
	for (size_t i = 0; i < n_nodes; i++) {
		t->nodes[i].sent_ns = TRACK_NEVER;
		t->nodes[i].answered_sent_ns = TRACK_NEVER;
		t->nodes[i].health_sent_ns = TRACK_NEVER;
		t->nodes[i].gone = t->nodes[i].first_back = INTERVAL_NEVER;
	}
	return t;
}

void track_free(struct track *t)
{
	if (!t)
		return;
	vec_done(&t->master_changes);
	vec_done(&t->health_changes);
	vec_done(&t->view_changes);
	vec_done(&t->agreements);
	free(t->nodes);
	free(t);
}

struct track_steps *track_steps(struct track *t)
{
	return &t->steps;
}

const struct snapshot *track_view(const struct track *t, int node)
{
	return t->nodes[node].view;
}

const master_changes *track_master_changes(const struct track *t)
{
	return &t->master_changes;
}

const health_changes *track_health_changes(const struct track *t)
{
	return &t->health_changes;
}

bool track_shows_old_master(const struct track *t, const struct snapshot *view)
{
	return t->with_master && snapshot_same_master(view, t->with_master);
}

/* ---- the cluster as a whole, after every change ---- */

static void set_fact(struct fact *fact, bool holds, struct interval at)
{
	if (holds && !fact->holds)
		fact->at = at;
	fact->holds = holds;
}

/* One master, named by every node (or every survivor); NULL: not so. */
static const struct snapshot *common_master(const struct track *t, bool survivors_only)
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

static void look_for_agreement(struct track *t)
{
	const struct snapshot *view = common_master(t, true);
	struct agreement *last = t->agreements.v + t->agreements.n;
	struct agreement new = {view, -1, INTERVAL_NEVER};
	bool was_agreed = t->agreed;

	t->agreed = view && !track_shows_old_master(t, view);
	if (!t->agreed || (was_agreed && snapshot_same_master(last[-1].view, view)))
		return;
	for (size_t i = 0; i < t->n_nodes; i++) {
		if (!track_is_survivor(t, i))
			continue;
		new.at = interval_last(new.at, t->nodes[i].master.at);
		new.term = track_max(new.term, t->nodes[i].view->term);
	}
	vec_push(&t->agreements, new);
}

/* The facts that every node must show, and since when all of them do. */
static void look_for_return(struct track *t)
{
	bool rejoined = common_master(t, false) != NULL && t->victim >= 0, redundant;
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
	set_fact(&t->rejoined, rejoined, rejoined_at);
	set_fact(&t->redundant, redundant, redundant_at);
	if (rejoined && t->first_rejoined.hi_ns == TRACK_NEVER)
		t->first_rejoined = rejoined_at;
	if (redundant && t->first_redundant.hi_ns == TRACK_NEVER)
		t->first_redundant = redundant_at;
}

/* ---- one node ---- */

static bool voters_as_before(const struct track *t, const struct snapshot *view)
{
	size_t live = snapshot_live_voters(view);

	return live == view->n_voters && live >= t->voters_before;
}

/* A node that was paused or cut off returns as the same process. */
static bool may_return_unchanged(const struct track *t, int64_t done_ns)
{
	return t->steps.process_gone.lo_ns == TRACK_NEVER &&
	       t->steps.process_gone.hi_ns == TRACK_NEVER &&
	       t->steps.start_issued_ns != TRACK_NEVER && done_ns >= t->steps.start_issued_ns;
}

/* The victim is back where it is listed as a new process; or, if its process never ended, where it
 * is listed again after it was not (of itself it never says that it was not). */
static bool lists_back(struct track *t, int node, const struct snapshot *view, int64_t done_ns)
{
	struct track_node *n = &t->nodes[node];
	const struct snapshot_member *m;

	if (t->victim < 0)
		return false;
	m = snapshot_member_by_name(view, t->names[t->victim]);
	if (!m) {
		n->left = true;
		t->delisted = t->delisted || node != t->victim;
		return false;
	}
	if (t->old_ephemeral_id && m->ephemeral_id &&
	    strcmp(m->ephemeral_id, t->old_ephemeral_id) != 0)
		return true;
	return (n->left || (node == t->victim && t->delisted)) && may_return_unchanged(t, done_ns);
}

static void changed_after_fault(struct track *t, int node, struct interval at)
{
	struct track_node *n = &t->nodes[node];

	vec_push(&t->view_changes, (struct view_change){node, at, n->view});
	if (n->gone.hi_ns == TRACK_NEVER && !track_shows_old_master(t, n->view))
		n->gone = at;
	set_fact(&n->back, lists_back(t, node, n->view, at.hi_ns), at);
	if (n->back.holds && n->first_back.hi_ns == TRACK_NEVER)
		n->first_back = at;
	set_fact(&n->voters, voters_as_before(t, n->view), at);
	look_for_agreement(t);
	look_for_return(t);
}

static void view_changed(struct track *t, int node, const struct snapshot *view, struct interval at)
{
	struct track_node *n = &t->nodes[node];
	const struct snapshot *old = n->view;

	n->view = view;
	if (!old || !snapshot_same_master(old, view)) {
		n->master.holds = view->master_id != NULL;
		n->master.at = at;
	}
	if (old && !snapshot_same_master(old, view))
		vec_push(&t->master_changes, (struct master_change){node, at, old, view});
	if (t->faulted)
		changed_after_fault(t, node, at);
}

/* Did the victim stop answering HTTP, or answer again? */
static void watch_http(struct track *t, int64_t sent_ns, int64_t done_ns, bool answered)
{
	struct track_node *n = &t->nodes[t->victim];
	int64_t fault = t->steps.fault_issued_ns, start = t->steps.start_issued_ns;

	if (!answered && fault != TRACK_NEVER && done_ns >= fault &&
	    t->refused.hi_ns == TRACK_NEVER)
		t->refused = (struct interval){n->answered_sent_ns, done_ns};
	if (start == TRACK_NEVER && answered)
		t->silent = INTERVAL_NEVER;
	else if (start == TRACK_NEVER && t->silent.hi_ns == TRACK_NEVER)
		t->silent = (struct interval){n->answered_sent_ns, done_ns};
	if (start == TRACK_NEVER || sent_ns < start || t->booted.hi_ns != TRACK_NEVER)
		return;
	if (answered)
		t->booted.hi_ns = done_ns;
	else
		t->booted.lo_ns = sent_ns;
}

void track_state(struct track *t, int node, int64_t sent_ns, int64_t done_ns,
		 const struct snapshot *view, bool answered)
{
	struct track_node *n = &t->nodes[node];
	struct interval at = {n->sent_ns, done_ns};

	answered = answered || view;
	if (t->faulted && node == t->victim)
		watch_http(t, sent_ns, done_ns, answered);
	if (answered)
		n->answered_sent_ns = sent_ns;
	n->failing = !view;
	if (!view)
		return;
	track_note_gap(t, &n->gaps, n->sent_ns, done_ns);
	n->sent_ns = sent_ns;
	if (view != n->view)
		view_changed(t, node, view, at);
}

void track_health(struct track *t, int node, int64_t sent_ns, int64_t done_ns, enum health status)
{
	struct track_node *n = &t->nodes[node];
	bool first = n->health_sent_ns == TRACK_NEVER;
	struct interval at = {first ? done_ns : n->health_sent_ns, done_ns};

	track_note_gap(t, &n->health_gaps, n->health_sent_ns, done_ns);
	n->health_sent_ns = sent_ns;
	if (!first && status == n->health)
		return;
	n->health = status;
	vec_push(&t->health_changes, (struct health_change){node, at, status});
	set_fact(&n->health_ok, status >= n->health_before, at);
	if (t->faulted)
		look_for_return(t);
}

/* ---- the fault ---- */

static void remember_before(struct track *t)
{
	for (size_t i = 0; i < t->n_nodes; i++) {
		struct track_node *n = &t->nodes[i];
		const struct snapshot_member *m;

		n->health_before = n->health;
		n->health_ok = (struct fact){true, INTERVAL_NEVER};
		if (!n->view)
			continue;
		if (!t->with_master && n->view->master_id)
			t->with_master = n->view;
		t->voters_before = (size_t)track_max((int64_t)t->voters_before,
						     (int64_t)snapshot_live_voters(n->view));
		m = t->victim < 0 ? NULL : snapshot_member_by_name(n->view, t->names[t->victim]);
		if (m && m->ephemeral_id && !t->old_ephemeral_id)
			t->old_ephemeral_id = m->ephemeral_id;
	}
}

void track_fault(struct track *t, int victim)
{
	t->faulted = true;
	t->victim = victim;
	remember_before(t);
	for (size_t i = 0; i < t->n_nodes; i++) {
		struct track_node *n = &t->nodes[i];

		n->view_before = n->view;
		n->master.at = INTERVAL_NEVER;
		n->voters.holds = n->view && voters_as_before(t, n->view);
		n->voters.at = INTERVAL_NEVER;
	}
}

bool track_agreed(const struct track *t)
{
	return t->agreed;
}

bool track_rejoined(const struct track *t)
{
	return t->steps.start_issued_ns != TRACK_NEVER && t->rejoined.holds;
}

bool track_redundant(const struct track *t)
{
	return t->steps.start_issued_ns != TRACK_NEVER && t->redundant.holds;
}

/* The last one before the node was started again: what follows may be the work of its return. Else
 * the first. */
const struct agreement *track_final_agreement(const struct track *t)
{
	const struct agreement *a, *final = NULL;

	vec_each (a, &t->agreements)
		if (!track_is_after_start(t, a->at))
			final = a;
	return final;
}
