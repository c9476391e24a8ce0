#include "report/style.h"
#include <stdbool.h>

/* Okabe and Ito's palette, without the yellow that paper swallows. */
const lxw_color_t style_series[] = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7,
				    0x56b4e9, 0xd55e00, 0x595959, 0x7f3c8d};
const int style_n_series = sizeof style_series / sizeof *style_series;

static const struct {
	double size;
	bool bold, italic, wrap, left, right, center, indent, head, line_below;
	lxw_color_t color, bg; /* 0: automatic */
	const char *number, *font;
} looks[N_STYLES] = {
	/* Every colour of a text has a contrast of 4.5 at least, on the marks' colours too. */
	[STYLE_TITLE] = {.size = 16, .bold = true, .color = 0x1f3864},
	[STYLE_SECTION] = {.size = 12, .bold = true, .color = 0x1f3864},
	[STYLE_NOTE] = {.color = 0x595959},
	[STYLE_KEY] = {.bold = true},
	[STYLE_KEY_TOP] = {.bold = true, .wrap = true},
	[STYLE_HEAD] = {.bold = true, .wrap = true, .head = true, .indent = true},
	[STYLE_HEAD_NR] = {.bold = true, .wrap = true, .head = true, .right = true},
	[STYLE_TEXT] = {.indent = true},
	[STYLE_FAINT] = {.color = 0x595959, .indent = true},
	[STYLE_FACT] = {.number = "#,##0", .left = true, .indent = true},
	[STYLE_CODE] = {.font = "Consolas", .size = 10},
	[STYLE_WHOLE] = {.number = "#,##0"},
	[STYLE_SECONDS] = {.number = "#,##0.000"},
	[STYLE_PLUS_MINUS] = {.number = "0.0000", .color = 0x595959},
	[STYLE_SHARE] = {.number = "0.0%"},
	[STYLE_CENSORED] = {.color = 0xa80000, .right = true},
	[STYLE_WARN] = {.color = 0xa80000, .bold = true, .indent = true},
	[STYLE_NEEDS] = {.color = 0x595959, .right = true, .italic = true, .size = 10},
	[STYLE_P] = {.number = "0.0000"},
	[STYLE_SIGNED] = {.number = "+#,##0.000;-#,##0.000;0.000"},
	[STYLE_NUMBER] = {.number = "0.00"},
	[STYLE_FINE] = {.number = "0.000000"},
	[STYLE_PLAIN] = {.number = "0"},
	[STYLE_MICROSECONDS] = {.number = "0.000000"},
	[STYLE_STRONG] = {.bold = true, .indent = true},
	[STYLE_WRAP] = {.wrap = true},
	[STYLE_TEXT_WRAP] = {.wrap = true, .indent = true},
	[STYLE_CAUTION] = {.wrap = true, .indent = true, .color = 0x9c5700, .bg = 0xffeb9c},
	[STYLE_HEAD_GROUP] = {.bold = true, .head = true, .center = true, .color = 0x1f3864},
	[STYLE_HEADLINE] = {.number = "#,##0.000", .bold = true},
	[STYLE_MARK_CENSORED] = {.bg = 0xf8cbad},
	[STYLE_MARK_CONTESTED] = {.bg = 0xfff2cc},
	[STYLE_MARK_INCIDENT] = {.bg = 0xddebf7},
	[STYLE_MARK_FAILED] = {.bg = 0xd9d9d9},
	[STYLE_LEGEND_CENSORED] = {.bg = 0xf8cbad},
	[STYLE_LEGEND_CONTESTED] = {.bg = 0xfff2cc},
	[STYLE_LEGEND_INCIDENT] = {.bg = 0xddebf7},
	[STYLE_LEGEND_FAILED] = {.bg = 0xd9d9d9},
	[STYLE_LAST_TEXT] = {.line_below = true, .indent = true},
	[STYLE_LAST_TEXT_WRAP] = {.line_below = true, .indent = true, .wrap = true},
	[STYLE_LAST_WHOLE] = {.number = "#,##0", .line_below = true},
	[STYLE_LAST_SECONDS] = {.number = "#,##0.000", .line_below = true},
};

void style_make(lxw_workbook *workbook, lxw_format *ret_styles[N_STYLES])
{
	for (int i = 0; i < N_STYLES; i++) {
		lxw_format *format = ret_styles[i] = workbook_add_format(workbook);

		if (looks[i].size > 0)
			format_set_font_size(format, looks[i].size);
		if (looks[i].font)
			format_set_font_name(format, looks[i].font);
		if (looks[i].bold)
			format_set_bold(format);
		if (looks[i].italic)
			format_set_italic(format);
		if (looks[i].bg)
			format_set_bg_color(format, looks[i].bg);
		if (looks[i].center)
			format_set_align(format, LXW_ALIGN_CENTER);
		if (looks[i].wrap)
			format_set_text_wrap(format);
		/* some cell of the row may have several lines */
		if (!looks[i].head && i != STYLE_TITLE)
			format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
		if (looks[i].left)
			format_set_align(format, LXW_ALIGN_LEFT);
		if (looks[i].right)
			format_set_align(format, LXW_ALIGN_RIGHT);
		if (looks[i].indent)
			format_set_indent(format, 1);
		if (looks[i].color)
			format_set_font_color(format, looks[i].color);
		if (looks[i].number)
			format_set_num_format(format, looks[i].number);
		if (looks[i].head) {
			format_set_bg_color(format, 0xdce6f1);
			format_set_align(format, LXW_ALIGN_VERTICAL_BOTTOM);
			format_set_bottom(format, LXW_BORDER_THIN);
		}
		if (looks[i].line_below) {
			format_set_bottom(format, LXW_BORDER_HAIR);
			format_set_bottom_color(format, STYLE_AXIS_COLOR);
		}
	}
}

enum style style_last(enum style style)
{
	switch (style) {
	case STYLE_TEXT:
		return STYLE_LAST_TEXT;
	case STYLE_WHOLE:
		return STYLE_LAST_WHOLE;
	case STYLE_SECONDS:
		return STYLE_LAST_SECONDS;
	default:
		return style;
	}
}

enum style style_wrapped(enum style style)
{
	return style == STYLE_LAST_TEXT ? STYLE_LAST_TEXT_WRAP
	       : style == STYLE_TEXT	? STYLE_TEXT_WRAP
					: style;
}
