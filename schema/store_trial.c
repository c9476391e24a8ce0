/* What a trial writes: its row, steps, snapshots, samples and what follows from them. */
#include "lib/hash.h"
#include "schema/store_impl.h"
#include <string.h>

int store_add_trial(struct store *store, const struct store_trial *trial, int64_t *ret_id,
		    struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial->study_id), STORE_INT(trial->session_id),
		STORE_INT(trial->arm_id),   STORE_INT(trial->cluster_id),
		STORE_INT(trial->position), STORE_INT(trial->block),
		STORE_INT(trial->warmup),   STORE_INT(trial->base_ns),
	};

	return STORE_RUN(store, SQL_ADD_TRIAL, binds, ret_id, err);
}

int store_end_trial(struct store *store, int64_t trial_id, const struct store_trial_end *end,
		    struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id),
		STORE_INT(end->end_ns),
		STORE_TEXT(end->outcome),
		STORE_TEXT(end->reason),
		STORE_INT_OR_NULL(end->victim_node_id, 0),
		STORE_INT_OR_NULL(end->old_master_node_id, 0),
		STORE_INT_OR_NULL(end->new_master_node_id, 0),
		STORE_TEXT(end->old_ephemeral_id),
		STORE_INT_OR_NULL(end->term_before, -1),
		STORE_INT_OR_NULL(end->term_after, -1),
		STORE_TEXT(end->diagnosis),
	};

	return STORE_UPDATE(store, SQL_END_TRIAL, binds, err);
}

int store_add_step(struct store *store, int64_t session_id, int64_t trial_id, int64_t node_id,
		   const char *action, int64_t undoes_step_id, int64_t intent_ns, int64_t *ret_id,
		   struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(session_id), STORE_INT_OR_NULL(trial_id, 0),	     STORE_INT(node_id),
		STORE_TEXT(action),    STORE_INT_OR_NULL(undoes_step_id, 0), STORE_INT(intent_ns),
	};

	return STORE_RUN(store, SQL_ADD_STEP, binds, ret_id, err);
}

int store_update_step(struct store *store, int64_t step_id, const struct store_step_times *times,
		      struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(step_id),
		STORE_INT_OR_NULL(times->issued_ns, TRACK_NEVER),
		STORE_INT_OR_NULL(times->done_ns, TRACK_NEVER),
		STORE_INT_OR_NULL(times->gone_lo_ns, TRACK_NEVER),
		STORE_INT_OR_NULL(times->gone_hi_ns, TRACK_NEVER),
		STORE_INT_OR_NULL(times->undone_ns, TRACK_NEVER),
		STORE_TEXT(times->error),
	};

	return STORE_UPDATE(store, SQL_UPDATE_STEP, binds, err);
}

int store_add_loss(struct store *store, int64_t trial_id, const struct store_loss *loss,
		   struct err *err)
{
	const struct interval *shown = &loss->reelection_ns;
	bool seen = shown->hi_ns != TRACK_NEVER;
	const struct store_bind binds[] = {
		STORE_INT(trial_id),
		STORE_INT(loss->round),
		STORE_TEXT(loss->taken),
		STORE_INT(loss->n_lost),
		STORE_TEXT(loss->voters_before),
		STORE_TEXT(loss->left_out),
		STORE_INT(loss->predicted),
		STORE_INT(loss->worst),
		STORE_INT_OR_NULL(loss->survived, -1),
		STORE_TEXT(loss->voters_after),
		STORE_INT_OR_NULL(seen ? shown->lo_ns : TRACK_NEVER, TRACK_NEVER),
		STORE_INT_OR_NULL(shown->hi_ns, TRACK_NEVER),
		STORE_TEXT(loss->cut_off_master),
		STORE_TEXT(loss->other_master),
	};

	return STORE_RUN(store, SQL_ADD_LOSS, binds, NULL, err);
}

static int take_id(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	*(int64_t *)arg = store_int(row, 0);
	return 0;
}

int store_add_snapshot(struct store *store, struct snapshot *s, struct err *err)
{
	char digest[HASH_HEX_SIZE];
	int64_t id = 0;
	const struct store_bind binds[] = {
		STORE_TEXT(digest),
		STORE_TEXT(s->cluster_uuid),
		STORE_TEXT(s->master_id),
		STORE_TEXT(snapshot_master_name(s)),
		STORE_INT_OR_NULL(s->term, -1),
		STORE_INT_OR_NULL(s->version, -1),
		STORE_TEXT(s->state_uuid),
		STORE_INT((int64_t)s->n_members),
		STORE_TEXT(s->body),
	};
	int rc;

	hash_sha256_hex(s->body, strlen(s->body), digest);
	rc = store_query(store, SQL_SNAPSHOT_BY_DIGEST, binds, 1, take_id, &id, err);
	if (!rc && !id)
		rc = STORE_RUN(store, SQL_ADD_SNAPSHOT, binds, &id, err);
	if (rc)
		return rc;
	s->id = id;
	if (!sqlite3_get_autocommit(store->db))
		vec_push(&store->given_ids, s);
	return 0;
}

