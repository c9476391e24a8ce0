/* chart: what the charts of the workbook share: size, fonts, axes, lines. */
#ifndef REJOIN_REPORT_CHART_H
#define REJOIN_REPORT_CHART_H

#include "report/sheet.h"

/* Cells that a chart covers with rows and columns of the usual size. */
enum {
	CHART_ROWS = 18,
	CHART_COLS = 9,
	CHART_MAX_SERIES = 16, /* more cannot be told apart */
};

/* Cells of one column and rows, x and y: what a series is drawn from. Pairs with an empty cell part
 * a line. */
struct chart_cells {
	const char *sheet;
	lxw_row_t first, last;
	lxw_col_t x, y;
};

/* type: of enum lxw_chart_types. The texts are cut to what fits. */
lxw_chart *chart_new(struct book *book, uint8_t type, const char *title, const char *x_name,
		     const char *y_name);
/* Puts it with its corner into this cell. n_cols, n_rows: how many cells it covers. */
void chart_put(struct sheet *sheet, lxw_chart *chart, lxw_row_t row, lxw_col_t col, int n_cols,
	       int n_rows);

/* Of a scatter chart: a line, or points. name NULL: not in the legend's words. */
lxw_chart_series *chart_line(lxw_chart *chart, struct chart_cells cells, const char *name,
			     lxw_color_t color, double width);
lxw_chart_series *chart_points(lxw_chart *chart, struct chart_cells cells, const char *name,
			       lxw_color_t color);
/* Of a bar or column chart. */
lxw_chart_series *chart_bars(lxw_chart *chart, struct chart_cells cells, const char *name,
			     lxw_color_t color);

/* Keeps the series from the n-th on out of the legend, n_series in all. */
void chart_legend_only(lxw_chart *chart, int n, int n_series);

#endif
