#include "schema/store_merge.h"
#include "schema/store_impl.h"
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { MAX_TRIAL_ID = 2097151, STEPS_BETWEEN = 100000 };

struct store_merge {
	struct store *to;
	bool (*stop)(void);
	char *pages; /* where a recording of an older format is copied to */
};

static int ask(void *arg)
{
	const struct store_merge *merge = arg;

	return merge->stop();
}

int store_merge_open(const char *path, bool (*stop)(void), struct store_merge **ret_merge,
		     struct err *err)
{
	static const char quick[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
				    "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; "
				    "PRAGMA temp_store = MEMORY";
	static const int prepare[] = {SQL_MERGE_PREPARE, SQL_MERGE_PREPARE_TRIAL,
				      SQL_MERGE_PREPARE_SEEN, SQL_MERGE_PREPARE_SHIFT};
	struct store_merge *merge = mem_alloc(sizeof *merge);
	int rc = store_open(path, STORE_CREATE, &merge->to, err);

	*ret_merge = merge;
	merge->stop = stop;
	merge->pages = mem_printf("%s.pages", path);
	if (!rc)
		rc = store_exec(merge->to, quick, "merge", err);
	for (size_t i = 0; !rc && i < sizeof prepare / sizeof *prepare; i++)
		rc = store_run(merge->to, prepare[i], NULL, 0, NULL, err);
	if (!rc)
		sqlite3_progress_handler(merge->to->db, STEPS_BETWEEN, ask, merge);
	return rc;
}

int store_merge_close(struct store_merge *merge, struct err *err)
{
	int rc;

	if (!merge)
		return 0;
	if (merge->to)
		sqlite3_progress_handler(merge->to->db, 0, NULL, NULL);
	rc = store_close(merge->to, err);
	unlink(merge->pages);
	free(merge->pages);
	free(merge);
	return rc;
}

/* ---- one recording ---- */

/* A recording of an older format is a private database without a name, that cannot be attached. */
static int attach(struct store_merge *merge, struct store *from, struct err *err)
{
	const char *name = sqlite3_db_filename(from->db, "main");
	bool has_file = name && *name;
	sqlite3 *pages = NULL;
	int rc = SQLITE_OK;
	char *uri, *sql;

	if (!has_file) {
		unlink(merge->pages);
		rc = sqlite3_open(merge->pages, &pages);
		if (rc == SQLITE_OK)
			rc = store_copy_pages(from, pages);
		sqlite3_close(pages);
		if (rc != SQLITE_OK)
			return store_fail(merge->to, rc, "copy of an older format", err);
	}
	uri = has_file ? store_uri(from) : mem_printf("%s", merge->pages);
	sql = sqlite3_mprintf("ATTACH %Q AS src", uri);
	rc = store_exec(merge->to, sql, from->path, err);
	sqlite3_free(sql);
	free(uri);
	return rc;
}

/* What refers to nothing here would refer to something there. */
static int check_references(struct store_merge *merge, const struct store *from, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(merge->to->db, "PRAGMA src.foreign_key_check", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		err_set(err, ERR_ENV,
			"%s: is damaged: a row of %s refers to one of %s that is not "
			"there",
			from->path, (const char *)sqlite3_column_text(stmt, 0),
			(const char *)sqlite3_column_text(stmt, 2));
	else if (rc != SQLITE_DONE)
		store_fail(merge->to, rc, from->path, err);
	sqlite3_finalize(stmt);
	return err->code;
}

static int choose(struct store_merge *merge, const struct store *from, const int64_t *study_ids,
		  size_t n_studies, struct err *err)
{
	static const int forget[] = {SQL_MERGE_FORGET, SQL_MERGE_FORGET_TRIAL,
				     SQL_MERGE_FORGET_SEEN, SQL_MERGE_FORGET_SHIFT};
	int64_t last = 0;
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof forget / sizeof *forget; i++)
		rc = store_run(merge->to, forget[i], NULL, 0, NULL, err);
	for (size_t i = 0; !rc && i < n_studies; i++) {
		const struct store_bind binds[] = {STORE_INT(study_ids[i])};

		rc = STORE_RUN(merge->to, SQL_MERGE_TAKE, binds, NULL, err);
	}
	if (!rc)
		rc = store_run(merge->to, SQL_MERGE_TAKE_TRIALS, NULL, 0, NULL, err);
	if (!rc)
		rc = store_run(merge->to, SQL_MERGE_SHIFT, NULL, 0, NULL, err);
	if (!rc)
		rc = store_query_int(merge->to, SQL_MERGE_LAST_TRIAL, NULL, 0, &last, err);
	if (!rc && last > MAX_TRIAL_ID)
		rc = err_set(err, ERR_ENV,
			     "%s: with its trials there would be %" PRId64
			     "; a file holds %d at most",
			     from->path, last, MAX_TRIAL_ID);
	return rc;
}

static int take_shift(void *arg, const struct store_row *row, struct err *err)
{
	int64_t *shift = arg;

	(void)err;
	*shift = store_int(row, 0);
	return 0;
}

/* Where no state was known before, numbers of snapshots are mapped by adding too: much faster. */
static int copy_samples(struct store_merge *merge, const struct store *from, struct err *err)
{
	int64_t changed = 0, shift = INT64_MIN;
	int rc = store_run(merge->to, SQL_MERGE_SNAPSHOT, NULL, 0, NULL, err);

	if (!rc)
		rc = store_run(merge->to, SQL_MERGE_SEEN, NULL, 0, NULL, err);
	if (!rc)
		rc = store_query_int(merge->to, SQL_MERGE_SNAPSHOT_CHANGED, NULL, 0, &changed, err);
	if (!rc && changed)
		rc = err_set(err, ERR_ENV,
			     "%s: holds a cluster state that has the digest of "
			     "another one: one of them was changed",
			     from->path);
	if (!rc)
		rc = store_query(merge->to, SQL_MERGE_SNAPSHOT_SHIFT, NULL, 0, take_shift, &shift,
				 err);
	if (!rc && shift == INT64_MIN)
		return store_run(merge->to, SQL_MERGE_SAMPLE_MAPPED, NULL, 0, NULL, err);
	if (!rc) {
		const struct store_bind binds[] = {STORE_INT(shift)};

		rc = STORE_RUN(merge->to, SQL_MERGE_SAMPLE_SHIFTED, binds, NULL, err);
	}
	return rc;
}

static int copy_all(struct store_merge *merge, const struct store *from, struct err *err)
{
	static const int tables[] = {
		SQL_MERGE_STUDY,	 SQL_MERGE_SESSION,	  SQL_MERGE_CLUSTER,
		SQL_MERGE_NODE,		 SQL_MERGE_ARM,		  SQL_MERGE_TRIAL,
		SQL_MERGE_STEP,		 SQL_MERGE_LOSS,	  SQL_MERGE_EFFECTIVE_SETTING,
		SQL_MERGE_POLL_COUNT,	 SQL_MERGE_WRITE_PROBE,	  SQL_MERGE_WRITE_COUNT,
		SQL_MERGE_HEALTH_CHANGE, SQL_MERGE_MASTER_CHANGE, SQL_MERGE_METRIC,
		SQL_MERGE_LOG_EVENT,	 SQL_MERGE_LOG_CHUNK,	  SQL_MERGE_INCIDENT,
		SQL_MERGE_SIGN_OFF,	 SQL_MERGE_SEAL,	  SQL_MERGE_STUDY_SEAL,
	};
	int rc = copy_samples(merge, from, err);

	for (size_t i = 0; !rc && i < sizeof tables / sizeof *tables; i++)
		rc = store_run(merge->to, tables[i], NULL, 0, NULL, err);
	return rc;
}

int store_merge_add(struct store_merge *merge, struct store *from, const int64_t *study_ids,
		    size_t n_studies, struct err *err)
{
	struct err ignored = ERR_INIT;
	int rc = attach(merge, from, err);

	if (rc)
		return rc;
	rc = store_exec(merge->to, "BEGIN", "merge", err);
	if (!rc)
		rc = check_references(merge, from, err);
	if (!rc)
		rc = choose(merge, from, study_ids, n_studies, err);
	if (!rc)
		rc = copy_all(merge, from, err);
	if (!rc)
		rc = store_commit(merge->to, err);
	if (rc) {
		store_rollback(merge->to);
		if (merge->stop()) {
			*err = (struct err)ERR_INIT;
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		}
	}
	store_exec(merge->to, "DETACH src", "merge", rc ? &ignored : err);
	return err->code;
}
