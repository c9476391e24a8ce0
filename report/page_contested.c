/* Contested elections: how often one took more than one new term, and how many it took. */
#include "report/page_bars.h"
#include <math.h>

enum { LEFT = 12, RIGHT = 388, TOP = 6, ROW = 34 };

static const char *const term_names[GROUP_TERMS] = {"0 new terms", "1", "2",	     "3",
						    "4",	   "5", "6 and more"};

static void add_share(struct str *out, const struct estimate_share *share, const char *label,
		      const struct svg_axis *x, double y)
{
	svg_text(out, LEFT, y + 10, "row", label);
	html_add(out,
		 "<g class=\"s0\"><path class=\"whisker\" d=\"M%.1f %.1fH%.1fm0 -4v8M%.1f "
		 "%.1fv8\"/>",
		 svg_place(x, 100 * share->lo), y + 22, svg_place(x, 100 * share->hi),
		 svg_place(x, 100 * share->lo), y + 18);
	html_add(out,
		 "<circle class=\"m dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"><title>%s: %zu of %zu "
		 "contested, %.1f %% (95 %%: %.1f to %.1f)</title></circle></g>\n",
		 svg_place(x, 100 * share->share), y + 22, label, share->k, share->n,
		 100 * share->share, 100 * share->lo, 100 * share->hi);
}

static void draw_shares(struct page *page)
{
	const struct grouping *grouping = &page->recording->grouping;
	size_t n = grouping->groups.n < PAGE_MAX_BARS ? grouping->groups.n : PAGE_MAX_BARS;
	double bottom = TOP + (double)n * ROW;
	struct svg_axis x = {
		.to = 100, .at = LEFT, .length = RIGHT - LEFT, .title = "% of elections"};

	svg_ticks(&x, 5);
	page_plot(page, bottom + 38, "Share contested, with 95 % interval",
		  "Points with intervals, one a group; the numbers stand in the table below.");
	svg_axis_x(page->out, &x, TOP, bottom);
	for (size_t i = 0; i < n; i++) {
		const struct group *group = &grouping->groups.v[i];
		char *label = page_group_label(page, group);

		if (group->contested.n)
			add_share(page->out, &group->contested, label, &x, TOP + (double)i * ROW);
		free(label);
	}
	page_plot_end(page);
}

static void draw_terms(struct page *page)
{
	const struct recording *r = page->recording;
	const struct group *group;
	page_bar_rows rows = {0};

	vec_each (group, &r->grouping.groups) {
		struct page_bar_row row = {.label = page_group_label(page, group)};
		size_t n[GROUP_TERMS] = {0};

		group_count_terms(&r->model, group, n);
		for (int i = 0; i < GROUP_TERMS; i++)
			row.parts[i] = (struct page_bar_part){
				.name = term_names[i],
				.value = (double)n[i],
				.title = mem_printf("%s: %zu elections took %s%s", row.label, n[i],
						    term_names[i],
						    i == 0   ? ""
						    : i == 1 ? " new term"
							     : " new terms")};
		vec_push(&rows, row);
	}
	page_bars(page, &rows, GROUP_TERMS, "How many new terms an election took",
		  "Bars, one a group, of elections by their number of new terms; the numbers stand "
		  "in the table below.",
		  "elections", true);
}

static void add_table(struct page *page)
{
	const struct recording *r = page->recording;
	const struct group *group;

	page_table(page, "Elections by new terms; shares with Clopper and Pearson's 95 % limits");
	page_factor_heads(page);
	page_head_nr(page, "contested");
	for (int i = 0; i < GROUP_TERMS; i++)
		page_head_nr(page, term_names[i]);
	page_head_nr(page, "trials not recovered");
	page_head_nr(page, "not measured");
	page_body(page);
	vec_each (group, &r->grouping.groups) {
		size_t n[GROUP_TERMS] = {0};

		group_count_terms(&r->model, group, n);
		page_row(page);
		page_levels(page, group);
		page_cell_share(page, &group->contested);
		for (int i = 0; i < GROUP_TERMS; i++)
			page_cell_count(page, (int64_t)n[i]);
		page_cell_share(page, &group->not_recovered);
		page_cell_share(page, &group->failed);
	}
	page_table_end(page);
}

int page_contested(struct page *page, struct err *err)
{
	const struct group *group;
	size_t n = 0;

	(void)err;
	vec_each (group, &page->recording->grouping.groups)
		n += group->n_elections;
	if (!n)
		return 0;
	html_add(page->out, "<p>A clean election takes one new term; every further one is an "
			    "attempt that did not win. 0: no election was needed.</p>\n"
			    "<div class=\"plots\">\n");
	draw_terms(page);
	draw_shares(page);
	html_add(page->out, "</div>\n");
	add_table(page);
	return 0;
}
