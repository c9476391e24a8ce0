/* From the fault to a new master, as the survivors showed it. */
#include "schema/track_metrics_impl.h"
#include <string.h>

/* ---- events of one survivor ---- */

/* Censored where it was last seen not to have happened, or at the start if that came before. */
static struct interval not_until(const struct track *t, int64_t lo_ns)
{
	if (t->steps.start_issued_ns != TRACK_NEVER)
		lo_ns = track_min(lo_ns, t->steps.start_issued_ns);
	return (struct interval){lo_ns, TRACK_NEVER};
}

/* Shows the given view's master for the first time after the fault. Not seen: lo is its last
 * answer. */
static struct interval first_shown(const struct track *t, size_t node, const struct snapshot *view)
{
	const struct view_change *c;

	track_each_change (c, t)
		if (c->node == (int)node && snapshot_same_master(c->to, view))
			return track_is_after_start(t, c->at) ? not_until(t, c->at.lo_ns) : c->at;
	return not_until(t, t->nodes[node].sent_ns);
}

/* ---- of all of them ---- */

/* THE new master is the one the survivors agreed on, else the first one that any of them showed. */
static const struct snapshot *find_new_view(const struct track *t)
{
	const struct agreement *a = track_final_agreement(t);
	const struct view_change *c;

	if (a)
		return a->view;
	track_each_change (c, t)
		if (track_is_survivor(t, (size_t)c->node) && c->to->master_id &&
		    !track_shows_old_master(t, c->to))
			return c->to;
	return NULL;
}

/* Not agreed: whoever shows no new master at its last answer tells how long it took at least. */
static struct interval agreement_event(const struct track *t)
{
	const struct agreement *a = track_final_agreement(t);
	int64_t latest_without = TRACK_NEVER, earliest = INT64_MAX;

	if (a)
		return a->at;
	if (t->agreements.n)
		return not_until(t, t->agreements.v[0].at.lo_ns);
	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct track_node *n = &t->nodes[i];

		if (!track_is_survivor(t, i))
			continue;
		earliest = track_min(earliest, n->sent_ns);
		if (n->view && (!n->view->master_id || track_shows_old_master(t, n->view)))
			latest_without = track_max(latest_without, n->sent_ns);
	}
	return not_until(t, latest_without == TRACK_NEVER ? earliest : latest_without);
}

static void add_reelection(struct figures *f, const struct snapshot *new_view)
{
	const struct track *t = f->t;
	struct interval gone = INTERVAL_NONE, shown = INTERVAL_NONE, agreed = agreement_event(t);
	size_t n_survivors = 0;

	for (size_t i = 0; i < t->n_nodes; i++) {
		if (!track_is_survivor(t, i))
			continue;
		n_survivors++;
		interval_take_first(&gone, track_or_last_answer(&t->nodes[i], t->nodes[i].gone));
		interval_take_first(&shown, new_view ? first_shown(t, i, new_view)
						     : not_until(t, t->nodes[i].sent_ns));
	}
	if (!n_survivors)
		return;
	figures_add_from_fault(f, METRIC_DETECTION, gone);
	figures_add_from_fault(f, METRIC_REELECTION, shown);
	figures_add_from_fault(f, METRIC_AGREEMENT, agreed);
	if (shown.hi_ns == TRACK_NEVER)
		return;
	if (n_survivors == 1)
		figures_add(f, METRIC_SPREAD, ORIGIN_OWN, -1, 0, 0, 0);
	else
		figures_add_between(f, METRIC_SPREAD, -1,
				    interval_after(shown, t->steps.fault_issued_ns),
				    interval_after(agreed, t->steps.fault_issued_ns));
}

/* An answer without a master in (gone, shown]: else the gap was shorter than the poll period. */
static bool saw_none(const struct track *t, int node, struct interval shown)
{
	const struct view_change *c;

	track_each_change (c, t)
		if (c->node == node && !c->to->master_id &&
		    (shown.hi_ns == TRACK_NEVER || c->at.hi_ns < shown.hi_ns))
			return true;
	return false;
}

/* The old master shown again after it was gone: the gap ends as well. */
static struct interval old_again(const struct track *t, int node)
{
	const struct view_change *c;
	bool gone = false;

	track_each_change (c, t) {
		if (c->node != node)
			continue;
		if (gone && track_shows_old_master(t, c->to))
			return c->at;
		gone = gone || !track_shows_old_master(t, c->to);
	}
	return (struct interval){t->nodes[node].sent_ns, TRACK_NEVER};
}

static void add_masterless(struct figures *f, int node, const struct snapshot *new_view)
{
	const struct track *t = f->t;
	struct interval gone = t->nodes[node].gone, shown = INTERVAL_NEVER;

	if (gone.hi_ns == TRACK_NEVER)
		return;
	gone = interval_after(gone, t->steps.fault_issued_ns);
	if (new_view)
		shown = first_shown(t, (size_t)node, new_view);
	if (shown.hi_ns == TRACK_NEVER)
		shown = old_again(t, node);
	shown = interval_after(shown, t->steps.fault_issued_ns);
	if (shown.hi_ns != TRACK_NEVER && !saw_none(t, node, shown))
		figures_add(f, METRIC_MASTERLESS, ORIGIN_OWN, node, 0, shown.hi_ns - gone.lo_ns,
			    -1);
	else
		figures_add_between(f, METRIC_MASTERLESS, node, gone, shown);
}

static bool master_was_taken(const struct track *t)
{
	const char *master = t->with_master ? snapshot_master_name(t->with_master) : NULL;

	for (size_t i = 0; master && i < t->n_nodes; i++)
		if (t->nodes[i].taken && strcmp(t->names[i], master) == 0)
			return true;
	return false;
}

/* A fault that is not done to the master is expected to leave it where it is. The rounds of a
 * cascade are told one by one (track_reelection). */
static bool is_reelection(const struct track *t)
{
	if (t->n_rounds > 1)
		return false;
	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i) && t->nodes[i].gone.hi_ns != TRACK_NEVER)
			return true;
	return master_was_taken(t);
}

void figures_add_election(struct figures *f)
{
	const struct track *t = f->t;
	const struct snapshot *new_view = find_new_view(t);

	if (!is_reelection(t))
		return;
	add_reelection(f, new_view);
	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i))
			add_masterless(f, (int)i, new_view);
}

struct interval track_reelection(const struct track *t)
{
	const struct snapshot *new_view = find_new_view(t);
	struct interval shown = INTERVAL_NONE;

	for (size_t i = 0; new_view && i < t->n_nodes; i++)
		if (track_is_survivor(t, i))
			interval_take_first(&shown, first_shown(t, i, new_view));
	return new_view ? shown : INTERVAL_NEVER;
}
