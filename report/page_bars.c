#include "report/page_bars.h"
#include <math.h>

enum { LEFT = 12, RIGHT = 388, TOP = 6, ROW = 34, BAR = 15 };

static bool is_there(const struct page_bar_part *part)
{
	return part->value > 0; /* NAN is not */
}

static void add_legend(struct page *page, const page_bar_rows *rows, size_t n_parts)
{
	html_add(page->out, "<ul class=\"legend\">");
	for (size_t i = 0; i < n_parts; i++) {
		const char *name = NULL;

		for (size_t r = 0; r < rows->n && !name; r++)
			if (is_there(&rows->v[r].parts[i]))
				name = rows->v[r].parts[i].name;
		if (name)
			html_add(page->out,
				 "<li><svg class=\"s%zu\" viewBox=\"0 0 36 12\" "
				 "aria-hidden=\"true\">"
				 "<rect class=\"part p%zu\" x=\"6\" width=\"24\" height=\"12\"/>"
				 "</svg> %s</li>",
				 i, i, name);
	}
	html_add(page->out, "</ul>\n");
}

static void add_row(struct str *out, const struct page_bar_row *row, const struct svg_axis *x,
		    size_t n_parts, double y)
{
	double sum = 0;

	svg_text(out, LEFT, y + 10, "row", row->label);
	for (size_t i = 0; i < n_parts; i++) {
		const struct page_bar_part *part = &row->parts[i];
		double from = svg_place(x, sum);

		if (!is_there(part))
			continue;
		sum += part->value;
		html_add(out,
			 "<rect class=\"m part s%zu p%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			 "height=\"%d\"><title>%s</title></rect>",
			 i, i, from, y + 14, fmax(0.8, svg_place(x, sum) - from), BAR, part->title);
	}
	html_add(out, "\n");
}

static double longest(const page_bar_rows *rows, size_t n, size_t n_parts)
{
	double most = 0;

	for (size_t r = 0; r < n; r++) {
		double sum = 0;

		for (size_t i = 0; i < n_parts; i++)
			sum += is_there(&rows->v[r].parts[i]) ? rows->v[r].parts[i].value : 0;
		most = fmax(most, sum);
	}
	return most;
}

static void rows_done(page_bar_rows *rows)
{
	struct page_bar_row *row;

	vec_each (row, rows) {
		free(row->label);
		for (size_t i = 0; i < 8; i++)
			free(row->parts[i].title);
	}
	vec_done(rows);
}

void page_bars(struct page *page, page_bar_rows *rows, size_t n_parts, const char *name,
	       const char *text, const char *unit, bool whole)
{
	size_t n = rows->n < PAGE_MAX_BARS ? rows->n : PAGE_MAX_BARS;
	double bottom = TOP + (double)n * ROW;
	struct svg_axis x = {.to = longest(rows, n, n_parts),
			     .at = LEFT,
			     .length = RIGHT - LEFT,
			     .whole = whole,
			     .title = unit};

	if (x.to > 0) {
		svg_ticks(&x, 6);
		html_add(page->out, "<div>\n");
		add_legend(page, rows, n_parts);
		page_plot(page, bottom + 38, name, text);
		svg_axis_x(page->out, &x, TOP, bottom);
		for (size_t r = 0; r < n; r++)
			add_row(page->out, &rows->v[r], &x, n_parts, TOP + (double)r * ROW);
		page_plot_end(page);
		if (n < rows->n)
			page_note(page, "The first %zu of %zu groups.", n, rows->n);
		html_add(page->out, "</div>\n");
	}
	rows_done(rows);
}
