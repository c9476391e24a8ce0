#include "report/timeline_chart.h"
#include <math.h>
#include <string.h>

enum { MAX_POINTS = 20000, WIDTH_COLS = 17 };

/* One of the charts. */
struct picture {
	struct sheet *sheet;
	const struct timeline *timeline;
	lxw_chart *chart;
	double from_s, to_s; /* what it shows */
	lxw_row_t head;	     /* of its data */
	lxw_col_t col;	     /* where the next series goes */
	int n_series, n_named;
	bool is_close;
	double unit; /* of the time axis */
};

/* The first node is on top. */
static double height(const struct timeline *timeline, size_t node)
{
	return (double)(timeline->nodes.n - node);
}

static struct chart_cells begin(struct picture *p, const char *name)
{
	struct chart_cells cells = {p->sheet->name, p->head + 1, p->head, p->col,
				    (lxw_col_t)(p->col + 1)};

	p->sheet->row = p->head;
	sheet_text(p->sheet, p->col, name, STYLE_HEAD_NR);
	sheet_text(p->sheet, p->col + 1, "at", STYLE_HEAD_NR);
	p->col += 2;
	return cells;
}

static void point(struct picture *p, struct chart_cells *cells, double x, double y)
{
	p->sheet->row = ++cells->last;
	sheet_number(p->sheet, cells->x, x, STYLE_SECONDS);
	sheet_number(p->sheet, cells->y, y, STYLE_NUMBER);
}

static bool is_of(const struct timeline_span *span, enum timeline_state state, const char *master)
{
	return span->state == state && span->master == master;
}

/* All spans of one kind, as far as the picture shows them. */
static void draw_spans(struct picture *p, enum timeline_state state, const char *master,
		       lxw_color_t color, double width)
{
	const struct timeline *t = p->timeline;
	const char *name = state == TIMELINE_MASTER ? master
			   : state == TIMELINE_NONE ? "no master"
						    : "no answer";
	char *label = state == TIMELINE_MASTER ? mem_printf("master %s", name) : mem_strdup(name);
	struct chart_cells cells = begin(p, label);

	for (size_t n = 0; n < t->nodes.n; n++)
		for (size_t i = 0; i < t->nodes.v[n].spans.n; i++) {
			const struct timeline_span *span = &t->nodes.v[n].spans.v[i];
			double from = fmax(span->from_s, p->from_s), to = fmin(span->to_s, p->to_s);

			if (!is_of(span, state, master) || from >= to ||
			    cells.last - p->head > MAX_POINTS)
				continue;
			point(p, &cells, from, height(t, n));
			point(p, &cells, to, height(t, n));
			cells.last++; /* an empty row parts the lines */
		}
	if (cells.last >= cells.first) {
		chart_line(p->chart, cells, label, color, width);
		p->n_series++;
		p->n_named++;
	}
	free(label);
}

static void draw_masters(struct picture *p)
{
	const struct timeline *t = p->timeline;

	for (size_t i = 0; i < t->nodes.n + t->others.n && i < 100; i++) {
		const char *name =
			i < t->nodes.n ? t->nodes.v[i].name : t->others.v[i - t->nodes.n];
		bool shown = false;

		for (size_t n = 0; n < t->nodes.n; n++)
			for (size_t k = 0; k < t->nodes.v[n].spans.n; k++)
				shown |= is_of(&t->nodes.v[n].spans.v[k], TIMELINE_MASTER, name);
		if (shown)
			draw_spans(p, TIMELINE_MASTER, name,
				   style_series[i % (size_t)style_n_series], 8);
	}
	draw_spans(p, TIMELINE_NONE, NULL, 0xc00000, 3);
	draw_spans(p, TIMELINE_SILENT, NULL, 0xbfbfbf, 1.5);
}

/* Names and what was done stand in the picture, on points that are not seen themselves. */
static void draw_labels(struct picture *p, struct chart_cells cells, char **texts, size_t n,
			uint8_t position)
{
	lxw_chart_series *series;
	lxw_chart_font font = {.size = 9, .color = 0x404040};
	lxw_chart_data_label *labels = mem_alloc((n + 1) * sizeof *labels);
	lxw_chart_data_label **list = mem_alloc((n + 1) * sizeof *list);

	for (size_t i = 0; i < n; i++) {
		labels[i] = (lxw_chart_data_label){.value = texts[i], .font = &font};
		list[i] = &labels[i];
	}
	series = chart_line(p->chart, cells, NULL, 0xffffff, 0.25);
	chart_series_set_line(series, &(lxw_chart_line){.none = LXW_TRUE});
	chart_series_set_labels(series);
	chart_series_set_labels_custom(series, list);
	chart_series_set_labels_position(series, position);
	p->n_series++;
	free(list);
	free(labels);
}

/* A label that begins with '=' would be a reference. */
static char *label_text(const char *prefix, const char *name)
{
	return mem_printf("%s%s%.40s", prefix, *name == '=' ? " " : "", name);
}

static void draw_node_names(struct picture *p)
{
	const struct timeline *t = p->timeline;
	struct chart_cells cells = begin(p, "node");
	VEC(char *) texts = {0};

	for (size_t n = 0; n < t->nodes.n; n++) {
		point(p, &cells, p->from_s, height(t, n) + 0.42);
		vec_push(&texts, label_text("", t->nodes.v[n].name));
	}
	if (texts.n)
		draw_labels(p, cells, texts.v, texts.n, LXW_CHART_LABEL_POSITION_RIGHT);
	for (size_t n = 0; n < texts.n; n++)
		free(texts.v[n]);
	vec_done(&texts);
}

