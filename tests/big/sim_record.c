/* A simulated trial into the store, as collector/record.c does. */
#include "lib/str.h"
#include "tests/big/sim_impl.h"
#include <string.h>

static void record_samples(const struct sim_record *r)
{
	/* what no poll saw is no evidence */
	bool is_shown[SIM_STAGES] = {false};

	for (size_t i = 0; i < r->seen->samples.n; i++)
		for (int s = 0; s < SIM_STAGES; s++)
			is_shown[s] |= r->seen->samples.v[i].view &&
				       r->seen->samples.v[i].view == r->seen->views[s];
	for (int s = 0; s < SIM_STAGES; s++)
		if (is_shown[s])
			sim_must(store_add_snapshot(r->store, r->seen->views[s], r->err), r->err);
	sim_must(store_add_samples(r->store, r->trial_id, r->seen->samples.v, r->seen->samples.n,
				   r->err),
		 r->err);
	for (int i = 0; i < SIM_NODES; i++) {
		const struct store_poll_count *count = &r->seen->counts[i];
		char *detail = mem_printf("%s: slots that found the last request still under way",
					  sim_names[i]);

		sim_must(store_add_poll_count(r->store, r->trial_id, r->c->node_ids[i], count,
					      r->err),
			 r->err);
		if (count->skipped)
			sim_must(store_add_incident(r->store, r->place->trial.study_id, r->trial_id,
						    "skipped_polls", count->skipped, detail,
						    TRACK_NEVER, r->err),
				 r->err);
		free(detail);
	}
}

static void record_changes(const struct sim_record *r)
{
	const master_changes *masters = track_master_changes(r->seen->track);
	const health_changes *healths = track_health_changes(r->seen->track);

	for (size_t i = 0; i < masters->n; i++)
		sim_must(store_add_master_change(r->store, r->trial_id,
						 r->c->node_ids[masters->v[i].node], &masters->v[i],
						 r->err),
			 r->err);
	for (size_t i = 0; i < healths->n; i++)
		sim_must(store_add_health_change(
				 r->store, r->trial_id, r->c->node_ids[healths->v[i].node],
				 health_names[healths->v[i].status], healths->v[i].at.lo_ns,
				 healths->v[i].at.hi_ns, r->err),
			 r->err);
}

static void record_metrics(const struct sim_record *r)
{
	metric_values values = {0};

	track_metrics(r->seen->track, &values);
	for (size_t i = 0; i < values.n; i++) {
		int observer = values.v[i].observer;

		sim_must(store_add_metric(r->store, r->trial_id, &values.v[i],
					  observer < 0 ? "" : sim_names[observer], r->err),
			 r->err);
	}
	vec_done(&values);
}

static void record_steps(const struct sim_record *r)
{
	const struct sim_truth *t = r->truth;
	int64_t node = r->c->node_ids[t->victim], fault_id, start_id;
	struct store_step_times fault = STORE_STEP_TIMES_INIT, start = STORE_STEP_TIMES_INIT;

	fault.issued_ns = t->fault;
	fault.done_ns = t->done;
	fault.gone_lo_ns = t->gone - 200 * NS_PER_US;
	fault.gone_hi_ns = t->gone;
	fault.undone_ns = t->end;
	start.issued_ns = t->start;
	start.done_ns = t->start + NS_PER_MS;
	sim_must(store_add_step(r->store, r->place->trial.session_id, r->trial_id, node,
				t->is_kill ? "kill" : "stop", 0, t->fault - 20 * NS_PER_MS,
				&fault_id, r->err),
		 r->err);
	sim_must(store_update_step(r->store, fault_id, &fault, r->err), r->err);
	sim_must(store_add_step(r->store, r->place->trial.session_id, r->trial_id, node, "start",
				fault_id, t->start - SIM_INTENT, &start_id, r->err),
		 r->err);
	sim_must(store_update_step(r->store, start_id, &start, r->err), r->err);
}

