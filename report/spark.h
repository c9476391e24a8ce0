/* spark: a curve as a few block characters, for a terminal. */
#ifndef REJOIN_REPORT_SPARK_H
#define REJOIN_REPORT_SPARK_H

#include "lib/str.h"
#include "report/stats_survival.h"

enum { SPARK_COLUMNS = 16 };

/* What share of the trials was over (Kaplan-Meier: 1 - s; without censored ones the ECDF) at the
 * end of each of 16 equal parts of from to to, in eighths of a block: none where none was over, a
 * full one where all were. from < to, in seconds. */
void spark_add(struct str *str, const struct stats_times *times, double from, double to);

/* Columns of the terminal that stdout is; 0: none that can be taken to show block characters (no
 * terminal, TERM=dumb, a locale without UTF-8). */
size_t spark_terminal_columns(void);

#endif
