/* The sheet of what the nodes' own logs said. */
#include "report/sheet.h"
#include "report/witness.h"
#include "schema/sql.h"
#include <math.h>

/* In the order of the query's columns; those of the witness are looked up. */
static const struct {
	const char *title;
	double width;
	enum style style;
} heads[] = {
	{"trial", 8, STYLE_WHOLE},
	{"position", 10, STYLE_WHOLE},
	{"node", 8, STYLE_TEXT},
	{"event", 14, STYLE_TEXT},
	{"after fault [s]", 12, STYLE_SECONDS},
	{"± [s]", 9, STYLE_PLUS_MINUS},
	{"term", 8, STYLE_WHOLE},
	{"new master", 12, STYLE_TEXT},
	{"about", 9, STYLE_TEXT},
	{"polled later by [s]", 12, STYLE_SECONDS},
	{"± [s]", 9, STYLE_PLUS_MINUS},
	{"line", 90, STYLE_TEXT},
};
enum { MANY = 50000, WORDS = 11 };
enum { AT = 4, AT_ERROR = 5, NODE_ID = 9, LINE = 10, N_HEADS = sizeof heads / sizeof *heads };

struct lines {
	struct sheet sheet;
	size_t n_extra; /* rows that the sheet does not hold */
	bool many;	/* the words of the lines are left out */
};

static double number(const struct store_row *row, int column)
{
	return store_is_null(row, column) ? NAN : store_double(row, column);
}

static int write_line(void *arg, const struct store_row *row, struct err *err)
{
	struct lines *lines = arg;
	struct sheet *sheet = &lines->sheet;
	double lo = number(row, AT), hi = number(row, AT_ERROR);
	const struct witness_pair *pair =
		witness_find(&sheet->book->model->witness, store_int(row, 0),
			     store_int(row, NODE_ID), store_int(row, LINE));

	(void)err;
	if (!model_has_trial(sheet->book->model, store_int(row, 0)))
		return 0;
	if (sheet->row + 1 >= SHEET_ROWS) {
		lines->n_extra++;
		return 0;
	}
	for (int col = 0; col < N_HEADS; col++) {
		double value = number(row, col);

		if (col == AT)
			value = sheet_microseconds((lo + hi) / 2);
		else if (col == AT_ERROR)
			value = sheet_microseconds((hi - lo) / 2);
		else if (col == NODE_ID)
			value = pair ? pair->diff_s : NAN;
		else if (col == LINE)
			value = pair ? pair->diff_error_s : NAN;
		/* no cell at all where there is nothing: of the rows there are many */
		if (store_is_null(row, col) || (col == WORDS && lines->many) ||
		    (heads[col].style != STYLE_TEXT && isnan(value)))
			continue;
		if (col == WORDS) /* the last: it runs on */
			sheet_text(sheet, (lxw_col_t)col, store_text(row, col), STYLE_TEXT);
		else if (heads[col].style == STYLE_TEXT)
			sheet_fitted(sheet, (lxw_col_t)col, store_text(row, col), SHEET_NAME_CHARS,
				     STYLE_TEXT);
		else
			sheet_number(sheet, (lxw_col_t)col, value, heads[col].style);
	}
	sheet_end_row(sheet);
	return 0;
}

static void write_notes(struct sheet *sheet)
{
	const struct model_study *study;

	sheet_line(sheet,
		   "What the nodes' own logs say of masters. Times count from the fault, ± what "
		   "their clock leaves open (the log's millisecond, the tie of the clocks).",
		   STYLE_NOTE);
	vec_each (study, &sheet->book->model->studies) {
		char *text = witness_text(study);

		if (text)
			sheet_line(sheet, text, study->n_early ? STYLE_WARN : STYLE_NOTE);
		free(text);
	}
}

int sheet_log_events(struct book *book, struct err *err)
{
	struct lines lines = {0};
	struct sheet *sheet = &lines.sheet;
	sheet_columns columns = {0};
	lxw_row_t head;
	int64_t n;
	int r;

	if (store_query_int(book->store, SQL_WORKBOOK_LOG_EVENTS_N, NULL, 0, &n, err))
		return err->code;
	lines.many = n > MANY;
	sheet_open_long(sheet, book, "Log events", "Log events");
	write_notes(sheet);
	if (lines.many)
		sheet_line(sheet,
			   "Of so many lines the words are left out: they are in the recording "
			   "(log_event.text).",
			   STYLE_NOTE);
	head = sheet->row;
	for (size_t i = 0; i < N_HEADS; i++)
		sheet_column(&columns, heads[i].title, heads[i].width, heads[i].style);
	worksheet_set_row(sheet->ws, head, 32, NULL);
	sheet_head(sheet, &columns, true);
	r = store_query(book->store, SQL_REPORT_LOG_EVENTS, NULL, 0, write_line, &lines, err);
	sheet_fit(sheet);
	sheet_is_table(sheet, head, columns.n, 0);
	sheet_columns_done(&columns);
	sheet_ends(sheet, lines.n_extra);
	return r;
}
