/* The sheet Survival: the Kaplan-Meier curves from which the figures of groups with censored trials
 * are read. Each step is calculated from the one above, so that a reader can follow it. */
#include "report/trace.h"
#include <math.h>

/* Formulas for the limits too, where there are no more steps than that. */
enum { MANY = 5000 };

static void write_limit(struct sheet *sheet, lxw_col_t col, double value, unsigned row,
			const char *sign)
{
	const char *share = sheet_col_name(TRACE_SHARE), *sum = sheet_col_name(TRACE_GREENWOOD);

	if (isfinite(value))
		sheet_formula(sheet, col, value, STYLE_SHARE,
			      "$%s%u^EXP(%s1.959963984540054*SQRT($%s%u)/ABS(LN($%s%u)))", share,
			      row, sign, sum, row, share, row);
	else
		sheet_text(sheet, col, "–", STYLE_NEEDS);
}

/* row: as formulas count. first: nothing above belongs to the curve. */
static void write_share(struct sheet *sheet, const struct stats_step *step, unsigned row,
			bool first, bool limits)
{
	const char *share = sheet_col_name(TRACE_SHARE), *sum = sheet_col_name(TRACE_GREENWOOD);
	const char *risk = sheet_col_name(TRACE_AT_RISK), *ended = sheet_col_name(TRACE_ENDED);
	char *above = first ? mem_strdup("") : mem_printf("$%s%u*", share, row - 1);
	char *before = first ? mem_strdup("") : mem_printf("$%s%u+", sum, row - 1);

	sheet_formula(sheet, TRACE_SHARE, step->s, STYLE_SHARE, "%s(1-$%s%u/$%s%u)", above, ended,
		      row, risk, row);
	if (!limits) {
		sheet_number(sheet, TRACE_LO, step->lo, STYLE_SHARE);
		sheet_number(sheet, TRACE_HI, step->hi, STYLE_SHARE);
	}
	if (isfinite(step->greenwood) && limits)
		sheet_formula(sheet, TRACE_GREENWOOD, step->greenwood, STYLE_FINE,
			      "%s$%s%u/($%s%u*($%s%u-$%s%u))", before, ended, row, risk, row, risk,
			      row, ended, row);
	if (limits) {
		write_limit(sheet, TRACE_LO, step->lo, row, "");
		write_limit(sheet, TRACE_HI, step->hi, row, "-");
	}
	free(above);
	free(before);
}

static void write_step(struct sheet *sheet, const struct trace_curve *c, size_t i, bool limits)
{
	const struct stats_step *step = &c->curve.v[i];
	unsigned row = sheet->row + 1;
	size_t left = step->n_at_risk - step->n_events;
	size_t next = i + 1 < c->curve.n ? c->curve.v[i + 1].n_at_risk : 0;

	sheet_text(sheet, TRACE_METRIC, phrase_metric_within(c->metric), STYLE_TEXT);
	sheet_number(sheet, TRACE_GROUP, (double)c->group + 1, STYLE_WHOLE);
	sheet_number(sheet, TRACE_TIME, step->time, STYLE_SECONDS);
	if (i && limits)
		sheet_formula(sheet, TRACE_AT_RISK, (double)step->n_at_risk, STYLE_WHOLE,
			      "$%s%u-$%s%u-$%s%u", sheet_col_name(TRACE_AT_RISK), row - 1,
			      sheet_col_name(TRACE_ENDED), row - 1, sheet_col_name(TRACE_CENSORED),
			      row - 1);
	else
		sheet_number(sheet, TRACE_AT_RISK, (double)step->n_at_risk, STYLE_WHOLE);
	sheet_number(sheet, TRACE_ENDED, (double)step->n_events, STYLE_WHOLE);
	sheet_number(sheet, TRACE_CENSORED, (double)(left - next), STYLE_WHOLE);
	write_share(sheet, step, row, i == 0, limits);
	if (i == 0)
		sheet_number(sheet, TRACE_LAST, c->curve.last, STYLE_SECONDS);
	sheet->row++;
}

