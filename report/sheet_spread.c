#include "report/sheet_spread.h"
#include "lib/str.h"
#include "report/factor.h"
#include <math.h>
#include <string.h>

enum {
	MAX_STEPS = 1000, /* more cannot be told apart in a chart */
	MAX_DATA_SERIES = 1000,
	SERIES_COLS = 7, /* steps: x, share, share left; box: x, y; points: x, y */
};

static void name_series(const struct grouping *grouping, struct sheet_spread_series *s)
{
	struct str title = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++) {
		char *level = group_level_text(grouping, s->group, i);

		if (strcmp(grouping->names.v[i], "master_eligible") == 0) {
			s->size = mem_printf("%s master-eligible", level);
			s->y = json_number_value(
				json_object_get(s->group->factors, "master_eligible"));
		} else {
			bool plain = factor_is_plain(grouping->names.v[i]);

			str_addf(&title, "%s%s%s%s", title.n ? ", " : "",
				 plain ? "" : factor_title(grouping->names.v[i]), plain ? "" : " ",
				 level);
		}
		free(level);
	}
	s->title = str_take(&title);
	if (!s->title)
		s->title = mem_strdup("");
	if (!s->size)
		s->size = mem_strdup(*s->title ? s->title : "all");
	s->label = mem_printf("%s%s%s", s->size, *s->title ? ", " : "", s->title);
}

/* Without sizes all groups share a panel, where each has a place of its own. */
static void place_series(struct sheet_spread *d, struct sheet_spread_series *s)
{
	if (!d->has_sizes) {
		s->panel = 0;
		s->y = (double)d->series.n + 1;
		free(s->title);
		s->title = mem_strdup("");
		d->n_panels = 1;
		return;
	}
	s->panel = d->n_panels;
	for (size_t i = 0; i < d->series.n; i++)
		if (strcmp(d->series.v[i].title, s->title) == 0)
			s->panel = d->series.v[i].panel;
	d->n_panels += s->panel == d->n_panels;
}

/* All charts share classes and axes: sizes and faults are to be compared by eye. */
static void choose_axes(struct sheet_spread *d)
{
	group_values all = {0};
	const struct sheet_spread_series *s;
	double finest = INFINITY;

	vec_each (s, &d->series) {
		finest = fmin(finest,
			      2 * estimate_half_width(&s->group->estimates[d->metric], STATS_P50));
		for (size_t k = 0; k < s->values.n; k++)
			vec_push(&all, s->values.v[k]);
	}
	stats_sort(all.v, all.n);
	d->bins = bins_choose(all.v, all.n, isfinite(finest) ? finest : 0);
	if (all.n)
		d->x_max = bins_edge(&d->bins,
				     (size_t)fmax(BINS_MIN, ceil((all.v[all.n - 1] - d->bins.from) /
									 d->bins.width +
								 1e-9)));
	vec_done(&all);
}

void sheet_spread_collect(struct sheet_spread *d)
{
	const struct book *book = d->sheet.book;
	const struct grouping *grouping = book->grouping;

	for (size_t i = 0; i < grouping->names.n; i++)
		d->has_sizes |= strcmp(grouping->names.v[i], "master_eligible") == 0;
	d->share_min = 1;
	for (size_t g = 0; g < grouping->groups.n; g++) {
		struct sheet_spread_series s = {.place = g, .group = &grouping->groups.v[g]};

		group_observed(book->model, s.group, d->metric, &s.values, &s.n_censored);
		if (d->series.n == MAX_DATA_SERIES || (!s.values.n && !s.n_censored)) {
			d->n_left_out += s.values.n || s.n_censored;
			vec_done(&s.values);
			continue;
		}
		name_series(grouping, &s);
		place_series(d, &s);
		d->has_censored |= s.n_censored > 0;
		vec_push(&d->series, s);
	}
	choose_axes(d);
}

/* ---- cells ---------------------------------------------------------------------------------- */

static void head(struct sheet_spread *d, lxw_col_t col, const char *text, double width)
{
	d->sheet.row = d->head;
	sheet_text(&d->sheet, col, text, STYLE_HEAD_NR);
	worksheet_set_column(d->sheet.ws, col, col, width, NULL);
}

static struct chart_cells begin(const struct sheet_spread *d, lxw_col_t x, lxw_col_t y)
{
	return (struct chart_cells){d->sheet.name, d->head + 1, d->head, x, y};
}

/* A corner of the staircase. left: share that still goes on; nothing where it is 0, which a
 * logarithmic axis does not have. */
static void corner(struct sheet_spread *d, struct sheet_spread_series *s, double x, double left)
{
	d->sheet.row = ++s->steps.last;
	sheet_number(&d->sheet, s->steps.x, x, STYLE_SECONDS);
	sheet_number(&d->sheet, s->steps.y, 1 - left, STYLE_SHARE);
	if (left > 1e-9) {
		sheet_number(&d->sheet, s->tail.y, left, STYLE_SHARE);
		s->tail.last = s->steps.last;
		d->share_min = fmin(d->share_min, left);
	}
}

/* Kaplan-Meier's curve where trials are censored. */
static void write_curve(struct sheet_spread *d, struct sheet_spread_series *s,
			const struct stats_survival *curve)
{
	size_t stride = curve->n / MAX_STEPS + 1;
	double left = 1;

	for (size_t i = stride - 1; curve->n && i < curve->n + stride - 1; i += stride) {
		size_t k = i < curve->n ? i : curve->n - 1;

		corner(d, s, curve->v[k].time, left);
		left = curve->v[k].s;
		corner(d, s, curve->v[k].time, left);
	}
	if (curve->n)
		corner(d, s, d->x_max, left);
}

