/* At a glance: a row a group with the figures that most readers come for. */
#include "report/page_impl.h"
#include <math.h>

enum { STRIP_WIDTH = 110, STRIP_HEIGHT = 20 };

/* The longest of the figures that a strip shows, over all groups: they share an axis. */
static double longest(const struct grouping *grouping, enum metric metric)
{
	const struct group *group;
	double most = 0;

	vec_each (group, &grouping->groups) {
		const struct estimate_figure *of = group->estimates[metric].of;

		most = fmax(most, fmax(of[STATS_P95].value, of[STATS_P75].value));
		most = fmax(most, of[STATS_P50].value);
	}
	return most;
}

/* Quartiles, median and the way to p95, from 0 on. */
static void add_strip(struct page *page, const struct group *group, enum metric metric, double most)
{
	const struct estimate_figure *of = group->estimates[metric].of;
	struct svg_axis x = {.from = 0, .to = most * 1.02, .at = 1, .length = STRIP_WIDTH - 2};
	double q1 = of[STATS_P25].value, q3 = of[STATS_P75].value, p95 = of[STATS_P95].value;
	double median = of[STATS_P50].value;

	html_add(page->out, "<td>");
	if (!isnan(median) && most > 0) {
		html_add(page->out,
			 "<svg class=\"strip\" role=\"img\" viewBox=\"0 0 %d %d\"><title>Median "
			 "%.3f s on a line from 0 to %.3f s</title><path class=\"base\" d=\"M1 "
			 "10H%d\"/>",
			 STRIP_WIDTH, STRIP_HEIGHT, median, most, STRIP_WIDTH - 1);
		if (!isnan(p95) && !isnan(q3))
			html_add(page->out, "<path class=\"whisker\" d=\"M%.1f 10H%.1f\"/>",
				 svg_place(&x, q3), svg_place(&x, p95));
		if (!isnan(q1) && !isnan(q3))
			html_add(page->out,
				 "<rect class=\"box\" x=\"%.1f\" y=\"5\" width=\"%.1f\" "
				 "height=\"10\"/>",
				 svg_place(&x, q1), fmax(1, svg_place(&x, q3) - svg_place(&x, q1)));
		html_add(page->out, "<path class=\"median\" d=\"M%.1f 3v14\"/></svg>",
			 svg_place(&x, median));
	}
	html_add(page->out, "</td>");
}

/* Two rows of heads: the metric over its columns. */
static void add_heads(struct page *page, const enum metric *shown, size_t n)
{
	const struct grouping *grouping = &page->recording->grouping;

	html_add(page->out, "<td colspan=\"%zu\"></td>",
		 (grouping->names.n ? grouping->names.n : 1) + 1);
	for (size_t i = 0; i < n; i++)
		html_add(page->out,
			 "<th scope=\"colgroup\" colspan=\"3\" class=\"over\">%s [s]</th>",
			 phrase_metric(shown[i]));
	html_add(page->out, "</tr>\n<tr>");
	page_factor_heads(page);
	page_head_nr(page, "trials");
	for (size_t i = 0; i < n; i++) {
		page_head_nr(page, "median");
		page_head(page, "spread");
		page_head_nr(page, "p95");
	}
	page_head_nr(page, "contested");
	page_head_nr(page, "not recovered");
	page_head_nr(page, "not measured");
	if (page->recording->model.has_writes)
		page_head_nr(page, "lost writes");
	if (page->recording->model.has_noop)
		page_head_nr(page, "false changes");
	page_body(page);
}

static void add_row(struct page *page, const struct group *group, const enum metric *shown,
		    size_t n)
{
	page_row(page);
	page_levels(page, group);
	page_cell_count(page, (int64_t)group->n_trials);
	for (size_t i = 0; i < n; i++) {
		const struct estimate *estimate = &group->estimates[shown[i]];

		page_cell_figure(page, estimate, STATS_P50, true);
		add_strip(page, group, shown[i], longest(&page->recording->grouping, shown[i]));
		page_cell_figure(page, estimate, STATS_P95, false);
	}
	page_cell_share(page, &group->contested);
	page_cell_share(page, &group->not_recovered);
	page_cell_count(page, (int64_t)group->n_failed);
	if (page->recording->model.has_writes)
		page_cell_count(page, group->n_lost);
	if (page->recording->model.has_noop)
		page_cell_count(page, group->n_false_changes);
}

/* Two of the metrics asked for: more would not be a glance. */
static size_t choose(const struct recording *r, enum metric ret[2])
{
	static const enum metric first[] = {METRIC_REELECTION, METRIC_REJOIN};
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		if (!r->metrics_asked || r->metrics[first[i]])
			ret[n++] = first[i];
	for (size_t i = 0; i < model_n_metrics && n < 2; i++)
		if (r->metrics_asked && r->metrics[model_metrics[i]] &&
		    model_metrics[i] != METRIC_REELECTION && model_metrics[i] != METRIC_REJOIN)
			ret[n++] = model_metrics[i];
	return n;
}

/* Trials that were not measured count as trials, but have no times. */
static bool rests_on_fewer(const struct grouping *grouping, const enum metric *shown, size_t n)
{
	const struct group *group;

	vec_each (group, &grouping->groups)
		for (size_t i = 0; i < n; i++)
			if (group->estimates[shown[i]].n != group->n_trials)
				return true;
	return false;
}

int page_glance(struct page *page, struct err *err)
{
	const struct recording *r = page->recording;
	const struct group *group;
	enum metric shown[2];
	size_t n = choose(r, shown);

	(void)err;
	if (!r->model.trials.n) {
		html_add(page->out,
			 "<p class=\"empty\">No trial has been recorded%s: there are "
			 "no figures.</p>\n",
			 r->chosen ? " of those chosen" : " yet");
		return 0;
	}
	page_table(page,
		   "Medians with 95 % intervals. The strips start at 0 and share an axis: "
		   "quartiles, median, the way to p95. n ≥ 20: so many trials it would take.");
	add_heads(page, shown, n);
	vec_each (group, &r->grouping.groups)
		add_row(page, group, shown, n);
	page_table_end(page);
	if (rests_on_fewer(&r->grouping, shown, n))
		page_note(page, "Not every trial has every time: on how many a figure rests is the "
				"n of the section Figures.");
	if (r->grouping.n_warmup)
		page_note(page, "%zu warm-up trial%s left out of all figures.",
			  r->grouping.n_warmup, r->grouping.n_warmup == 1 ? " is" : "s are");
	return 0;
}
