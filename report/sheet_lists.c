/* The sheets that list rows of the recording as they are: Master changes, Snapshots, Nodes. */
#include "lib/str.h"
#include "report/sheet.h"
#include "schema/snapshot.h"
#include "schema/sql.h"
#include <math.h>
#include <string.h>

enum { NAMES_CHARS = 50 };

struct changes {
	struct sheet sheet;
	const struct model *model;
	size_t trial;	/* where the last row's trial was: rows come in the model's order */
	size_t n_extra; /* rows that the sheet does not hold */
};

static void write_master(struct sheet *sheet, lxw_col_t col, const char *name)
{
	sheet_fitted(sheet, col, name ? name : "none", SHEET_NAME_CHARS,
		     name ? STYLE_TEXT : STYLE_FAINT);
}

static const struct model_trial *find_trial(struct changes *c, int64_t id)
{
	for (size_t n = 0; n < c->model->trials.n; n++) {
		if (c->model->trials.v[c->trial].id == id)
			return &c->model->trials.v[c->trial];
		c->trial = (c->trial + 1) % c->model->trials.n;
	}
	return NULL;
}

static int write_change(void *arg, const struct store_row *row, struct err *err)
{
	struct changes *c = arg;
	const struct model_trial *trial = find_trial(c, store_int(row, 0));
	const struct model_arm *arm = trial ? &c->model->arms.v[trial->arm] : NULL;
	double lo = store_double(row, 5), hi = store_double(row, 6);

	(void)err;
	if (!arm)
		return 0;
	if (c->sheet.row + 1 >= SHEET_ROWS) {
		c->n_extra++;
		return 0;
	}
	sheet_number(&c->sheet, 0, (double)trial->id, STYLE_WHOLE);
	sheet_number(&c->sheet, 1, (double)trial->position, STYLE_WHOLE);
	sheet_number(&c->sheet, 2, (double)arm->master_eligible, STYLE_WHOLE);
	sheet_fitted(&c->sheet, 3, arm->fault, SHEET_NAME_CHARS, STYLE_TEXT);
	sheet_fitted(&c->sheet, 4, store_text(row, 1), SHEET_NAME_CHARS, STYLE_TEXT);
	write_master(&c->sheet, 5, store_text(row, 2));
	write_master(&c->sheet, 6, store_text(row, 3));
	sheet_number(&c->sheet, 7, store_is_null(row, 4) ? NAN : (double)store_int(row, 4),
		     STYLE_WHOLE);
	sheet_number(&c->sheet, 8, sheet_microseconds((lo + hi) / 2), STYLE_SECONDS);
	sheet_number(&c->sheet, 9, sheet_microseconds((hi - lo) / 2), STYLE_PLUS_MINUS);
	sheet_end_row(&c->sheet);
	return 0;
}

int sheet_master_changes(struct book *book, struct err *err)
{
	struct changes c = {.model = book->model};
	sheet_columns columns = {0};
	lxw_row_t head;
	int r;

	sheet_open_long(&c.sheet, book, "Master changes", "Master changes");
	sheet_line(&c.sheet,
		   "Who was master, as each node saw it change. Times count from the fault; before "
		   "it they are negative.",
		   STYLE_NOTE);
	head = c.sheet.row;
	sheet_column(&columns, "trial", 8, STYLE_WHOLE);
	sheet_column(&columns, "position", 10, STYLE_WHOLE);
	sheet_column(&columns, "master-eligible", 16, STYLE_WHOLE);
	sheet_column(&columns, "fault", 10, STYLE_TEXT);
	sheet_column(&columns, "observer", 16, STYLE_TEXT);
	sheet_column(&columns, "old master", 16, STYLE_TEXT);
	sheet_column(&columns, "new master", 16, STYLE_TEXT);
	sheet_column(&columns, "term", 9, STYLE_WHOLE);
	sheet_column(&columns, "after fault [s]", 16, STYLE_SECONDS);
	sheet_column(&columns, "± [s]", 9, STYLE_PLUS_MINUS);
	sheet_head(&c.sheet, &columns, true);
	r = store_query(book->store, SQL_REPORT_MASTER_CHANGES, NULL, 0, write_change, &c, err);
	sheet_fit(&c.sheet);
	sheet_is_table(&c.sheet, head, columns.n, 0);
	sheet_columns_done(&columns);
	sheet_ends(&c.sheet, c.n_extra);
	return r;
}

