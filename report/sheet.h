/* sheet: what all sheets of the workbook are written with.
 *
 * Texts from a recording may hold anything: they are written as texts (never taken for formulas),
 * cleaned and cut to what a cell holds. A number that is not known leaves its cell empty. */
#ifndef REJOIN_REPORT_SHEET_H
#define REJOIN_REPORT_SHEET_H

#include "report/selection.h"
#include "report/style.h"

/* The workbook being written. */
struct book {
	lxw_workbook *workbook;
	lxw_format *styles[N_STYLES];
	const struct recording *recording;
	const struct model *model; /* these are the recording's */
	const struct grouping *grouping;
	struct store *store;
};

struct sheet {
	struct book *book;
	lxw_worksheet *ws;
	const char *name;
	lxw_row_t row; /* where the next row goes */
};

struct sheet_column {
	char *title;  /* with the unit: "re-election [s]" */
	double width; /* characters */
	enum style style;
};
typedef VEC(struct sheet_column) sheet_columns;

enum { SHEET_ROWS = 1048576 };

/* name is the sheet's own: at most 31 characters. title goes into the first row. */
void sheet_open(struct sheet *sheet, struct book *book, const char *name, const char *title);

void sheet_text(struct sheet *sheet, lxw_col_t col, const char *text, enum style style);
void sheet_number(struct sheet *sheet, lxw_col_t col, double value, enum style style);
/* Writes text into the next row. */
void sheet_line(struct sheet *sheet, const char *text, enum style style);
void sheet_pair(struct sheet *sheet, const char *key, const char *text);

void sheet_column(sheet_columns *columns, const char *title, double width, enum style style);
void sheet_columns_done(sheet_columns *columns);
/* Writes the heads into the next row; set_widths also makes the columns as wide as they say. */
void sheet_head(struct sheet *sheet, const sheet_columns *columns, bool set_widths);
/* A sheet that is one table: head_row stays in view and is repeated on paper, filters over all rows
 * up to sheet->row. */
void sheet_is_table(struct sheet *sheet, lxw_row_t head_row, size_t n_columns, lxw_col_t n_frozen);

/* "re-election [s]". The caller frees it. */
char *sheet_metric_title(enum metric metric);
/* The metric's name for people: "re-election". */
const char *sheet_metric_name(enum metric metric);

/* Columns for the factors of the grouping, and a group's levels in them from column col on. */
void sheet_factor_columns(const struct grouping *grouping, sheet_columns *columns);
void sheet_levels(struct sheet *sheet, const struct group *group, lxw_col_t col, bool last);

/* The sheets, in their order. Errors come from reading the recording; those of the file show when
 * it is closed. */
int sheet_summary(struct book *book, struct err *err);
int sheet_reelection(struct book *book, struct err *err);
int sheet_rejoin(struct book *book, struct err *err);
int sheet_tolerance(struct book *book, struct err *err); /* none where nothing was lost */
int sheet_trials(struct book *book, struct err *err);
int sheet_master_changes(struct book *book, struct err *err);
int sheet_log_events(struct book *book, struct err *err); /* sheet_witness.c */
int sheet_nodes(struct book *book, struct err *err);
int sheet_study(struct book *book, struct err *err);

#endif
