/* sheet: what all sheets of the workbook are written with.
 *
 * Texts from a recording may hold anything: they are written as texts (never taken for formulas),
 * cleaned and cut to what a cell holds. A number that is not known leaves its cell empty. */
#ifndef REJOIN_REPORT_SHEET_H
#define REJOIN_REPORT_SHEET_H

#include "report/phrase.h"
#include "report/selection.h"
#include "report/stats_survival.h"
#include "report/style.h"

/* The Kaplan-Meier curve of a group that has censored trials, and where the workbook shows it. */
struct trace_curve {
	enum metric metric;
	size_t group; /* place in the grouping */
	struct stats_survival curve;
	lxw_row_t first, last; /* rows of the sheet Survival; one where the curve has no step */
};
typedef VEC(struct trace_curve) trace_curves;

/* The workbook being written. */
struct book {
	lxw_workbook *workbook;
	lxw_format *styles[N_STYLES];
	const struct recording *recording;
	const struct model *model; /* the recording's, as the two below */
	const struct grouping *grouping;
	struct store *store;
	int64_t timeline_trial; /* the one asked for; 0: none */
	trace_curves curves;	/* trace_prepare */
};

enum { SHEET_FITTED = 24 }; /* columns from the left that can be fitted */

struct sheet {
	struct book *book;
	lxw_worksheet *ws;
	const char *name;
	lxw_row_t row; /* where the next row goes */
	/* of columns: as sheet_head set it, and the longest text of sheet_fitted */
	double least[SHEET_FITTED], widest[SHEET_FITTED];
	double lines; /* of this row: sheet_fitted */
};

struct sheet_column {
	char *title;  /* with the unit: "re-election [s]" */
	double width; /* characters */
	enum style style;
};
typedef VEC(struct sheet_column) sheet_columns;

enum { SHEET_ROWS = 1048576, SHEET_PRINT_ROWS = 500 };

/* name is the sheet's own: at most 31 characters. title goes into the first row. */
void sheet_open(struct sheet *sheet, struct book *book, const char *name, const char *title);
/* As sheet_open, for a sheet that may have any number of rows: they are written in order, from left
 * to right, and do not stay in memory. */
void sheet_open_long(struct sheet *sheet, struct book *book, const char *name, const char *title);

void sheet_text(struct sheet *sheet, lxw_col_t col, const char *text, enum style style);
void sheet_number(struct sheet *sheet, lxw_col_t col, double value, enum style style);
/* A formula (without '=') and the value that it must give, which is what programs show that do not
 * calculate. A value that is not finite leaves the cell empty. sheet_array: over whole ranges, for
 * one cell (an array formula). */