enum { KEY_TRIAL_SHIFT = 42, KEY_DUE_SHIFT = 7, KEY_DUE_BITS = 35 };

static bool fits(const struct store_sample *s)
{
	return s->due_us >= 0 && s->due_us < INT64_C(1) << KEY_DUE_BITS && s->late_us >= 0 &&
	       s->took_us >= 0 && s->node < TRACK_MAX_NODES && s->outcome <= SAMPLE_TIMEOUT &&
	       (s->outcome == SAMPLE_OK) == (s->view && s->view->id > 0);
}

static int bind_sample(sqlite3_stmt *stmt, int64_t trial_id, const struct store_sample *s)
{
	int64_t key = trial_id << KEY_TRIAL_SHIFT | s->due_us << KEY_DUE_SHIFT | s->node;
	int rc = sqlite3_bind_int64(stmt, 1, key);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(stmt, 2, s->late_us);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(stmt, 3, s->took_us);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int(stmt, 4, s->outcome);
	if (rc == SQLITE_OK)
		rc = s->view ? sqlite3_bind_int64(stmt, 5, s->view->id)
			     : sqlite3_bind_null(stmt, 5);
	return rc;
}

int store_add_samples(struct store *store, int64_t trial_id, const struct store_sample *samples,
		      size_t n, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_INSERT_SAMPLE, &stmt, err);

	if (rc)
		return rc;
	for (const struct store_sample *s = samples; s < samples + n; s++) {
		int step;

		if (trial_id < 1 || trial_id >= INT64_C(1) << (63 - KEY_TRIAL_SHIFT) || !fits(s))
			return err_set(err, ERR_ENV,
				       "%s: sample of trial %lld, node %d, due at %lld us cannot "
				       "be stored",
				       store->path, (long long)trial_id, s->node,
				       (long long)s->due_us);
		step = bind_sample(stmt, trial_id, s);
		if (step == SQLITE_OK)
			step = sqlite3_step(stmt);
		sqlite3_reset(stmt);
		if (step != SQLITE_DONE)
			return store_fail(store, step, sql_texts[SQL_INSERT_SAMPLE].name, err);
	}
	return 0;
}

int store_add_poll_count(struct store *store, int64_t trial_id, int64_t node_id,
			 const struct store_poll_count *count, struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id),	      STORE_INT(node_id),
		STORE_INT(count->due),	      STORE_INT(count->sent),
		STORE_INT(count->skipped),    STORE_INT(count->ok),
		STORE_INT(count->http_error), STORE_INT(count->net_error),
		STORE_INT(count->timeout),    STORE_INT(count->reconnects),
	};

	return STORE_RUN(store, SQL_ADD_POLL_COUNT, binds, NULL, err);
}

int store_add_health_change(struct store *store, int64_t trial_id, int64_t node_id,
			    const char *status, int64_t lo_ns, int64_t hi_ns, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(trial_id), STORE_INT(node_id),
					   STORE_TEXT(status), STORE_INT(lo_ns), STORE_INT(hi_ns)};

	return STORE_RUN(store, SQL_ADD_HEALTH_CHANGE, binds, NULL, err);
}

int store_add_master_change(struct store *store, int64_t trial_id, int64_t node_id,
			    const struct master_change *change, struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id),
		STORE_INT(node_id),
		STORE_INT(change->at.lo_ns),
		STORE_INT(change->at.hi_ns),
		STORE_TEXT(change->from ? snapshot_master_name(change->from) : NULL),
		STORE_TEXT(change->to ? snapshot_master_name(change->to) : NULL),
		change->to ? STORE_INT_OR_NULL(change->to->term, -1) : STORE_TEXT(NULL),
	};

	return STORE_RUN(store, SQL_ADD_MASTER_CHANGE, binds, NULL, err);
}

int store_add_metric(struct store *store, int64_t trial_id, const struct metric_value *value,
		     const char *observer, struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id),
		STORE_TEXT(metric_names[value->metric]),
		STORE_TEXT(origin_names[value->origin]),
		STORE_TEXT(observer ? observer : ""),
		STORE_INT(value->lo_ns),
		value->censored == 1 ? STORE_TEXT(NULL) : STORE_INT(value->hi_ns),
		STORE_INT(value->censored),
	};

	return STORE_RUN(store, SQL_ADD_METRIC, binds, NULL, err);
}
