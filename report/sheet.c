#include "report/sheet.h"
#include "lib/str.h"
#include "report/factor.h"
#include "report/text.h"
#include <math.h>
#include <string.h>

enum { CELL_CHARS = 32767 };

/* '&' starts a code in headers; at most 255 characters fit. */
static char *header_text(const char *text)
{
	struct str out = STR_INIT;
	size_t n = text_prefix(text, 60);

	for (size_t i = 0; i < n; i++) {
		str_add(&out, text[i] == '&' ? "&" : "");
		str_add_n(&out, text + i, 1);
	}
	return str_take(&out);
}

static void set_header(struct sheet *sheet, const char *middle)
{
	const struct model *model = sheet->book->model;
	char *study = header_text(model->studies.n ? model->studies.v[0].label : "no study");
	char *header = mem_printf("&L%s%s%s&R%s", study, *middle ? "&C" : "", middle, sheet->name);

	worksheet_set_header(sheet->ws, header);
	free(study);
	free(header);
}

static void set_up_print(struct sheet *sheet)
{
	worksheet_set_landscape(sheet->ws);
	worksheet_set_paper(sheet->ws, 9); /* A4 */
	worksheet_fit_to_pages(sheet->ws, 1, 0);
	worksheet_set_margins(sheet->ws, 0.25, 0.25, 0.75, 0.75);
	set_header(sheet, "");
	worksheet_set_footer(sheet->ws, "&Lrejoin-report " REJOIN_VERSION "&RPage &P of &N");
}

void sheet_open(struct sheet *sheet, struct book *book, const char *name, const char *title)
{
	*sheet = (struct sheet){
		.book = book,
		.ws = workbook_add_worksheet(book->workbook, name),
		.name = name,
	};
	if (!sheet->ws) { /* no room for the file of a long one: the end will tell */
		book->workbook->options.constant_memory = LXW_FALSE;
		sheet->ws = workbook_add_worksheet(book->workbook, name);
	}
	worksheet_gridlines(sheet->ws, LXW_HIDE_ALL_GRIDLINES);
	set_up_print(sheet);
	worksheet_set_row(sheet->ws, 0, 24, NULL);
	sheet_line(sheet, title, STYLE_TITLE);
}

void sheet_open_long(struct sheet *sheet, struct book *book, const char *name, const char *title)
{
	uint8_t kept = book->workbook->options.constant_memory;

	/* The library's own switch for a whole workbook; it is looked at when a sheet is added. */
	book->workbook->options.constant_memory = LXW_TRUE;
	sheet_open(sheet, book, name, title);
	book->workbook->options.constant_memory = kept;
}

void sheet_text(struct sheet *sheet, lxw_col_t col, const char *text, enum style style)
{
	lxw_format *format = sheet->book->styles[style];
	char *clean = text_clean(text ? text : "");

	clean[text_prefix(clean, CELL_CHARS)] = '\0';
	if (*clean)
		worksheet_write_string(sheet->ws, sheet->row, col, clean, format);
	else
		worksheet_write_blank(sheet->ws, sheet->row, col, format);
	free(clean);
}

void sheet_number(struct sheet *sheet, lxw_col_t col, double value, enum style style)
{
	lxw_format *format = sheet->book->styles[style];

	if (isfinite(value))
		worksheet_write_number(sheet->ws, sheet->row, col, value, format);
	else
		worksheet_write_blank(sheet->ws, sheet->row, col, format);
}

double sheet_microseconds(double seconds)
{
	return round(seconds * 1e6) / 1e6;
}

void sheet_line(struct sheet *sheet, const char *text, enum style style)
{
	sheet_text(sheet, 0, text, style);
	sheet->row++;
}

void sheet_pair(struct sheet *sheet, const char *key, const char *text)
{
	if (!text)
		return;
	sheet_text(sheet, 0, key, STYLE_KEY);
	sheet_text(sheet, 1, text, STYLE_TEXT);
	sheet->row++;
}

void sheet_column(sheet_columns *columns, const char *title, double width, enum style style)
{
	vec_push(columns, (struct sheet_column){mem_strdup(title), width, style});
}

void sheet_columns_done(sheet_columns *columns)
{
	for (size_t i = 0; i < columns->n; i++)
		free(columns->v[i].title);
	vec_done(columns);
}

static bool is_number(enum style style)
{
	switch (style) {
	case STYLE_WHOLE:
	case STYLE_SECONDS:
	case STYLE_PLUS_MINUS:
	case STYLE_SHARE:
	case STYLE_P:
	case STYLE_SIGNED:
	case STYLE_NUMBER:
	case STYLE_FINE:
	case STYLE_HEADLINE:
		return true;
	default:
		return false;
	}
}

