/* What a trial writes of the nodes' own logs. */
#include "lib/deflate.h"
#include "schema/store_impl.h"

int store_add_log_event(struct store *store, int64_t trial_id, int64_t node_id,
			const struct store_log_event *event, struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id),
		STORE_INT(node_id),
		STORE_INT(event->line),
		STORE_TEXT(event->kind),
		STORE_INT(event->utc_us),
		STORE_INT_OR_NULL(event->at.lo_ns, TRACK_NEVER),
		STORE_INT_OR_NULL(event->at.hi_ns, TRACK_NEVER),
		STORE_INT_OR_NULL(event->term, -1),
		STORE_INT_OR_NULL(event->state_version, -1),
		STORE_TEXT(event->master),
		STORE_TEXT(event->about),
		STORE_INT_OR_NULL(event->n_checks, -1),
		STORE_INT_OR_NULL(event->ago_ms, -1),
		STORE_TEXT(event->text),
	};

	return STORE_RUN(store, SQL_ADD_LOG_EVENT, binds, NULL, err);
}

int store_add_log_chunk(struct store *store, int64_t trial_id, int64_t node_id, int64_t n_lines,
			const char *lines, size_t n_bytes, struct err *err)
{
	struct str packed = STR_INIT;
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_ADD_LOG_CHUNK, &stmt, err);
	int step;

	if (rc)
		return rc;
	deflate_pack(lines, n_bytes, &packed);
	step = sqlite3_bind_int64(stmt, 1, trial_id);
	if (step == SQLITE_OK)
		step = sqlite3_bind_int64(stmt, 2, node_id);
	if (step == SQLITE_OK)
		step = sqlite3_bind_int64(stmt, 3, n_lines);
	if (step == SQLITE_OK)
		step = sqlite3_bind_int64(stmt, 4, (sqlite3_int64)n_bytes);
	if (step == SQLITE_OK)
		step = sqlite3_bind_blob64(stmt, 5, packed.s, packed.n, SQLITE_STATIC);
	if (step == SQLITE_OK)
		step = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	str_done(&packed);
	if (step != SQLITE_DONE)
		return store_fail(store, step, sql_texts[SQL_ADD_LOG_CHUNK].name, err);
	return 0;
}

int store_set_trial_clock(struct store *store, int64_t trial_id, int64_t start_utc_us,
			  int64_t end_utc_us, int64_t error_ns, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(trial_id), STORE_INT(start_utc_us),
					   STORE_INT(end_utc_us), STORE_INT(error_ns)};

	return STORE_UPDATE(store, SQL_SET_TRIAL_CLOCK, binds, err);
}