/* A JSON array of names; the caller frees. */
static char *names_of(unsigned nodes)
{
	struct str s = STR_INIT;

	str_add(&s, "[");
	for (int i = 0; i < SIM_NODES; i++)
		if (nodes >> i & 1)
			str_addf(&s, "%s\"%s\"", s.n > 1 ? "," : "", sim_names[i]);
	str_add(&s, "]");
	return str_take(&s);
}

static int64_t not_before(int64_t ns)
{
	return ns < 0 ? 0 : ns;
}

static void record_loss(const struct sim_record *r)
{
	const struct sim_truth *t = r->truth;
	const struct sim_state *before = &t->states[SIM_WHOLE];
	bool survived = t->outcome != SIM_NO_REELECTION;
	struct interval shown = r->seen->reelection;
	char *taken = names_of(1u << t->victim), *voters = names_of(before->voters);
	char *left_out = names_of(((1u << r->c->size) - 1) & ~before->voters);
	char *after = survived ? names_of(t->states[SIM_REMOVED].voters) : NULL;
	struct store_loss loss = {.round = 1,
				  .n_lost = 1,
				  .taken = taken,
				  .voters_before = voters,
				  .left_out = left_out,
				  .voters_after = after,
				  .predicted = true,
				  .worst = true,
				  .survived = survived,
				  .reelection_ns = {TRACK_NEVER, TRACK_NEVER}};

	if (survived && shown.hi_ns != TRACK_NEVER)
		loss.reelection_ns = (struct interval){not_before(shown.lo_ns - t->fault),
						       shown.hi_ns - t->fault};
	sim_must(store_add_loss(r->store, r->trial_id, &loss, r->err), r->err);
	free(taken);
	free(voters);
	free(left_out);
	free(after);
}

static const char *const outcomes[] = {"recovered", "no_reelection", "no_rejoin", "gate_failed",
				       "aborted"};
static const char *const reasons[] = {NULL, "no master that all survivors agree on within 120 s",
				      "n1 was not back within 180 s", "health is red for 60 s",
				      "interrupted"};

static void record_end(const struct sim_record *r, bool is_struck)
{
	const struct sim_truth *t = r->truth;
	struct store_trial_end end = {.end_ns = t->end,
				      .outcome = outcomes[t->outcome],
				      .reason = reasons[t->outcome],
				      .term_before = -1,
				      .term_after = -1};
	char *old = mem_printf("process-%06d-of-%d-%d", t->states[SIM_WHOLE].generation[t->victim],
			       r->c->size, t->victim + 1);
	int64_t start_us =
		(r->place->anchor.utc_ns + t->base - r->place->anchor.mono_ns) / NS_PER_US;

	if (is_struck) {
		int master = track_new_master(r->seen->track, &end.term_after);

		end.victim_node_id = end.old_master_node_id = r->c->node_ids[t->victim];
		end.new_master_node_id = master < 0 ? 0 : r->c->node_ids[master];
		end.old_ephemeral_id = old;
		end.term_before = t->states[SIM_WHOLE].term;
	}
	sim_must(store_set_trial_clock(r->store, r->trial_id, start_us,
				       start_us + (t->end - t->base) / NS_PER_US,
				       r->place->anchor.error_ns, r->err),
		 r->err);
	sim_must(store_end_trial(r->store, r->trial_id, &end, r->err), r->err);
	free(old);
}

void sim_record(struct store *store, const struct sim_cluster *c, const struct sim_place *place,
		const struct sim_truth *truth, struct sim_seen *seen)
{
	struct err err = ERR_INIT;
	struct sim_record r = {store, c, place, truth, seen, 0, &err};
	struct store_trial trial = place->trial;
	bool is_struck = truth->fault != SIM_NEVER;

	trial.base_ns = truth->base;
	sim_must(store_add_trial(store, &trial, &r.trial_id, &err), &err);
	record_samples(&r);
	record_changes(&r);
	if (is_struck) {
		record_metrics(&r);
		record_steps(&r);
		record_loss(&r);
		sim_record_logs(&r);
	}
	record_end(&r, is_struck);
}
