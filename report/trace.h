/* trace: the workbook's figures as formulas over its own rows.
 *
 * The sheet Trials names its columns (t_group, t_measured, t_outcome, t_terms, and t_METRIC with
 * t_METRIC_pm for each metric); a trial that counts in row g of the Summary has g in t_group. A
 * figure of type 7 is a function of those rows. One of Kaplan-Meier is read off the curve on the
 * sheet Survival, which is calculated there step by step from the numbers of trials at risk. All
 * functions are known to Excel 2007, LibreOffice and others alike. */
#ifndef REJOIN_REPORT_TRACE_H
#define REJOIN_REPORT_TRACE_H

#include "report/sheet.h"

enum trace_column { /* of the sheet Survival */
		    TRACE_METRIC,
		    TRACE_GROUP,
		    TRACE_TIME,
		    TRACE_AT_RISK,
		    TRACE_ENDED,
		    TRACE_CENSORED,
		    TRACE_SHARE,
		    TRACE_GREENWOOD,
		    TRACE_LO,
		    TRACE_HI,
		    TRACE_LAST,
		    N_TRACE_COLUMNS,
};
enum { TRACE_FIRST_ROW = 4 }; /* where the first curve starts */

/* Before any sheet is written. */
void trace_prepare(struct book *book);
void trace_done(struct book *book);
const struct trace_curve *trace_curve(const struct book *book, enum metric metric, size_t group);

/* Writes a figure of group g, of whom key ("$A$12") holds the number, into a cell; where it is not
 * known, why ("n ≥ 20", "> 180.000"). as_formula false: only the value. */
void trace_figure(struct sheet *sheet, lxw_col_t col, enum style style, bool as_formula,
		  const char *key, size_t g, enum metric metric, enum stats_figure figure);
/* An end of the 95 % interval of a quantile. */
void trace_limit(struct sheet *sheet, lxw_col_t col, enum style style, bool as_formula,
		 const char *key, size_t g, enum metric metric, enum stats_figure figure,
		 bool upper);
/* Half the width of the measurement bound. */
void trace_half_width(struct sheet *sheet, lxw_col_t col, enum style style, bool as_formula,
		      const char *key, size_t g, enum metric metric, enum stats_figure figure);

/* So many array formulas over all trials are calculated in a moment. */
bool trace_is_quick(const struct book *book, size_t n_formulas);

#endif
