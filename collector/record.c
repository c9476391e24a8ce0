#include "collector/progress.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

double record_value(const metric_values *values, enum metric metric)
{
	for (size_t i = 0; i < values->n; i++) {
		const struct metric_value *v = &values->v[i];
		if (v->metric == metric && v->origin == metric_default_origin(metric) &&
		    v->observer < 0 && v->censored == 0)
			return ((double)v->lo_ns + (double)v->hi_ns) / 2e9;
	}
	return NAN;
}

static int64_t node_id(const struct trial *t, int ordinal)
{
	return ordinal < 0 ? 0 : t->d->clusters[t->d->cluster].node_ids.v[ordinal];
}

static void record_samples(struct trial *t)
{
	struct store *store = t->d->store;
	const samples *all = observe_samples(t->d->observe);
	for (size_t i = 0; i < all->n; i++) {
		/* the set's own snapshot, lent as const */
		struct snapshot *view = (struct snapshot *)all->v[i].view;
		if (view && view->id == 0)
			store_add_snapshot(store, view, &t->err);
	}
	store_add_samples(store, t->trial_id, all->v, all->n, &t->err);
}

static void add_incident(struct trial *t, const char *kind, int64_t n, int node, const char *what)
{
	char detail[256];
	snprintf(detail, sizeof detail, "%s: %s", t->d->driver->nodes.v[node].name, what);
	store_add_incident(t->d->store, t->d->study_id, t->trial_id, kind, n, detail, TRACK_NEVER,
			   &t->err);
}

static void record_tallies(struct trial *t)
{
	for (int i = 0; i < (int)t->d->driver->nodes.n; i++) {
		const struct observe_tally *tally = observe_tally(t->d->observe, i);
		store_add_poll_count(t->d->store, t->trial_id, node_id(t, i), &tally->count,
				     &t->err);
		if (tally->count.skipped)
			add_incident(t, "skipped_polls", tally->count.skipped, i,
				     "slots that found the last request still under way");
		if (tally->bad_answers)
			add_incident(t, "bad_answer", tally->bad_answers, i,
				     "answers with status 200 that are no cluster state");
		if (tally->max_late_ns > t->d->plan->poll_rejoin_ns) {
			char what[128];
			snprintf(what, sizeof what, "a poll was sent %.1f ms late",
				 (double)tally->max_late_ns / 1e6);
			add_incident(t, "late_poll", 1, i, what);
		}
	}
}

static void record_changes(struct trial *t)
{
	const struct track *track = observe_track(t->d->observe);
	const master_changes *masters = track_master_changes(track);
	const health_changes *healths = track_health_changes(track);
	for (size_t i = 0; i < masters->n; i++)
		store_add_master_change(t->d->store, t->trial_id, node_id(t, masters->v[i].node),
					&masters->v[i], &t->err);
	for (size_t i = 0; i < healths->n; i++)
		store_add_health_change(t->d->store, t->trial_id, node_id(t, healths->v[i].node),
					health_names[healths->v[i].status], healths->v[i].at.lo_ns,
					healths->v[i].at.hi_ns, &t->err);
}

static void record_metrics(struct trial *t, const metric_values *values)
{
	for (size_t i = 0; i < values->n; i++) {
		const struct metric_value *v = &values->v[i];
		const char *observer =
			v->observer < 0 ? "" : t->d->driver->nodes.v[v->observer].name;
		store_add_metric(t->d->store, t->trial_id, v, observer, &t->err);
	}
}

static void record_step(struct trial *t, struct trial_step *step)
{
	struct store *store = t->d->store;
	if (!step->step_id)
		store_add_step(store, t->d->session_id, t->trial_id, node_id(t, step->node),
			       action_names[step->action],
			       step->undoes < 0 ? 0 : t->steps.v[step->undoes].step_id,
			       step->intent_ns, &step->step_id, &t->err);
	struct store_step_times times = {.issued_ns = step->issued_ns,
					 .done_ns = step->done_ns,
					 .gone_lo_ns = step->gone.lo_ns,
					 .gone_hi_ns = step->gone.hi_ns,
					 .undone_ns = step->undone_ns,
					 .error = step->error[0] ? step->error : NULL};
	store_update_step(store, step->step_id, &times, &t->err);
}

static void record_losses(struct trial *t)
{
	for (size_t i = 0; i < t->losses.n; i++) {
		const struct trial_loss *loss = &t->losses.v[i];
		struct interval shown = loss->reelection;
		struct store_loss row = {.round = (int64_t)i + 1,
					 .taken = loss->taken,
					 .voters_before = loss->voters_before,
					 .left_out = loss->left_out,
					 .voters_after = loss->voters_after,
					 .n_lost = loss->n_lost,
					 .predicted = loss->predicted,
					 .worst = loss->worst,
					 .survived = loss->survived,
					 .reelection_ns = {TRACK_NEVER, TRACK_NEVER},
					 .cut_off_master = loss->cut_off_master,
					 .other_master = loss->other_master};
		if (shown.hi_ns != TRACK_NEVER && loss->issued_ns != TRACK_NEVER) {
			row.reelection_ns.hi_ns = shown.hi_ns - loss->issued_ns;
			row.reelection_ns.lo_ns =
				shown.lo_ns < loss->issued_ns ? 0 : shown.lo_ns - loss->issued_ns;
		}
		store_add_loss(t->d->store, t->trial_id, &row, &t->err);
	}
}

/* Where nothing was done, or not by us, nobody has to agree anew. */
static int master_after(const struct trial *t, int64_t *ret_term)
{
	const struct track *track = observe_track(t->d->observe);
	int master = track_master(track);
	if (t->arm->fault != FAULT_NOOP && t->arm->fault != FAULT_WATCHED)
		return track_new_master(track, ret_term);
	if (master >= 0)
		*ret_term = track_view(track, master)->term;
	return master;
}

static void record_end(struct trial *t)
{
	struct store_trial_end end = {.end_ns = t->witness.clock.end.mono_ns,
				      .outcome = trial_outcome_names[t->outcome],
				      .reason = t->reason[0] ? t->reason : NULL,
				      .diagnosis =
					      t->diagnosis ? diagnosis_names[t->diagnosis] : NULL,
				      .term_before = -1,
				      .term_after = -1};
	/* the intent of a fault that was not done names no victim */
	if (t->struck) {
		end.victim_node_id = t->arm->fault == FAULT_NOOP ? 0 : node_id(t, t->victim);
		end.old_master_node_id = node_id(t, t->old_master);
		end.old_ephemeral_id = t->old_ephemeral_id;
		end.term_before = t->term_before;
		end.new_master_node_id = node_id(t, master_after(t, &end.term_after));
	}
	store_end_trial(t->d->store, t->trial_id, &end, &t->err);
}

int record_trial(struct trial *t, struct err *err)
{
	struct drill *d = t->d;
	metric_values values = {0};
	if (t->struck)
		track_metrics(t->judged ? t->judged : observe_track(d->observe), &values);
	if (store_begin(d->store, err) == 0) {
		record_samples(t);
		record_tallies(t);
		record_changes(t);
		record_writes(t, &values);
		record_metrics(t, &values);
		for (size_t i = 0; i < t->steps.n; i++)
			record_step(t, &t->steps.v[i]);
		record_losses(t);
		witness_record(t);
		record_end(t);
		if (t->err.code || store_commit(d->store, err))
			store_rollback(d->store);
		else if (seal_trials(d->store, d->study_id, err) == 0)
			store_checkpoint(d->store, err);
	}
	progress_trial(t, &values);
	vec_done(&values);
	return err->code;
}
