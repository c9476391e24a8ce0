/* The sheet Figures: all that the trials say of each metric, group beneath group. */
#include "lib/str.h"
#include "report/trace.h"
#include <math.h>

/* Figures in the order of the columns; PM and the limits belong to the figure before them. */
enum part { VALUE, PM, FROM, TO };
static const struct {
	enum stats_figure figure;
	enum part part;
} parts[] = {
	{STATS_MIN, VALUE}, {STATS_P25, VALUE},	 {STATS_P50, VALUE}, {STATS_P50, PM},
	{STATS_P50, FROM},  {STATS_P50, TO},	 {STATS_P75, VALUE}, {STATS_P90, VALUE},
	{STATS_P95, VALUE}, {STATS_P95, FROM},	 {STATS_P95, TO},    {STATS_P99, VALUE},
	{STATS_MAX, VALUE}, {STATS_MEAN, VALUE}, {STATS_SD, VALUE},
};
enum { N_PARTS = sizeof parts / sizeof *parts };

static const char *figure_name(enum stats_figure figure)
{
	return figure == STATS_P50 ? "median" : stats_names[figure];
}

static void part_column(sheet_columns *columns, size_t i)
{
	const char *name = figure_name(parts[i].figure);
	char *title;

	switch (parts[i].part) {
	case PM:
		sheet_column(columns, "± [s]", 10, STYLE_PLUS_MINUS);
		return;
	case FROM:
		title = mem_printf("%s from (95\u00a0%%)\u00a0[s]", name);
		break;
	case TO:
		title = mem_printf("%s to (95\u00a0%%)\u00a0[s]", name);
		break;
	default:
		title = mem_printf("%s [s]", name);
	}
	sheet_column(columns, title, 11, STYLE_SECONDS);
	free(title);
}

static size_t write_head(struct sheet *sheet)
{
	sheet_columns columns = {0};
	size_t n;

	sheet_column(&columns, "group", 8, STYLE_WHOLE);
	sheet_factor_columns(sheet->book->grouping, &columns);
	sheet_column(&columns, "metric", 16, STYLE_TEXT);
	sheet_column(&columns, "n", 8, STYLE_WHOLE);
	sheet_column(&columns, "censored", 10, STYLE_WHOLE);
	sheet_column(&columns, "shorter than seen", 11, STYLE_WHOLE);
	sheet_column(&columns, "method", 14, STYLE_TEXT);
	for (size_t i = 0; i < N_PARTS; i++)
		part_column(&columns, i);
	sheet_column(&columns, "outliers", 9, STYLE_WHOLE);
	sheet_column(&columns, "of these far out", 9, STYLE_WHOLE);
	sheet_column(&columns, "modes at [s] (trials)", 40, STYLE_TEXT);
	worksheet_set_row(sheet->ws, sheet->row, 48, NULL);
	sheet_head(sheet, &columns, true);
	n = columns.n;
	sheet_columns_done(&columns);
	return n;
}

static char *modes_text(const struct estimate *e)
{
	struct str text = STR_INIT;

	if (e->modes.n < 2)
		return mem_strdup(e->modes.n ? "one" : "");
	for (size_t i = 0; i < e->modes.n; i++)
		str_addf(&text, "%s%.3f (%zu)", i ? ", " : "", e->modes.of[i].at, e->modes.of[i].n);
	return str_take(&text);
}

/* The part i of row g. Sums and spread of a group with censored trials are not given. */
static void write_part(struct sheet *sheet, lxw_col_t col, size_t i, size_t g, enum metric metric,
		       bool quick, bool last)
{
	enum style style = last ? STYLE_LAST_SECONDS : STYLE_SECONDS;
	char *key = mem_printf("$A$%u", sheet->row + 1);

	switch (parts[i].part) {
	case VALUE:
		trace_figure(sheet, col, style, quick, key, g, metric, parts[i].figure);
		break;
	case PM:
		trace_half_width(sheet, col, STYLE_PLUS_MINUS, quick, key, g, metric,
				 parts[i].figure);
		break;
	default:
		trace_limit(sheet, col, style, quick, key, g, metric, parts[i].figure,
			    parts[i].part == TO);
	}
	free(key);
}

