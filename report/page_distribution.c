/* Sections on how the times of a metric are spread: charts by panel, and their numbers. */
#include "report/page_spread.h"
#include <math.h>
#include <string.h>

/* Series with a legend of their own: colour, dash and marker as in the curves. */
static void add_legend(struct page *page, const struct series *const *series, size_t n)
{
	struct str *out = page->out;

	html_add(out, "<ul class=\"legend\">");
	for (size_t i = 0; i < n; i++) {
		const struct estimate *e = series[i]->estimate;

		html_add(out,
			 "<li><svg class=\"s%zu\" viewBox=\"0 0 36 12\" aria-hidden=\"true\">"
			 "<path class=\"curve s%zu\" d=\"M1 6H35\"/>",
			 series[i]->place, series[i]->place);
		svg_marker(out, series[i]->place, 18, 6, NULL);
		html_add(out, "</svg> %s <span>n = %zu", series[i]->label, e->n);
		if (e->n_censored)
			html_add(out, ", %zu not reached", e->n_censored);
		html_add(out, "</span></li>");
	}
	html_add(out, "</ul>\n");
}

/* The observed time within which a share p of the trials ended, as the curve has it; NAN: never. */
static double time_of_share(const struct series *s, double p)
{
	for (size_t i = 0; i < s->curve.n; i++)
		if (1 - s->curve.v[i].s >= p - 1e-12)
			return s->curve.v[i].time;
	return NAN;
}

static void add_curve_table(struct page *page, const struct series *const *series, size_t n)
{
	static const double shares[] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};

	page_table(page,
		   "Time within which a share of the trials had ended [s], as the curves show it");
	page_head(page, "share");
	for (size_t i = 0; i < n; i++)
		page_head_nr(page, series[i]->label);
	page_body(page);
	for (size_t k = 0; k < sizeof shares / sizeof *shares; k++) {
		page_row(page);
		html_add(page->out, "<th scope=\"row\">%g %%</th>", shares[k] * 100);
		for (size_t i = 0; i < n; i++)
			page_cell_seconds(page, time_of_share(series[i], shares[k]));
	}
	page_table_end(page);
}

static void add_class_row(struct page *page, const struct spread *d,
			  const struct series *const *series, size_t n, size_t b)
{
	int digits = (int)fmax(0, ceil(-log10(d->bins.width) - 1e-9));

	page_row(page);
	if (b == d->bins.n)
		html_add(page->out, "<th scope=\"row\">not reached</th>");
	else
		html_add(page->out, "<th scope=\"row\">%.*f</th>", digits, bins_edge(&d->bins, b));
	for (size_t i = 0; i < n; i++) {
		int64_t count = 0;

		for (size_t k = 0; k < series[i]->values.n; k++)
			count += bins_place(&d->bins, series[i]->values.v[k]) == b;
		if (b == d->bins.n)
			count = (int64_t)series[i]->estimate->n_censored;
		page_cell_count(page, count);
	}
}

static void add_class_table(struct page *page, const struct spread *d,
			    const struct series *const *series, size_t n)
{
	char *caption = mem_printf("Trials per class of %.6g s%s", d->bins.width,
				   d->longest > bins_edge(&d->bins, d->bins.n)
					   ? "; the last class has no upper end"
					   : "");

	page_table(page, caption);
	page_head(page, "from [s]");
	for (size_t i = 0; i < n; i++)
		page_head_nr(page, series[i]->label);
	page_body(page);
	for (size_t b = 0; b < d->bins.n + d->has_censored; b++)
		add_class_row(page, d, series, n, b);
	page_table_end(page);
	free(caption);
}

/* What was seen of several humps and of trials that stand apart. */
static void add_remarks(struct page *page, const struct series *const *series, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct estimate *e = series[i]->estimate;
		struct str text = STR_INIT;

		if (e->modes.n > 1) {
			str_addf(&text, "%zu humps, around", e->modes.n);
			for (size_t m = 0; m < e->modes.n; m++)
				str_addf(&text, "%s %.3f s (%zu trials)", m ? "," : "",
					 e->modes.of[m].at, e->modes.of[m].n);
		}
		if (e->n_outside + e->n_far_out)
			str_addf(&text,
				 "%s%zu outside Tukey's fences, %zu of them far outside: marked, "
				 "not removed",
				 text.n ? "; " : "", e->n_outside + e->n_far_out, e->n_far_out);
		if (e->n_outside + e->n_far_out > PAGE_MAX_DOTS)
			str_addf(&text, " (the %d longest are drawn)", PAGE_MAX_DOTS);
		if (text.n) {
			html_add(page->out, any ? "<li>" : "<ul class=\"remarks\"><li>");
			html_add(page->out, "%s: %s.</li>", series[i]->label, text.s);
			any = true;
		}
		str_done(&text);
	}
	if (any)
		html_add(page->out, "</ul>\n");
}

