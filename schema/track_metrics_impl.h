/* track_metrics_impl: what the metrics of one trial are made with. For the files track_metrics*.c:
 * nobody else includes it. */
#ifndef REJOIN_SCHEMA_TRACK_METRICS_IMPL_H
#define REJOIN_SCHEMA_TRACK_METRICS_IMPL_H

#include "schema/track_impl.h"
#include <stddef.h>

/* What they share. */
struct figures {
	const struct track *t;
	metric_values *values;
	struct interval origins[N_ORIGINS]; /* hi NEVER: not known */
};

/* ---- track_metrics.c: durations between events; one without hi is right-censored ---- */

/* From each of the fault's four instants that is known. */
void figures_add_from_fault(struct figures *f, enum metric metric, struct interval event);
void figures_add_from_start(struct figures *f, enum metric metric, struct interval event);
/* From the first of two events to the second. */
void figures_add_between(struct figures *f, enum metric metric, int observer, struct interval from,
			 struct interval to);
void figures_add(struct figures *f, enum metric metric, enum origin origin, int observer,
		 int64_t lo_ns, int64_t hi_ns, int censored);

/* Of the nodes that were taken, the last: hi NEVER where one is missing. */
#define LAST_OF_TAKEN(t, member) figures_last_of_taken(t, offsetof(struct track_node, member))
struct interval figures_last_of_taken(const struct track *t, size_t offset);

/* ---- the metrics ---- */

/* track_metrics_election.c: detection to spread, and who was how long without a master; none where
 * no master was lost. */
void figures_add_election(struct figures *f);
/* track_metrics_return.c: downtime; and what counts from the start, if there was one. */
void figures_add_return(struct figures *f);

/* ---- events ---- */

/* Clamped: an effect does not precede its cause. hi NEVER stays. */
static inline struct interval interval_after(struct interval event, int64_t cause_ns)
{
	event.lo_ns = track_max(event.lo_ns, cause_ns);
	if (event.hi_ns != TRACK_NEVER)
		event.hi_ns = track_max(event.hi_ns, event.lo_ns);
	return event;
}

/* The happening of the first of all survivors' events. A survivor whose event was not seen may have
 * had it right after its last answer, before everybody else. */
static inline void interval_take_first(struct interval *first, struct interval event)
{
	first->lo_ns = track_min(first->lo_ns, event.lo_ns);
	if (event.hi_ns == TRACK_NEVER)
		return;
	first->hi_ns =
		first->hi_ns == TRACK_NEVER ? event.hi_ns : track_min(first->hi_ns, event.hi_ns);
}

#define INTERVAL_NONE ((struct interval){INT64_MAX, TRACK_NEVER})

static inline struct interval track_or_last_answer(const struct track_node *n,
						   struct interval event)
{
	return event.hi_ns == TRACK_NEVER ? (struct interval){n->sent_ns, TRACK_NEVER} : event;
}

#endif
