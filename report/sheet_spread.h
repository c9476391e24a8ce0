/* sheet_spread: how the times of one metric are spread, group by group, as the cells that charts
 * are drawn from. For the sheets Re-election and Rejoin. */
#ifndef REJOIN_REPORT_SHEET_SPREAD_H
#define REJOIN_REPORT_SHEET_SPREAD_H

#include "report/bins.h"
#include "report/chart.h"

/* One group. */
struct sheet_spread_series {
	size_t place; /* in the grouping */
	const struct group *group;
	size_t panel;
	group_values values; /* observed, ascending */
	size_t n_censored;
	char *label; /* "4 master-eligible, stop" */
	char *title; /* the panel's: what is not size */
	char *size;  /* "4 master-eligible" */
	double y;    /* where its box is: its size, or its number in the panel */
	struct chart_cells steps, tail, box, points; /* first > last: nothing to draw */
};

struct sheet_spread {
	struct sheet sheet;
	enum metric metric;
	lxw_row_t head;
	VEC(struct sheet_spread_series) series;
	size_t n_panels, n_left_out; /* groups that the sheet has no columns for */
	struct bins bins;
	double x_max;
	double share_min; /* the smallest share above 0 that a tail reaches */
	bool has_censored, has_sizes;
	lxw_col_t first_col, first_bin_col; /* of the data */
};

/* Collects the groups that have the metric, and chooses classes and axes. */
void sheet_spread_collect(struct sheet_spread *d);
/* Writes the cells, from first_col on, below head. */
void sheet_spread_write(struct sheet_spread *d);
/* Draws the panels: four charts each. sheet_spread_charts.c */
void sheet_spread_draw(struct sheet_spread *d);
void sheet_spread_done(struct sheet_spread *d);

/* Classes of the histogram, that of the censored trials included. */
size_t sheet_spread_n_classes(const struct sheet_spread *d);

#endif
