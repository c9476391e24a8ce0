/* raw: every poll and every write of a recording as a spreadsheet of its own.
 *
 * Sheets: About, Samples (Samples 2, ... each as long as a sheet may be), Writes where a write
 * probe ran, Snapshots. Rows are written as they are read: memory does not grow with them. */
#ifndef REJOIN_REPORT_RAW_H
#define REJOIN_REPORT_RAW_H

#include "report/selection.h"

/* "drill-raw.xlsx" for "drill.xlsx". The caller frees it. */
char *raw_path(const char *workbook_path);

/* Writes as workbook_write does. */
int raw_write(const char *path, const struct recording *recording, struct err *err);

#endif
