/* Columns of a table that are as wide as their longest text, within reason. */
#include "lib/mem.h"
#include "report/sheet.h"
#include "report/text.h"
#include <math.h>
#include <string.h>

enum { INDENT = 2 };

/* Of a character, in those of a digit: a width counts digits. */
static double width_of(const char *character)
{
	if (*character >= 'A' && *character <= 'Z')
		return 1.2;
	return strchr("0123456789", *character) ? 1 : 0.9 * (double)text_width(character);
}

/* Bytes of the start of text that one line holds: programs break it after a space or a hyphen, or
 * anywhere where there is none. */
static size_t line_of(const char *text, double width)
{
	size_t at = 0, after = 0;

	while (text[at]) {
		size_t n = text_prefix(text + at, 1);
		char *character = mem_strndup(text + at, n);

		width -= width_of(character);
		free(character);
		if (width < 0 && at)
			return after ? after : at;
		at += n;
		if (text[at - 1] == ' ' || text[at - 1] == '-')
			after = at;
	}
	return at;
}

static double lines_within(const char *text, double width)
{
	double lines = 0;

	for (; *text; lines++)
		text += line_of(text, width);
	return lines;
}

void sheet_fitted(struct sheet *sheet, lxw_col_t col, const char *text, double most,
		  enum style style)
{
	char *clean = text_clean(text ? text : "");
	double width = (double)text_width(clean);

	if (col < SHEET_FITTED)
		sheet->widest[col] = fmax(sheet->widest[col], fmin(width, most));
	if (width > most)
		sheet->lines = fmax(sheet->lines, lines_within(clean, most + INDENT));
	sheet_text(sheet, col, clean, width > most ? style_wrapped(style) : style);
	free(clean);
}

lxw_col_t sheet_bar_names(const struct sheet *sheet, lxw_col_t labels)
{
	bool long_one = labels >= SHEET_FITTED || sheet->widest[labels] >= SHEET_LABEL_CHARS;

	return long_one ? 0 : labels;
}

void sheet_end_row(struct sheet *sheet)
{
	sheet_row_of(sheet, sheet->lines);
	sheet->lines = 0;
}

void sheet_fit(struct sheet *sheet)
{
	for (int i = 0; i < SHEET_FITTED; i++) {
		lxw_col_t col = (lxw_col_t)i;

		if (sheet->widest[col] > 0 && sheet->widest[col] + INDENT > sheet->least[col])
			worksheet_set_column(sheet->ws, col, col, sheet->widest[col] + INDENT,
					     NULL);
	}
}
