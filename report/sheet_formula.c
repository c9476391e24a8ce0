/* What the workbook calculates itself: formulas with the values they must give, and the rules by
 * which rows are marked. */
#include "lib/str.h"
#include "report/sheet.h"
#include "report/text.h"
#include <math.h>
#include <stdarg.h>

__attribute__((format(printf, 1, 0))) static char *print(const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		abort();
	return text;
}

void sheet_formula(struct sheet *sheet, lxw_col_t col, double value, enum style style,
		   const char *fmt, ...)
{
	lxw_format *format = sheet->book->styles[style];
	va_list args;
	char *formula;

	if (!isfinite(value)) {
		sheet_number(sheet, col, value, style);
		return;
	}
	va_start(args, fmt);
	formula = print(fmt, args);
	va_end(args);
	worksheet_write_formula_num(sheet->ws, sheet->row, col, formula, format, value);
	free(formula);
}

void sheet_formula_text(struct sheet *sheet, lxw_col_t col, const char *text, enum style style,
			const char *fmt, ...)
{
	va_list args;
	char *formula;

	va_start(args, fmt);
	formula = print(fmt, args);
	va_end(args);
	worksheet_write_formula_str(sheet->ws, sheet->row, col, formula, sheet->book->styles[style],
				    text);
	free(formula);
}

void sheet_array(struct sheet *sheet, lxw_col_t col, double value, enum style style,
		 const char *fmt, ...)
{
	lxw_format *format = sheet->book->styles[style];
	char *formula, *braced;
	va_list args;

	if (!isfinite(value)) {
		sheet_number(sheet, col, value, style);
		return;
	}
	va_start(args, fmt);
	formula = print(fmt, args);
	va_end(args);
	braced = mem_printf("{=%s}", formula);
	worksheet_write_array_formula_num(sheet->ws, sheet->row, col, sheet->row, col, braced,
					  format, value);
	free(formula);
	free(braced);
}

bool sheet_instead(struct sheet *sheet, lxw_col_t col, const struct estimate *estimate,
		   enum stats_figure figure)
{
	const struct estimate_figure *f = &estimate->of[figure];
	char *text;

	if (stats_known(f->value))
		return false;
	if (!estimate->n) {
		sheet_text(sheet, col, "", STYLE_TEXT);
		return true;
	}
	if (f->needs) {
		text = mem_printf("n ≥ %zu", f->needs);
		sheet_text(sheet, col, text, STYLE_NEEDS);
	} else if (estimate_is_beyond(estimate, figure)) {
		text = mem_printf("> %.3f", estimate->last_s);
		sheet_text(sheet, col, text, STYLE_CENSORED);
	} else {
		text = mem_strdup("–");
		sheet_text(sheet, col, text, STYLE_NEEDS);
	}
	free(text);
	return true;
}

/* Letters are narrower than the digits that a width counts; one line wastes nothing at its end. */
static double lines_of(const char *text, double width_chars)
{
	double width = (double)text_width(text) * 0.96;

	return width <= width_chars ? 1 : ceil(width * 1.06 / width_chars);
}

static void set_height(struct sheet *sheet, double lines)
{
	worksheet_set_row(sheet->ws, sheet->row, 15.75 * fmax(1, lines), NULL);
}

void sheet_paragraph(struct sheet *sheet, lxw_col_t first, lxw_col_t last, const char *text,
		     double width_chars, enum style style)
{
	if (last > first)
		worksheet_merge_range(sheet->ws, sheet->row, first, sheet->row, last, "",
				      sheet->book->styles[style]);
	sheet_text(sheet, first, text, style);
	set_height(sheet, lines_of(text, width_chars));
	sheet->row++;
}

void sheet_pair_over(struct sheet *sheet, const char *key, const char *text, lxw_col_t last,
		     double width_chars)
{
	if (!text || lines_of(text, width_chars) <= 1) {
		sheet_pair(sheet, key, text);
		return;
	}
	sheet_text(sheet, 0, key, STYLE_KEY_TOP);
	sheet_paragraph(sheet, 1, last, text, width_chars, STYLE_TEXT_WRAP);
}

double sheet_wrapped(struct sheet *sheet, lxw_col_t col, const char *text, double width_chars)
{
	sheet_text(sheet, col, text, STYLE_TEXT_WRAP);
	return text ? lines_of(text, width_chars) : 1;
}

void sheet_row_of(struct sheet *sheet, double lines)
{
	if (lines > 1)
		set_height(sheet, lines);
	sheet->row++;
}

void sheet_mark(struct sheet *sheet, lxw_row_t first, lxw_row_t last, lxw_col_t last_col,
		enum style style, const char *fmt, ...)
{
	lxw_conditional_format rule = {.type = LXW_CONDITIONAL_TYPE_FORMULA,
				       .format = sheet->book->styles[style]};
	va_list args;
	char *formula;

	if (last < first)
		return;
	va_start(args, fmt);
	formula = print(fmt, args);
	va_end(args);
	rule.value_string = mem_printf("=%s", formula);
	worksheet_conditional_format_range(sheet->ws, first, 0, last, last_col, &rule);
	free(rule.value_string);
	free(formula);
}

const char *sheet_col_name(lxw_col_t col)
{
	static char names[4][LXW_MAX_COL_NAME_LENGTH];
	static int next;
	char *name = names[next = (next + 1) % 4];

	lxw_col_to_name(name, col, LXW_FALSE);
	return name;
}

void sheet_name_range(struct sheet *sheet, const char *name, lxw_row_t first, lxw_row_t last,
		      lxw_col_t col)
{
	const char *letters = sheet_col_name(col);
	char *range = mem_printf("='%s'!$%s$%u:$%s$%u", sheet->name, letters, first + 1, letters,
				 last + 1);

	workbook_define_name(sheet->book->workbook, name, range);
	free(range);
}
