/* Figures: all of them, metric by metric. */
#include "report/page_impl.h"
#include <math.h>

/* Of more groups a table is folded up: it would be pages long, on paper too. */
enum { MANY_GROUPS = 30 };

static void add_heads(struct page *page)
{
	page_factor_heads(page);
	page_head_nr(page, "n");
	page_head_nr(page, "not reached");
	for (int f = 0; f < N_STATS; f++) {
		page_head_nr(page, f == STATS_P50 ? "median" : stats_names[f]);
		if (f == STATS_P50)
			page_head_nr(page, "±");
	}
	page_head(page, "method");
	page_body(page);
}

static void add_row(struct page *page, const struct group *group, enum metric metric)
{
	const struct estimate *e = &group->estimates[metric];

	page_row(page);
	page_levels(page, group);
	page_cell_count(page, (int64_t)e->n);
	page_cell_count(page, (int64_t)e->n_censored);
	for (int f = 0; f < N_STATS; f++) {
		bool quantile = f > STATS_MIN && f < STATS_MAX;

		page_cell_figure(page, e, f, quantile);
		if (f == STATS_P50)
			page_cell_seconds(page, estimate_half_width(e, f));
	}
	page_cell(page, e->n ? estimate_methods[e->method] : "");
}

static void add_metric(struct page *page, enum metric metric)
{
	const struct grouping *grouping = &page->recording->grouping;
	char *text = page_metric_text(page, metric);
	char *caption = mem_printf("[s] %s", text);
	const struct group *group;
	bool folded = grouping->groups.n > MANY_GROUPS;

	if (folded)
		html_add(page->out, "<details><summary>%s of %zu groups</summary>\n",
			 phrase_metric(metric), grouping->groups.n);
	else
		html_add(page->out, "<h3>%s</h3>\n", phrase_metric(metric));
	page_table(page, caption);
	add_heads(page);
	vec_each (group, &grouping->groups)
		if (group->estimates[metric].n)
			add_row(page, group, metric);
	page_table_end(page);
	html_add(page->out, folded ? "</details>\n" : "");
	free(caption);
	free(text);
}

int page_figures(struct page *page, struct err *err)
{
	const struct recording *r = page->recording;

	(void)err;
	if (!r->model.trials.n)
		return 0;
	page_note(page, "Below a quantile stands its 95 %% interval. ±: half the width of the "
			"interval in which the median lies, by what was polled. n ≥ 20: so many "
			"trials it would "
			"take.");
	if (r->grouping.groups.n > MANY_GROUPS)
		page_note(page,
			  "%zu groups: each metric's table is folded up, and left out on paper "
			  "unless it is open.",
			  r->grouping.groups.n);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric metric = model_metrics[i];

		if (r->model.has[metric] && (!r->metrics_asked || r->metrics[metric]))
			add_metric(page, metric);
	}
	return 0;
}
