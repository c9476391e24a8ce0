/* The sheet Contested: how often an election took more than one new term, and how many. */
#include "report/chart.h"
#include "report/trace.h"
#include <math.h>
#include <string.h>

enum {
	MAX_BARS = 40,	     /* groups in a chart */
	FIRST_DATA_COL = 30, /* at least; what the intervals are drawn from */
};

struct contested {
	struct sheet sheet;
	lxw_row_t head, last;
	lxw_col_t label_col, share_col, terms_col, last_col, data_col;
};

static void share_columns(sheet_columns *columns, const char *title)
{
	sheet_column(columns, title, 9.5, STYLE_SHARE);
	sheet_column(columns, "from (95\u00a0%)", 8.5, STYLE_SHARE);
	sheet_column(columns, "to (95\u00a0%)", 8.5, STYLE_SHARE);
}

static void head_table(struct contested *c)
{
	sheet_columns columns = {0};

	sheet_column(&columns, "group", 8, STYLE_WHOLE);
	sheet_factor_columns(c->sheet.book->grouping, &columns);
	c->label_col = (lxw_col_t)columns.n;
	sheet_column(&columns, "in the charts", SHEET_LABEL_LEAST, STYLE_TEXT);
	sheet_column(&columns, "elections", 10, STYLE_WHOLE);
	sheet_column(&columns, "contested", 10, STYLE_WHOLE);
	c->share_col = (lxw_col_t)columns.n;
	share_columns(&columns, "share");
	c->terms_col = (lxw_col_t)columns.n;
	for (int i = 0; i < GROUP_TERMS; i++) {
		char *title = mem_printf("%d%s new term%s", i,
					 i + 1 == GROUP_TERMS ? " or more" : "", i == 1 ? "" : "s");

		sheet_column(&columns, title, i + 1 == GROUP_TERMS ? 10 : 6.5, STYLE_WHOLE);
		free(title);
	}
	sheet_column(&columns, "trials", 7, STYLE_WHOLE);
	sheet_column(&columns, "not recovered", 10, STYLE_WHOLE);
	share_columns(&columns, "share not recovered");
	sheet_column(&columns, "not measured", 10, STYLE_WHOLE);
	share_columns(&columns, "share not measured");
	c->last_col = (lxw_col_t)(columns.n - 1);
	c->data_col = (lxw_col_t)(columns.n < FIRST_DATA_COL ? FIRST_DATA_COL : columns.n + 1);
	c->head = c->sheet.row;
	worksheet_set_row(c->sheet.ws, c->head, 34, NULL);
	sheet_head(&c->sheet, &columns, true);
	sheet_columns_done(&columns);
}

/* What it is a share of stands in of_col, how many are so left of col. */
static void write_shares(struct contested *c, const struct estimate_share *share, lxw_col_t col,
			 lxw_col_t of_col)
{
	unsigned row = c->sheet.row + 1;

	sheet_formula(&c->sheet, col, share->share, STYLE_SHARE, "$%s$%u/$%s$%u",
		      sheet_col_name(col - 1), row, sheet_col_name(of_col), row);
	sheet_number(&c->sheet, col + 1, share->n ? share->lo : NAN, STYLE_SHARE);
	sheet_number(&c->sheet, col + 2, share->n ? share->hi : NAN, STYLE_SHARE);
}

static void write_failures(struct contested *c, const struct group *group, lxw_col_t col)
{
	lxw_col_t trials = col++;

	sheet_number(&c->sheet, trials, (double)group->n_trials, STYLE_WHOLE);
	sheet_number(&c->sheet, col++, (double)group->not_recovered.k, STYLE_WHOLE);
	write_shares(c, &group->not_recovered, col, trials);
	col += 3;
	sheet_number(&c->sheet, col++, (double)group->n_failed, STYLE_WHOLE);
	write_shares(c, &group->failed, col, trials);
}

static void write_group(struct contested *c, size_t g)
{
	const struct grouping *grouping = c->sheet.book->grouping;
	const struct group *group = &grouping->groups.v[g];
	char *label = sheet_group_label(grouping, group);
	size_t n[GROUP_TERMS] = {0};
	unsigned row = c->sheet.row + 1;
	lxw_col_t col = c->label_col;

	group_count_terms(c->sheet.book->model, group, n);
	sheet_number(&c->sheet, 0, (double)g + 1, STYLE_WHOLE);
	sheet_levels(&c->sheet, group, 1, false);
	sheet_fitted(&c->sheet, col++, label, SHEET_LABEL_CHARS, STYLE_TEXT);
	sheet_formula(&c->sheet, col++, (double)group->n_elections, STYLE_WHOLE,
		      "COUNTIFS(t_group,$A%u,t_measured,1,t_terms,\">=0\")", row);
	sheet_formula(&c->sheet, col++, (double)group->n_contested, STYLE_WHOLE,
		      "COUNTIFS(t_group,$A%u,t_measured,1,t_terms,\">1\")", row);
	write_shares(c, &group->contested, col, col - 2);
	col = c->terms_col;
	for (int i = 0; i < GROUP_TERMS; i++)
		sheet_formula(&c->sheet, col++, (double)n[i], STYLE_WHOLE,
			      "COUNTIFS(t_group,$A%u,t_measured,1,t_terms,\"%s%d\")", row,
			      i + 1 == GROUP_TERMS ? ">=" : "=", i);
	write_failures(c, group, col);
	sheet_end_row(&c->sheet);
	free(label);
}

