/* page_impl: what the sections of the page are written with. A section is a function that adds its
 * content to page->out, from its first paragraph on; one that adds nothing is left out of the page
 * and of its contents. */
#ifndef REJOIN_REPORT_PAGE_IMPL_H
#define REJOIN_REPORT_PAGE_IMPL_H

#include "report/html.h"
#include "report/phrase.h"
#include "report/selection.h"
#include "report/svg.h"

extern const char page_css[], page_js[]; /* page.css and page.js, embedded by embed.awk */

struct page {
	struct str *out;
	const struct recording *recording;
	size_t n_ids;
	bool in_row; /* of a table: its tr is open */
};

/* The sections, in their order. */
typedef int page_section(struct page *page, struct err *err);
page_section page_findings, page_glance, page_reelection, page_rejoin, page_other_metrics,
	page_phases, page_compare, page_contested, page_tolerance, page_timeline, page_figures,
	page_trials, page_study, page_method;

/* ---- words ---- */

/* What it means, and which instant it counts from. The caller frees it. */
char *page_metric_text(const struct page *page, enum metric metric);
/* Level i of a group: "3 masters", "fault kill", "heap 1g". The caller frees it. */
char *page_level_label(const struct page *page, const struct group *group, size_t i);
/* "3 masters", "4 masters, fault kill": a group by its levels; "all trials" without factors. The
 * caller frees it. */
char *page_group_label(const struct page *page, const struct group *group);

/* ---- tables ---- */

/* A table in a box of its own, which scrolls where the screen is narrower; caption is its name. */
void page_table(struct page *page, const char *caption);
void page_table_end(struct page *page);
/* Heads and cells; wide ones hold numbers. */
void page_head(struct page *page, const char *title);
void page_head_nr(struct page *page, const char *title);
/* Begins the body of the table; rows begin with page_row. */
void page_body(struct page *page);
void page_row(struct page *page);
void page_cell(struct page *page, const char *text);
void page_cell_count(struct page *page, int64_t n);	   /* below 0: empty */
void page_cell_seconds(struct page *page, double seconds); /* NAN: empty */
/* Heads of the factors, and a group's levels, which head its row. */
void page_factor_heads(struct page *page);
void page_levels(struct page *page, const struct group *group);
/* A figure: its value, or why there is none; with_ci: its 95 % interval below. */
void page_cell_figure(struct page *page, const struct estimate *estimate, enum stats_figure figure,
		      bool with_ci);
/* "12 of 30", and below it the share with its 95 % limits. */
void page_cell_share(struct page *page, const struct estimate_share *share);

/* A list of names and texts: page_pairs, page_pair..., page_pairs_end. NULL: left out. */
void page_pairs(struct page *page);
void page_pair(struct page *page, const char *name, const char *text);
void page_pairs_end(struct page *page);

/* A paragraph, made as html_add makes one. */
#define page_note(page, ...)                                                                       \
	do {                                                                                       \
		html_add((page)->out, "<p class=\"note\">");                                       \
		html_add((page)->out, __VA_ARGS__);                                                \
		html_add((page)->out, "</p>\n");                                                   \
	} while (0)

/* An id that the page has not used: "x12". The caller frees it. */
char *page_id(struct page *page);

/* A figure with an SVG of that height in it, ready to be drawn into; its name is the caption and,
 * with text, what a screen reader says. */
void page_plot(struct page *page, double height, const char *name, const char *text);
void page_plot_end(struct page *page);

#endif
