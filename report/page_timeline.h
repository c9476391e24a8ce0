/* page_timeline: one trial of the page, as each node saw it. */
#ifndef REJOIN_REPORT_PAGE_TIMELINE_H
#define REJOIN_REPORT_PAGE_TIMELINE_H

#include "report/page_impl.h"
#include "report/timeline.h"

/* Lanes of all nodes: a drawing of the time around the election, one of the whole trial. */
void page_lanes(struct page *page, const struct timeline *timeline);

/* "n2, term 6", "no master", "no answer": what a span shows. The caller frees it. */
char *page_span_text(const struct timeline_span *span);

#endif