void sheet_head(struct sheet *sheet, const sheet_columns *columns, bool set_widths)
{
	for (size_t i = 0; i < columns->n; i++) {
		lxw_col_t col = (lxw_col_t)i;

		sheet_text(sheet, col, columns->v[i].title,
			   is_number(columns->v[i].style) ? STYLE_HEAD_NR : STYLE_HEAD);
		if (!set_widths)
			continue;
		worksheet_set_column(sheet->ws, col, col, columns->v[i].width, NULL);
		if (i < SHEET_FITTED)
			sheet->least[i] = columns->v[i].width;
	}
	sheet->row++;
}

/* Thousands of rows are for the screen: paper gets the first, and says so at its head. */
static void print_first(struct sheet *sheet, lxw_row_t head_row, lxw_row_t last, lxw_col_t last_col)
{
	struct str says = STR_INIT;

	if (last <= head_row + SHEET_PRINT_ROWS)
		return;
	str_add(&says, "Printed: the first ");
	phrase_add_integer(&says, SHEET_PRINT_ROWS);
	str_add(&says, " of ");
	phrase_add_count(&says, last - head_row, "row", "rows");
	worksheet_print_area(sheet->ws, 0, 0, head_row + SHEET_PRINT_ROWS, last_col);
	set_header(sheet, says.s);
	str_done(&says);
}

void sheet_is_table(struct sheet *sheet, lxw_row_t head_row, size_t n_columns, lxw_col_t n_frozen)
{
	lxw_row_t last = sheet->row > head_row + 1 ? sheet->row - 1 : head_row;

	worksheet_freeze_panes(sheet->ws, head_row + 1, n_frozen);
	worksheet_repeat_rows(sheet->ws, head_row, head_row);
	worksheet_autofilter(sheet->ws, head_row, 0, last, (lxw_col_t)(n_columns - 1));
	print_first(sheet, head_row, last, (lxw_col_t)(n_columns - 1));
	if (sheet->row == head_row + 1)
		sheet_line(sheet, "none", STYLE_FAINT);
}

void sheet_ends(struct sheet *sheet, size_t n_extra)
{
	char *text = mem_printf("%zu more are in the recording: a sheet ends here.", n_extra);

	if (n_extra)
		sheet_line(sheet, text, STYLE_WARN);
	free(text);
}

char *sheet_metric_title(enum metric metric)
{
	return mem_printf("%s [s]", phrase_metric_within(metric));
}

/* Sheets have room for the whole word. */
static const char *title_of(const char *name)
{
	return strcmp(name, "master_eligible") == 0 ? "master-eligible" : name;
}

void sheet_factor_columns(const struct grouping *grouping, sheet_columns *columns)
{
	for (size_t i = 0; i < grouping->names.n; i++) {
		const char *title = title_of(grouping->names.v[i]);
		bool whole = strcmp(grouping->names.v[i], "master_eligible") == 0;
		double width = whole ? 10 : fmin(fmax(8, (double)text_width(title) + 2), 16);

		sheet_column(columns, title, width, whole ? STYLE_WHOLE : STYLE_TEXT);
	}
}

void sheet_levels(struct sheet *sheet, const struct group *group, lxw_col_t col, bool last)
{
	const struct grouping *grouping = sheet->book->grouping;

	for (size_t i = 0; i < grouping->names.n; i++, col++) {
		const json_t *level = json_object_get(group->factors, grouping->names.v[i]);
		enum style style = json_is_integer(level) ? STYLE_WHOLE : STYLE_TEXT;
		char *text;

		style = last ? style_last(style) : style;
		if (json_is_number(level)) {
			sheet_number(sheet, col, json_number_value(level), style);
			continue;
		}
		text = group_level_text(grouping, group, i);
		sheet_fitted(sheet, col, text, SHEET_LEVEL_CHARS, style);
		free(text);
	}
}

char *sheet_group_label(const struct grouping *grouping, const struct group *group)
{
	struct str label = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++) {
		const char *name = grouping->names.v[i];
		bool size = strcmp(name, "master_eligible") == 0;
		bool plain = size || factor_is_plain(name);
		char *level = group_level_text(grouping, group, i);

		str_addf(&label, "%s%s%s%s%s", label.n ? ", " : "", plain ? "" : factor_title(name),
			 plain ? "" : " ", level, size ? " master-eligible" : "");
		free(level);
	}
	return label.n ? str_take(&label) : mem_strdup("all");
}
