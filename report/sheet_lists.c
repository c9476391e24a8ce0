/* The sheets that list rows of the recording as they are: Master changes and Nodes. */
#include "report/sheet.h"
#include "schema/sql.h"
#include <math.h>

struct changes {
	struct sheet sheet;
	const struct model *model;
	size_t trial;	/* where the last row's trial was: rows come in the model's order */
	size_t n_extra; /* rows that the sheet does not hold */
};

static const struct model_trial *find_trial(struct changes *c, int64_t id)
{
	for (size_t n = 0; n < c->model->trials.n; n++) {
		if (c->model->trials.v[c->trial].id == id)
			return &c->model->trials.v[c->trial];
		c->trial = (c->trial + 1) % c->model->trials.n;
	}
	return NULL;
}

static void write_master(struct sheet *sheet, lxw_col_t col, const char *name)
{
	sheet_text(sheet, col, name ? name : "none", name ? STYLE_TEXT : STYLE_FAINT);
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
	sheet_text(&c->sheet, 3, arm->fault, STYLE_TEXT);
	sheet_text(&c->sheet, 4, store_text(row, 1), STYLE_TEXT);
	write_master(&c->sheet, 5, store_text(row, 2));
	write_master(&c->sheet, 6, store_text(row, 3));
	sheet_number(&c->sheet, 7, store_is_null(row, 4) ? NAN : (double)store_int(row, 4),
		     STYLE_WHOLE);
	sheet_number(&c->sheet, 8, (lo + hi) / 2, STYLE_SECONDS);
	sheet_number(&c->sheet, 9, (hi - lo) / 2, STYLE_PLUS_MINUS);
	c->sheet.row++;
	return 0;
}

int sheet_master_changes(struct book *book, struct err *err)
{
	struct changes c = {.model = book->model};
	sheet_columns columns = {0};
	lxw_row_t head;
	int r;

	sheet_open(&c.sheet, book, "Master changes", "Master changes");
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
	sheet_is_table(&c.sheet, head, columns.n, 0);
	sheet_columns_done(&columns);
	if (c.n_extra) {
		char *text =
			mem_printf("%zu more are in the recording: a sheet ends here.", c.n_extra);

		sheet_line(&c.sheet, text, STYLE_WARN);
		free(text);
	}
	return r;
}

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
			sheet_text(sheet, col, store_text(row, col), STYLE_TEXT);
	}
	sheet->row++;
	return 0;
}

int sheet_nodes(struct book *book, struct err *err)
{
	static const struct {
		const char *title;
		double width;
		enum style style;
	} heads[] = {
		{"study", 20, STYLE_TEXT},
		{"cluster", 14, STYLE_TEXT},
		{"product", 14, STYLE_TEXT},
		{"version", 10, STYLE_TEXT},
		{"number", 9, STYLE_WHOLE},
		{"node", 16, STYLE_TEXT},
		{"master-eligible", 16, STYLE_TEXT},
		{"roles", 28, STYLE_TEXT},
		{"HTTP", 26, STYLE_TEXT},
		{"node id", 26, STYLE_TEXT},
		{"JVM", 12, STYLE_TEXT},
		{"cluster uuid", 26, STYLE_TEXT},
	};
	sheet_columns columns = {0};
	struct sheet sheet;
	int r;

	sheet_open(&sheet, book, "Nodes", "Nodes");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		sheet_column(&columns, heads[i].title, heads[i].width, heads[i].style);
	sheet_head(&sheet, &columns, true);
	r = store_query(book->store, SQL_REPORT_NODES, NULL, 0, write_node, &sheet, err);
	sheet_is_table(&sheet, 1, columns.n, 0);
	sheet_columns_done(&columns);
	return r;
}
