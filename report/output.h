/* output: the file that a report makes, whole or not at all. */
#ifndef REJOIN_REPORT_OUTPUT_H
#define REJOIN_REPORT_OUTPUT_H

#include "lib/err.h"

/* What -o named. ERR_USAGE where it was not given, is "-" (a file is renamed when it is whole,
 * which standard output cannot be), or is the recording itself, under whatever name or link, or a
 * file that SQLite keeps beside it. wanted: "workbook needs -o FILE.xlsx". */
int output_check(const char *out, const char *recording, const char *wanted, struct err *err);

/* Fills the file temp, which is there already, empty; folder (with a slash at its end) is where it
 * lies, for temporary files of its own. Returns err's code. */
typedef int output_fill(void *arg, const char *temp, const char *folder, struct err *err);

/* Fills a file beside path and renames it at the end: under path there is a whole file, or the one
 * that was there. A link is followed; what is no file is not replaced. Every failure is "cannot
 * write PATH: ...". */
int output_write(const char *path, output_fill *fill, void *arg, struct err *err);

#endif
