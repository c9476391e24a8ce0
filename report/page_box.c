/* Boxes, one row a group: quartiles, whiskers to the last trial inside Tukey's fences, every trial
 * or, where there are many, those outside. */
#include "report/page_spread.h"
#include <inttypes.h>
#include <math.h>

enum { LEFT = 12, RIGHT = 388, TOP = 8, MIN_ROW = 46, MAX_ROW = 68, FEW = 12 };

struct dot {
	double value;
	int64_t trial, position;
};
typedef VEC(struct dot) dots;

static int by_value(const void *a, const void *b)
{
	const struct dot *x = a, *y = b;

	if (x->value > y->value || x->value < y->value)
		return x->value > y->value ? 1 : -1;
	return (x->trial > y->trial) - (x->trial < y->trial);
}

static void collect_dots(const struct page *page, const struct spread *d, const struct series *s,
			 dots *ret)
{
	const struct model *model = &page->recording->model;

	for (size_t i = 0; i < s->group->trials.n; i++) {
		const struct model_trial *trial = &model->trials.v[s->group->trials.v[i]];
		const struct model_value *value = &trial->values[d->metric];

		if (value->present && value->censored <= 0 && outcome_is_measured(trial->outcome))
			vec_push(ret,
				 (struct dot){model_value_s(value), trial->id, trial->position});
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof *ret->v, by_value);
}

static void add_dot(struct str *out, const struct dot *dot, enum stats_place place, bool few,
		    double x, double y)
{
	static const char *const classes[] = {"trial", "m outside", "m outside far"};
	static const char *const says[] = {"", ", outside the fences", ", far outside the fences"};

	html_add(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\">", classes[place], x,
		 y, few || place != STATS_INSIDE ? "3" : "1.8");
	if (place != STATS_INSIDE)
		html_add(out, "<title>Trial %" PRId64 ": %.3f s%s</title>", dot->trial, dot->value,
			 says[place]);
	html_add(out, "</circle>");
}

/* Up and down by their number, so that equal times are seen apart: the same in every run. */
static double jitter(size_t i)
{
	return (double)(i * 5 % 8) * 1.6 - 5.6;
}

static void add_dots(struct str *out, const dots *all, const struct series *s,
		     const struct svg_axis *x, double y)
{
	bool every = all->n <= PAGE_MAX_DOTS;
	size_t n_outside = 0;

	for (size_t i = all->n; i-- > 0;) {
		enum stats_place place = stats_place(&s->estimate->fences, all->v[i].value);

		n_outside += place != STATS_INSIDE;
		if (every || (place != STATS_INSIDE && n_outside <= PAGE_MAX_DOTS))
			add_dot(out, &all->v[i], place, all->n <= FEW,
				svg_place(x, all->v[i].value),
				y + (place == STATS_INSIDE ? jitter(i) : 0));
	}
}

/* The last trials inside the fences: where the whiskers end. */
static void whiskers(const dots *all, const struct stats_fences *fences, double *lo, double *hi)
{
	*lo = *hi = NAN;
	for (size_t i = 0; i < all->n; i++) {
		if (stats_place(fences, all->v[i].value) != STATS_INSIDE)
			continue;
		*lo = isnan(*lo) ? all->v[i].value : *lo;
		*hi = all->v[i].value;
	}
}

static void add_box(struct str *out, const struct series *s, const dots *all,
		    const struct svg_axis *x, double y)
{
	const struct estimate_figure *of = s->estimate->of;
	double lo, hi, q1 = of[STATS_P25].value, q3 = of[STATS_P75].value;

	if (isnan(q1) || isnan(q3))
		return;
	whiskers(all, &s->estimate->fences, &lo, &hi);
	lo = fmin(lo, q1);
	hi = fmax(hi, q3);
	if (lo < q1 || hi > q3)
		html_add(out,
			 "<path class=\"whisker\" d=\"M%.1f %.1fH%.1fM%.1f %.1fH%.1fM%.1f "
			 "%.1fv10M%.1f %.1fv10\"/>",
			 svg_place(x, lo), y, svg_place(x, q1), svg_place(x, q3), y,
			 svg_place(x, hi), svg_place(x, lo), y - 5, svg_place(x, hi), y - 5);
	html_add(out,
		 "<rect class=\"m box\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"18\" "
		 "rx=\"1.5\"><title>%s: half of the trials from %.3f to %.3f s; whiskers to %.3f "
		 "and %.3f s</title></rect>",
		 svg_place(x, q1), y - 9, fmax(1, svg_place(x, q3) - svg_place(x, q1)), s->label,
		 q1, q3, lo, hi);
}

static void add_median(struct str *out, const struct series *s, const struct svg_axis *x, double y)
{
	const struct estimate_figure *median = &s->estimate->of[STATS_P50];

	if (isnan(median->value))
		return;
	if (isfinite(median->ci_lo) && isfinite(median->ci_hi)) {
		double from = svg_place(x, median->ci_lo), to = svg_place(x, median->ci_hi);

		html_add(out,
			 "<path class=\"m ci\" d=\"M%.1f %.1fv6M%.1f %.1fH%.1fm0 -3v6\">"
			 "<title>%s: median, 95 %% interval %.3f to %.3f s</title></path>",
			 from, y + 10, from, y + 13, to, s->label, median->ci_lo, median->ci_hi);
	}
	html_add(out,
		 "<path class=\"m median\" d=\"M%.1f %.1fv18\"><title>%s: median %.3f s</title>"
		 "</path>",
		 svg_place(x, median->value), y - 9, s->label, median->value);
}

static void add_row(struct page *page, const struct spread *d, const struct series *s,
		    const struct svg_axis *x, double top)
{
	char *label = s->estimate->n_censored ? mem_printf("%s (%zu of %zu not reached)", s->label,
							   s->estimate->n_censored, s->estimate->n)
					      : mem_strdup(s->label);
	double y = top + 26;
	dots all = {0};

	collect_dots(page, d, s, &all);
	html_add(page->out, "<g class=\"s%zu\">", s->place);
	svg_text(page->out, LEFT, top + 11, "row", label);
	add_box(page->out, s, &all, x, y);
	add_dots(page->out, &all, s, x, y);
	add_median(page->out, s, x, y);
	html_add(page->out, "</g>\n");
	vec_done(&all);
	free(label);
}

static bool has_box(const struct series *const *series, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isnan(series[i]->estimate->of[STATS_P25].value))
			return true;
	return false;
}

void page_box(struct page *page, const struct spread *d, size_t panel)
{
	const struct series *series[PAGE_MAX_SERIES];
	size_t n = spread_panel(d, panel, series);
	double row = fmax(MIN_ROW, fmin(MAX_ROW, 200.0 / (double)n));
	double bottom = TOP + (double)n * row;
	struct svg_axis x;

	spread_axis(d, LEFT, RIGHT, &x);
	page_plot(page, bottom + 38,
		  has_box(series, n) ? "Quartiles, median with 95 % interval, trials outside"
				     : "The trials and their median; too few for quartiles",
		  "Box plots, one a group; the numbers stand in the table of figures.");
	svg_axis_x(page->out, &x, TOP, bottom);
	for (size_t i = 0; i < n; i++)
		add_row(page, d, series[i], &x, TOP + (double)i * row);
	page_plot_end(page);
}
