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
	t->steps = (struct track_steps){.fault_issued_ns = TRACK_NEVER,
					.fault_done_ns = TRACK_NEVER,
					.process_gone = INTERVAL_NEVER,
					.start_issued_ns = TRACK_NEVER,
					.noop_end_ns = TRACK_NEVER};
	t->first_rejoined = t->first_redundant = INTERVAL_NEVER;
	for (size_t i = 0; i < n_nodes; i++) {
		t->nodes[i].sent_ns = TRACK_NEVER;
		t->nodes[i].answered_sent_ns = TRACK_NEVER;
		t->nodes[i].health_sent_ns = TRACK_NEVER;
		t->nodes[i].gone = t->nodes[i].first_back = INTERVAL_NEVER;
		t->nodes[i].process_gone = t->nodes[i].refused = INTERVAL_NEVER;
		t->nodes[i].silent = t->nodes[i].booted = INTERVAL_NEVER;
		t->nodes[i].left = mem_alloc(n_nodes * sizeof(bool));
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
	for (size_t i = 0; i < t->n_nodes; i++)
		free(t->nodes[i].left);
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

static void look_for_agreement(struct track *t)
{
	const struct snapshot *view = track_common_master(t, true);
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

/* ---- one node ---- */

static void changed_after_fault(struct track *t, int node, struct interval at)
{
	struct track_node *n = &t->nodes[node];

	vec_push(&t->view_changes, (struct view_change){node, at, n->view});
	if (n->gone.hi_ns == TRACK_NEVER && !track_shows_old_master(t, n->view))
		n->gone = at;
	look_for_agreement(t);
	track_look_for_return(t, node, at, true);
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

/* Did a node that was taken stop answering HTTP, or answer again? */
static void watch_http(struct track *t, int node, int64_t sent_ns, int64_t done_ns, bool answered)
{
	struct track_node *n = &t->nodes[node];
	int64_t fault = t->steps.fault_issued_ns, start = t->steps.start_issued_ns;

	if (!answered && fault != TRACK_NEVER && done_ns >= fault &&
	    n->refused.hi_ns == TRACK_NEVER)
		n->refused = (struct interval){n->answered_sent_ns, done_ns};
	if (start == TRACK_NEVER && answered)
		n->silent = INTERVAL_NEVER;
	else if (start == TRACK_NEVER && n->silent.hi_ns == TRACK_NEVER)
		n->silent = (struct interval){n->answered_sent_ns, done_ns};
	if (start == TRACK_NEVER || sent_ns < start || n->booted.hi_ns != TRACK_NEVER)
		return;
	if (answered)
		n->booted.hi_ns = done_ns;
	else
		n->booted.lo_ns = sent_ns;
}

void track_state(struct track *t, int node, int64_t sent_ns, int64_t done_ns,
		 const struct snapshot *view, bool answered)
{
	struct track_node *n = &t->nodes[node];
	struct interval at = {n->sent_ns, done_ns};

	answered = answered || view;
	if (t->faulted && n->taken)
		watch_http(t, node, sent_ns, done_ns, answered);
	if (t->steps.start_issued_ns != TRACK_NEVER && !t->start_seen) {
		t->start_seen = true;
		t->leaderless_at_start = track_leaderless(t);
	}
	if (answered)
		n->answered_sent_ns = sent_ns;
	n->failing = !view;
	if (!view)
		return;
	track_note_gap(t, &n->gaps, n->sent_ns, done_ns);
	n->sent_ns = sent_ns;
	if (view != n->view)
		view_changed(t, node, view, at);
	else if (t->faulted)
		track_look_for_return(t, node, at, false);
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
	track_set_fact(&n->health_ok, status >= n->health_before, at);
	if (t->faulted)
		track_look_for_return(t, -1, at, false);
}

void track_health_same(struct track *t, int node, int64_t sent_ns)
{
	t->nodes[node].health_sent_ns = sent_ns;
}

bool track_health_is_back(const struct track *t)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (!t->nodes[i].health_ok.holds)
			return false;
	return true;
}

/* ---- the fault ---- */

/* What the return is measured against: the cluster before the first node was taken. */
static void remember_whole(struct track *t)
{
	for (size_t i = 0; i < t->n_nodes; i++) {
		struct track_node *n = &t->nodes[i];

		n->health_before = n->health;
		n->health_ok = (struct fact){true, INTERVAL_NEVER};
		n->view_before = n->view;
		if (n->view)
			t->voters_before = (size_t)track_max(
				(int64_t)t->voters_before, (int64_t)snapshot_live_voters(n->view));
	}
	for (size_t i = 0; i < t->n_nodes; i++) {
		struct track_node *n = &t->nodes[i];

		n->voters.holds = n->view && track_voters_as_before(t, n->view);
		n->voters.at = INTERVAL_NEVER;
	}
}

static const char *ephemeral_id_of(const struct track *t, size_t node)
{
	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct snapshot *view = t->nodes[i].view;
		const struct snapshot_member *m =
			view ? snapshot_member_by_name(view, t->names[node]) : NULL;

		if (m && m->ephemeral_id)
			return m->ephemeral_id;
	}
	return NULL;
}

static void begin_round(struct track *t)
{
	t->n_rounds++;
	t->round_from = t->view_changes.n;
	t->agreements.n = 0;
	t->agreed = false;
	t->with_master = NULL;
	for (size_t i = 0; i < t->n_nodes; i++) {
		struct track_node *n = &t->nodes[i];

		n->gone = n->master.at = INTERVAL_NEVER;
		if (track_is_survivor(t, i) && n->view && n->view->master_id && !t->with_master)
			t->with_master = n->view;
	}
}

void track_take(struct track *t, const bool *taken)
{
	if (!t->faulted)
		remember_whole(t);
	t->faulted = true;
	begin_round(t);
	for (size_t i = 0; taken && i < t->n_nodes; i++) {
		struct track_node *n = &t->nodes[i];

		if (!taken[i] || n->taken)
			continue;
		if (!t->with_master && n->view && n->view->master_id)
			t->with_master = n->view;
		n->old_ephemeral_id = ephemeral_id_of(t, i);
		n->taken = true;
		t->n_taken++;
	}
}

void track_fault(struct track *t, int victim)
{
	bool taken[TRACK_MAX_NODES] = {false};

	if (victim >= 0)
		taken[victim] = true;
	track_take(t, taken);
}

bool track_is_taken(const struct track *t, int node)
{
	return t->nodes[node].taken;
}

void track_gone(struct track *t, int node, struct interval at)
{
	t->nodes[node].process_gone = at;
}

bool track_answers(const struct track *t, int node)
{
	return t->nodes[node].view && !t->nodes[node].failing;
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
