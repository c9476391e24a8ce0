#include "report/table.h"
#include "report/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void table_column(struct table *table, const char *head, bool right)
{
	vec_push(&table->heads, mem_strdup(head));
	vec_push(&table->right, right);
}

void table_add_take(struct table *table, char *text)
{
	vec_push(&table->cells, text);
}

void table_add(struct table *table, const char *text)
{
	table_add_take(table, mem_strdup(text));
}

void table_addf(struct table *table, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort(); /* only without memory: the others end the program too */
	va_end(ap);
	table_add_take(table, text);
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t width = text_width(table->heads.v[column]);

	for (size_t i = column; i < table->cells.n; i += table->heads.n) {
		size_t w = text_width(table->cells.v[i]);

		width = w > width ? w : width;
	}
	return width;
}

size_t table_width(const struct table *table)
{
	size_t width = 0;

	for (size_t c = 0; c < table->heads.n; c++)
		width += (c ? 2 : 0) + column_width(table, c);
	return width;
}

static void print_padded(struct str *out, const char *text, size_t width, bool right)
{
	int pad = (int)(width - text_width(text));

	str_addf(out, "%*s%s%*s", right ? pad : 0, "", text, right ? 0 : pad, "");
}

/* One line; trailing blanks are cut. */
static void print_line(struct str *out, const struct table *table, char *const *cells,
		       const size_t *widths)
{
	for (size_t c = 0; c < table->heads.n; c++) {
		str_add(out, c ? "  " : "");
		print_padded(out, cells[c], widths[c], table->right.v[c]);
	}
	while (out->n && out->s[out->n - 1] == ' ')
		out->s[--out->n] = '\0';
	str_add(out, "\n");
}

void table_print(const struct table *table, struct str *ret_text)
{
	size_t n = table->heads.n;
	size_t *widths = mem_alloc((n + 1) * sizeof *widths);

	for (size_t c = 0; c < n; c++)
		widths[c] = column_width(table, c);
	print_line(ret_text, table, table->heads.v, widths);
	for (size_t i = 0; i < table->cells.n; i += n) {
		char *const *cells = table->cells.v + i;

		if (table->part_blocks && i && strcmp(cells[0], *(cells - n)) != 0)
			str_add(ret_text, "\n");
		print_line(ret_text, table, cells, widths);
	}
	free(widths);
}

void table_add_md_text(struct str *str, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (strchr("\\|`*_<>[]&", *p))
			str_add(str, "\\");
		str_add_n(str, p, 1);
	}
}

static void print_md_line(struct str *out, char *const *cells, size_t n)
{
	for (size_t c = 0; c < n; c++) {
		str_add(out, "| ");
		table_add_md_text(out, cells[c]);
		str_add(out, " ");
	}
	str_add(out, "|\n");
}

void table_print_md(const struct table *table, struct str *ret_text)
{
	size_t n = table->heads.n;

	print_md_line(ret_text, table->heads.v, n);
	for (size_t c = 0; c < n; c++)
		str_add(ret_text, table->right.v[c] ? "|---:" : "|---");
	str_add(ret_text, "|\n");
	for (size_t i = 0; i < table->cells.n; i += n)
		print_md_line(ret_text, table->cells.v + i, n);
}

static void print_csv_line(struct str *out, char *const *cells, size_t n)
{
	for (size_t c = 0; c < n; c++) {
		str_add(out, c ? "," : "");
		if (!strpbrk(cells[c], ",\"\r\n")) {
			str_add(out, cells[c]);
			continue;
		}
		str_add(out, "\"");
		for (const char *p = cells[c]; *p; p++) {
			str_add(out, *p == '"' ? "\"" : "");
			str_add_n(out, p, 1);
		}
		str_add(out, "\"");
	}
	str_add(out, "\r\n");
}

void table_print_csv(const struct table *table, struct str *ret_text)
{
	print_csv_line(ret_text, table->heads.v, table->heads.n);
	for (size_t i = 0; i < table->cells.n; i += table->heads.n)
		print_csv_line(ret_text, table->cells.v + i, table->heads.n);
}

void table_done(struct table *table)
{
	for (size_t i = 0; i < table->heads.n; i++)
		free(table->heads.v[i]);
	for (size_t i = 0; i < table->cells.n; i++)
		free(table->cells.v[i]);
	vec_done(&table->heads);
	vec_done(&table->right);
	vec_done(&table->cells);
}
