/* Re-election and Rejoin: how the times of one metric are spread, size against size. Charts on the
 * left, what they are drawn from on the right. */
#include "report/sheet_spread.h"

enum { FIRST_DATA_COL = 2 * CHART_COLS + 1 };

static void write_distribution(struct book *book, enum metric metric, const char *name,
			       const char *title)
{
	struct sheet_spread d = {.metric = metric, .first_col = FIRST_DATA_COL};
	bool after_fault = metric_default_origin(metric) == ORIGIN_FAULT_ISSUED;
	char *note = mem_printf("%s%s%s. The data of the charts stand to their right.",
				metric_meanings[metric], after_fault ? "; from " : "",
				after_fault ? model_from_text(book->model) : "");

	sheet_open(&d.sheet, book, name, title);
	sheet_line(&d.sheet, note, STYLE_NOTE);
	sheet_line(&d.sheet,
		   "Trials that did not reach it are censored: the curves are Kaplan-Meier's then, "
		   "and end above the axis (share within a time: below 100 %).",
		   STYLE_NOTE);
	free(note);
	sheet_spread_collect(&d);
	d.head = d.sheet.row;
	if (d.bins.n) {
		worksheet_set_row(d.sheet.ws, d.head, 48, NULL);
		sheet_spread_write(&d);
		sheet_spread_draw(&d);
		worksheet_freeze_panes(d.sheet.ws, d.head + 1, 0);
	} else {
		sheet_line(&d.sheet,
			   d.series.n ? "No trial reached it: there is nothing to draw."
				      : "No trial has this time: there is nothing to draw.",
			   STYLE_WARN);
	}
	sheet_spread_done(&d);
}

int sheet_reelection(struct book *book, struct err *err)
{
	(void)err;
	write_distribution(book, METRIC_REELECTION, "Re-election", "Re-election time");
	return 0;
}

int sheet_rejoin(struct book *book, struct err *err)
{
	(void)err;
	write_distribution(book, METRIC_REJOIN, "Rejoin", "Rejoin time");
	return 0;
}
