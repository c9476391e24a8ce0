#include "report/table.h"
#include "report/text.h"
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void table_column(struct table *table, const char *head, bool right)
{
	vec_push(&table->heads, mem_strdup(head));
	vec_push(&table->right, right);
	vec_push(&table->stays, false);
}

void table_stays(struct table *table)
{
	table->stays.v[table->stays.n - 1] = true;
}

void table_add_take(struct table *table, char *text)
{
	vec_push(&table->cells, text);
}

void table_add_figure(struct table *table, double v)
{
	if (isfinite(v))
		table_addf(table, "%.12g", v);
	else
		table_add(table, "");
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

/* The columns of one part of a folded table: the keys, then those from first to before end. */
struct part {
	size_t n_keys, first, end;
	const size_t *widths;
};

/* One line; trailing blanks are cut. */
static void print_line(struct str *out, const struct table *table, char *const *cells,
		       const struct part *part)
{
	for (size_t c = 0; c < part->end; c++) {
		if (c >= part->n_keys && c < part->first)
			continue;
		str_add(out, c ? "  " : "");
		print_padded(out, cells[c], part->widths[c], table->right.v[c]);
	}
	while (out->n && out->s[out->n - 1] == ' ')
		out->s[--out->n] = '\0';
	str_add(out, "\n");
}

static void print_part(struct str *out, const struct table *table, const struct part *part)
{
	size_t n = table->heads.n;

	print_line(out, table, table->heads.v, part);
	for (size_t i = 0; i < table->cells.n; i += n) {
		char *const *cells = table->cells.v + i;

		if (table->part_blocks && i && strcmp(cells[0], *(cells - n)) != 0)
			str_add(out, "\n");
		print_line(out, table, cells, part);
	}
}

/* Where the part that begins at first ends: as many columns as fit, one at least, none of them
 * parted from the one it belongs to. */
static size_t end_of(const struct table *table, const struct part *part, size_t width)
{
	size_t n = table->heads.n, end = part->first, used = 0; /* with a gap after each */

	for (size_t c = 0; c < part->n_keys; c++)
		used += part->widths[c] + 2;
	while (end < n) {
		size_t next = end, wide = used;

		do {
			wide += part->widths[next] + 2;
			next++;
		} while (next < n && table->stays.v[next]);
		if (end > part->first && wide - 2 > width)
			break;
		used = wide;
		end = next;
	}
	return end;
}

void table_print_within(const struct table *table, size_t n_keys, size_t width,
			struct str *ret_text)
{
	size_t n = table->heads.n;
	size_t *widths = mem_alloc((n + 1) * sizeof *widths);
	struct part part = {.n_keys = n_keys, .first = n_keys, .widths = widths};

	for (size_t c = 0; c < n; c++)
		widths[c] = column_width(table, c);
	do {
		str_add(ret_text, part.first > n_keys ? "\n" : "");
		part.end = end_of(table, &part, width);
		print_part(ret_text, table, &part);
		part.first = part.end;
	} while (part.first < n);
	free(widths);
}

void table_print(const struct table *table, struct str *ret_text)
{
	table_print_within(table, 0, SIZE_MAX, ret_text);
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
	vec_done(&table->stays);
	vec_done(&table->cells);
}
