/* workbook_impl: what the two workbooks (all sheets; raw samples) share. */
#ifndef REJOIN_REPORT_WORKBOOK_IMPL_H
#define REJOIN_REPORT_WORKBOOK_IMPL_H

#include "report/sheet.h"

/* Makes a workbook in the file temp: styles and properties, then whatever write adds. long_only:
 * every sheet is one of sheet_open_long. timeline_trial as in struct book. */
int book_fill(const struct recording *recording, int64_t timeline_trial, bool long_only,
	      int (*write)(struct book *, struct err *), const char *temp, const char *folder,
	      struct err *err);

#endif
