/* store_impl: what the files of the store share. Nobody else includes it. */
#ifndef REJOIN_SCHEMA_STORE_IMPL_H
#define REJOIN_SCHEMA_STORE_IMPL_H

#include "lib/vec.h"
#include "schema/sql.h"
#include "schema/store.h"
#include <sqlite3.h>

#define STORE_APPLICATION_ID 0x524A494E /* "RJIN" */

struct store {
	sqlite3 *db;
	char *path;
	/* The file once more, O_RDONLY: carries the flock that keeps a second collector away.
	 * Closing any descriptor of a file drops every POSIX lock the process has on it, SQLite's
	 * among them: so this one stays open until SQLite is closed. */
	int lock_fd;
	enum store_mode mode;
	bool made_file;			  /* STORE_CREATE made it: a failure removes it */
	char *backup;			  /* store_backup's */
	sqlite3_stmt *stmts[SQL_N];	  /* prepared when first asked for */
	VEC(struct snapshot *) given_ids; /* in this transaction: a rollback takes them back */
};

struct store_row {
	sqlite3_stmt *stmt;
};

/* store_file.c: the file, before SQLite is asked. Sets lock_fd, made_file. */
int store_file_open(struct store *store, struct err *err);
/* No -wal or -journal beside it that holds data. */
bool store_file_alone(const struct store *store);
bool store_file_in_wal_mode(const struct store *store);
/* Nobody records into it now. */
bool store_file_idle(const struct store *store);
/* Takes back what a failed STORE_CREATE left. */
void store_file_unmake(struct store *store);

/* store_open.c: the file as it is opened: the caller frees it. */
char *store_uri(const struct store *store);
/* The one integer that a pragma gives. */
int store_pragma_int(struct store *store, const char *sql, int64_t *ret, struct err *err);

/* store_migrate.c. All tables of a new file. */
int store_make_tables(struct store *store, struct err *err);
/* The file is of an older format, version: it gets a backup copy beside it, synced, then the
 * present format in one transaction. A failure leaves it as it was. Sets store->backup. */
int store_migrate_file(struct store *store, int version, struct err *err);
/* Goes on with a private copy of the present format; the file is not touched. */
int store_migrate_copy(struct store *store, struct err *err);

/* The whole database as it stands now, the log beside it included. An SQLite code. */
int store_copy_pages(struct store *store, sqlite3 *to);

/* store.c: what an SQLite error means; db may be NULL. */
const char *store_meaning(sqlite3 *db, int rc);
const char *store_io_meaning(int error); /* of an errno */
/* err gets "FILE: doing: what rc means". Returns err's code. */
int store_fail(const struct store *store, int rc, const char *doing, struct err *err);
int store_exec(struct store *store, const char *sql, const char *doing, struct err *err);
int store_statement(struct store *store, int sql_id, sqlite3_stmt **ret_stmt, struct err *err);
int store_bind_all(struct store *store, int sql_id, sqlite3_stmt *stmt,
		   const struct store_bind *binds, size_t n_binds, struct err *err);
/* Runs a statement that gives no rows. ret_id: last rowid, may be NULL. */
int store_run(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
	      int64_t *ret_id, struct err *err);
/* As store_run, and exactly one row must have been there to change. */
int store_update(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
		 struct err *err);

#define STORE_INT(value) ((struct store_bind){STORE_BIND_INT, (value), NULL})
#define STORE_TEXT(value) ((struct store_bind){STORE_BIND_TEXT, 0, (value)})
#define STORE_BLOB(bytes, size) ((struct store_bind){STORE_BIND_BLOB, (size), (bytes)})
#define STORE_INT_OR_NULL(value, null) ((value) == (null) ? STORE_TEXT(NULL) : STORE_INT(value))
#define STORE_COUNT(binds) (sizeof(binds) / sizeof *(binds))
#define STORE_RUN(store, sql, binds, ret_id, err)                                                  \
	store_run(store, sql, binds, STORE_COUNT(binds), ret_id, err)
#define STORE_UPDATE(store, sql, binds, err)                                                       \
	store_update(store, sql, binds, STORE_COUNT(binds), err)

#endif