/* Some group has two different times, a censored one being as good as another. */
static bool has_tail(const struct series *const *series, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (series[i]->curve.n > 1 || (series[i]->curve.n && series[i]->curve.v[0].s > 0))
			return true;
	return false;
}

static void add_panel(struct page *page, const struct spread *d, size_t panel, int level)
{
	const struct series *series[PAGE_MAX_SERIES];
	size_t n = spread_panel(d, panel, series);

	if (*series[0]->title)
		html_add(page->out, "<h%d>%s</h%d>\n", level, series[0]->title, level);
	add_legend(page, series, n);
	html_add(page->out, "<div class=\"plots\">\n");
	page_ecdf(page, d, panel);
	if (has_tail(series, n))
		page_tail(page, d, panel);
	page_box(page, d, panel);
	page_histogram(page, d, panel);
	html_add(page->out, "</div>\n");
	add_remarks(page, series, n);
	html_add(page->out, "<details><summary>The numbers of these charts</summary>\n");
	add_curve_table(page, series, n);
	add_class_table(page, d, series, n);
	html_add(page->out, "</details>\n");
}

static size_t longest_curve(const struct spread *d)
{
	size_t longest = 0;
	const struct series *s;

	vec_each (s, &d->series)
		longest = s->curve.n > longest ? s->curve.n : longest;
	return longest;
}

static void add_limits(struct page *page, const struct spread *d)
{
	if (d->n_panels > PAGE_MAX_PANELS)
		page_note(page,
			  "Charts are drawn for the first %d of %zu combinations; the table of "
			  "figures has all of them, and --where chooses others.",
			  PAGE_MAX_PANELS, d->n_panels);
	if (longest_curve(d) > PAGE_MAX_STEPS)
		page_note(page,
			  "Of a curve with more than %d steps every n-th is drawn: a screen shows "
			  "no more.",
			  PAGE_MAX_STEPS);
}

/* level: of the headings of its panels. */
static void add_spread(struct page *page, enum metric metric, int level)
{
	char *text = page_metric_text(page, metric);
	struct spread d;

	spread_make(page, metric, &d);
	if (d.series.n)
		html_add(page->out, "<p>%s</p>\n", text);
	free(text);
	if (d.series.n && !d.bins.n)
		html_add(page->out, "<p class=\"empty\">Not one trial reached it within its "
				    "limit: there is nothing to draw.</p>\n");
	for (size_t i = 0; d.bins.n && i < d.n_panels && i < PAGE_MAX_PANELS; i++)
		add_panel(page, &d, i, level);
	if (d.bins.n)
		add_limits(page, &d);
	spread_done(&d);
}

static bool is_asked(const struct page *page, enum metric metric)
{
	return !page->recording->metrics_asked || page->recording->metrics[metric];
}

int page_reelection(struct page *page, struct err *err)
{
	(void)err;
	if (is_asked(page, METRIC_REELECTION))
		add_spread(page, METRIC_REELECTION, 3);
	return 0;
}

int page_rejoin(struct page *page, struct err *err)
{
	(void)err;
	if (is_asked(page, METRIC_REJOIN))
		add_spread(page, METRIC_REJOIN, 3);
	return 0;
}

/* Those that --metric named beside the two above. */
int page_other_metrics(struct page *page, struct err *err)
{
	(void)err;
	for (size_t i = 0; page->recording->metrics_asked && i < model_n_metrics; i++) {
		enum metric metric = model_metrics[i];

		if (metric == METRIC_REELECTION || metric == METRIC_REJOIN ||
		    !page->recording->metrics[metric])
			continue;
		html_add(page->out, "<h3>%s</h3>\n", phrase_metric(metric));
		add_spread(page, metric, 4);
	}
	return 0;
}
