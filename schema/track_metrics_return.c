/* From the fault and from the start until all is back. */
#include "schema/track_metrics_impl.h"

static bool has_survivors(const struct track *t)
{
	return t->n_taken < t->n_nodes;
}

static struct interval rejoin_event(const struct track *t)
{
	struct interval first = INTERVAL_NONE;

	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i) || !has_survivors(t))
			interval_take_first(
				&first, track_or_last_answer(&t->nodes[i], t->nodes[i].first_back));
	return first;
}

/* Not seen: the last answer of those that lack it tells how long it took at least; where none does,
 * it is only the masters that differ, and the oldest answer is all that is sure. */
static struct interval not_yet(const struct track *t, bool redundant)
{
	int64_t latest_without = TRACK_NEVER, earliest = INT64_MAX;

	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct track_node *n = &t->nodes[i];

		earliest = track_min(earliest, n->sent_ns);
		if (!n->back.holds || !n->master.holds || (redundant && !n->voters.holds))
			latest_without = track_max(latest_without, n->sent_ns);
		if (redundant && !n->health_ok.holds)
			latest_without = track_max(latest_without, n->health_sent_ns);
	}
	return (struct interval){latest_without == TRACK_NEVER ? earliest : latest_without,
				 TRACK_NEVER};
}

/* A node showed a master after the start; a process that was started anew cannot have done so
 * before it answered. */
static struct interval shows_master_after_start(const struct track *t, size_t node)
{
	const struct track_node *n = &t->nodes[node];
	const struct view_change *c;

	track_each_change (c, t)
		if (c->node == (int)node && c->to->master_id && track_is_after_start(t, c->at))
			return (struct interval){n->taken ? track_max(c->at.lo_ns, n->booted.lo_ns)
							  : c->at.lo_ns,
						 c->at.hi_ns};
	return n->taken ? INTERVAL_NONE : (struct interval){n->sent_ns, TRACK_NEVER};
}

static void add_recovery(struct figures *f)
{
	struct interval first = INTERVAL_NONE;

	for (size_t i = 0; i < f->t->n_nodes; i++)
		interval_take_first(&first, shows_master_after_start(f->t, i));
	if (first.lo_ns != INT64_MAX)
		figures_add_from_start(f, METRIC_RECOVERY, first);
}

/* A node that is cut off from the others may answer all along: it does not boot. */
static bool were_away(const struct track *t)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (t->nodes[i].taken && (t->nodes[i].refused.hi_ns != TRACK_NEVER ||
					  track_end_of(t, (int)i).hi_ns != TRACK_NEVER))
			return true;
	return false;
}

void figures_add_return(struct figures *f)
{
	const struct track *t = f->t;

	figures_add_from_fault(f, METRIC_DOWNTIME, rejoin_event(t));
	if (t->steps.start_issued_ns == TRACK_NEVER || t->steps.watched)
		return;
	if (were_away(t))
		figures_add_from_start(f, METRIC_BOOT, LAST_OF_TAKEN(t, booted));
	if (t->leaderless_at_start && has_survivors(t))
		add_recovery(f);
	figures_add_from_start(f, METRIC_REJOIN, rejoin_event(t));
	figures_add_from_start(f, METRIC_REJOIN_ALL,
			       t->first_rejoined.hi_ns == TRACK_NEVER ? not_yet(t, false)
								      : t->first_rejoined);
	figures_add_from_start(f, METRIC_REDUNDANCY,
			       t->first_redundant.hi_ns == TRACK_NEVER ? not_yet(t, true)
								       : t->first_redundant);
}
