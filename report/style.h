/* style: one table of cell formats for every sheet. */
#ifndef REJOIN_REPORT_STYLE_H
#define REJOIN_REPORT_STYLE_H

#include <xlsxwriter.h>

enum style {
	STYLE_TITLE,
	STYLE_SECTION,
	STYLE_NOTE,
	STYLE_KEY,
	STYLE_KEY_TOP, /* beside a text of several lines */
	STYLE_HEAD,    /* column head over texts */
	STYLE_HEAD_NR, /* over numbers */
	STYLE_TEXT,
	STYLE_FAINT, /* in place of a text that is not there */
	STYLE_FACT,  /* a number among texts: on the left */
	STYLE_CODE,
	STYLE_WHOLE,
	STYLE_SECONDS,
	STYLE_PLUS_MINUS, /* half-widths: there when looked for */
	STYLE_SHARE,
	STYLE_CENSORED,
	STYLE_WARN,
	STYLE_NEEDS,	    /* in place of a figure: why it is not there */
	STYLE_P,	    /* p-values */
	STYLE_SIGNED,	    /* a difference of times */
	STYLE_NUMBER,	    /* a statistic */
	STYLE_FINE,	    /* a small number */
	STYLE_PLAIN,	    /* raw numbers: ids */
	STYLE_MICROSECONDS, /* raw times, in seconds */
	STYLE_STRONG,	    /* a text to look at first */
	STYLE_WRAP,	    /* sentences over several lines */
	STYLE_TEXT_WRAP,    /* a cell of a table likewise */
	STYLE_CAUTION,	    /* likewise, to be minded */
	STYLE_HEAD_GROUP,   /* over several heads */
	STYLE_HEADLINE,	    /* the figures to look at first */
	/* How marked rows look, and their legends. */
	STYLE_MARK_CENSORED,
	STYLE_MARK_CONTESTED,
	STYLE_MARK_INCIDENT,
	STYLE_MARK_FAILED,
	STYLE_LEGEND_CENSORED,
	STYLE_LEGEND_CONTESTED,
	STYLE_LEGEND_INCIDENT,
	STYLE_LEGEND_FAILED,
	STYLE_LAST_TEXT, /* the last row of a group: a line below */
	STYLE_LAST_TEXT_WRAP,
	STYLE_LAST_WHOLE,
	STYLE_LAST_SECONDS,
	N_STYLES,
};

/* Colours of chart series, chosen to differ also for the colour-blind and in grey. */
extern const lxw_color_t style_series[];
extern const int style_n_series;
enum { STYLE_GRID_COLOR = 0xd9d9d9, STYLE_AXIS_COLOR = 0x7f7f7f };

void style_make(lxw_workbook *workbook, lxw_format *ret_styles[N_STYLES]);

/* The format a cell of the same kind has in the last row of a group. */
enum style style_last(enum style style);
/* That of a text that goes over several lines. */
enum style style_wrapped(enum style style);

#endif
