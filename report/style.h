/* style: one table of cell formats for every sheet. */
#ifndef REJOIN_REPORT_STYLE_H
#define REJOIN_REPORT_STYLE_H

#include <xlsxwriter.h>

enum style {
	STYLE_TITLE,
	STYLE_SECTION,
	STYLE_NOTE,
	STYLE_KEY,
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
	STYLE_LAST_TEXT, /* the last row of a group: a line below */
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

#endif
