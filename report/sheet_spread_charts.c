/* The charts of a distribution. A panel holds the groups that differ in size alone: within a time
 * (ECDF) and trials per class above, boxes and the tail below. */
#include "report/sheet_spread.h"
#include "report/text.h"
#include <math.h>

enum { PANEL_ROWS = 2 * CHART_ROWS, MAX_PANELS = 24 };

struct panel {
	struct sheet_spread *d;
	size_t number;
	const char *title; /* what is not size */
};

static lxw_chart *chart(const struct panel *p, uint8_t type, const char *kind, const char *x_name,
			const char *y_name)
{
	char *title = mem_printf("%s%s%s: %s", phrase_metric_within(p->d->metric),
				 *p->title ? ", " : "", p->title, kind);
	lxw_chart *made = chart_new(p->d->sheet.book, type, title, x_name, y_name);

	free(title);
	return made;
}

static void put(const struct panel *p, lxw_chart *made, int row, int col)
{
	chart_put(&p->d->sheet, made,
		  p->d->head + 1 + (lxw_row_t)p->number * PANEL_ROWS +
			  (lxw_row_t)(row * CHART_ROWS),
		  (lxw_col_t)(col * CHART_COLS), CHART_COLS, CHART_ROWS);
}

/* Calls draw for the series of the panel, in order; the colours go by their number in it, so that a
 * size keeps its own. Returns how many there were. */
static int each(const struct panel *p, lxw_chart *made,
		void (*draw)(const struct panel *, lxw_chart *, const struct sheet_spread_series *,
			     size_t, lxw_color_t))
{
	int n = 0;

	for (size_t i = 0; i < p->d->series.n && n < CHART_MAX_SERIES; i++)
		if (p->d->series.v[i].panel == p->number) {
			draw(p, made, &p->d->series.v[i], i, style_series[n % style_n_series]);
			n++;
		}
	return n;
}

static void draw_steps(const struct panel *p, lxw_chart *made, const struct sheet_spread_series *s,
		       size_t place, lxw_color_t color)
{
	(void)p;
	(void)place;
	if (s->steps.last >= s->steps.first)
		chart_line(made, s->steps, s->size, color, 1.75);
}

static void draw_tail(const struct panel *p, lxw_chart *made, const struct sheet_spread_series *s,
		      size_t place, lxw_color_t color)
{
	(void)p;
	(void)place;
	if (s->tail.last >= s->tail.first)
		chart_line(made, s->tail, s->size, color, 1.75);
}

static void draw_class(const struct panel *p, lxw_chart *made, const struct sheet_spread_series *s,
		       size_t place, lxw_color_t color)
{
	const struct sheet_spread *d = p->d;
	struct chart_cells cells = {d->sheet.name, d->head + 1,
				    d->head + (lxw_row_t)sheet_spread_n_classes(d),
				    d->first_bin_col, d->first_bin_col + 1 + (lxw_col_t)place};

	chart_bars(made, cells, s->size, color);
}

static void draw_box(const struct panel *p, lxw_chart *made, const struct sheet_spread_series *s,
		     size_t place, lxw_color_t color)
{
	(void)p;
	(void)place;
	if (s->box.last >= s->box.first)
		chart_line(made, s->box, s->size, color, 1.75);
	else if (s->points.last >= s->points.first)
		chart_points(made, s->points, s->size, color);
}

/* After the boxes: they stay out of the legend. */
static void draw_outliers(const struct panel *p, lxw_chart *made,
			  const struct sheet_spread_series *s, size_t place, lxw_color_t color)
{
	(void)p;
	(void)place;
	if (s->box.last >= s->box.first && s->points.last >= s->points.first)
		chart_points(made, s->points, s->size, color);
}

static void set_times(const struct sheet_spread *d, lxw_chart *made)
{
	chart_axis_set_min(made->x_axis, d->bins.from);
	chart_axis_set_max(made->x_axis, d->x_max);
	chart_axis_set_num_format(made->x_axis, "General");
}

static void draw_ecdf(const struct panel *p, const char *x_name)
{
	lxw_chart *made = chart(p, LXW_CHART_SCATTER_STRAIGHT, "share of trials within a time",
				x_name, "share of trials");

	each(p, made, draw_steps);
	set_times(p->d, made);
	chart_axis_set_min(made->y_axis, 0);
	chart_axis_set_max(made->y_axis, 1);
	chart_axis_set_major_unit(made->y_axis, 0.25);
	chart_axis_set_num_format(made->y_axis, "0%");
	put(p, made, 0, 0);
}

static void draw_histogram(const struct panel *p, const char *x_name)
{
	char *name =
		mem_printf("%s, classes of %g s, named by their start", x_name, p->d->bins.width);
	lxw_chart *made = chart(p, LXW_CHART_COLUMN, "trials per time class", name, "trials");

	each(p, made, draw_class);
	chart_axis_set_min(made->y_axis, 0);
	chart_axis_set_num_format(made->y_axis, "0");
	put(p, made, 0, 1);
	free(name);
}