static void draw_step(struct picture *p, const char *what, const char *node, double at, double top)
{
	struct chart_cells cells;
	lxw_chart_series *series;
	lxw_chart_line line = {
		.color = 0x404040, .width = 1, .dash_type = LXW_CHART_LINE_DASH_DASH};
	char *text, *spaced;

	if (!(at >= p->from_s && at <= p->to_s))
		return;
	spaced = mem_printf("%s ", what);
	text = label_text(spaced, node);
	cells = begin(p, text);
	point(p, &cells, at, 0.4);
	point(p, &cells, at, top);
	series = chart_line(p->chart, cells, NULL, line.color, 1);
	chart_series_set_line(series, &line);
	p->n_series++;
	cells.first = cells.last;
	draw_labels(p, cells, &text, 1, LXW_CHART_LABEL_POSITION_RIGHT);
	free(text);
	free(spaced);
}

static void draw_steps(struct picture *p)
{
	const struct timeline *t = p->timeline;
	double top = (double)t->nodes.n + 0.7;

	for (size_t i = 0; i < t->steps.n && i < 12; i++) {
		const struct timeline_step *s = &t->steps.v[i];
		const char *name = t->nodes.v[s->node].name;

		draw_step(p, s->action, name, s->issued_s, top + 0.5 * (double)(i % 2));
		if (p->is_close)
			draw_step(p, "gone:", name, (s->gone_lo_s + s->gone_hi_s) / 2,
				  top + 0.5 * (double)((i + 1) % 2));
	}
}

static void draw(struct picture *p, const char *title, lxw_row_t row, int n_rows)
{
	p->chart = chart_new(p->sheet->book, LXW_CHART_SCATTER_STRAIGHT, title,
			     p->timeline->has_fault ? "from the fault [s]"
						    : "from the start of the recording [s]",
			     NULL);
	draw_masters(p);
	draw_steps(p);
	draw_node_names(p);
	chart_legend_only(p->chart, p->n_named, p->n_series);
	chart_axis_set_min(p->chart->x_axis, p->from_s);
	chart_axis_set_max(p->chart->x_axis, p->to_s);
	chart_axis_set_num_format(p->chart->x_axis, "General");
	chart_axis_set_major_unit(p->chart->x_axis, p->unit);
	chart_axis_set_crossing(p->chart->x_axis, p->from_s);
	chart_axis_set_min(p->chart->y_axis, 0);
	chart_axis_set_max(p->chart->y_axis, (double)p->timeline->nodes.n + 1.8);
	chart_axis_set_major_unit(p->chart->y_axis, 1);
	chart_axis_major_gridlines_set_visible(p->chart->y_axis, LXW_FALSE);
	chart_axis_set_label_position(p->chart->y_axis, LXW_CHART_AXIS_LABEL_POSITION_NONE);
	chart_put(p->sheet, p->chart, row, 0, WIDTH_COLS, n_rows);
}

/* A step of the axis, of which about ten fit into length: 1, 2 or 5 times a power of ten. */
static double round_unit(double length)
{
	double unit = pow(10, floor(log10(length / 10)));

	return length / unit > 50   ? 10 * unit
	       : length / unit > 25 ? 5 * unit
	       : length / unit > 12 ? 2 * unit
				    : unit;
}

static void set_window(struct picture *p, double from, double to)
{
	p->unit = round_unit(to - from);
	p->from_s = floor(from / p->unit + 1e-9) * p->unit;
	p->to_s = ceil(to / p->unit - 1e-9) * p->unit;
}

/* When the survivors had agreed, or one had a new master; NAN: never. */
static double agreed(const struct timeline *timeline)
{
	static const enum metric ends[] = {METRIC_AGREEMENT, METRIC_REELECTION, METRIC_DETECTION};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const struct model_value *value = &timeline->trial->values[ends[i]];

		if (value->present && value->censored <= 0)
			return (double)value->hi_ns / 1e9;
	}
	return NAN;
}

void timeline_draw(struct sheet *sheet, const struct timeline *timeline)
{
	double length = timeline->to_s - timeline->from_s, end = agreed(timeline);
	size_t n_nodes = timeline->nodes.n < 20 ? timeline->nodes.n : 20;
	int n_rows = 9 + (int)(n_nodes * 2);
	lxw_row_t row = sheet->row + 1;
	struct picture whole = {
		.sheet = sheet, .timeline = timeline, .head = row, .col = TIMELINE_DATA_COL};

	if (!timeline->nodes.n || !(length > 0))
		return;
	set_window(&whole, timeline->from_s, timeline->to_s);
	draw(&whole, "which master each node showed: the whole trial", row, n_rows);
	row += (lxw_row_t)n_rows;
	if (timeline->has_fault && end > 0 && end * 2 < timeline->to_s) {
		struct picture close = whole;

		set_window(&close, fmax(whole.from_s, -0.15 * end), 1.25 * end);
		close.col = whole.col + 1;
		close.n_series = close.n_named = 0;
		close.is_close = true;
		draw(&close, "the same around the election", row, n_rows);
		row += (lxw_row_t)n_rows;
	}
	sheet->row = row;
}
