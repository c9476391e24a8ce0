#include "schema/store_view.h"
#include "schema/doc.h"
#include "schema/store_impl.h"
#include <string.h>

static void explain(struct store_view *view)
{
	view->meaning = "";
	for (size_t i = 0; i < doc_n_rows; i++) {
		const struct doc_row *doc = &doc_rows[i];
		struct store_column *column;

		if (strcmp(doc->table, view->name) != 0)
			continue;
		if (!doc->column)
			view->meaning = doc->meaning;
		vec_each (column, &view->columns)
			if (doc->column && strcmp(doc->column, column->name) == 0) {
				column->unit = doc->unit;
				column->meaning = doc->meaning;
			}
	}
}

/* SQLite knows the type of a column that stands for one of a table. Of the others the unit tells:
 * seconds are computed, what is counted or an instant is whole, the rest is text. */
static void set_type(struct store_column *column, const char *declared)
{
	if (strcmp(declared, "REAL") == 0 || strcmp(column->unit, "s") == 0)
		column->type = STORE_REAL;
	else if (strcmp(declared, "INTEGER") == 0 || (!*declared && *column->unit))
		column->type = STORE_INTEGER;
	else
		column->type = STORE_TEXT_TYPE;
}

struct load {
	struct store *store;
	struct store_views *views;
	VEC(char *) declared;
};

static int take_column(void *arg, const struct store_row *row, struct err *err)
{
	struct load *load = arg;
	struct store_view *view = &load->views->v[load->views->n - 1];
	const char *declared = store_text(row, 1);

	(void)err;
	vec_push(&view->columns, (struct store_column){.name = mem_strdup(store_text(row, 0)),
						       .unit = "",
						       .meaning = ""});
	vec_push(&load->declared, mem_strdup(declared ? declared : ""));
	return 0;
}

static int take_view(void *arg, const struct store_row *row, struct err *err)
{
	struct load *load = arg;
	struct store_bind binds[] = {STORE_TEXT(store_text(row, 0))};
	struct store_view *view;
	int rc;

	vec_push(load->views, (struct store_view){.name = mem_strdup(binds[0].s)});
	rc = store_query(load->store, SQL_VIEW_COLUMNS, binds, 1, take_column, load, err);
	view = &load->views->v[load->views->n - 1];
	explain(view);
	for (size_t i = 0; i < load->declared.n; i++) {
		set_type(&view->columns.v[i], load->declared.v[i]);
		free(load->declared.v[i]);
	}
	load->declared.n = 0;
	return rc;
}

int store_views_load(struct store *store, struct store_views *ret_views, struct err *err)
{
	struct load load = {.store = store, .views = ret_views};

	*ret_views = (struct store_views){0};
	if (store_query(store, SQL_VIEWS, NULL, 0, take_view, &load, err))
		store_views_done(ret_views);
	vec_done(&load.declared);
	return err->code;
}

void store_views_done(struct store_views *views)
{
	struct store_view *view;
	struct store_column *column;

	vec_each (view, views) {
		vec_each (column, &view->columns)
			free(column->name);
		vec_done(&view->columns);
		free(view->name);
	}
	vec_done(views);
}

int store_hold(struct store *store, struct err *err)
{
	return store_exec(store, "BEGIN", "read", err);
}

int store_view_rows(struct store *store, const struct store_view *view, store_row_fn *fn, void *arg,
		    struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", view->name);
	int step = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);
	struct store_row row = {stmt};

	sqlite3_free(sql);
	if (step != SQLITE_OK)
		return store_fail(store, step, view->name, err);
	while (!err->code && (step = sqlite3_step(stmt)) == SQLITE_ROW)
		fn(arg, &row, err);
	if (!err->code && step != SQLITE_DONE)
		store_fail(store, step, view->name, err);
	sqlite3_finalize(stmt);
	return err->code;
}

enum store_type store_type(const struct store_row *row, int column)
{
	switch (sqlite3_column_type(row->stmt, column)) {
	case SQLITE_NULL:
		return STORE_NULL;
	case SQLITE_INTEGER:
		return STORE_INTEGER;
	case SQLITE_FLOAT:
		return STORE_REAL;
	default:
		return STORE_TEXT_TYPE;
	}
}
