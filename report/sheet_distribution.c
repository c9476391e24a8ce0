/* Re-election and Rejoin: how the times of one metric are spread, size against size. Charts on the
 * left, what they are drawn from on the right. A panel (two charts) holds the groups that differ in
 * size alone. */
#include "lib/str.h"
#include "report/bins.h"
#include "report/sheet.h"
#include "report/text.h"
#include <math.h>
#include <string.h>

enum {
	CHART_ROWS = 18,
	CHART_COLS = 9,
	FIRST_DATA_COL = 2 * CHART_COLS + 1,
	MAX_PANELS = 24,
	MAX_SERIES = 16,
	MAX_STEPS = 1000, /* more cannot be told apart in a chart */
};

struct series {
	const struct group *group;
	size_t panel;
	group_values values;
	size_t n_censored;
	char *label; /* "4 master-eligible, stop" */
	char *title; /* the panel's: what is not size */
	char *size;  /* "4 master-eligible" */
	lxw_row_t last_step;
};

struct distribution {
	struct sheet sheet;
	enum metric metric;
	lxw_row_t head;
	VEC(struct series) series;
	size_t n_panels;
	struct bins bins;
	double x_max;
	bool has_censored;
	lxw_col_t first_bin_col;
};

static void name_series(const struct grouping *grouping, struct series *s)
{
	struct str title = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++) {
		char *level = group_level_text(grouping, s->group, i);

		if (strcmp(grouping->names.v[i], "master_eligible") == 0)
			s->size = mem_printf("%s master-eligible", level);
		else
			str_addf(&title, "%s%s", title.n ? ", " : "", level);
		free(level);
	}
	s->title = str_take(&title);
	if (!s->size)
		s->size = mem_strdup(*s->title ? s->title : "all");
	s->label = mem_printf("%s%s%s", s->size, *s->title ? ", " : "", s->title);
}

