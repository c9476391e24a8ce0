#include "schema/store_impl.h"

int64_t store_int(const struct store_row *row, int column)
{
	return sqlite3_column_int64(row->stmt, column);
}

double store_double(const struct store_row *row, int column)
{
	return sqlite3_column_double(row->stmt, column);
}

const char *store_text(const struct store_row *row, int column)
{
	return (const char *)sqlite3_column_text(row->stmt, column);
}

const char *store_text_bytes(const struct store_row *row, int column, size_t *ret_size)
{
	const char *text = store_text(row, column);

	*ret_size = (size_t)sqlite3_column_bytes(row->stmt, column);
	return text;
}

const void *store_blob(const struct store_row *row, int column, size_t *ret_size)
{
	const void *bytes = sqlite3_column_blob(row->stmt, column);

	*ret_size = (size_t)sqlite3_column_bytes(row->stmt, column);
	return bytes;
}

bool store_is_null(const struct store_row *row, int column)
{
	return sqlite3_column_type(row->stmt, column) == SQLITE_NULL;
}

static int each_row(struct store *store, int sql_id, sqlite3_stmt *stmt, store_row_fn *fn,
		    void *arg, struct err *err)
{
	struct store_row row = {stmt};
	int step, rc;

	while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
		rc = fn(arg, &row, err);
		if (rc)
			return rc;
	}
	return step == SQLITE_DONE ? 0 : store_fail(store, step, sql_texts[sql_id].name, err);
}

int store_query(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
		store_row_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *stmt = NULL, *own = NULL;
	int rc = store_statement(store, sql_id, &stmt, err);

	if (rc)
		return rc;
	/* the same query from inside its own callback */
	if (sqlite3_stmt_busy(stmt)) {
		rc = sqlite3_prepare_v2(store->db, sql_texts[sql_id].text, -1, &own, NULL);
		if (rc != SQLITE_OK)
			return store_fail(store, rc, sql_texts[sql_id].name, err);
		stmt = own;
	}
	rc = store_bind_all(store, sql_id, stmt, binds, n_binds, err);
	if (!rc)
		rc = each_row(store, sql_id, stmt, fn, arg, err);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	sqlite3_finalize(own);
	return rc;
}

struct one_int {
	int64_t value;
	int n;
};

static int take_int(void *arg, const struct store_row *row, struct err *err)
{
	struct one_int *one = arg;

	(void)err;
	one->value = store_int(row, 0);
	one->n++;
	return 0;
}

int store_query_int(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
		    int64_t *ret, struct err *err)
{
	struct one_int one = {0};
	int rc = store_query(store, sql_id, binds, n_binds, take_int, &one, err);

	if (!rc && one.n != 1)
		rc = err_set(err, ERR_ENV, "%s: %s: %d rows instead of one", store->path,
			     sql_texts[sql_id].name, one.n);
	if (!rc)
		*ret = one.value;
	return rc;
}
