#include "collector/drill.h"
#include "collector/host.h"
#include "collector/resume.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int add_session(struct drill *d, const char *command_line, const char *work_dir,
		       struct err *err)
{
	struct host host;
	host_read(&host);
	struct store_session row = {.study_id = d->study_id,
				    .tool_version = REJOIN_VERSION,
				    .command_line = command_line,
				    .libraries = host.libraries,
				    .host = host.name,
				    .kernel = host.kernel,
				    .cpu = host.cpu,
				    .sysctls = host.sysctls,
				    .work_dir = work_dir,
				    .n_cpu = host.n_cpu,
				    .memory_bytes = host.memory_bytes,
				    .pid = getpid(),
				    .start = clock_anchor_read()};
	int code = store_add_session(d->store, &row, &d->session_id, err);
	host_done(&host);
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
	struct store_study row = {.name = plan->study_name,
				  .objective = plan->objective,
				  .operator= plan->operator,
				  .plan_file = base_name(plan->file),
				  .plan_text = plan->text,
				  .plan_json = plan->json,
				  .plan_sha256 = plan->sha256,
				  .seed = plan->seed,
				  .trials_planned = (int64_t)d->schedule.n};
	int code = store_add_study(d->store, &row, &d->study_id, err);
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

int drill_begin(struct drill *d, const char *command_line, const char *work_dir, bool resume,
		struct err *err)
{
	d->cluster = -1;
	d->clusters = mem_alloc(d->plan->clusters.n * sizeof *d->clusters);
	d->arm_ids = mem_alloc(d->plan->arms.n * sizeof *d->arm_ids);
	schedule_make(d->plan, &d->schedule);
	if (resume && resume_study(d, err))
		return err->code;
	int code = store_begin(d->store, err);
	if (!code && !resume)
		code = add_study(d, err);
	if (!code)
		code = add_session(d, command_line, work_dir, err);
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

static int run_slot(struct drill *d, const struct schedule_slot *slot, bool *broken,
		    struct err *err)
{
	struct trial trial;
	if (ready_cluster(d, slot, *broken, err))
		return err->code;
	int code = trial_run(&trial, d, slot, err);
	trial_done(&trial);
	if (code)
		return code;
	d->n_run++;
	if (trial.interrupted)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	d->n_failed += trial.outcome != OUTCOME_RECOVERED;
	/* a trial that did not recover left something behind that the next one must not inherit */
	*broken = trial.outcome != OUTCOME_RECOVERED;
	return pause_between(d, err);
}

int drill_run(struct drill *d, struct err *err)
{
	bool broken = false;
	d->run_start_ns = clock_mono_ns();
	for (size_t i = 0; i < d->schedule.n; i++) {
		if (resume_is_done(d, d->schedule.v[i].position))
			continue;
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

int drill_end(struct drill *d, int code, struct err *err)
{
	struct err close_err = ERR_INIT;
	int close_code = cluster_close(d, &close_err);
	if (d->session_id) {
		struct err store_err = ERR_INIT;
		if (!close_code)
			store_undo_session(d->store, d->session_id, clock_mono_ns(), &store_err);
		store_end_session(d->store, d->session_id, clock_anchor_read(), ended_by(code),
				  &store_err);
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
