/* page_spread: the distribution of a metric, as series that the page draws: one per group. A panel
 * holds the groups that differ in size alone; all panels of a metric share their axes, so that
 * sizes and faults can be compared by eye. */
#ifndef REJOIN_REPORT_PAGE_SPREAD_H
#define REJOIN_REPORT_PAGE_SPREAD_H

#include "report/bins.h"
#include "report/page_impl.h"
#include "report/stats_survival.h"

enum { PAGE_MAX_PANELS = 12, PAGE_MAX_SERIES = 8, PAGE_MAX_STEPS = 500, PAGE_MAX_DOTS = 120 };

struct series {
	const struct group *group;
	const struct estimate *estimate;
	size_t panel, place; /* place in the panel: its colour, dash and marker */
	char *label;	     /* "3 masters" */
	char *title;	     /* the panel's: what is not size; "" where nothing else is */
	group_trials trials;
	group_values values; /* observed, ascending */
	struct stats_survival curve;
};

struct spread {
	enum metric metric;
	VEC(struct series) series;
	size_t n_panels;
	struct bins bins;
	double from, to; /* what the axis of time must hold */
	double longest;	 /* observed */
	bool log;	 /* the axis of time is one: a few trials took many times longer */
	bool has_censored;
};

void spread_make(const struct page *page, enum metric metric, struct spread *ret);
void spread_done(struct spread *d);

/* The axis of time of its charts, between left and right. */
void spread_axis(const struct spread *d, double left, double right, struct svg_axis *ret);

/* Series of the panel that are drawn, by their place; returns how many. */
size_t spread_panel(const struct spread *d, size_t panel,
		    const struct series *ret[PAGE_MAX_SERIES]);

/* The charts of a panel. */
void page_ecdf(struct page *page, const struct spread *d, size_t panel);
void page_tail(struct page *page, const struct spread *d, size_t panel);
void page_box(struct page *page, const struct spread *d, size_t panel);
void page_histogram(struct page *page, const struct spread *d, size_t panel);

#endif
