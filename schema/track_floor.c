/* Noise floors: what a trial without a fault could not have told from nothing. An event shorter
 * than the time between two answers, (s_i, d_{i+1}], may be missed altogether. */
#include "schema/track_impl.h"

void track_note_gap(const struct track *t, struct gaps *gaps, int64_t last_sent_ns, int64_t done_ns)
{
	const struct track_steps *s = &t->steps;
	int64_t gap_ns;

	if (s->fault_issued_ns == TRACK_NEVER || last_sent_ns == TRACK_NEVER ||
	    done_ns <= s->fault_issued_ns ||
	    (s->noop_end_ns != TRACK_NEVER && done_ns > s->noop_end_ns))
		return;
	gap_ns = done_ns - last_sent_ns;
	if (s->start_issued_ns == TRACK_NEVER || done_ns <= s->start_issued_ns)
		gaps->watch_ns = track_max(gaps->watch_ns, gap_ns);
	else
		gaps->rejoin_ns = track_max(gaps->rejoin_ns, gap_ns);
}

static void add(metric_values *values, enum metric metric, enum origin origin, int observer,
		int64_t width_ns)
{
	if (width_ns > 0)
		vec_push(values, (struct metric_value){metric, origin, observer, 0, width_ns, -1});
}

void track_add_floors(const struct track *t, metric_values *values)
{
	static const enum metric from_fault[] = {METRIC_DETECTION, METRIC_REELECTION,
						 METRIC_AGREEMENT};
	static const enum metric from_start[] = {METRIC_BOOT, METRIC_REJOIN, METRIC_REJOIN_ALL};
	struct gaps all = {0};
	int64_t health_ns = 0;

	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct track_node *n = &t->nodes[i];

		add(values, METRIC_MASTERLESS, ORIGIN_OWN, (int)i, n->gaps.watch_ns);
		all.watch_ns = track_max(all.watch_ns, n->gaps.watch_ns);
		all.rejoin_ns = track_max(all.rejoin_ns, n->gaps.rejoin_ns);
		health_ns = track_max(health_ns, n->health_gaps.rejoin_ns);
	}
	for (int o = ORIGIN_FAULT_ISSUED; o <= ORIGIN_FAULT_DONE; o++) {
		for (size_t i = 0; i < sizeof from_fault / sizeof *from_fault; i++)
			add(values, from_fault[i], (enum origin)o, -1, all.watch_ns);
		add(values, METRIC_DOWNTIME, (enum origin)o, -1, all.rejoin_ns);
	}
	add(values, METRIC_SPREAD, ORIGIN_OWN, -1, all.watch_ns);
	add(values, METRIC_DUAL_MASTER, ORIGIN_OWN, -1, all.watch_ns);
	for (size_t i = 0; i < sizeof from_start / sizeof *from_start; i++)
		add(values, from_start[i], ORIGIN_START_ISSUED, -1, all.rejoin_ns);
	add(values, METRIC_REDUNDANCY, ORIGIN_START_ISSUED, -1,
	    track_max(all.rejoin_ns, health_ns));
}