/* All trials ran into their limits: nothing ended, and the curve stays at the top. */
static void write_level(struct sheet *sheet, const struct trace_curve *c)
{
	double n = (double)c->curve.n_trials;

	sheet_text(sheet, TRACE_METRIC, phrase_metric_within(c->metric), STYLE_TEXT);
	sheet_number(sheet, TRACE_GROUP, (double)c->group + 1, STYLE_WHOLE);
	sheet_text(sheet, TRACE_TIME, "none ended", STYLE_NEEDS);
	sheet_number(sheet, TRACE_AT_RISK, n, STYLE_WHOLE);
	sheet_number(sheet, TRACE_ENDED, 0, STYLE_WHOLE);
	sheet_number(sheet, TRACE_CENSORED, n, STYLE_WHOLE);
	sheet_number(sheet, TRACE_SHARE, 1, STYLE_SHARE);
	sheet_number(sheet, TRACE_LAST, c->curve.last, STYLE_SECONDS);
	sheet->row++;
}

int sheet_survival(struct book *book, struct err *err)
{
	static const struct sheet_column heads[N_TRACE_COLUMNS] = {
		[TRACE_METRIC] = {(char *)"metric", 16, STYLE_TEXT},
		[TRACE_GROUP] = {(char *)"group", 8, STYLE_WHOLE},
		[TRACE_TIME] = {(char *)"time [s]", 12, STYLE_SECONDS},
		[TRACE_AT_RISK] = {(char *)"at risk", 10, STYLE_WHOLE},
		[TRACE_ENDED] = {(char *)"ended at it", 10, STYLE_WHOLE},
		[TRACE_CENSORED] = {(char *)"censored before the next", 16, STYLE_WHOLE},
		[TRACE_SHARE] = {(char *)"share still longer", 12, STYLE_SHARE},
		[TRACE_GREENWOOD] = {(char *)"Greenwood's sum", 12, STYLE_FINE},
		[TRACE_LO] = {(char *)"from (95\u00a0%)", 10, STYLE_SHARE},
		[TRACE_HI] = {(char *)"to (95\u00a0%)", 10, STYLE_SHARE},
		[TRACE_LAST] = {(char *)"longest time of all [s]", 12, STYLE_SECONDS},
	};
	sheet_columns columns = {0};
	const struct trace_curve *curve;
	struct sheet sheet;
	size_t n = 0;

	(void)err;
	vec_each (curve, &book->curves)
		n += curve->curve.n;
	sheet_open_long(&sheet, book, "Survival", "Kaplan-Meier curves");
	sheet_line(&sheet,
		   "Where some trials ran into a limit: the share of trials that still went on "
		   "after each time. The group is that of the Summary; its quantiles and their "
		   "limits are read off here.",
		   STYLE_NOTE);
	sheet_line(&sheet,
		   n <= MANY ? "Share: that above times 1 - ended / at risk. Limits: log-log, of "
			       "Greenwood's variance."
			     : "Share: that above times 1 - ended / at risk. Limits: log-log, of "
			       "Greenwood's variance; these and the counts are values, for there "
			       "are many.",
		   STYLE_NOTE);
	for (size_t i = 0; i < N_TRACE_COLUMNS; i++)
		sheet_column(&columns, heads[i].title, heads[i].width, heads[i].style);
	worksheet_set_row(sheet.ws, sheet.row, 34, NULL);
	sheet_head(&sheet, &columns, true);
	vec_each (curve, &book->curves) {
		for (size_t i = 0; i < curve->curve.n; i++)
			write_step(&sheet, curve, i, n <= MANY);
		if (!curve->curve.n)
			write_level(&sheet, curve);
	}
	if (!book->curves.n)
		sheet_line(&sheet,
			   "No trial is censored: quantiles are of type 7, over the trials.",
			   STYLE_NOTE);
	sheet_is_table(&sheet, TRACE_FIRST_ROW - 1, columns.n, 3);
	sheet_columns_done(&columns);
	return 0;
}
