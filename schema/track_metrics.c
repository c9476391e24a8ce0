/* From a trial's events to its durations. */
#include "schema/track_metrics_impl.h"
#include <string.h>

void figures_add(struct figures *f, enum metric metric, enum origin origin, int observer,
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
static void figures_add_from(struct figures *f, enum metric metric, enum origin origin,
			     struct interval event)
{
	struct interval o = f->origins[origin];

	if (o.hi_ns == TRACK_NEVER)
		return;
	if (event.hi_ns == TRACK_NEVER)
		figures_add(f, metric, origin, -1, track_max(0, event.lo_ns - o.hi_ns), 0, 1);
	else
		figures_add(f, metric, origin, -1,
			    is_cause(origin) ? track_max(0, event.lo_ns - o.hi_ns)
					     : event.lo_ns - o.hi_ns,
			    event.hi_ns - o.lo_ns,
			    is_cause(origin) && event.lo_ns <= o.hi_ns && event.hi_ns > o.lo_ns
				    ? -1
				    : 0);
}

void figures_add_from_fault(struct figures *f, enum metric metric, struct interval event)
{
	event = interval_after(event, f->t->steps.fault_issued_ns);
	for (int o = ORIGIN_FAULT_ISSUED; o <= ORIGIN_PROCESS_GONE; o++)
		figures_add_from(f, metric, (enum origin)o, event);
}

void figures_add_from_start(struct figures *f, enum metric metric, struct interval event)
{
	figures_add_from(f, metric, ORIGIN_START_ISSUED,
			 interval_after(event, f->t->steps.start_issued_ns));
}

void figures_add_between(struct figures *f, enum metric metric, int observer, struct interval from,
			 struct interval to)
{
	int64_t lo = track_max(0, to.lo_ns - from.hi_ns), hi;

	if (to.hi_ns == TRACK_NEVER) {
		figures_add(f, metric, ORIGIN_OWN, observer, lo, 0, 1);
		return;
	}
	hi = track_max(lo, to.hi_ns - from.lo_ns);
	figures_add(f, metric, ORIGIN_OWN, observer, lo, hi, lo == 0 && hi > 0 ? -1 : 0);
}

struct interval figures_last_of_taken(const struct track *t, size_t offset)
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
	f->origins[ORIGIN_HTTP_REFUSED] =
		interval_after(LAST_OF_TAKEN(t, refused), s->fault_issued_ns);
	f->origins[ORIGIN_PROCESS_GONE] = interval_after(s->process_gone, s->fault_issued_ns);
	f->origins[ORIGIN_START_ISSUED] = point(s->start_issued_ns);
}

/* From the process's own end it would be nothing. */
static void add_shutdown(struct figures *f)
{
	struct interval gone =
		interval_after(f->t->steps.process_gone, f->t->steps.fault_issued_ns);

	for (int o = ORIGIN_FAULT_ISSUED; o <= ORIGIN_HTTP_REFUSED; o++)
		figures_add_from(f, METRIC_SHUTDOWN, (enum origin)o, gone);
}

void track_metrics(const struct track *t, metric_values *ret_values)
{
	struct figures f = {.t = t, .values = ret_values};

	if (!t->faulted || t->steps.fault_issued_ns == TRACK_NEVER)
		return;
	if (t->steps.noop) {
		track_add_floors(t, ret_values);
		return;
	}
	set_origins(&f);
	vec_push(ret_values, track_dual_master(t));
	figures_add_election(&f);
	if (!t->n_taken)
		return;
	if (t->steps.process_gone.lo_ns != TRACK_NEVER ||
	    t->steps.process_gone.hi_ns != TRACK_NEVER)
		add_shutdown(&f);
	figures_add_return(&f);
}
