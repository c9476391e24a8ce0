/* page: a recording as one HTML file that needs nothing else: no network, no other file. The same
 * recording gives the same bytes. */
#ifndef REJOIN_REPORT_PAGE_H
#define REJOIN_REPORT_PAGE_H

#include "report/selection.h"

/* Written beside path and renamed at the end (output_write). */
int page_write(const char *path, const struct recording *recording, struct err *err);

#endif
