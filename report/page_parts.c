/* Tables, lists and plots: the parts that sections are made of. */
#include "report/factor.h"
#include "report/page_impl.h"
#include <inttypes.h>
#include <math.h>

char *page_id(struct page *page)
{
	return mem_printf("x%zu", ++page->n_ids);
}

void page_table(struct page *page, const char *caption)
{
	char *id = page_id(page);

	html_add(page->out,
		 "<div class=\"scroll\" role=\"region\" aria-labelledby=\"%s\" tabindex=\"0\">"
		 "<table><caption id=\"%s\">%s</caption>\n<thead><tr>",
		 id, id, caption);
	free(id);
}

void page_table_end(struct page *page)
{
	html_add(page->out,
		 page->in_row ? "</tr></tbody></table></div>\n" : "</tbody></table></div>\n");
	page->in_row = false;
}

void page_head(struct page *page, const char *title)
{
	html_add(page->out, "<th scope=\"col\">%s</th>", title);
}

void page_head_nr(struct page *page, const char *title)
{
	html_add(page->out, "<th scope=\"col\" class=\"nr\">%s</th>", title);
}

void page_body(struct page *page)
{
	html_add(page->out, "</tr></thead>\n<tbody>");
}

void page_row(struct page *page)
{
	html_add(page->out, page->in_row ? "</tr>\n<tr>" : "\n<tr>");
	page->in_row = true;
}

void page_cell(struct page *page, const char *text)
{
	html_add(page->out, "<td>%s</td>", text);
}

void page_cell_count(struct page *page, int64_t n)
{
	if (n < 0)
		html_add(page->out, "<td class=\"nr\"></td>");
	else
		html_add(page->out, "<td class=\"nr\">%" PRId64 "</td>", n);
}

void page_cell_seconds(struct page *page, double seconds)
{
	if (isfinite(seconds))
		html_add(page->out, "<td class=\"nr\">%.3f</td>", seconds);
	else
		html_add(page->out, "<td class=\"nr\"></td>");
}

void page_factor_heads(struct page *page)
{
	const struct grouping *grouping = &page->recording->grouping;

	for (size_t i = 0; i < grouping->names.n; i++)
		page_head(page, factor_title(grouping->names.v[i]));
	if (!grouping->names.n)
		page_head(page, "trials");
}

void page_levels(struct page *page, const struct group *group)
{
	const struct grouping *grouping = &page->recording->grouping;

	for (size_t i = 0; i < grouping->names.n; i++) {
		char *level = group_level_text(grouping, group, i);

		html_add(page->out, "<th scope=\"row\">%s</th>", level);
		free(level);
	}
	if (!grouping->names.n)
		html_add(page->out, "<th scope=\"row\">all</th>");
}

static void add_interval(struct page *page, const struct estimate_figure *figure)
{
	if (isinf(figure->ci_hi))
		html_add(page->out, "<small>from %.3f up</small>", figure->ci_lo);
	else if (!isnan(figure->ci_lo))
		html_add(page->out, "<small>%.3f – %.3f</small>", figure->ci_lo, figure->ci_hi);
	else if (figure->ci_needs)
		html_add(page->out, "<small>interval: n ≥ %zu</small>", figure->ci_needs);
}

void page_cell_figure(struct page *page, const struct estimate *estimate, enum stats_figure f,
		      bool with_ci)
{
	const struct estimate_figure *figure = &estimate->of[f];

	html_add(page->out, "<td class=\"nr\">");
	if (!isnan(figure->value))
		html_add(page->out, "%.3f", figure->value);
	else if (estimate->n && figure->needs)
		html_add(page->out, "<small>n ≥ %zu</small>", figure->needs);
	else if (estimate_is_beyond(estimate, f))
		html_add(page->out, "<span class=\"beyond\">&gt; %.3f</span>", estimate->last_s);
	if (with_ci && estimate->n && !figure->needs)
		add_interval(page, figure);
	html_add(page->out, "</td>");
}

void page_cell_share(struct page *page, const struct estimate_share *share)
{
	if (!share->n) {
		html_add(page->out, "<td class=\"nr\"></td>");
		return;
	}
	html_add(page->out, "<td class=\"nr\">%zu of %zu<small>%.0f %% (%.0f – %.0f)</small></td>",
		 share->k, share->n, 100 * share->share, 100 * share->lo, 100 * share->hi);
}

void page_pairs(struct page *page)
{
	html_add(page->out, "<dl>\n");
}

void page_pair(struct page *page, const char *name, const char *text)
{
	if (text)
		html_add(page->out, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, text);
}

void page_pairs_end(struct page *page)
{
	html_add(page->out, "</dl>\n");
}

void page_plot(struct page *page, double height, const char *name, const char *text)
{
	char *id = page_id(page);

	html_add(page->out, "<figure class=\"plot\"><figcaption>%s</figcaption>", name);
	svg_open(page->out, id, height, name, text);
	free(id);
}

void page_plot_end(struct page *page)
{
	svg_close(page->out);
	html_add(page->out, "</figure>\n");
}