static void collect(struct distribution *d)
{
	const struct book *book = d->sheet.book;
	const struct group *group;

	vec_each (group, &book->grouping->groups) {
		struct series s = {.group = group};

		group_observed(book->model, group, d->metric, &s.values, &s.n_censored);
		if (!s.values.n && !s.n_censored)
			continue;
		name_series(book->grouping, &s);
		s.panel = d->n_panels;
		for (size_t i = 0; i < d->series.n; i++)
			if (strcmp(d->series.v[i].title, s.title) == 0)
				s.panel = d->series.v[i].panel;
		d->n_panels += s.panel == d->n_panels;
		d->has_censored |= s.n_censored > 0;
		vec_push(&d->series, s);
	}
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* All charts share classes and axes: sizes and faults are to be compared by eye. */
static void choose_axes(struct distribution *d)
{
	group_values all = {0};

	for (size_t i = 0; i < d->series.n; i++)
		for (size_t k = 0; k < d->series.v[i].values.n; k++)
			vec_push(&all, d->series.v[i].values.v[k]);
	if (all.n)
		qsort(all.v, all.n, sizeof *all.v, compare_doubles);
	d->bins = bins_choose(all.v, all.n);
	if (all.n)
		d->x_max = d->bins.from +
			   d->bins.width *
				   ceil((all.v[all.n - 1] - d->bins.from) / d->bins.width + 1e-9);
	vec_done(&all);
}

static void step(struct distribution *d, lxw_col_t col, double x, double share)
{
	sheet_number(&d->sheet, col, x, STYLE_SECONDS);
	sheet_number(&d->sheet, col + 1, share, STYLE_SHARE);
	d->sheet.row++;
}

/* The corners of the staircase: share of trials (censored ones included) that needed at most x. */
static void write_steps(struct distribution *d, struct series *s, lxw_col_t col)
{
	size_t n = s->values.n, total = n + s->n_censored;
	size_t stride = n / MAX_STEPS + 1;
	double share = 0;

	d->sheet.row = d->head + 1;
	for (size_t i = stride - 1; i < n + stride - 1; i += stride) {
		size_t k = i < n ? i : n - 1;

		step(d, col, s->values.v[k], share);
		share = (double)(k + 1) / (double)total;
		step(d, col, s->values.v[k], share);
	}
	if (n)
		step(d, col, d->x_max, share);
	s->last_step = d->sheet.row - 1;
}

static void write_ecdf_data(struct distribution *d)
{
	char *title = sheet_metric_title(d->metric);

	for (size_t i = 0; i < d->series.n; i++) {
		lxw_col_t col = (lxw_col_t)(FIRST_DATA_COL + 2 * i);
		char *head = mem_printf("%s: %s", d->series.v[i].label, title);

		d->sheet.row = d->head;
		sheet_text(&d->sheet, col, head, STYLE_HEAD_NR);
		sheet_text(&d->sheet, col + 1, "share of trials", STYLE_HEAD_NR);
		worksheet_set_column(d->sheet.ws, col, col, 18, NULL);
		worksheet_set_column(d->sheet.ws, col + 1, col + 1, 10, NULL);
		free(head);
		write_steps(d, &d->series.v[i], col);
	}
	free(title);
}

static size_t n_classes(const struct distribution *d)
{
	return d->bins.n + d->has_censored;
}

static void write_class_names(struct distribution *d)
{
	int digits = (int)fmin(4, fmax(0, ceil(-log10(d->bins.width) - 1e-9)));

	for (size_t b = 0; b < d->bins.n; b++) {
		bool open = b + 1 == d->bins.n && d->x_max > bins_edge(&d->bins, b + 1) + 1e-9;
		char *name = mem_printf("%s%.*f", open ? "≥ " : "", digits, bins_edge(&d->bins, b));

		d->sheet.row = d->head + 1 + (lxw_row_t)b;
		sheet_text(&d->sheet, d->first_bin_col, name, STYLE_TEXT);
		free(name);
	}
	d->sheet.row = d->head + 1 + (lxw_row_t)d->bins.n;
	if (d->has_censored)
		sheet_text(&d->sheet, d->first_bin_col, "not reached", STYLE_TEXT);
}

static void write_bin_data(struct distribution *d)
{
	d->first_bin_col = (lxw_col_t)(FIRST_DATA_COL + 2 * d->series.n + 1);
	d->sheet.row = d->head;
	sheet_text(&d->sheet, d->first_bin_col, "from [s]", STYLE_HEAD);
	worksheet_set_column(d->sheet.ws, d->first_bin_col, d->first_bin_col, 12, NULL);
	write_class_names(d);
	for (size_t i = 0; i < d->series.n; i++) {
		const struct series *s = &d->series.v[i];
		lxw_col_t col = d->first_bin_col + 1 + (lxw_col_t)i;
		size_t counts[BINS_MAX + 1] = {0};
		char *head = mem_printf("%s: trials", s->label);

		for (size_t k = 0; k < s->values.n; k++)
			counts[bins_place(&d->bins, s->values.v[k])]++;
		counts[d->bins.n] = s->n_censored;
		d->sheet.row = d->head;
		sheet_text(&d->sheet, col, head, STYLE_HEAD_NR);
		worksheet_set_column(d->sheet.ws, col, col, 18, NULL);
		free(head);
		for (size_t b = 0; b < n_classes(d); b++) {
			d->sheet.row++;
			sheet_number(&d->sheet, col, (double)counts[b], STYLE_WHOLE);
		}
	}
}

static void dress_axes(lxw_chart *chart, const char *x_name, const char *y_name)
{
	lxw_chart_line grid = {.color = STYLE_GRID_COLOR, .width = 0.5};
	lxw_chart_line axis = {.color = STYLE_AXIS_COLOR, .width = 0.75};
	lxw_chart_font plain = {.size = 9, .bold = LXW_EXPLICIT_FALSE};

	chart_axis_set_name(chart->x_axis, x_name);
	chart_axis_set_name(chart->y_axis, y_name);
	chart_axis_set_name_font(chart->x_axis, &plain);
	chart_axis_set_name_font(chart->y_axis, &plain);
	chart_axis_set_line(chart->x_axis, &axis);
	chart_axis_set_line(chart->y_axis, &axis);
	chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
}

static void title_chart(lxw_chart *chart, const struct distribution *d, const char *kind,
			const char *panel)
{
	lxw_chart_font font = {.size = 11, .bold = LXW_TRUE};
	char *title = mem_printf("%s%s%s: %s", sheet_metric_name(d->metric), *panel ? ", " : "",
				 panel, kind);

	title[text_prefix(title, 200)] = '\0';
	chart_title_set_name(chart, title);
	chart_title_set_name_font(chart, &font);
	free(title);
}

/* Series of a panel, in order; the colours go by their number in the panel, so that a size keeps
 * its own. */
static void add_series(struct distribution *d, lxw_chart *chart, size_t panel, bool ecdf)
{
	int n = 0;

	for (size_t i = 0; i < d->series.n; i++) {
		const struct series *s = &d->series.v[i];
		lxw_col_t col = (lxw_col_t)(ecdf ? FIRST_DATA_COL + 2 * i : d->first_bin_col);
		lxw_col_t values = ecdf ? col + 1 : d->first_bin_col + 1 + (lxw_col_t)i;
		lxw_row_t last = ecdf ? s->last_step : d->head + (lxw_row_t)n_classes(d);
		lxw_color_t color = style_series[n % style_n_series];
		lxw_chart_line line = {.color = color, .width = 1.75};
		lxw_chart_fill fill = {.color = color};
		lxw_chart_series *series;

		if (s->panel != panel || (ecdf && !s->values.n) || n == MAX_SERIES)
			continue;
		series = chart_add_series(chart, NULL, NULL);
		chart_series_set_categories(series, d->sheet.name, d->head + 1, col, last, col);
		chart_series_set_values(series, d->sheet.name, d->head + 1, values, last, values);
		chart_series_set_name(series, s->size);
		if (ecdf)
			chart_series_set_line(series, &line);
		else
			chart_series_set_fill(series, &fill);
		n++;
	}
}

static void insert(struct distribution *d, lxw_chart *chart, size_t panel, int place)
{
	lxw_chart_options options = {.x_scale = 1.16, .y_scale = 1.18};

	worksheet_insert_chart_opt(d->sheet.ws, d->head + 1 + (lxw_row_t)panel * CHART_ROWS,
				   (lxw_col_t)(place * CHART_COLS), chart, &options);
}

static void draw_panel(struct distribution *d, size_t panel, const char *title)
{
	lxw_workbook *workbook = d->sheet.book->workbook;
	lxw_chart *ecdf = workbook_add_chart(workbook, LXW_CHART_SCATTER_STRAIGHT);
	lxw_chart *bars = workbook_add_chart(workbook, LXW_CHART_COLUMN);
	char *x_name = sheet_metric_title(d->metric);
	char *bin_name =
		mem_printf("%s, classes of %g s, named by their start", x_name, d->bins.width);

	add_series(d, ecdf, panel, true);
	title_chart(ecdf, d, "share of trials within a time (ECDF)", title);
	dress_axes(ecdf, x_name, "share of trials");
	chart_axis_set_min(ecdf->x_axis, d->bins.from);
	chart_axis_set_max(ecdf->x_axis, d->x_max);
	chart_axis_set_min(ecdf->y_axis, 0);
	chart_axis_set_max(ecdf->y_axis, 1);
	chart_axis_set_major_unit(ecdf->y_axis, 0.25);
	chart_axis_set_num_format(ecdf->y_axis, "0%");
	chart_axis_set_num_format(ecdf->x_axis, "General");
	insert(d, ecdf, panel, 0);
	add_series(d, bars, panel, false);
	title_chart(bars, d, "trials per time class", title);
	dress_axes(bars, bin_name, "trials");
	chart_axis_set_min(bars->y_axis, 0);
	chart_axis_set_num_format(bars->y_axis, "0");
	insert(d, bars, panel, 1);
	free(x_name);
	free(bin_name);
}

static void draw(struct distribution *d)
{
	lxw_row_t breaks[MAX_PANELS / 2 + 1] = {0}; /* two panels a page; ends with 0 */
	size_t drawn = 0;

	for (size_t i = 0; i < d->series.n; i++)
		if (d->series.v[i].panel == drawn && drawn < MAX_PANELS)
			draw_panel(d, drawn++, d->series.v[i].title);
	for (size_t i = 1; 2 * i < drawn; i++)
		breaks[i - 1] = d->head + 1 + (lxw_row_t)(2 * i * CHART_ROWS);
	if (breaks[0])
		worksheet_set_h_pagebreaks(d->sheet.ws, breaks);
	worksheet_print_area(d->sheet.ws, 0, 0, d->head + 1 + (lxw_row_t)drawn * CHART_ROWS,
			     2 * CHART_COLS - 1);
	if (drawn < d->n_panels) {
		char *text = mem_printf("Charts are drawn for the first %zu of %zu combinations; "
					"the data of all are on the right.",
					drawn, d->n_panels);

		d->sheet.row = d->head + 2 + (lxw_row_t)drawn * CHART_ROWS;
		sheet_line(&d->sheet, text, STYLE_NOTE);
		free(text);
	}
}

static void distribution_done(struct distribution *d)
{
	for (size_t i = 0; i < d->series.n; i++) {
		free(d->series.v[i].label);
		free(d->series.v[i].title);
		free(d->series.v[i].size);
		vec_done(&d->series.v[i].values);
	}
	vec_done(&d->series);
}

static void write_distribution(struct book *book, enum metric metric, const char *name,
			       const char *title)
{
	struct distribution d = {.metric = metric};
	bool after_fault = metric_default_origin(metric) == ORIGIN_FAULT_ISSUED;
	char *note = mem_printf("%s%s%s. The data of the charts stand to their right.",
				metric_meanings[metric], after_fault ? "; from " : "",
				after_fault ? model_from_text(book->model) : "");

	sheet_open(&d.sheet, book, name, title);
	sheet_line(&d.sheet, note, STYLE_NOTE);
	free(note);
	collect(&d);
	choose_axes(&d);
	d.head = d.sheet.row;
	if (d.bins.n) {
		worksheet_set_row(d.sheet.ws, d.head, 48, NULL);
		write_ecdf_data(&d);
		write_bin_data(&d);
		draw(&d);
		worksheet_freeze_panes(d.sheet.ws, d.head + 1, 0);
	} else {
		sheet_line(&d.sheet, "No trial has this time: there is nothing to draw.",
			   STYLE_WARN);
	}
	distribution_done(&d);
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