static void write_steps(struct sheet_spread *d, struct sheet_spread_series *s, lxw_col_t col)
{
	const struct trace_curve *curve = NULL;
	size_t n = s->values.n, stride = n / MAX_STEPS + 1;
	double left = 1;

	s->steps = begin(d, col, col + 1);
	s->tail = begin(d, col, col + 2);
	if (s->n_censored)
		vec_each (curve, &d->sheet.book->curves)
			if (curve->metric == d->metric && curve->group == s->place) {
				write_curve(d, s, &curve->curve);
				return;
			}
	for (size_t i = stride - 1; n && i < n + stride - 1; i += stride) {
		size_t k = i < n ? i : n - 1;

		corner(d, s, s->values.v[k], left);
		left = 1 - (double)(k + 1) / (double)n;
		corner(d, s, s->values.v[k], left);
	}
	if (n)
		corner(d, s, d->x_max, left);
}

static void vertex(struct sheet_spread *d, struct sheet_spread_series *s, double x, double y)
{
	d->sheet.row = ++s->box.last;
	sheet_number(&d->sheet, s->box.x, x, STYLE_SECONDS);
	sheet_number(&d->sheet, s->box.y, y, STYLE_NUMBER);
}

/* Whiskers reach the last trials within the fences, as Tukey drew them. */
static void write_box(struct sheet_spread *d, struct sheet_spread_series *s)
{
	const struct estimate *e = &s->group->estimates[d->metric];
	double q1 = e->of[STATS_P25].value, q2 = e->of[STATS_P50].value,
	       q3 = e->of[STATS_P75].value, lo = NAN, hi = NAN, y = s->y, h = 0.28;

	for (size_t i = 0; i < s->values.n; i++)
		if (stats_place(&e->fences, s->values.v[i]) == STATS_INSIDE) {
			lo = isnan(lo) ? s->values.v[i] : lo;
			hi = s->values.v[i];
		}
	if (!stats_known(q1) || !stats_known(q2) || !stats_known(q3) || isnan(lo))
		return;
	vertex(d, s, fmin(lo, q1), y);
	vertex(d, s, q1, y);
	vertex(d, s, q1, y + h);
	vertex(d, s, q2, y + h);
	vertex(d, s, q2, y - h);
	vertex(d, s, q2, y + h);
	vertex(d, s, q3, y + h);
	vertex(d, s, q3, y);
	vertex(d, s, fmax(hi, q3), y);
	vertex(d, s, q3, y);
	vertex(d, s, q3, y - h);
	vertex(d, s, q1, y - h);
	vertex(d, s, q1, y);
}

/* Outliers; all trials where they are too few for a box. */
static void write_points(struct sheet_spread *d, struct sheet_spread_series *s)
{
	const struct estimate *e = &s->group->estimates[d->metric];
	bool boxed = s->box.last >= s->box.first;

	for (size_t i = 0; i < s->values.n; i++) {
		if (boxed && stats_place(&e->fences, s->values.v[i]) == STATS_INSIDE)
			continue;
		if (s->points.last - d->head >= MAX_STEPS)
			break;
		d->sheet.row = ++s->points.last;
		sheet_number(&d->sheet, s->points.x, s->values.v[i], STYLE_SECONDS);
		sheet_number(&d->sheet, s->points.y, s->y, STYLE_NUMBER);
	}
}

static void write_series(struct sheet_spread *d, struct sheet_spread_series *s, lxw_col_t col)
{
	char *title = sheet_metric_title(d->metric);
	char *text = mem_printf("%s: %s", s->label, title);

	head(d, col, text, 18);
	head(d, col + 1, "share of trials", 10);
	head(d, col + 2, "still longer", 10);
	head(d, col + 3, "box [s]", 10);
	head(d, col + 4, "at", 6);
	head(d, col + 5, "outside the box's whiskers [s]", 12);
	head(d, col + 6, "at", 6);
	write_steps(d, s, col);
	s->box = begin(d, col + 3, col + 4);
	write_box(d, s);
	s->points = begin(d, col + 5, col + 6);
	write_points(d, s);
	free(title);
	free(text);
}

size_t sheet_spread_n_classes(const struct sheet_spread *d)
{
	return d->bins.n + d->has_censored;
}

static void write_class_names(struct sheet_spread *d)
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

static void write_bins(struct sheet_spread *d)
{
	head(d, d->first_bin_col, "from [s]", 12);
	write_class_names(d);
	for (size_t i = 0; i < d->series.n; i++) {
		const struct sheet_spread_series *s = &d->series.v[i];
		lxw_col_t col = d->first_bin_col + 1 + (lxw_col_t)i;
		size_t counts[BINS_MAX + 1] = {0};
		char *text = mem_printf("%s: trials", s->label);

		for (size_t k = 0; k < s->values.n; k++)
			counts[bins_place(&d->bins, s->values.v[k])]++;
		counts[d->bins.n] = s->n_censored;
		head(d, col, text, 18);
		free(text);
		for (size_t b = 0; b < sheet_spread_n_classes(d); b++) {
			d->sheet.row++;
			sheet_number(&d->sheet, col, (double)counts[b], STYLE_WHOLE);
		}
	}
}

void sheet_spread_write(struct sheet_spread *d)
{
	for (size_t i = 0; i < d->series.n; i++)
		write_series(d, &d->series.v[i], (lxw_col_t)(d->first_col + SERIES_COLS * i));
	d->first_bin_col = (lxw_col_t)(d->first_col + SERIES_COLS * d->series.n + 1);
	write_bins(d);
}

void sheet_spread_done(struct sheet_spread *d)
{
	for (size_t i = 0; i < d->series.n; i++) {
		free(d->series.v[i].label);
		free(d->series.v[i].title);
		free(d->series.v[i].size);
		vec_done(&d->series.v[i].values);
	}
	vec_done(&d->series);
}
