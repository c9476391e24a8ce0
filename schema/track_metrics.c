/* From a trial's events to its durations. */
#include "schema/track_impl.h"
#include <stddef.h>
#include <string.h>

/* What the metrics of one trial share. */
struct figures {
	const struct track *t;
	metric_values *values;
	const struct snapshot *new_view;    /* names THE new master; NULL: nobody ever showed one */
	struct interval origins[N_ORIGINS]; /* hi NEVER: not known */
};

/* Clamped: an effect does not precede its cause. hi NEVER stays. */
static struct interval after(struct interval event, int64_t cause_ns)
{
	event.lo_ns = track_max(event.lo_ns, cause_ns);
	if (event.hi_ns != TRACK_NEVER)
		event.hi_ns = track_max(event.hi_ns, event.lo_ns);
	return event;
}

static void emit(struct figures *f, enum metric metric, enum origin origin, int observer,
		 int64_t lo_ns, int64_t hi_ns, int censored)
{
	vec_push(f->values,
		 (struct metric_value){metric, origin, observer, lo_ns, hi_ns, censored});
}

/* Nothing that is measured from it can come before it. */
static bool is_cause(enum origin origin)
{
	return origin == ORIGIN_FAULT_ISSUED || origin == ORIGIN_START_ISSUED;
}

/* From origin to event; an event without hi is right-censored. */
static void emit_from(struct figures *f, enum metric metric, enum origin origin,
		      struct interval event)
{
	struct interval o = f->origins[origin];

	if (o.hi_ns == TRACK_NEVER)
		return;
	if (event.hi_ns == TRACK_NEVER)
		emit(f, metric, origin, -1, track_max(0, event.lo_ns - o.hi_ns), 0, 1);
	else
		emit(f, metric, origin, -1,
		     is_cause(origin) ? track_max(0, event.lo_ns - o.hi_ns) : event.lo_ns - o.hi_ns,
		     event.hi_ns - o.lo_ns,
		     is_cause(origin) && event.lo_ns <= o.hi_ns && event.hi_ns > o.lo_ns ? -1 : 0);
}

static void emit_from_fault(struct figures *f, enum metric metric, struct interval event)
{
	event = after(event, f->t->steps.fault_issued_ns);
	for (int o = ORIGIN_FAULT_ISSUED; o <= ORIGIN_PROCESS_GONE; o++)
		emit_from(f, metric, (enum origin)o, event);
}

static void emit_from_start(struct figures *f, enum metric metric, struct interval event)
{
	emit_from(f, metric, ORIGIN_START_ISSUED, after(event, f->t->steps.start_issued_ns));
}

/* The duration between two events, from the first to the second. */
static void emit_between(struct figures *f, enum metric metric, int observer, struct interval from,
			 struct interval to)
{
	int64_t lo = track_max(0, to.lo_ns - from.hi_ns), hi;

	if (to.hi_ns == TRACK_NEVER) {
		emit(f, metric, ORIGIN_OWN, observer, lo, 0, 1);
		return;
	}
	hi = track_max(lo, to.hi_ns - from.lo_ns);
	emit(f, metric, ORIGIN_OWN, observer, lo, hi, lo == 0 && hi > 0 ? -1 : 0);
}

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

	track_each_change(
		c, t) if (c->node == (int)node &&
			  snapshot_same_master(c->to, view)) return track_is_after_start(t, c->at)
		? not_until(t, c->at.lo_ns)
		: c->at;
	return not_until(t, t->nodes[node].sent_ns);
}

/* The happening of the first of all survivors' events. A survivor whose event was not seen may have
 * had it right after its last answer, before everybody else. */
static void take_first(struct interval *first, struct interval event)
{
	first->lo_ns = track_min(first->lo_ns, event.lo_ns);
	if (event.hi_ns == TRACK_NEVER)
		return;
	first->hi_ns =
		first->hi_ns == TRACK_NEVER ? event.hi_ns : track_min(first->hi_ns, event.hi_ns);
}

#define INTERVAL_NONE ((struct interval){INT64_MAX, TRACK_NEVER})

static struct interval or_last_answer(const struct track_node *n, struct interval event)
{
	return event.hi_ns == TRACK_NEVER ? (struct interval){n->sent_ns, TRACK_NEVER} : event;
}

/* ---- re-election ---- */