/* One point and one line a group. The groups stand beneath each other as in the table. */
static void draw_shares(struct contested *c, lxw_row_t row, int n_rows)
{
	const struct grouping *grouping = c->sheet.book->grouping;
	size_t n = grouping->groups.n < MAX_BARS ? grouping->groups.n : MAX_BARS;
	lxw_chart *chart = chart_new(c->sheet.book, LXW_CHART_SCATTER_STRAIGHT,
				     "share of elections that were contested, 95 % interval",
				     "share of elections", "group (as in the table)");
	lxw_row_t at = c->head + 1;
	struct chart_cells lines = {c->sheet.name, at, at, c->data_col, c->data_col + 1};
	struct chart_cells points = {c->sheet.name, c->head + 1, c->head + (lxw_row_t)n,
				     c->share_col, 0};
	lxw_row_t kept = c->sheet.row;

	for (size_t g = 0; g < n; g++) {
		const struct estimate_share *share = &grouping->groups.v[g].contested;

		for (int end = 0; share->n && end < 2; end++) {
			c->sheet.row = at++;
			sheet_number(&c->sheet, c->data_col, end ? share->hi : share->lo,
				     STYLE_SHARE);
			sheet_number(&c->sheet, c->data_col + 1, (double)g + 1, STYLE_WHOLE);
		}
		at++; /* an empty row parts the lines */
	}
	c->sheet.row = kept;
	lines.last = at - 1;
	chart_line(chart, lines, "95 % interval", style_series[0], 2);
	chart_points(chart, points, "share", style_series[0]);
	chart_axis_set_min(chart->x_axis, 0);
	chart_axis_set_max(chart->x_axis, 1);
	chart_axis_set_num_format(chart->x_axis, "0%");
	chart_axis_set_min(chart->y_axis, 0);
	chart_axis_set_max(chart->y_axis, (double)n + 1);
	chart_axis_set_major_unit(chart->y_axis, n > 20 ? 5 : 1);
	chart_axis_set_num_format(chart->y_axis, "0");
	chart_axis_set_reverse(chart->y_axis);
	chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_HIGH);
	chart_put(&c->sheet, chart, row, 0, CHART_COLS, n_rows);
}

static void draw_terms(struct contested *c, lxw_row_t row, int n_rows)
{
	lxw_chart *chart =
		chart_new(c->sheet.book, LXW_CHART_BAR_STACKED_PERCENT,
			  "how many new terms an election took", "share of elections", NULL);
	lxw_row_t last = c->head + MAX_BARS < c->last ? c->head + MAX_BARS : c->last;
	static const lxw_color_t colors[GROUP_TERMS] = {0xbfbfbf, 0x009e73, 0xf0e442, 0xe69f00,
							0xd55e00, 0xa50026, 0x5b0012};

	for (int i = 0; i < GROUP_TERMS; i++) {
		struct chart_cells cells = {c->sheet.name, c->head + 1, last,
					    sheet_bar_names(&c->sheet, c->label_col),
					    c->terms_col + (lxw_col_t)i};
		char *name = mem_printf("%d%s", i, i + 1 == GROUP_TERMS ? " or more" : "");

		chart_bars(chart, cells, name, colors[i]);
		free(name);
	}
	chart_set_series_gap(chart, 60);
	chart_axis_set_reverse(chart->y_axis);
	chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_HIGH);
	chart_axis_set_num_format(chart->x_axis, "0%");
	chart_put(&c->sheet, chart, row, 7, CHART_COLS, n_rows);
}

int sheet_contested(struct book *book, struct err *err)
{
	struct contested c = {0};
	size_t n = book->grouping->groups.n, n_elections = 0;
	int n_rows = 10 + (int)((n < MAX_BARS ? n : MAX_BARS) * 3 / 2);

	(void)err;
	sheet_open(&c.sheet, book, "Contested",
		   "Contested elections, and trials that did not recover");
	sheet_line(&c.sheet,
		   "A clean election takes one new term; every further one is an attempt that did "
		   "not win. 0: no election was needed. The intervals are Clopper and Pearson's.",
		   STYLE_NOTE);
	sheet_line(
		&c.sheet,
		"Not recovered: ran into a limit, or was not measured. Not measured: the gate or "
		"the instrument failed, or something changed though nothing was done; such a "
		"trial has no times.",
		STYLE_NOTE);
	c.sheet.row++;
	head_table(&c);
	for (size_t g = 0; g < n; g++) {
		write_group(&c, g);
		n_elections += book->grouping->groups.v[g].n_elections;
	}
	c.last = c.sheet.row - 1;
	sheet_fit(&c.sheet);
	if (!n_elections) {
		sheet_line(&c.sheet, "No trial knows its terms: there is nothing to draw.",
			   STYLE_NOTE);
		return 0;
	}
	draw_shares(&c, c.sheet.row + 1, n_rows);
	draw_terms(&c, c.sheet.row + 1, n_rows);
	worksheet_print_area(c.sheet.ws, 0, 0, c.sheet.row + (lxw_row_t)n_rows + 1,
			     c.last_col > 20 ? c.last_col : 20);
	return 0;
}