/* ---- snapshots ------------------------------------------------------------------------------ */

enum { MANY_SNAPSHOTS = 20000 };

struct known_node {
	char *id, *name;
};

struct snapshots {
	struct sheet sheet;
	size_t n_extra;
	bool many; /* members and voters are left out: to parse them takes long */
	VEC(struct known_node) nodes; /* by id: a node that was taken is a voter, but no member */
};

static int by_id(const void *a, const void *b)
{
	const struct known_node *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static int load_known_node(void *arg, const struct store_row *row, struct err *err)
{
	struct snapshots *list = arg;

	(void)err;
	if (!store_is_null(row, 9))
		vec_push(&list->nodes, (struct known_node){mem_strdup(store_text(row, 9)),
							   mem_strdup(store_text(row, 5))});
	return 0;
}

static int compare_id(const void *key, const void *node)
{
	return strcmp(key, ((const struct known_node *)node)->id);
}

/* id itself: no node of the recording is known by it. */
static const char *name_of(const struct snapshots *list, const char *id)
{
	const struct known_node *node = list->nodes.n ? bsearch(id, list->nodes.v, list->nodes.n,
								sizeof *list->nodes.v, compare_id)
						      : NULL;

	return node ? node->name : id;
}

/* NULL: none of the model's. */
static const struct model_cluster *find_cluster(const struct model *model, const char *uuid)
{
	const struct model_cluster *cluster;

	vec_each (cluster, &model->clusters)
		if (cluster->uuid && uuid && strcmp(cluster->uuid, uuid) == 0)
			return cluster;
	return NULL;
}

/* Names of the members; voters: of the voting configuration. */
static char *names_of(const struct snapshots *list, const struct snapshot *s, bool voters)
{
	struct str names = STR_INIT;

	for (size_t i = 0; i < (voters ? s->n_voters : s->n_members); i++) {
		const struct snapshot_member *m =
			voters ? snapshot_member_by_id(s, s->voters[i]) : &s->members[i];

		str_addf(&names, "%s%s", i ? ", " : "", m ? m->name : name_of(list, s->voters[i]));
	}
	return names.n ? str_take(&names) : mem_strdup("");
}

static void write_body(struct snapshots *list, const char *body)
{
	struct snapshot *s = body ? snapshot_parse_stored(body, strlen(body)) : NULL;
	struct sheet *sheet = &list->sheet;
	char *text;

	if (!s)
		return;
	text = names_of(list, s, false);
	sheet_fitted(sheet, 6, text, NAMES_CHARS, STYLE_TEXT);
	free(text);
	text = names_of(list, s, true);
	sheet_fitted(sheet, 7, text, NAMES_CHARS, STYLE_TEXT);
	free(text);
	snapshot_free(s);
}

static int write_snapshot(void *arg, const struct store_row *row, struct err *err)
{
	struct snapshots *list = arg;
	struct sheet *sheet = &list->sheet;

	const struct model_cluster *cluster = find_cluster(sheet->book->model, store_text(row, 5));

	(void)err;
	if (!cluster && sheet->book->model->is_chosen)
		return 0;
	if (sheet->row + 1 >= SHEET_ROWS) {
		list->n_extra++;
		return 0;
	}
	sheet_number(sheet, 0, (double)store_int(row, 0), STYLE_WHOLE);
	sheet_fitted(sheet, 1, cluster ? cluster->label : store_text(row, 5), SHEET_NAME_CHARS,
		     STYLE_TEXT);
	write_master(sheet, 2, store_text(row, 1));
	for (int col = 2; col <= 4; col++)
		if (!store_is_null(row, col))
			sheet_number(sheet, (lxw_col_t)(col + 1), (double)store_int(row, col),
				     STYLE_WHOLE);
	if (!list->many)
		write_body(list, store_text(row, 6));
	sheet_end_row(sheet);
	return 0;
}

int sheet_snapshots(struct book *book, struct err *err)
{
	struct snapshots list = {0};
	sheet_columns columns = {0};
	lxw_row_t head;
	int64_t n;
	int r;

	if (store_query_int(book->store, SQL_WORKBOOK_SNAPSHOTS_N, NULL, 0, &n, err))
		return err->code;
	list.many = n > MANY_SNAPSHOTS;
	r = list.many ? 0
		      : store_query(book->store, SQL_REPORT_NODES, NULL, 0, load_known_node, &list,
				    err);
	if (list.nodes.n)
		qsort(list.nodes.v, list.nodes.n, sizeof *list.nodes.v, by_id);
	sheet_open_long(&list.sheet, book, "Snapshots", "Cluster states seen");
	sheet_line(&list.sheet,
		   "Each distinct cluster state that some node showed, once, in the order in which "
		   "it was first stored. Which poll saw which: rejoin-report workbook --raw.",
		   STYLE_NOTE);
	if (list.many)
		sheet_line(&list.sheet,
			   "Of so many the nodes and the voting configurations are left out: they "
			   "are in the recording (snapshot.body).",
			   STYLE_NOTE);
	head = list.sheet.row;
	sheet_column(&columns, "snapshot", 10, STYLE_WHOLE);
	sheet_column(&columns, "cluster", 16, STYLE_TEXT);
	sheet_column(&columns, "master", 16, STYLE_TEXT);
	sheet_column(&columns, "term", 8, STYLE_WHOLE);
	sheet_column(&columns, "state version", 14, STYLE_WHOLE);
	sheet_column(&columns, "members", 10, STYLE_WHOLE);
	sheet_column(&columns, "nodes", 24, STYLE_TEXT);
	sheet_column(&columns, "voting configuration", 24, STYLE_TEXT);
	sheet_head(&list.sheet, &columns, true);
	if (!r)
		r = store_query(book->store, SQL_WORKBOOK_SNAPSHOTS, NULL, 0, write_snapshot, &list,
				err);
	sheet_fit(&list.sheet);
	sheet_is_table(&list.sheet, head, columns.n, 1);
	sheet_columns_done(&columns);
	sheet_ends(&list.sheet, list.n_extra);
	for (size_t i = 0; i < list.nodes.n; i++) {
		free(list.nodes.v[i].id);
		free(list.nodes.v[i].name);
	}
	vec_done(&list.nodes);
	return r;
}

/* ---- nodes ---------------------------------------------------------------------------------- */

static int write_node(void *arg, const struct store_row *row, struct err *err)
{
	struct sheet *sheet = arg;

	(void)err;
	for (lxw_col_t col = 0; col < 12; col++) {
		if (col == 4)
			sheet_number(sheet, col, (double)store_int(row, col), STYLE_WHOLE);
		else if (col == 6)
			sheet_text(sheet, col, store_int(row, col) ? "yes" : "no", STYLE_TEXT);
		else
			sheet_fitted(sheet, col, store_text(row, col), SHEET_NAME_CHARS,
				     STYLE_TEXT);
	}
	sheet_end_row(sheet);
	return 0;
}

int sheet_nodes(struct book *book, struct err *err)
{
	static const struct {
		const char *title;
		double width;
		enum style style;
	} heads[] = {
		{"study", 10, STYLE_TEXT},
		{"cluster", 10, STYLE_TEXT},
		{"product", 10, STYLE_TEXT},
		{"version", 10, STYLE_TEXT},
		{"number", 9, STYLE_WHOLE},
		{"node", 8, STYLE_TEXT},
		{"master-eligible", 16, STYLE_TEXT},
		{"roles", 8, STYLE_TEXT},
		{"HTTP", 8, STYLE_TEXT},
		{"node id", 10, STYLE_TEXT},
		{"JVM", 8, STYLE_TEXT},
		{"cluster uuid", 14, STYLE_TEXT},
	};
	sheet_columns columns = {0};
	struct sheet sheet;
	int r;

	sheet_open(&sheet, book, "Nodes", "Nodes");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		sheet_column(&columns, heads[i].title, heads[i].width, heads[i].style);
	sheet_head(&sheet, &columns, true);
	r = store_query(book->store, SQL_REPORT_NODES, NULL, 0, write_node, &sheet, err);
	sheet_fit(&sheet);
	sheet_is_table(&sheet, 1, columns.n, 0);
	sheet_columns_done(&columns);
	return r;
}