/* THE new master is the one the survivors agreed on, else the first one that any of them showed. */
static const struct snapshot *find_new_view(const struct track *t)
{
	const struct agreement *a = track_final_agreement(t);
	const struct view_change *c;

	if (a)
		return a->view;
	track_each_change(c, t) if (track_is_survivor(t, (size_t)c->node) && c->to->master_id &&
				    !track_shows_old_master(t, c->to)) return c->to;
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

static void add_reelection(struct figures *f)
{
	const struct track *t = f->t;
	struct interval gone = INTERVAL_NONE, shown = INTERVAL_NONE, agreed = agreement_event(t);
	size_t n_survivors = 0;

	for (size_t i = 0; i < t->n_nodes; i++) {
		if (!track_is_survivor(t, i))
			continue;
		n_survivors++;
		take_first(&gone, or_last_answer(&t->nodes[i], t->nodes[i].gone));
		take_first(&shown, f->new_view ? first_shown(t, i, f->new_view)
					       : not_until(t, t->nodes[i].sent_ns));
	}
	if (!n_survivors)
		return;
	emit_from_fault(f, METRIC_DETECTION, gone);
	emit_from_fault(f, METRIC_REELECTION, shown);
	emit_from_fault(f, METRIC_AGREEMENT, agreed);
	if (shown.hi_ns == TRACK_NEVER)
		return;
	if (n_survivors == 1)
		emit(f, METRIC_SPREAD, ORIGIN_OWN, -1, 0, 0, 0);
	else
		emit_between(f, METRIC_SPREAD, -1, after(shown, t->steps.fault_issued_ns),
			     after(agreed, t->steps.fault_issued_ns));
}

/* An answer without a master in (gone, shown]: else the gap was shorter than the poll period. */
static bool saw_none(const struct track *t, int node, struct interval shown)
{
	const struct view_change *c;

	track_each_change(
		c, t) if (c->node == node && !c->to->master_id &&
			  (shown.hi_ns == TRACK_NEVER || c->at.hi_ns < shown.hi_ns)) return true;
	return false;
}

/* The old master shown again after it was gone: the gap ends as well. */
static struct interval old_again(const struct track *t, int node)
{
	const struct view_change *c;
	bool gone = false;

	track_each_change(c, t)
	{
		if (c->node != node)
			continue;
		if (gone && track_shows_old_master(t, c->to))
			return c->at;
		gone = gone || !track_shows_old_master(t, c->to);
	}
	return (struct interval){t->nodes[node].sent_ns, TRACK_NEVER};
}

static void add_masterless(struct figures *f, int node)
{
	const struct track *t = f->t;
	struct interval gone = t->nodes[node].gone, shown = INTERVAL_NEVER;

	if (gone.hi_ns == TRACK_NEVER)
		return;
	gone = after(gone, t->steps.fault_issued_ns);
	if (f->new_view)
		shown = first_shown(t, (size_t)node, f->new_view);
	if (shown.hi_ns == TRACK_NEVER)
		shown = old_again(t, node);
	shown = after(shown, t->steps.fault_issued_ns);
	if (shown.hi_ns != TRACK_NEVER && !saw_none(t, node, shown))
		emit(f, METRIC_MASTERLESS, ORIGIN_OWN, node, 0, shown.hi_ns - gone.lo_ns, -1);
	else
		emit_between(f, METRIC_MASTERLESS, node, gone, shown);
}

/* ---- return ---- */

static bool has_survivors(const struct track *t)
{
	return t->n_taken < t->n_nodes;
}

static struct interval rejoin_event(const struct track *t)
{
	struct interval first = INTERVAL_NONE;

	for (size_t i = 0; i < t->n_nodes; i++)
		if (track_is_survivor(t, i) || !has_survivors(t))
			take_first(&first, or_last_answer(&t->nodes[i], t->nodes[i].first_back));
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

/* Of the nodes that were taken, the last: hi NEVER where one is missing. */
static struct interval last_of_taken(const struct track *t, size_t offset)
{
	struct interval last = INTERVAL_NEVER, one;
	bool missing = false;

	for (size_t i = 0; i < t->n_nodes; i++) {
		if (!t->nodes[i].taken)
			continue;
		memcpy(&one, (const char *)&t->nodes[i] + offset, sizeof one);
		missing = missing || one.hi_ns == TRACK_NEVER;
		last = interval_last(last, one);
	}
	if (missing)
		last.hi_ns = TRACK_NEVER;
	return last;
}

#define LAST_OF_TAKEN(t, member) last_of_taken(t, offsetof(struct track_node, member))

/* A node showed a master after the start; a process that was started anew cannot have done so
 * before it answered. */
static struct interval shows_master_after_start(const struct track *t, size_t node)
{
	const struct track_node *n = &t->nodes[node];
	const struct view_change *c;

	track_each_change(c, t) if (c->node == (int)node && c->to->master_id &&
				    track_is_after_start(t, c->at)) return (struct interval){
		n->taken ? track_max(c->at.lo_ns, n->booted.lo_ns) : c->at.lo_ns, c->at.hi_ns};
	return n->taken ? INTERVAL_NONE : (struct interval){n->sent_ns, TRACK_NEVER};
}

static void add_recovery(struct figures *f)
{
	struct interval first = INTERVAL_NONE;

	for (size_t i = 0; i < f->t->n_nodes; i++)
		take_first(&first, shows_master_after_start(f->t, i));
	if (first.lo_ns != INT64_MAX)
		emit_from_start(f, METRIC_RECOVERY, first);
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

static void add_return(struct figures *f)
{
	const struct track *t = f->t;

	if (were_away(t))
		emit_from_start(f, METRIC_BOOT, LAST_OF_TAKEN(t, booted));
	if (t->leaderless_at_start && has_survivors(t))
		add_recovery(f);
	emit_from_start(f, METRIC_REJOIN, rejoin_event(t));
	emit_from_start(f, METRIC_REJOIN_ALL,
			t->first_rejoined.hi_ns == TRACK_NEVER ? not_yet(t, false)
							       : t->first_rejoined);
	emit_from_start(f, METRIC_REDUNDANCY,
			t->first_redundant.hi_ns == TRACK_NEVER ? not_yet(t, true)
								: t->first_redundant);
}

/* ---- all ---- */

static struct interval point(int64_t ns)
{
	return (struct interval){ns, ns};
}

static void set_origins(struct figures *f)
{
	const struct track *t = f->t;
	const struct track_steps *s = &t->steps;

	for (int o = 0; o < N_ORIGINS; o++)
		f->origins[o] = INTERVAL_NEVER;
	f->origins[ORIGIN_FAULT_ISSUED] =
		(struct interval){s->fault_issued_ns, s->fault_issued_ns + s->fault_slack_ns};
	f->origins[ORIGIN_FAULT_DONE] = point(s->fault_done_ns);
	f->origins[ORIGIN_HTTP_REFUSED] = after(LAST_OF_TAKEN(t, refused), s->fault_issued_ns);
	f->origins[ORIGIN_PROCESS_GONE] = after(s->process_gone, s->fault_issued_ns);
	f->origins[ORIGIN_START_ISSUED] = point(s->start_issued_ns);
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

struct interval track_reelection(const struct track *t)
{
	const struct snapshot *new_view = find_new_view(t);
	struct interval shown = INTERVAL_NONE;

	for (size_t i = 0; new_view && i < t->n_nodes; i++)
		if (track_is_survivor(t, i))
			take_first(&shown, first_shown(t, i, new_view));
	return new_view ? shown : INTERVAL_NEVER;
}

/* From the process's own end it would be nothing. */
static void add_shutdown(struct figures *f)
{
	struct interval gone = after(f->t->steps.process_gone, f->t->steps.fault_issued_ns);

	for (int o = ORIGIN_FAULT_ISSUED; o <= ORIGIN_HTTP_REFUSED; o++)
		emit_from(f, METRIC_SHUTDOWN, (enum origin)o, gone);
}

void track_metrics(const struct track *t, metric_values *ret_values)
{
	struct figures f = {.t = t, .values = ret_values, .new_view = find_new_view(t)};

	if (!t->faulted || t->steps.fault_issued_ns == TRACK_NEVER)
		return;
	if (t->steps.noop) {
		track_add_floors(t, ret_values);
		return;
	}
	set_origins(&f);
	vec_push(ret_values, track_dual_master(t));
	if (is_reelection(t)) {
		add_reelection(&f);
		for (size_t i = 0; i < t->n_nodes; i++)
			if (track_is_survivor(t, i))
				add_masterless(&f, (int)i);
	}
	if (!t->n_taken)
		return;
	if (t->steps.process_gone.lo_ns != TRACK_NEVER ||
	    t->steps.process_gone.hi_ns != TRACK_NEVER)
		add_shutdown(&f);
	emit_from_fault(&f, METRIC_DOWNTIME, rejoin_event(t));
	if (t->steps.start_issued_ns != TRACK_NEVER && !t->steps.watched)
		add_return(&f);
}
