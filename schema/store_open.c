#include "lib/str.h"
#include "schema/store_impl.h"
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_TIMEOUT_MS = 1000 };

static char *file_uri(const struct store *store, const char *query)
{
	struct str uri = STR_INIT;

	/* "./": SQLite takes :memory: for no file at all */
	str_add(&uri, store->path[0] == '/' ? "file://" : "file:./");
	for (const char *p = store->path; *p; p++) {
		if (isalnum((unsigned char)*p) || strchr("/._-", *p))
			str_add_n(&uri, p, 1);
		else
			str_addf(&uri, "%%%02X", (unsigned char)*p);
	}
	str_add(&uri, query);
	return str_take(&uri);
}

/* A file left in WAL mode needs a -shm beside it, which a read-only medium refuses; without a -wal
 * and without a writer the main file is all there is, and "immutable" says so. */
static const char *open_query(const struct store *store)
{
	if (store->mode != STORE_READ)
		return "?mode=rw";
	if (store_file_in_wal_mode(store) && store_file_alone(store) && store_file_idle(store))
		return "?immutable=1";
	return "?mode=ro";
}

char *store_uri(const struct store *store)
{
	return file_uri(store, open_query(store));
}

/* as: the store whose file it is. */
static int open_db(struct store *store, const struct store *as, struct err *err)
{
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	char *uri = store_uri(as);
	int rc;

	flags |= store->mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	rc = sqlite3_open_v2(uri, &store->db, flags, NULL);
	free(uri);
	if (rc != SQLITE_OK)
		return store_fail(store, rc, "open", err);
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	if (store->mode != STORE_READ && sqlite3_db_readonly(store->db, "main") == 1)
		return err_set(err, ERR_ENV, "%s: is read-only", store->path);
	return store_exec(store, "PRAGMA foreign_keys = ON", "open", err);
}

int store_pragma_int(struct store *store, const char *sql, int64_t *ret, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? 0 : store_fail(store, rc, "open", err);
}

static int check_format(struct store *store, int *ret_version, struct err *err)
{
	int64_t application_id = 0, version = 0;
	int rc = store_pragma_int(store, "PRAGMA application_id", &application_id, err);

	if (!rc)
		rc = store_pragma_int(store, "PRAGMA user_version", &version, err);
	if (rc)
		return rc;
	if (application_id != STORE_APPLICATION_ID)
		return err_set(err, ERR_ENV,
			       "%s: file is not a rejoin drill file (another program's database)",
			       store->path);
	if (version > STORE_FORMAT)
		return err_set(err, ERR_ENV,
			       "%s: made by a newer rejoin (format %lld; this one reads up to %d)",
			       store->path, (long long)version, STORE_FORMAT);
	if (version < 1)
		return err_set(err, ERR_ENV, "%s: file is damaged (no format number)", store->path);
	*ret_version = (int)version;
	return 0;
}

/* A file of an older format: brought up to the present one, or, to read it, a copy of it. */
static int bring_up(struct store *store, struct err *err)
{
	int version = 0;
	int rc = check_format(store, &version, err);

	if (rc || version == STORE_FORMAT)
		return rc;
	return store->mode == STORE_READ ? store_migrate_copy(store, err)
					 : store_migrate_file(store, version, err);
}

/* The schema is written with a rollback journal and synced: the main file is whole from the start,
 * and only then do samples go to a log that nobody waits for. */
static int prepare_writing(struct store *store, struct err *err)
{
	int rc = store_exec(store, "PRAGMA journal_mode = WAL", "open for writing", err);

	if (!rc)
		rc = store_exec(store, "PRAGMA synchronous = NORMAL", "open for writing", err);
	if (!rc)
		rc = store_exec(store, "PRAGMA wal_autocheckpoint = 0", "open for writing", err);
	/* shows a full disk now, not in the middle of the first trial */
	if (!rc)
		rc = store_begin(store, err);
	return rc ? rc : store_commit(store, err);
}

static void close_all(struct store *store)
{
	for (int i = 0; i < SQL_N; i++)
		sqlite3_finalize(store->stmts[i]);
	sqlite3_close(store->db);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	vec_done(&store->given_ids);
	free(store->backup);
	free(store->path);
	free(store);
}

int store_open(const char *path, enum store_mode mode, struct store **ret_store, struct err *err)
{
	struct store *store = mem_alloc(sizeof *store);
	bool ours = false;
	int rc;

	*ret_store = NULL;
	store->path = mem_strdup(path);
	store->mode = mode;
	store->lock_fd = -1;
	rc = store_file_open(store, err);
	ours = mode == STORE_CREATE && (!rc || store->made_file);
	if (!rc)
		rc = open_db(store, store, err);
	if (!rc && mode == STORE_CREATE)
		rc = store_make_tables(store, err);
	if (!rc)
		rc = bring_up(store, err);
	if (!rc && mode != STORE_READ)
		rc = prepare_writing(store, err);
	if (!rc) {
		*ret_store = store;
		return 0;
	}
	if (ours)
		store_file_unmake(store);
	close_all(store);
	return rc;
}

/* Without a lock_fd: closing it would take the locks of both handles away (see struct store). */
int store_open_beside(const struct store *store, struct store **ret_beside, struct err *err)
{
	struct store *beside;

	assert(store->mode == STORE_READ);
	*ret_beside = NULL;
	if (!*sqlite3_db_filename(store->db, "main") || !sqlite3_threadsafe())
		return 0;
	beside = mem_alloc(sizeof *beside);
	beside->path = mem_strdup(store->path);
	beside->mode = STORE_READ;
	beside->lock_fd = -1;
	if (open_db(beside, store, err)) {
		close_all(beside);
		return err->code;
	}
	*ret_beside = beside;
	return 0;
}

/* A reader that is still there keeps the log in use: what was recorded is complete all the same,
 * and the next one to open the file for writing tidies up. */
static int fold_wal(struct store *store, struct err *err)
{
	int rc;

	store_rollback(store);
	rc = store_checkpoint(store, err);
	if (rc)
		return rc;
	rc = sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
		return 0;
	return store_fail(store, rc, "close", err);
}

const char *store_backup(const struct store *store)
{
	return store->backup;
}

int store_close(struct store *store, struct err *err)
{
	int rc = 0;

	if (!store)
		return 0;
	/* a statement that is not finalized counts as running, and stops the change of mode */
	for (int i = 0; i < SQL_N; i++) {
		sqlite3_finalize(store->stmts[i]);
		store->stmts[i] = NULL;
	}
	if (store->mode != STORE_READ)
		rc = fold_wal(store, err);
	close_all(store);
	return rc;
}
