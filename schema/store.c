#include "schema/store_impl.h"
#include <assert.h>
#include <errno.h>
#include <string.h>

static const char no_space[] = "no space left on the device";

const char *store_io_meaning(int error)
{
	if (error == ENOSPC || error == EDQUOT)
		return no_space;
	return error ? strerror(error) : "input/output error";
}

const char *store_meaning(sqlite3 *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return no_space;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "file is damaged (or truncated)";
	case SQLITE_READONLY:
		return "is read-only, or its folder is";
	case SQLITE_CANTOPEN:
		return "cannot be opened, or a file beside it cannot (is the folder writable?)";
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "another program keeps it locked";
	case SQLITE_IOERR:
		return store_io_meaning(sqlite3_system_errno(db));
	default:
		return db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
	}
}

int store_fail(const struct store *store, int rc, const char *doing, struct err *err)
{
	return err_set(err, ERR_ENV, "%s: %s: %s", store->path, doing,
		       store_meaning(store->db, rc));
}

int store_exec(struct store *store, const char *sql, const char *doing, struct err *err)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : store_fail(store, rc, doing, err);
}

int store_statement(struct store *store, int sql_id, sqlite3_stmt **ret_stmt, struct err *err)
{
	int rc;

	assert(sql_id >= 0 && sql_id < SQL_N);
	if (!store->stmts[sql_id]) {
		rc = sqlite3_prepare_v3(store->db, sql_texts[sql_id].text, -1,
					SQLITE_PREPARE_PERSISTENT, &store->stmts[sql_id], NULL);
		if (rc != SQLITE_OK)
			return store_fail(store, rc, sql_texts[sql_id].name, err);
	}
	*ret_stmt = store->stmts[sql_id];
	return 0;
}

int store_bind_all(struct store *store, int sql_id, sqlite3_stmt *stmt,
		   const struct store_bind *binds, size_t n_binds, struct err *err)
{
	int rc = SQLITE_OK;

	assert((int)n_binds == sqlite3_bind_parameter_count(stmt));
	for (int i = 0; i < (int)n_binds && rc == SQLITE_OK; i++) {
		if (binds[i].type == STORE_BIND_INT)
			rc = sqlite3_bind_int64(stmt, i + 1, binds[i].i);
		else if (binds[i].type == STORE_BIND_BLOB)
			rc = sqlite3_bind_blob(stmt, i + 1, binds[i].s, (int)binds[i].i,
					       SQLITE_STATIC);
		else
			rc = sqlite3_bind_text(stmt, i + 1, binds[i].s, -1, SQLITE_STATIC);
	}
	return rc == SQLITE_OK ? 0 : store_fail(store, rc, sql_texts[sql_id].name, err);
}

int store_run(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
	      int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, sql_id, &stmt, err);

	if (rc)
		return rc;
	rc = store_bind_all(store, sql_id, stmt, binds, n_binds, err);
	if (!rc) {
		int step = sqlite3_step(stmt);

		if (step != SQLITE_DONE)
			rc = store_fail(store, step, sql_texts[sql_id].name, err);
	}
	if (!rc && ret_id)
		*ret_id = sqlite3_last_insert_rowid(store->db);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt); /* the texts were the caller's */
	return rc;
}

int store_update(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
		 struct err *err)
{
	int rc = store_run(store, sql_id, binds, n_binds, NULL, err);

	if (!rc && sqlite3_changes(store->db) != 1)
		rc = err_set(err, ERR_ENV, "%s: %s: no row has id %lld", store->path,
			     sql_texts[sql_id].name, (long long)binds[0].i);
	return rc;
}

int store_begin(struct store *store, struct err *err)
{
	return store_exec(store, "BEGIN IMMEDIATE", "begin", err);
}

int store_begin_reading(struct store *store, struct err *err)
{
	int rc = store_exec(store, "PRAGMA cache_size = -65536", "begin", err);

	return rc ? rc : store_exec(store, "BEGIN", "begin", err);
}

int store_commit(struct store *store, struct err *err)
{
	int rc = store_exec(store, "COMMIT", "commit", err);

	if (!rc)
		store->given_ids.n = 0;
	return rc;
}

/* With synchronous = NORMAL a commit writes the log and does not wait for the disk. Changing the
 * pragma for one transaction is not possible inside it, and not needed: syncing the log after the
 * commit is what FULL does too (its first sync also covers the log's entry in the folder). */
int store_commit_durable(struct store *store, struct err *err)
{
	sqlite3_file *wal = NULL;
	int rc = store_commit(store, err);

	if (rc)
		return rc;
	rc = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
	if (rc == SQLITE_OK && (!wal || !wal->pMethods))
		rc = SQLITE_MISUSE;
	if (rc == SQLITE_OK)
		rc = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
	return rc == SQLITE_OK ? 0 : store_fail(store, rc, "sync", err);
}

void store_rollback(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	for (size_t i = 0; i < store->given_ids.n; i++)
		store->given_ids.v[i]->id = 0;
	store->given_ids.n = 0;
}

int store_checkpoint(struct store *store, struct err *err)
{
	int rc = sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL,
					   NULL);

	/* a report that reads just now: the next checkpoint does it */
	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
		return 0;
	return store_fail(store, rc, "checkpoint", err);
}
