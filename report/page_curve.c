/* Curves of the share of trials over time: as it grows (ECDF), and as its tail on a log axis. */
#include "report/page_spread.h"
#include <math.h>

enum { HEIGHT = 250, LEFT = 46, RIGHT = 390, TOP = 22, BOTTOM = HEIGHT - 38 };

/* From how many of the steps of a curve one is drawn: more cannot be told apart. */
static size_t stride_of(const struct series *s)
{
	return s->curve.n / PAGE_MAX_STEPS + 1;
}

/* The corners of the staircase; with data, the steps' numbers too, for page.js. */
static void add_curve(struct str *out, const struct series *s, const struct svg_axis *x,
		      const struct svg_axis *y, bool tail)
{
	size_t n = s->curve.n, stride = stride_of(s);
	struct str times = STR_INIT, shares = STR_INIT;

	html_add(out, "<path class=\"curve s%zu\" d=\"M%.1f %.1f", s->place, x->at,
		 svg_place(y, tail ? 1 : 0));
	for (size_t i = stride - 1; n && i < n + stride - 1; i += stride) {
		const struct stats_step *step = &s->curve.v[i < n ? i : n - 1];

		html_add(out, "H%.1fV%.1f", svg_place(x, step->time),
			 svg_place(y, tail ? step->s : 1 - step->s));
		str_addf(&times, "%s%.6g", times.n ? " " : "", step->time);
		str_addf(&shares, "%s%.4g", shares.n ? " " : "", 1 - step->s);
	}
	if (!tail || !n || s->curve.v[n - 1].s > 0)
		html_add(out, "H%.1f", x->at + x->length);
	html_add(out, "\" data-label=\"%s\"", s->label);
	html_add(out, " data-t=\"%s\" data-s=\"%s\"/>", times.s, shares.s);
	str_done(&times);
	str_done(&shares);
}

/* The share that goes on after time. */
static double share_after(const struct series *s, double time)
{
	double share = 1;

	for (size_t i = 0; i < s->curve.n && s->curve.v[i].time <= time; i++)
		share = s->curve.v[i].s;
	return share;
}

/* On the curve: a quantile between two trials lies on the stretch between their steps. */
static void add_quantiles(struct str *out, const struct series *s, const struct svg_axis *x,
			  const struct svg_axis *y, bool tail)
{
	static const struct {
		enum stats_figure figure;
		const char *name;
	} marked[] = {{STATS_P50, "median"}, {STATS_P95, "p95"}};

	html_add(out, "<g class=\"s%zu\">", s->place);
	for (size_t i = 0; i < 2; i++) {
		const struct estimate_figure *figure = &s->estimate->of[marked[i].figure];
		char *title;
		double after;

		if (isnan(figure->value))
			continue;
		after = share_after(s, figure->value);
		title = mem_printf("%s: %s %.3f s", s->label, marked[i].name, figure->value);
		svg_marker(out, s->place, svg_place(x, figure->value),
			   svg_place(y, tail ? after : 1 - after), title);
		free(title);
	}
	html_add(out, "</g>\n");
}

static void draw(struct page *page, const struct spread *d, size_t panel, const struct svg_axis *y,
		 bool tail)
{
	const struct series *series[PAGE_MAX_SERIES];
	size_t n = spread_panel(d, panel, series);
	struct svg_axis x;

	spread_axis(d, LEFT, RIGHT, &x);
	html_add(page->out,
		 "<g class=\"frame\" data-x=\"%.6g %.6g %.1f %.1f %s\" data-y=\"%d %d\">", x.from,
		 x.to, x.at, x.length, x.log ? "log" : "linear", TOP, BOTTOM);
	svg_axis_y(page->out, y, LEFT, RIGHT, true);
	svg_axis_x(page->out, &x, TOP, BOTTOM);
	for (size_t i = 0; i < n; i++)
		add_curve(page->out, series[i], &x, y, tail);
	for (size_t i = 0; i < n; i++)
		add_quantiles(page->out, series[i], &x, y, tail);
	html_add(page->out, "</g>");
}

/* What a screen reader says in place of the curves. */
static char *spoken(const struct spread *d, size_t panel, const char *what)
{
	const struct series *series[PAGE_MAX_SERIES];
	size_t n = spread_panel(d, panel, series);
	struct str text = STR_INIT;

	str_addf(&text, "%s.", what);
	for (size_t i = 0; i < n; i++) {
		const struct estimate *e = series[i]->estimate;

		str_addf(&text, " %s: %zu trials", series[i]->label, e->n);
		if (!isnan(e->of[STATS_P50].value))
			str_addf(&text, ", half within %.3f s", e->of[STATS_P50].value);
		if (!isnan(e->of[STATS_P95].value))
			str_addf(&text, ", 95 %% within %.3f s", e->of[STATS_P95].value);
		if (e->n_censored)
			str_addf(&text, ", %zu not reached", e->n_censored);
		str_add(&text, ".");
	}
	return str_take(&text);
}

void page_ecdf(struct page *page, const struct spread *d, size_t panel)
{
	struct svg_axis y = {.from = 0,
			     .to = 1,
			     .at = BOTTOM,
			     .length = TOP - BOTTOM,
			     .title = "share of trials that needed at most this long"};
	char *text = spoken(d, panel,
			    "Staircase curves, one a group, of the share of trials over "
			    "time, from 0 to 100 %");

	svg_ticks(&y, 5);
	page_plot(page, HEIGHT, "Share of trials within a time (ECDF)", text);
	draw(page, d, panel, &y, false);
	page_plot_end(page);
	free(text);
}

void page_tail(struct page *page, const struct spread *d, size_t panel)
{
	const struct series *series[PAGE_MAX_SERIES];
	size_t n = spread_panel(d, panel, series), most = 2;
	struct svg_axis y = {.from = 1,
			     .at = TOP,
			     .length = BOTTOM - TOP,
			     .title = "share of trials that needed longer (logarithmic)"};
	char *text = spoken(d, panel,
			    "The share of trials that needed longer than a time, on a "
			    "logarithmic axis that opens up the slowest trials");

	for (size_t i = 0; i < n; i++)
		most = series[i]->trials.n > most ? series[i]->trials.n : most;
	y.to = 0.5 / (double)most;
	svg_ticks_log(&y);
	page_plot(page, HEIGHT, "The slow tail", text);
	draw(page, d, panel, &y, true);
	page_plot_end(page);
	free(text);
}
