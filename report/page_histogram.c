/* Trials per class of time: a strip for each group under the other, on one axis. */
#include "report/page_spread.h"
#include <math.h>
#include <string.h>

enum { LEFT = 12, RIGHT = 388, TOP = 8, MIN_ROW = 52, MAX_ROW = 100, LABEL = 18, NEVER = 28 };

struct histogram {
	const struct bins *bins;
	struct svg_axis x;
	bool open, censored; /* the last class has no upper end; a bar for those not reached */
	double scale;	     /* height of a bar per share of trials */
	double row;	     /* height of a strip */
	double slot; /* width of the bar for those not reached; NEVER, the gap before it, has room
		      * for the words below both */
};

static void count(const struct histogram *h, const struct series *s, size_t counts[BINS_MAX + 1])
{
	memset(counts, 0, (BINS_MAX + 1) * sizeof *counts);
	for (size_t i = 0; i < s->values.n; i++)
		counts[bins_place(h->bins, s->values.v[i])]++;
	counts[h->bins->n] = s->estimate->n_censored;
}

static char *class_text(const struct histogram *h, size_t b)
{
	int digits = (int)fmax(0, ceil(-log10(h->bins->width) - 1e-9));

	if (b == h->bins->n)
		return mem_strdup("not reached");
	if (h->open && b + 1 == h->bins->n)
		return mem_printf("%.*f s and longer", digits, bins_edge(h->bins, b));
	return mem_printf("%.*f to %.*f s", digits, bins_edge(h->bins, b), digits,
			  bins_edge(h->bins, b + 1));
}

static void add_bar(struct str *out, const struct histogram *h, size_t b, size_t n, size_t total,
		    double base)
{
	bool censored = b == h->bins->n;
	double from = censored ? RIGHT - h->slot : svg_place(&h->x, bins_edge(h->bins, b));
	double to = censored ? RIGHT : svg_place(&h->x, bins_edge(h->bins, b + 1));
	double height = fmax(1.5, h->scale * (double)n / (double)total);
	bool open = h->open && b + 1 == h->bins->n;
	char *text = class_text(h, b);

	html_add(out,
		 "<rect class=\"m bar%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
		 "<title>%s: %zu of %zu trials</title></rect>",
		 censored ? " cens"
		 : open	  ? " open"
			  : "",
		 from + 0.5, base - height, fmax(1, to - from - 1), height, text, n, total);
	free(text);
}

static void add_row(struct str *out, const struct histogram *h, const struct series *s, double top)
{
	size_t counts[BINS_MAX + 1], most = 0, n_classes = h->bins->n + 1;
	double base = top + h->row;
	char *label;

	count(h, s, counts);
	for (size_t b = 0; b < n_classes; b++)
		most = counts[b] > most ? counts[b] : most;
	label = mem_printf("%s, highest bar %zu of %zu", s->label, most, s->estimate->n);
	html_add(out, "<g class=\"s%zu\">", s->place);
	svg_text(out, LEFT, top + 12, "row", label);
	for (size_t b = 0; b < n_classes; b++)
		if (counts[b])
			add_bar(out, h, b, counts[b], s->estimate->n, base);
	html_add(out, "<path class=\"base\" d=\"M%d %.1fH%d\"/></g>\n", LEFT, base, RIGHT);
	free(label);
}

static double highest_share(const struct histogram *h, const struct series *const *series, size_t n)
{
	double highest = 0;

	for (size_t i = 0; i < n; i++) {
		size_t counts[BINS_MAX + 1];

		count(h, series[i], counts);
		for (size_t b = 0; b <= h->bins->n; b++)
			highest = fmax(highest, (double)counts[b] / (double)series[i]->estimate->n);
	}
	return highest;
}

void page_histogram(struct page *page, const struct spread *d, size_t panel)
{
	const struct series *series[PAGE_MAX_SERIES];
	size_t n = spread_panel(d, panel, series);
	double row = fmax(MIN_ROW, fmin(MAX_ROW, 200.0 / (double)n));
	double bottom = TOP + (double)n * row;
	double end = bins_edge(&d->bins, d->bins.n);
	struct histogram h = {.bins = &d->bins,
			      .row = row,
			      .censored = d->has_censored,
			      .open = d->longest > end + d->bins.width * 1e-6};
	char *name = mem_printf("Trials per class of %.6g s%s", d->bins.width,
				h.open ? ", the last one open" : "");

	h.slot = h.censored ? 22 : 0;
	h.x = (struct svg_axis){.from = d->bins.from,
				.to = end,
				.at = LEFT,
				.length = RIGHT - LEFT - (h.censored ? h.slot + NEVER : 0),
				.title = "seconds"};
	svg_ticks(&h.x, 6);
	h.scale = (row - LABEL) / highest_share(&h, series, n);
	page_plot(page, bottom + 38, name,
		  "Histograms, one strip a group, as shares of its trials; the numbers stand in "
		  "the table below.");
	svg_axis_x(page->out, &h.x, TOP, bottom);
	for (size_t i = 0; i < n; i++)
		add_row(page->out, &h, series[i], TOP + (double)i * row);
	if (h.censored)
		svg_text(page->out, RIGHT, bottom + 15, "end", "never");
	page_plot_end(page);
	free(name);
}
