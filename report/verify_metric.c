/* The metrics that are stored of a trial, and those that its samples give. */
#include "report/verify_derive.h"
#include "schema/sql.h"
#include <stdio.h>
#include <string.h>

/* ---- what is stored ---- */

static int node_by_name(const struct verify_trial *t, const char *name)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (strcmp(t->names[i], name) == 0)
			return (int)i;
	return -2;
}

static int on_metric(void *arg, const struct store_row *row, struct err *err)
{
	struct stored *s = arg;
	const char *metric = store_text(row, 0), *origin = store_text(row, 1);
	const char *observer = store_text(row, 2);
	int m = metric_by_name(metric), o = origin_by_name(origin);
	int node = *observer ? node_by_name(s->t, observer) : -1;
	struct stored_metric stored = {.known = m >= 0 && o >= 0 && node >= -1,
				       .value = {.metric = (enum metric)m,
						 .origin = (enum origin)o,
						 .observer = node,
						 .lo_ns = store_int(row, 3),
						 .hi_ns = store_int(row, 4),
						 .censored = (int)store_int(row, 5)}};

	(void)err;
	snprintf(stored.name, sizeof stored.name, "%s%s%s%s%s", metric, *origin ? " from " : "",
		 origin, *observer ? " of " : "", observer);
	vec_push(&s->metrics, stored);
	return 0;
}

int verify_metrics_load(struct verify *v, struct stored *s, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, s->t->trial_id, NULL}};

	return store_query(v->store, SQL_VERIFY_METRICS, binds, 1, on_metric, s, err);
}

/* ---- compared ---- */

static void say_metric(struct difference *d, const struct stored_metric *m,
		       const struct metric_value *derived)
{
	char hi[2][32] = {"unknown", "unknown"};

	if (m->value.censored != 1)
		snprintf(hi[0], sizeof hi[0], "%.6f s", (double)m->value.hi_ns / 1e9);
	if (derived->censored != 1)
		snprintf(hi[1], sizeof hi[1], "%.6f s", (double)derived->hi_ns / 1e9);
	snprintf(d->text, sizeof d->text, "%s: stored is %.6f s to %s, derived %.6f s to %s",
		 m->name, (double)m->value.lo_ns / 1e9, hi[0], (double)derived->lo_ns / 1e9, hi[1]);
}

/* What is stored lies between the derived bound and what the trial's length allows. */
static bool is_within_bound(const struct stored *s, const struct replay *replay,
			    const struct metric_value *stored, const struct metric_value *derived)
{
	int64_t start_ns = track_steps(replay->track)->start_issued_ns;

	if (stored->censored == 1)
		return stored->lo_ns >= derived->lo_ns && stored->lo_ns <= s->t->end_ns - start_ns;
	return stored->lo_ns == derived->lo_ns && stored->hi_ns >= derived->hi_ns &&
	       stored->hi_ns <= s->t->end_ns - s->t->base_ns;
}

static bool is_open_gap(const struct verify_open_gap *open_gap, const struct metric_value *stored)
{
	return stored->metric == METRIC_WRITE_GAP && stored->censored == 1 && open_gap->possible &&
	       stored->lo_ns >= open_gap->least_ns && stored->lo_ns <= open_gap->most_ns;
}

static bool same_metric(const struct stored *s, const struct replay *replay,
			const struct metric_value *stored, const struct metric_value *derived)
{
	if (stored->censored != derived->censored)
		return false;
	if (replay_is_bound(replay, derived))
		return is_within_bound(s, replay, stored, derived);
	return stored->lo_ns == derived->lo_ns &&
	       (stored->censored == 1 || stored->hi_ns == derived->hi_ns);
}

static struct stored_metric *find(struct stored *s, const struct metric_value *derived)
{
	for (size_t i = 0; i < s->metrics.n; i++) {
		const struct metric_value *m = &s->metrics.v[i].value;

		if (s->metrics.v[i].known && m->metric == derived->metric &&
		    m->origin == derived->origin && m->observer == derived->observer)
			return &s->metrics.v[i];
	}
	return NULL;
}

void verify_metrics_compare(struct stored *s, const struct replay *replay,
			    const struct verify_open_gap *open_gap, struct difference *d)
{
	const struct metric_value *value;
	struct stored_metric *m;

	vec_each (m, &s->metrics)
		m->met = false;
	vec_each (value, &replay->values) {
		m = find(s, value);
		if (m && (is_open_gap(open_gap, &m->value) ||
			  same_metric(s, replay, &m->value, value))) {
			m->met = true;
			continue;
		}
		if (m)
			say_metric(d, m, value);
		else
			snprintf(d->text, sizeof d->text,
				 "%s is not stored, though the samples give it",
				 metric_names[value->metric]);
		return;
	}
	vec_each (m, &s->metrics)
		if (!m->met && !is_open_gap(open_gap, &m->value)) {
			snprintf(d->text, sizeof d->text,
				 "%s is stored, though the samples do not give it", m->name);
			return;
		}
}
