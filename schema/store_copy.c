#include "schema/store_copy.h"
#include "lib/deflate.h"
#include "schema/store_impl.h"
#include <unistd.h>

enum {
	STEPS_BETWEEN = 10000
}; /* of SQLite's machine, from one question whether to stop to the next */

static int ask(void *arg)
{
	bool (*const *stop)(void) = arg;

	return (*stop)();
}

static int vacuum(sqlite3 *db, const char *path, bool (*stop)(void))
{
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
	/* a copy of a file in WAL mode would get a log beside it */
	int rc = sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);

	sqlite3_progress_handler(db, STEPS_BETWEEN, ask, &stop);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return rc;
}

/* VACUUM INTO fails on tables with generated columns where its source is read-only (SQLite 3.40.1:
 * "table vacuum_db.sample has 5 columns but 8 values were supplied"): so there is a plain copy of
 * the pages first, that may be written. */
int store_copy_into(struct store *store, const char *path, bool (*stop)(void), struct err *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
			  SQLITE_OPEN_EXRESCODE;
	char *pages = mem_printf("%s.pages", path);
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(pages, &db, flags, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = store_copy_pages(store, db);
	if (rc == SQLITE_OK)
		rc = vacuum(db, path, stop);
	if (rc == SQLITE_INTERRUPT)
		err_set(err, ERR_INTERRUPTED, "interrupted");
	else if (rc != SQLITE_OK)
		err_set(err, ERR_ENV, "%s: copy: %s", store->path, store_meaning(db, rc));
	sqlite3_close(db);
	unlink(pages);
	free(pages);
	return err->code;
}

int store_log_lines(const struct store_row *row, int lines, int n_bytes, struct str *ret_text,
		    struct err *err)
{
	return deflate_unpack(sqlite3_column_blob(row->stmt, lines),
			      (size_t)sqlite3_column_bytes(row->stmt, lines),
			      (size_t)store_int(row, n_bytes), ret_text, err);
}