static bool has_box(const struct panel *p)
{
	const struct sheet_spread_series *s;

	vec_each (s, &p->d->series)
		if (s->panel == p->number && s->box.last >= s->box.first)
			return true;
	return false;
}

static void draw_boxes(const struct panel *p, const char *x_name)
{
	lxw_chart *made = chart(p, LXW_CHART_SCATTER_STRAIGHT,
				has_box(p) ? "median, quartiles, trials outside"
					   : "the trials; too few for quartiles",
				x_name, p->d->has_sizes ? "master-eligible nodes" : NULL);
	double lowest = INFINITY, highest = -INFINITY;
	int n_named = 0, n = each(p, made, draw_box);

	for (size_t i = 0; i < p->d->series.n; i++) {
		const struct sheet_spread_series *s = &p->d->series.v[i];

		if (s->panel != p->number)
			continue;
		n_named += s->box.last >= s->box.first || s->points.last >= s->points.first;
		lowest = fmin(lowest, s->y);
		highest = fmax(highest, s->y);
	}
	n_named = n_named < CHART_MAX_SERIES ? n_named : CHART_MAX_SERIES;
	each(p, made, draw_outliers);
	chart_legend_only(made, n_named, n_named + n);
	set_times(p->d, made);
	chart_axis_set_min(made->y_axis, lowest - 1);
	chart_axis_set_max(made->y_axis, highest + 1);
	chart_axis_set_major_unit(made->y_axis, 1);
	chart_axis_set_num_format(made->y_axis, "0");
	if (!p->d->has_sizes)
		chart_axis_set_label_position(made->y_axis, LXW_CHART_AXIS_LABEL_POSITION_NONE);
	put(p, made, 1, 0);
}

/* Some group has two different times, a censored one being as good as another. */
static bool has_tail(const struct panel *p)
{
	const struct sheet_spread_series *s;

	vec_each (s, &p->d->series)
		if (s->panel == p->number && s->values.n &&
		    (s->n_censored || s->values.v[0] < s->values.v[s->values.n - 1]))
			return true;
	return false;
}

static void draw_tails(const struct panel *p, const char *x_name)
{
	lxw_chart *made =
		chart(p, LXW_CHART_SCATTER_STRAIGHT, "the tail: share of trials still longer",
		      x_name, "share still longer (log)");
	double lowest = pow(10, floor(log10(p->d->share_min) + 1e-9));

	each(p, made, draw_tail);
	set_times(p->d, made);
	chart_axis_set_log_base(made->y_axis, 10);
	chart_axis_set_min(made->y_axis, fmin(lowest, 0.1));
	chart_axis_set_max(made->y_axis, 1);
	chart_axis_set_num_format(made->y_axis, "0.###%");
	/* else the times would stand at the top, where the share is 1 */
	chart_axis_set_crossing(made->y_axis, fmin(lowest, 0.1));
	chart_axis_set_label_position(made->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
	put(p, made, 1, 1);
}

static void draw_panel(const struct panel *p)
{
	char *x_name = sheet_metric_title(p->d->metric);

	draw_ecdf(p, x_name);
	draw_histogram(p, x_name);
	draw_boxes(p, x_name);
	if (has_tail(p))
		draw_tails(p, x_name);
	free(x_name);
}

static void set_pages(struct sheet_spread *d, size_t n_drawn)
{
	lxw_row_t breaks[MAX_PANELS + 1] = {0}; /* a panel a page; ends with 0 */

	for (size_t i = 1; i < n_drawn; i++)
		breaks[i - 1] = d->head + 1 + (lxw_row_t)(i * PANEL_ROWS);
	if (breaks[0])
		worksheet_set_h_pagebreaks(d->sheet.ws, breaks);
	worksheet_print_area(d->sheet.ws, 0, 0, d->head + 1 + (lxw_row_t)n_drawn * PANEL_ROWS,
			     2 * CHART_COLS - 1);
}

void sheet_spread_draw(struct sheet_spread *d)
{
	struct panel p = {.d = d};

	for (size_t i = 0; i < d->series.n && p.number < MAX_PANELS; i++)
		if (d->series.v[i].panel == p.number) {
			p.title = d->series.v[i].title;
			draw_panel(&p);
			p.number++;
		}
	set_pages(d, p.number);
	if (p.number < d->n_panels) {
		char *text = mem_printf("Charts are drawn for the first %zu of %zu combinations; "
					"the data of all are on the right.",
					p.number, d->n_panels);

		d->sheet.row = d->head + 2 + (lxw_row_t)p.number * PANEL_ROWS;
		sheet_line(&d->sheet, text, STYLE_NOTE);
		free(text);
	}
}
