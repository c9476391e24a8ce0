/* page_bars: rows of a group each, with bars of parts one behind the other. */
#ifndef REJOIN_REPORT_PAGE_BARS_H
#define REJOIN_REPORT_PAGE_BARS_H

#include "report/page_impl.h"

enum { PAGE_MAX_BARS = 24 };

struct page_bar_part {
	const char *name;
	double value; /* NAN or 0: not there */
	char *title;  /* what pointing at it says; freed by page_bars */
};

/* One row: its label, and the parts by their place, which is their colour too. */
struct page_bar_row {
	char *label; /* freed by page_bars */
	struct page_bar_part parts[8];
};
typedef VEC(struct page_bar_row) page_bar_rows;

/* Draws the first PAGE_MAX_BARS rows, and a legend of the n_parts names above. unit: of the axis;
 * whole: of things that are counted. Frees rows. */
void page_bars(struct page *page, page_bar_rows *rows, size_t n_parts, const char *name,
	       const char *text, const char *unit, bool whole);

#endif
