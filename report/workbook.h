/* workbook: a recording as a spreadsheet. The same recording gives the same bytes. */
#ifndef REJOIN_REPORT_WORKBOOK_H
#define REJOIN_REPORT_WORKBOOK_H

#include "lib/err.h"
#include "report/selection.h"

/* Writes beside path and renames at the end: under path there is a whole file or the one that was
 * there. timeline_trial: the trial that the sheet Timeline shows; 0: one of the middle. */
int workbook_write(const char *path, const struct recording *recording, int64_t timeline_trial,
		   struct err *err);

#endif