static void write_row(struct sheet *sheet, size_t g, enum metric metric, bool quick, bool last)
{
	const struct grouping *grouping = sheet->book->grouping;
	const struct group *group = &grouping->groups.v[g];
	const struct estimate *e = &group->estimates[metric];
	lxw_col_t col = (lxw_col_t)grouping->names.n + 1;
	enum style whole = last ? STYLE_LAST_WHOLE : STYLE_WHOLE;
	enum style text = last ? STYLE_LAST_TEXT : STYLE_TEXT;
	char *modes = modes_text(e);

	sheet_number(sheet, 0, (double)g + 1, whole);
	sheet_levels(sheet, group, 1, last);
	sheet_text(sheet, col++, phrase_metric_within(metric), text);
	sheet_number(sheet, col++, (double)e->n, whole);
	sheet_number(sheet, col++, (double)e->n_censored, whole);
	sheet_number(sheet, col++, (double)e->n_left_censored, whole);
	sheet_text(sheet, col++, e->n ? estimate_methods[e->method] : "", text);
	for (size_t i = 0; i < N_PARTS; i++)
		write_part(sheet, col++, i, g, metric, quick, last);
	sheet_number(sheet, col++, isnan(e->fences.inner_lo) ? NAN : (double)e->n_outside, whole);
	sheet_number(sheet, col++, isnan(e->fences.inner_lo) ? NAN : (double)e->n_far_out, whole);
	sheet_text(sheet, col, modes, text);
	sheet_end_row(sheet);
	free(modes);
}

static bool is_shown(const struct recording *recording, enum metric metric)
{
	return recording->metrics_asked ? recording->metrics[metric] : recording->model.has[metric];
}

int sheet_figures(struct book *book, struct err *err)
{
	size_t n_groups = book->grouping->groups.n, n_metrics = 0, n_columns;
	struct sheet sheet;
	lxw_row_t head;
	bool quick;
	/* paper shows the columns before it on every page, where the note would be cut off */
	lxw_col_t note_col = (lxw_col_t)book->grouping->names.n + 2;

	(void)err;
	for (size_t i = 0; i < model_n_metrics; i++)
		n_metrics += is_shown(book->recording, model_metrics[i]);
	quick = trace_is_quick(book, n_groups * n_metrics * N_PARTS);
	sheet_open(&sheet, book, "Figures", "Figures, metric by metric");
	sheet_text(&sheet, note_col,
		   quick ? "Each is a formula over the trials of its group (sheet Trials), or "
			   "over the group's curve (sheet Survival) where trials are censored."
			 : "As values: formulas over so many trials would take long. Those of the "
			   "Summary are formulas.",
		   STYLE_NOTE);
	head = ++sheet.row;
	n_columns = write_head(&sheet);
	for (size_t i = 0; i < model_n_metrics; i++)
		for (size_t g = 0; g < n_groups; g++)
			if (is_shown(book->recording, model_metrics[i]))
				write_row(&sheet, g, model_metrics[i], quick, g + 1 == n_groups);
	sheet_fit(&sheet);
	worksheet_fit_to_pages(sheet.ws, 2, 0);
	worksheet_repeat_columns(sheet.ws, 0, (lxw_col_t)book->grouping->names.n + 1);
	sheet_is_table(&sheet, head, n_columns, (lxw_col_t)book->grouping->names.n + 2);
	if (sheet.row > head + 1)
		sheet_mark(&sheet, head + 1, sheet.row - 1, (lxw_col_t)n_columns - 1,
			   STYLE_MARK_CENSORED, "$%s%u>0",
			   sheet_col_name((lxw_col_t)book->grouping->names.n + 3), head + 2);
	return 0;
}
