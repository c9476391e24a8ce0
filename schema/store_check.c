#include "schema/store_check.h"
#include "lib/str.h"
#include "schema/store_impl.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct check {
	struct store *store;
	store_check_fn *fn;
	void *arg;
};

static void tell(const struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void tell(const struct check *c, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	c->fn(c->arg, text);
}

/* Calls row for every row of sql in db; a damaged page is one more thing that does not hold. */
static int each(const struct check *c, sqlite3 *db, const char *sql,
		void (*row)(const struct check *c, sqlite3_stmt *stmt), struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			row(c, stmt);
	}
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		return 0;
	if ((rc & 0xff) != SQLITE_CORRUPT)
		return store_fail(c->store, rc, "check", err);
	tell(c, "a page is damaged");
	return 0;
}

static const char *text(sqlite3_stmt *stmt, int column)
{
	const char *s = (const char *)sqlite3_column_text(stmt, column);

	return s ? s : "";
}

static void on_integrity(const struct check *c, sqlite3_stmt *stmt)
{
	if (strcmp(text(stmt, 0), "ok") != 0)
		tell(c, "%s", text(stmt, 0));
}

static void on_foreign_key(const struct check *c, sqlite3_stmt *stmt)
{
	tell(c, "row %lld of %s refers to a row of %s that is not there",
	     sqlite3_column_int64(stmt, 1), text(stmt, 0), text(stmt, 2));
}

/* ---- numbers ---- */

static void on_numbers(const struct check *c, sqlite3_stmt *stmt)
{
	tell(c,
	     "the numbers of %s do not run from 1 to %lld: a row was removed, added or renumbered",
	     text(stmt, 0), sqlite3_column_int64(stmt, 1));
}

#define NUMBERS(table)                                                                             \
	"SELECT '" #table "', n FROM (SELECT count(*) AS n, min(" #table                           \
	"_id) AS least, max(" #table "_id) AS most FROM " #table                                   \
	") WHERE n > 0 AND (least <> 1 OR most <> n)"

static int check_numbers(const struct check *c, struct err *err)
{
	static const char sql
		[] = NUMBERS(study) " UNION ALL " NUMBERS(session) " UNION ALL " NUMBERS(cluster) " UNION ALL " NUMBERS(node) " UNION ALL " NUMBERS(
			arm) " UNION ALL " NUMBERS(trial) " UNION ALL " NUMBERS(step) " UNION "
										      "ALL"
										      " " NUMBERS(snapshot) " UNION ALL " NUMBERS(
											      incident) " UNION ALL " NUMBERS(sign_off);

	return each(c, c->store->db, sql, on_numbers, err);
}

/* ---- the schema ---- */

/* The schema's words by "type name". */
static int read_schema(struct store *store, sqlite3 *db, sqlite3_stmt **ret_stmt, struct err *err)
{
	static const char sql[] =
		"SELECT type || ' ' || name, coalesce(sql, '') || ' on ' || tbl_name"
		" FROM sqlite_schema ORDER BY 1";
	int rc = sqlite3_prepare_v2(db, sql, -1, ret_stmt, NULL);

	return rc == SQLITE_OK ? 0 : store_fail(store, rc, "check", err);
}

static void compare_schemas(const struct check *c, sqlite3_stmt *ours, sqlite3_stmt *theirs)
{
	bool more = sqlite3_step(ours) == SQLITE_ROW, other = sqlite3_step(theirs) == SQLITE_ROW;

	while (more || other) {
		int order = !more ? 1 : !other ? -1 : strcmp(text(ours, 0), text(theirs, 0));

		if (order < 0)
			tell(c, "the schema lacks %s", text(ours, 0));
		else if (order > 0)
			tell(c, "the schema has %s, which this format does not know",
			     text(theirs, 0));
		else if (strcmp(text(ours, 1), text(theirs, 1)) != 0)
			tell(c, "the schema words %s otherwise than this format does",
			     text(theirs, 0));
		if (order <= 0)
			more = sqlite3_step(ours) == SQLITE_ROW;
		if (order >= 0)
			other = sqlite3_step(theirs) == SQLITE_ROW;
	}
}

/* Against an empty file of this format. */
static int check_schema(const struct check *c, struct err *err)
{
	sqlite3_stmt *ours = NULL, *theirs = NULL;
	sqlite3 *db = NULL;
	int rc = sqlite3_open(":memory:", &db);

	for (int i = 0; rc == SQLITE_OK && i < sql_n_migrations; i++)
		rc = sqlite3_exec(db, sql_migrations[i].text, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		store_fail(c->store, rc, "check", err);
	else if (read_schema(c->store, db, &ours, err) == 0 &&
		 read_schema(c->store, c->store->db, &theirs, err) == 0)
		compare_schemas(c, ours, theirs);
	sqlite3_finalize(ours);
	sqlite3_finalize(theirs);
	sqlite3_close(db);
	return err->code;
}

/* ---- tables ---- */

typedef VEC(char *) names;

static int read_tables(const struct check *c, names *ret_names, struct err *err)
{
	/* sample is by far the largest, and verify reads all of it anyway */
	static const char sql[] =
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sample'";
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(c->store->db, sql, -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			vec_push(ret_names, mem_strdup(text(stmt, 0)));
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : store_fail(c->store, rc, "check", err);
}

static int check_table(const struct check *c, const char *table, struct err *err)
{
	char *integrity = sqlite3_mprintf("PRAGMA integrity_check(%Q)", table);
	char *keys = sqlite3_mprintf("PRAGMA foreign_key_check(%Q)", table);

	if (each(c, c->store->db, integrity, on_integrity, err) == 0)
		each(c, c->store->db, keys, on_foreign_key, err);
	sqlite3_free(integrity);
	sqlite3_free(keys);
	return err->code;
}

int store_check(struct store *store, store_check_fn *fn, void *arg, struct err *err)
{
	const struct check c = {store, fn, arg};
	names tables = {0};

	if (check_schema(&c, err) == 0)
		read_tables(&c, &tables, err);
	for (size_t i = 0; i < tables.n; i++) {
		if (!err->code)
			check_table(&c, tables.v[i], err);
		free(tables.v[i]);
	}
	vec_done(&tables);
	return err->code ? err->code : check_numbers(&c, err);
}
