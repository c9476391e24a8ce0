#include "report/chart.h"
#include "report/text.h"
#include <string.h>

/* In pixels: a cell of the usual size, and a chart of the library's. */
enum { CELL_WIDTH = 64, CELL_HEIGHT = 20, LIBRARY_WIDTH = 480, LIBRARY_HEIGHT = 288, GAP = 10 };

static void dress_axis(lxw_chart_axis *axis, const char *name)
{
	lxw_chart_line line = {.color = STYLE_AXIS_COLOR, .width = 0.75};
	lxw_chart_font plain = {.size = 9, .bold = LXW_EXPLICIT_FALSE};

	if (name) {
		chart_axis_set_name(axis, name);
		chart_axis_set_name_font(axis, &plain);
	}
	chart_axis_set_num_font(axis, &plain);
	chart_axis_set_line(axis, &line);
}

lxw_chart *chart_new(struct book *book, uint8_t type, const char *title, const char *x_name,
		     const char *y_name)
{
	lxw_chart *chart = workbook_add_chart(book->workbook, type);
	lxw_chart_line grid = {.color = STYLE_GRID_COLOR, .width = 0.5};
	lxw_chart_font font = {.size = 11, .bold = LXW_TRUE};
	lxw_chart_font small = {.size = 9};
	bool lies = type == LXW_CHART_BAR_STACKED || type == LXW_CHART_BAR_STACKED_PERCENT;
	lxw_chart_axis *values = lies ? chart->x_axis : chart->y_axis;
	char *text = text_clean(title);

	text[text_prefix(text, 90)] = '\0';
	chart_title_set_name(chart, text);
	chart_title_set_name_font(chart, &font);
	dress_axis(chart->x_axis, x_name);
	dress_axis(chart->y_axis, y_name);
	chart_axis_major_gridlines_set_visible(values, LXW_TRUE);
	chart_axis_major_gridlines_set_line(values, &grid);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	chart_legend_set_font(chart, &small);
	chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
	free(text);
	return chart;
}

void chart_put(struct sheet *sheet, lxw_chart *chart, lxw_row_t row, lxw_col_t col, int n_cols,
	       int n_rows)
{
	lxw_chart_options options = {
		.x_scale = (double)(n_cols * CELL_WIDTH - GAP) / LIBRARY_WIDTH,
		.y_scale = (double)(n_rows * CELL_HEIGHT - GAP) / LIBRARY_HEIGHT,
	};

	worksheet_insert_chart_opt(sheet->ws, row, col, chart, &options);
}

static lxw_chart_series *add(lxw_chart *chart, struct chart_cells cells, const char *name)
{
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
	char *text;

	chart_series_set_categories(series, cells.sheet, cells.first, cells.x, cells.last, cells.x);
	chart_series_set_values(series, cells.sheet, cells.first, cells.y, cells.last, cells.y);
	if (!name)
		return series;
	text = text_clean(name);
	/* LibreOffice ends a name at a quotation mark */
	for (char *p = strchr(text, '"'); p; p = strchr(p, '"'))
		*p = '\'';
	text[text_prefix(text, 60)] = '\0';
	/* '=' would make it a reference */
	if (*text == '=')
		*text = ' ';
	chart_series_set_name(series, text);
	free(text);
	return series;
}

lxw_chart_series *chart_line(lxw_chart *chart, struct chart_cells cells, const char *name,
			     lxw_color_t color, double width)
{
	lxw_chart_line line = {.color = color, .width = (float)width};
	lxw_chart_series *series = add(chart, cells, name);

	chart_series_set_line(series, &line);
	chart_series_set_marker_type(series, LXW_CHART_MARKER_NONE);
	return series;
}

lxw_chart_series *chart_points(lxw_chart *chart, struct chart_cells cells, const char *name,
			       lxw_color_t color)
{
	lxw_chart_line hidden = {.none = LXW_TRUE};
	lxw_chart_line edge = {.color = color, .width = 1};
	lxw_chart_fill fill = {.color = color};
	lxw_chart_series *series = add(chart, cells, name);

	chart_series_set_line(series, &hidden);
	chart_series_set_marker_type(series, LXW_CHART_MARKER_CIRCLE);
	chart_series_set_marker_size(series, 5);
	chart_series_set_marker_line(series, &edge);
	chart_series_set_marker_fill(series, &fill);
	return series;
}

lxw_chart_series *chart_bars(lxw_chart *chart, struct chart_cells cells, const char *name,
			     lxw_color_t color)
{
	lxw_chart_fill fill = {.color = color};
	lxw_chart_series *series = add(chart, cells, name);

	chart_series_set_fill(series, &fill);
	return series;
}

void chart_legend_only(lxw_chart *chart, int n, int n_series)
{
	int16_t gone[256];
	int n_gone = 0;

	for (int i = n; i < n_series && n_gone < 255; i++)
		gone[n_gone++] = (int16_t)i;
	gone[n_gone] = -1;
	if (n_gone)
		chart_legend_delete_series(chart, gone);
}