void sheet_formula(struct sheet *sheet, lxw_col_t col, double value, enum style style,
		   const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void sheet_array(struct sheet *sheet, lxw_col_t col, double value, enum style style,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* A formula that gives a text. */
void sheet_formula_text(struct sheet *sheet, lxw_col_t col, const char *text, enum style style,
			const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* What stands in place of a figure: "n ≥ 20", "> 180.000"; false: the figure is known. */
bool sheet_instead(struct sheet *sheet, lxw_col_t col, const struct estimate *estimate,
		   enum stats_figure figure);
/* A cell over several columns whose text is wrapped, and a row high enough for it at width_chars.
 */
void sheet_paragraph(struct sheet *sheet, lxw_col_t first, lxw_col_t last, const char *text,
		     double width_chars, enum style style);
/* A cell of a table whose text is wrapped at width_chars; returns its lines. sheet_row_of ends a
 * row of such cells, the highest of which has so many. */
double sheet_wrapped(struct sheet *sheet, lxw_col_t col, const char *text, double width_chars);
void sheet_row_of(struct sheet *sheet, double lines);
/* A pair whose text is such a paragraph in columns 1 to last where it is too long for one line. */
void sheet_pair_over(struct sheet *sheet, const char *key, const char *text, lxw_col_t last,
		     double width_chars);
/* A text of a table whose column becomes, by sheet_fit at the end, as wide as its longest text, or
 * as its head says if that is more; what is longer than most is wrapped. */
void sheet_fitted(struct sheet *sheet, lxw_col_t col, const char *text, double most,
		  enum style style);
void sheet_end_row(struct sheet *sheet); /* of a row with such texts: the next one is written */
void sheet_fit(struct sheet *sheet);
/* Rows first to last, columns 0 to last_col, for which the formula (about row first; without '=')
 * holds look like the style. */
void sheet_mark(struct sheet *sheet, lxw_row_t first, lxw_row_t last, lxw_col_t last_col,
		enum style style, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* "B", "AA". Valid for the next four calls. */
const char *sheet_col_name(lxw_col_t col);
/* Names a column of cells, so that formulas can be read. */
void sheet_name_range(struct sheet *sheet, const char *name, lxw_row_t first, lxw_row_t last,
		      lxw_col_t col);

/* To whole microseconds: in long lists what is finer costs more than it tells. */
double sheet_microseconds(double seconds);
/* Writes text into the next row. */
void sheet_line(struct sheet *sheet, const char *text, enum style style);
void sheet_pair(struct sheet *sheet, const char *key, const char *text);

void sheet_column(sheet_columns *columns, const char *title, double width, enum style style);
void sheet_columns_done(sheet_columns *columns);
/* Writes the heads into the next row; set_widths also makes the columns as wide as they say. */
void sheet_head(struct sheet *sheet, const sheet_columns *columns, bool set_widths);
/* A sheet that is one table: head_row stays in view and is repeated on paper, filters over all rows
 * up to sheet->row. Of more than SHEET_PRINT_ROWS only these are printed, and the head of the page
 * says so. One without rows says "none". */
void sheet_is_table(struct sheet *sheet, lxw_row_t head_row, size_t n_columns, lxw_col_t n_frozen);

/* Says below a table how many rows it has no room for; nothing for 0. */
void sheet_ends(struct sheet *sheet, size_t n_extra);

/* "re-election [s]". The caller frees it. */
char *sheet_metric_title(enum metric metric);

/* Columns for the factors of the grouping, and a group's levels in them from column col on: fitted.
 */
void sheet_factor_columns(const struct grouping *grouping, sheet_columns *columns);
void sheet_levels(struct sheet *sheet, const struct group *group, lxw_col_t col, bool last);

/* "4 master-eligible, stop". The caller frees it. */
char *sheet_group_label(const struct grouping *grouping, const struct group *group);
enum { SHEET_NAME_CHARS = 40, SHEET_LEVEL_CHARS = 36 };	 /* most of sheet_fitted: names, levels */
enum { SHEET_LABEL_LEAST = 20, SHEET_LABEL_CHARS = 60 }; /* a column of them, by sheet_fitted */
/* The column that names the bars of a chart: that of the labels, or, where one of them would leave
 * no room for the bars, the first one, of the groups' numbers. */
lxw_col_t sheet_bar_names(const struct sheet *sheet, lxw_col_t labels);

/* The sheets, in their order. Errors come from reading the recording; those of the file show when
 * it is closed. */
int sheet_summary(struct book *book, struct err *err);
int sheet_figures(struct book *book, struct err *err);
int sheet_compare(struct book *book, struct err *err);
int sheet_reelection(struct book *book, struct err *err);
int sheet_rejoin(struct book *book, struct err *err);
int sheet_phases(struct book *book, struct err *err);
int sheet_tolerance(struct book *book, struct err *err);
int sheet_contested(struct book *book, struct err *err);
int sheet_trials(struct book *book, struct err *err);
int sheet_timeline(struct book *book, struct err *err);
int sheet_master_changes(struct book *book, struct err *err);
int sheet_snapshots(struct book *book, struct err *err);
int sheet_log_events(struct book *book, struct err *err); /* sheet_witness.c */
int sheet_nodes(struct book *book, struct err *err);
int sheet_study(struct book *book, struct err *err);
int sheet_survival(struct book *book, struct err *err);
int sheet_method(struct book *book, struct err *err);

#endif
