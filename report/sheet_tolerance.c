/* The sheet Tolerance: which losses each size survives. */
#include "report/sheet.h"
#include "report/tolerance.h"
#include <stdlib.h>
#include <string.h>

static void write_count(struct sheet *sheet, lxw_col_t col, int64_t n)
{
	if (n >= 0)
		sheet_number(sheet, col, (double)n, STYLE_WHOLE);
}

static void write_sizes(struct sheet *sheet, const struct tolerance *tolerance)
{
	sheet_columns columns = {0};
	const struct tolerance_size *size;

	sheet_column(&columns, "study", 20, STYLE_TEXT);
	sheet_column(&columns, "master-eligible", 16, STYLE_WHOLE);
	sheet_column(&columns, "at once", 18, STYLE_TEXT);
	sheet_column(&columns, "predicted", 12, STYLE_WHOLE);
	sheet_column(&columns, "one after another", 18, STYLE_TEXT);
	sheet_column(&columns, "predicted", 12, STYLE_WHOLE);
	sheet_head(sheet, &columns, true);
	vec_each (size, &tolerance->sizes) {
		sheet_text(sheet, 0, sheet->book->model->studies.v[size->study].label, STYLE_TEXT);
		sheet_number(sheet, 1, (double)size->master_eligible, STYLE_WHOLE);
		for (int way = 0; way < 2; way++) {
			char *text = tolerance_text(size, way);

			sheet_text(sheet, (lxw_col_t)(2 + 2 * way), text, STYLE_TEXT);
			write_count(sheet, (lxw_col_t)(3 + 2 * way), size->predicted[way]);
			free(text);
		}
		sheet->row++;
	}
	sheet_columns_done(&columns);
}

static void write_row(struct sheet *sheet, const struct tolerance_row *row)
{
	sheet_text(sheet, 0, sheet->book->model->studies.v[row->study].label, STYLE_TEXT);
	sheet_number(sheet, 1, (double)row->master_eligible, STYLE_WHOLE);
	sheet_text(sheet, 2, row->in_turn ? "one after another" : "at once", STYLE_TEXT);
	sheet_text(sheet, 3, row->fault, STYLE_TEXT);
	sheet_number(sheet, 4, (double)row->n_lost, STYLE_WHOLE);
	sheet_number(sheet, 5, (double)row->n, STYLE_WHOLE);
	sheet_number(sheet, 6, (double)row->n_survived, STYLE_WHOLE);
	sheet_number(sheet, 7, (double)row->n_predicted, STYLE_WHOLE);
	sheet_number(sheet, 8, (double)row->n_worst, STYLE_WHOLE);
	sheet_number(sheet, 9, (double)row->n_lucky, STYLE_WHOLE);
	sheet_number(sheet, 10, tolerance_recovery_s(row), STYLE_SECONDS);
	sheet->row++;
}

static void write_rows(struct sheet *sheet, const struct tolerance *tolerance)
{
	sheet_columns columns = {0};
	const struct tolerance_row *row;

	sheet_column(&columns, "study", 20, STYLE_TEXT);
	sheet_column(&columns, "master-eligible", 16, STYLE_WHOLE);
	sheet_column(&columns, "nodes lost", 18, STYLE_TEXT);
	sheet_column(&columns, "by", 12, STYLE_TEXT);
	sheet_column(&columns, "how many", 18, STYLE_WHOLE);
	sheet_column(&columns, "trials", 12, STYLE_WHOLE);
	sheet_column(&columns, "survived", 12, STYLE_WHOLE);
	sheet_column(&columns, "predicted", 12, STYLE_WHOLE);
	sheet_column(&columns, "worst choice", 14, STYLE_WHOLE);
	sheet_column(&columns, "by luck", 12, STYLE_WHOLE);
	sheet_column(&columns, "recovery, median [s]", 20, STYLE_SECONDS);
	for (size_t i = 6; i < columns.n; i++)
		worksheet_set_column(sheet->ws, (lxw_col_t)i, (lxw_col_t)i, columns.v[i].width,
				     NULL);
	sheet_head(sheet, &columns, false);
	vec_each (row, &tolerance->rows)
		write_row(sheet, row);
	sheet_columns_done(&columns);
}

int sheet_tolerance(struct book *book, struct err *err)
{
	const struct tolerance *tolerance = &book->recording->tolerance;
	struct sheet sheet;

	(void)err;
	sheet_open(&sheet, book, "Tolerance", "Losses survived");
	sheet_line(&sheet,
		   "The most nodes that could be lost with a master left or elected, by the worst "
		   "choice of nodes (voters first); what was survived only because a node without "
		   "a vote was among them is luck.",
		   STYLE_NOTE);
	sheet_line(&sheet,
		   "Predicted: more than half of the voting configuration recorded just before was "
		   "left. No nodes end in a partition: it stands below only.",
		   STYLE_NOTE);
	sheet.row++;
	if (!tolerance->rows.n) {
		sheet_line(&sheet, "No loss of nodes has been recorded.", STYLE_TEXT);
		return 0;
	}
	write_sizes(&sheet, tolerance);
	sheet.row++;
	write_rows(&sheet, tolerance);
	sheet_line(
		&sheet,
		"Predicted, worst choice: trials in which the voters left would be a quorum, "
		"with the nodes that were taken, and with voters taken first. Recovery: from the "
		"healing of a lost quorum to a master.",
		STYLE_NOTE);
	return 0;
}
