#include "collector/drill.h"
#include "collector/host.h"
#include "collector/resume.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "schema/sql.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int add_session(struct drill *d, const char *command_line, const char *work_dir,
		       struct err *err)
{
	struct host host;
	host_read(&host);
	char *account = host_account();
	struct store_session row = {.study_id = d->study_id,
				    .tool_version = REJOIN_VERSION,
				    .command_line = command_line,
				    .libraries = host.libraries,
				    .host = host.name,
				    .kernel = host.kernel,
				    .cpu = host.cpu,
				    .sysctls = host.sysctls,
				    .work_dir = work_dir,
				    .account = account,
				    .clock_source = host.clock_source,
				    .start_sync = host_sync(),
				    .n_cpu = host.n_cpu,
				    .memory_bytes = host.memory_bytes,
				    .pid = getpid(),
				    .start = clock_anchor_read()};
	int code = store_add_session(d->store, &row, &d->session_id, err);
	host_done(&host);
	free(account);
	return code;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static int add_study(struct drill *d, struct err *err)
{
	const struct plan *plan = d->plan;
	const struct plan_record *record = &plan->record;
	char *account = host_account();
	struct store_study row = {.name = plan->study_name,
				  .objective = record->objective,
				  .hypothesis = record->hypothesis,
				  .rto_ns = record->rto_ns,
				  .scope = record->scope,
				  .environment = record->environment,
				  .operator= record->operator
				  ? record->operator: account,
				  .approver = record->approver,
				  .ticket = record->ticket,
				  .remarks = record->remarks,
				  .plan_file = base_name(plan->file),
				  .plan_text = plan->text,
				  .plan_json = plan->json,
				  .plan_sha256 = plan->sha256,
				  .seed = plan->seed,
				  .trials_planned = (int64_t)d->schedule.n };
	int code = store_add_study(d->store, &row, &d->study_id, err);
	free(account);
	for (size_t i = 0; !code && i < plan->clusters.n; i++)
		code = cluster_add(d, (int)i, err);
	for (size_t i = 0; !code && i < plan->arms.n; i++) {
		const struct plan_arm *arm = &plan->arms.v[i];
		struct store_arm arm_row = {.study_id = d->study_id,
					    .ordinal = (int64_t)i,
					    .cluster = plan->clusters.v[arm->cluster].label,
					    .master_eligible =
						    plan->clusters.v[arm->cluster].master_eligible,
					    .fault = plan_fault_names[arm->fault],
					    .target = plan_target_names[arm->target],
					    .factors = arm->factors_json};
		code = store_add_arm(d->store, &arm_row, &d->arm_ids[i], err);
	}
	return code;
}

static int on_uuid(void *arg, const struct store_row *row, struct err *err)
{
	struct drill *d = arg;
	(void)err;
	snprintf(d->study_uuid, sizeof d->study_uuid, "%s", store_text(row, 0));
	return 0;
}

static int read_uuid(struct drill *d, struct err *err)
{
	const struct store_bind study[] = {{STORE_BIND_INT, d->study_id, NULL}};
	return store_query(d->store, SQL_UUID_OF_STUDY, study, 1, on_uuid, d, err);
}

int drill_begin(struct drill *d, const char *command_line, const char *work_dir, bool resume,
		struct err *err)
{
	d->cluster = -1;
	d->clusters = mem_alloc(d->plan->clusters.n * sizeof *d->clusters);
	d->arm_ids = mem_alloc(d->plan->arms.n * sizeof *d->arm_ids);
	if (!d->driver->ops->watches_only)
		schedule_make(d->plan, &d->schedule);
	if (resume && resume_study(d, err))
		return err->code;
	int code = store_begin(d->store, err);
	if (!code && !resume)
		code = add_study(d, err);
	else if (!code)
		code = seal_open_again(d->store, d->study_id, err);
	if (!code)
		code = add_session(d, command_line, work_dir, err);
	if (!code)
		code = read_uuid(d, err);
	/* on disk before the first node is started: heal must know where to look */
	if (!code)
		code = store_commit_durable(d->store, err);
	if (code)
		store_rollback(d->store);
	return code;
}

/* Brings the cluster of the next trial up, and puts a cluster right that the last trial left
 * broken. */
static int ready_cluster(struct drill *d, const struct schedule_slot *slot, bool broken,
			 struct err *err)
{
	int wanted = d->plan->arms.v[slot->arm].cluster;
	if (d->cluster == wanted && !broken)
		return 0;
	if (cluster_close(d, err))
		return err->code;
	return cluster_open(d, wanted, err);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static int pause_between(struct drill *d, struct err *err)
{
	int64_t until_ns = clock_mono_ns() + d->plan->pause_between_ns;
	if (loop_wait(d->loop, never, NULL, until_ns, true) == LOOP_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	return 0;
}

/* For how long the nodes left had no master, or the whole cluster until it was healed. */
static int64_t downtime_of(const struct trial *t)
{
	int64_t sum_ns = 0;
	for (size_t i = 0; i < t->losses.n; i++) {
		const struct trial_loss *loss = &t->losses.v[i];
		if (loss->issued_ns == TRACK_NEVER)
			continue;
		if (loss->reelection.hi_ns != TRACK_NEVER)
			sum_ns += loss->reelection.hi_ns - loss->issued_ns;
		else if (loss->survived != 1)
			sum_ns += clock_mono_ns() - loss->issued_ns;
	}
	return sum_ns;
}

/* limits.max_downtime: as bad as the worst so far may come again. */
static bool would_go_past(const struct drill *d)
{
	return d->plan->max_downtime_ns &&
	       d->downtime_ns + d->worst_downtime_ns > d->plan->max_downtime_ns;
}

static void note_trial(struct drill *d, const struct trial *t, bool *broken)
{
	int64_t downtime_ns = downtime_of(t);
	bool owned = d->driver->ops->owns_nodes;
	d->n_run++;
	d->n_failed += t->outcome != OUTCOME_RECOVERED;
	d->downtime_ns += downtime_ns;
	if (downtime_ns > d->worst_downtime_ns)
		d->worst_downtime_ns = downtime_ns;
	/* a trial that did not recover left something behind that the next one must not inherit */
	*broken = owned && t->outcome != OUTCOME_RECOVERED;
}

/* Of others' nodes; the collector's own end with the run. */
static bool left_something(const struct trial *t)
{
	for (size_t i = 0; !t->d->driver->ops->owns_nodes && i < t->steps.n; i++)
		if (t->steps.v[i].undoes < 0 && t->steps.v[i].begun &&
		    t->steps.v[i].undone_ns == TRACK_NEVER)
			return true;
	return false;
}

/* Comes before whatever else went wrong, which is told beside it. */
static void set_unhealed(const struct trial *t, struct err *err)
{
	struct err besides = *err;
	*err = (struct err)ERR_INIT;
	err_set(err, ERR_UNHEALED,
		"%.550s%s%.250s; once that is mended: rejoin-collector heal, then run --resume",
		t->reason[0] ? t->reason : "a node was not brought back", besides.code ? "; " : "",
		besides.text);
}

static int run_slot(struct drill *d, const struct schedule_slot *slot, bool *broken,
		    struct err *err)
{
	struct trial trial;
	if (ready_cluster(d, slot, *broken, err))
		return err->code;
	int code = trial_run(&trial, d, slot, err);
	if (!code)
		note_trial(d, &trial, broken);
	d->unhealed = d->unhealed || left_something(&trial);
	if (d->unhealed)
		set_unhealed(&trial, err);
	else if (!code && trial.interrupted)
		err_set(err, ERR_INTERRUPTED, "interrupted");
	trial_done(&trial);
	return err->code ? err->code : pause_between(d, err);
}

int drill_run(struct drill *d, struct err *err)
{
	bool broken = false;
	d->run_start_ns = clock_mono_ns();
	for (size_t i = 0; i < d->schedule.n; i++) {
		if (resume_is_done(d, d->schedule.v[i].position))
			continue;
		if (would_go_past(d)) {
			snprintf(d->stop_reason, sizeof d->stop_reason,
				 "limits.max_downtime: %.1f s without a master so far, at worst "
				 "%.1f s at a time: the run ends here",
				 (double)d->downtime_ns / 1e9, (double)d->worst_downtime_ns / 1e9);
			log_warn("%s", d->stop_reason);
			return 1;
		}
		if (run_slot(d, &d->schedule.v[i], &broken, err))
			return err->code;
	}
	if (store_finish_study(d->store, d->study_id, err))
		return err->code;
	return d->n_failed > 0;
}

static const char *ended_by(int code)
{
	if (code >= 0)
		return "finished";
	return code == ERR_INTERRUPTED ? "interrupted" : "failed";
}

/* why: of the code; an empty text is NULL. */
static void end_session(struct drill *d, int code, const char *why, struct err *err)
{
	struct store_session_end end = {.end = clock_anchor_read(),
					.end_sync = host_sync(),
					.ended_by = ended_by(code),
					.reason = *why ? why : NULL};
	store_end_session(d->store, d->session_id, &end, err);
}

static void add_refusal(struct drill *d, const char *command_line, const struct err *why,
			struct err *err)
{
	int code = store_begin(d->store, err);
	if (!code)
		code = seal_open_again(d->store, d->study_id, err);
	if (!code)
		code = add_session(d, command_line, NULL, err);
	if (!code)
		end_session(d, why->code, why->text, err);
	if (!err->code)
		store_commit_durable(d->store, err);
	if (err->code)
		store_rollback(d->store);
	else
		seal_close(d->store, d->study_id, d->sign_key, NULL, err);
}

int drill_refused(struct drill *d, const char *command_line, const struct err *why, struct err *err)
{
	int64_t finished = 0;
	d->arm_ids = mem_alloc(d->plan->arms.n * sizeof *d->arm_ids);
	int code = resume_study(d, err);
	const struct store_bind study[] = {{STORE_BIND_INT, d->study_id, NULL}};
	if (!code)
		code = store_query_int(d->store, SQL_STUDY_IS_FINISHED, study, 1, &finished, err);
	/* one that is through stays as it was closed and signed */
	if (!code && !finished)
		add_refusal(d, command_line, why, err);
	free(d->arm_ids);
	vec_done(&d->done);
	return err->code;
}

int drill_end(struct drill *d, int code, struct err *err)
{
	struct err close_err = ERR_INIT;
	int close_code = cluster_close(d, &close_err);
	/* a node that is down is worse than a driver that cannot let go of it */
	if (close_code && code == ERR_UNHEALED) {
		log_warn("%s", close_err.text);
		close_code = 0;
	}
	if (d->session_id) {
		struct err store_err = ERR_INIT;
		if (!close_code && d->driver->ops->owns_nodes)
			store_undo_session(d->store, d->session_id, clock_mono_ns(), &store_err);
		if (close_code)
			end_session(d, close_code, close_err.text, &store_err);
		else
			end_session(d, code, code < 0 ? err->text : d->stop_reason, &store_err);
		if (!store_err.code)
			seal_close(d->store, d->study_id, d->sign_key, d->head, &store_err);
		if (store_err.code && code >= 0)
			code = err_set(err, store_err.code, "%s", store_err.text);
	}
	for (size_t i = 0; i < d->plan->clusters.n && d->clusters; i++) {
		free(d->clusters[i].uuid);
		vec_done(&d->clusters[i].node_ids);
	}
	free(d->clusters);
	free(d->arm_ids);
	vec_done(&d->schedule);
	vec_done(&d->done);
	if (!close_code)
		return code;
	/* what is left running is worse than whatever ended the run */
	*err = close_err;
	return close_code;
}
