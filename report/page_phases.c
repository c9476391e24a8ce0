/* Where the time goes: the phases of an outage, and of a node's return. */
#include "report/page_bars.h"
#include "report/phases.h"
#include <math.h>

/* Medians of the phases from first to before end, as rows of bars. */
static void collect(const struct page *page, size_t first, size_t end, page_bar_rows *ret)
{
	const struct recording *r = page->recording;
	const struct group *group;
	group_values values = {0};

	vec_each (group, &r->grouping.groups) {
		struct page_bar_row row = {.label = page_group_label(page, group)};

		for (size_t i = first; i < end; i++) {
			double median;

			phases_collect(&r->model, group, &phases[i], &values);
			median = stats_quantile(values.v, values.n, values.n, 0.5);
			row.parts[i - first] = (struct page_bar_part){
				.name = phases[i].name,
				.value = values.n ? median : NAN,
				.title = mem_printf("%s: %s, median %.3f s of %zu trials",
						    row.label, phases[i].name, median, values.n)};
		}
		vec_push(ret, row);
	}
	vec_done(&values);
}

static void add_table(struct page *page)
{
	const struct recording *r = page->recording;
	const struct group *group;
	group_values values = {0};

	html_add(page->out, "<details><summary>The numbers of these charts</summary>\n");
	page_table(page, "Medians of the phases, below them their quartiles [s]");
	page_factor_heads(page);
	for (size_t i = 0; i < N_PHASES; i++)
		page_head_nr(page, phases[i].name);
	page_body(page);
	vec_each (group, &r->grouping.groups) {
		page_row(page);
		page_levels(page, group);
		for (size_t i = 0; i < N_PHASES; i++) {
			phases_collect(&r->model, group, &phases[i], &values);
			html_add(page->out, "<td class=\"nr\">");
			if (values.n)
				html_add(page->out, "%.3f",
					 stats_quantile(values.v, values.n, values.n, 0.5));
			if (values.n >= stats_needs[STATS_P25])
				html_add(page->out, "<small>%.3f – %.3f</small>",
					 stats_quantile(values.v, values.n, values.n, 0.25),
					 stats_quantile(values.v, values.n, values.n, 0.75));
			html_add(page->out, "</td>");
		}
	}
	page_table_end(page);
	html_add(page->out, "</details>\n");
	vec_done(&values);
}

static bool any_phase(const struct model *model)
{
	for (size_t i = 0; i < N_PHASES; i++)
		if (model->has[phases[i].to])
			return true;
	return false;
}

int page_phases(struct page *page, struct err *err)
{
	page_bar_rows outage = {0}, back = {0};

	(void)err;
	if (!any_phase(&page->recording->model))
		return 0;
	html_add(page->out,
		 "<p>Medians over the trials in which both ends of a phase were seen; they need "
		 "not add up to the median of the whole. Between agreement and start lies what "
		 "the drill itself takes.</p>\n<div class=\"plots\">\n");
	collect(page, 0, N_PHASES_OUTAGE, &outage);
	page_bars(page, &outage, N_PHASES_OUTAGE, "From the fault until all survivors agree",
		  "Bars, one a group, of the medians of detection, election and agreement; the "
		  "numbers stand in the table below.",
		  "seconds", false);
	collect(page, N_PHASES_OUTAGE, N_PHASES, &back);
	page_bars(page, &back, N_PHASES - N_PHASES_OUTAGE, "From the start until it is whole again",
		  "Bars, one a group, of the medians of boot, rejoin and redundancy; the numbers "
		  "stand in the table below.",
		  "seconds", false);
	html_add(page->out, "</div>\n");
	add_table(page);
	page_pairs(page);
	for (size_t i = 0; i < N_PHASES; i++)
		page_pair(page, phases[i].name, phases[i].meaning);
	page_pairs_end(page);
	return 0;
}
