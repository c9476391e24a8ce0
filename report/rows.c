#include "report/rows.h"
#include "report/text.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

/* The fewest digits that give the same value again. */
static void add_real(struct str *out, double value)
{
	char digits[32] = "";

	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof digits, "%.*g", precision, value);
		if (strtod(digits, NULL) == value)
			break;
	}
	str_add(out, digits);
	/* a real that happens to be whole stays one for readers that guess types */
	if (!strpbrk(digits, ".en"))
		str_add(out, ".0");
}

static void add_csv_text(struct str *out, const char *s)
{
	bool quote = !*s || strpbrk(s, ",\"\r\n");

	str_add(out, quote ? "\"" : "");
	while (*s) {
		size_t n = text_char(s);

		if (*s == '"')
			str_add(out, "\"");
		str_add_n(out, n ? s : replacement, n ? n : strlen(replacement));
		s += n ? n : 1;
	}
	str_add(out, quote ? "\"" : "");
}

void rows_csv_head(const struct store_view *view, struct str *ret_line)
{
	for (size_t i = 0; i < view->columns.n; i++) {
		str_add(ret_line, i ? "," : "");
		add_csv_text(ret_line, view->columns.v[i].name);
	}
	str_add(ret_line, "\r\n");
}

void rows_csv(const struct store_view *view, const struct store_row *row, struct str *ret_line)
{
	for (int i = 0; i < (int)view->columns.n; i++) {
		str_add(ret_line, i ? "," : "");
		switch (store_type(row, i)) {
		case STORE_NULL:
			break;
		case STORE_INTEGER:
			str_addf(ret_line, "%" PRId64, store_int(row, i));
			break;
		case STORE_REAL:
			add_real(ret_line, store_double(row, i));
			break;
		case STORE_TEXT_TYPE:
			add_csv_text(ret_line, store_text(row, i));
			break;
		}
	}
	str_add(ret_line, "\r\n");
}

static void add_escaped(struct str *out, char c)
{
	switch (c) {
	case '"':
		str_add(out, "\\\"");
		break;
	case '\\':
		str_add(out, "\\\\");
		break;
	case '\n':
		str_add(out, "\\n");
		break;
	case '\r':
		str_add(out, "\\r");
		break;
	case '\t':
		str_add(out, "\\t");
		break;
	default:
		str_addf(out, "\\u%04x", (unsigned char)c);
	}
}

static bool must_escape(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < ' ' || c == 0x7f;
}

void rows_json_text(const char *s, struct str *ret_text)
{
	str_add(ret_text, "\"");
	while (*s) {
		size_t n = text_char(s);

		if (must_escape(*s))
			add_escaped(ret_text, *s);
		else
			str_add_n(ret_text, n ? s : replacement, n ? n : strlen(replacement));
		s += n ? n : 1;
	}
	str_add(ret_text, "\"");
}

void rows_json_value(const struct store_row *row, int column, struct str *ret_text)
{
	switch (store_type(row, column)) {
	case STORE_NULL:
		str_add(ret_text, "null");
		break;
	case STORE_INTEGER:
		str_addf(ret_text, "%" PRId64, store_int(row, column));
		break;
	case STORE_REAL:
		if (isfinite(store_double(row, column)))
			add_real(ret_text, store_double(row, column));
		else
			str_add(ret_text, "null"); /* JSON has no other word */
		break;
	case STORE_TEXT_TYPE:
		rows_json_text(store_text(row, column), ret_text);
		break;
	}
}

void rows_json(const struct store_view *view, const struct store_row *row, int first,
	       struct str *ret_line)
{
	for (int i = 0; i < (int)view->columns.n; i++) {
		str_add(ret_line, i ? "," : "{");
		rows_json_text(view->columns.v[i].name, ret_line);
		str_add(ret_line, ":");
		rows_json_value(row, first + i, ret_line);
	}
	str_add(ret_line, "}\n");
}
