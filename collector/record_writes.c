#include "collector/trial.h"
#include "collector/writer.h"

void record_writes(struct trial *t, metric_values *values)
{
	struct drill *d = t->d;
	struct metric_value gap;
	if (!t->writing)
		return;
	const writes *all = writer_writes(d->writer);
	const struct store_write_count *count = writer_count(d->writer);
	for (size_t i = 0; i < all->n && !t->err.code; i++)
		store_add_write(d->store, t->trial_id, &all->v[i], &t->err);
	store_add_write_count(d->store, t->trial_id, count, &t->err);
	if (t->lost_writes.n)
		store_add_incident(d->store, d->study_id, t->trial_id, "lost_writes", count->lost,
				   t->lost_writes.s, TRACK_NEVER, &t->err);
	else if (t->outcome != OUTCOME_ABORTED && count->ok && count->found < 0)
		store_add_incident(d->store, d->study_id, t->trial_id, "writes_not_looked_for",
				   count->ok, "no node answered the search for acknowledged writes",
				   TRACK_NEVER, &t->err);
	if (!t->struck || !writer_gap(d->writer, t->fault_issued_ns, &gap))
		return;
	if (t->arm->fault == FAULT_NOOP && gap.censored == 0) {
		gap.lo_ns = 0;
		gap.censored = -1;
	}
	vec_push(values, gap);
}
