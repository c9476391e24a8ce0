/* table: rows of texts, printed aligned, as Markdown or as CSV (RFC 4180). */
#ifndef REJOIN_REPORT_TABLE_H
#define REJOIN_REPORT_TABLE_H

#include "lib/str.h"
#include "lib/vec.h"
#include <stdbool.h>

struct table {
	VEC(char *) heads;
	VEC(bool) right;   /* of each column: aligned to the right */
	VEC(bool) stays;   /* of each column: never on another line than the one before it */
	VEC(char *) cells; /* row after row */
	bool part_blocks;  /* aligned print: an empty line where the first column changes */
};

void table_column(struct table *table, const char *head, bool right);
/* The column added last belongs to the one before it: a folded table keeps them together. */
void table_stays(struct table *table);
/* Cells are added from left to right, row after row. */
void table_add(struct table *table, const char *text);
void table_addf(struct table *table, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void table_add_take(struct table *table, char *text); /* takes text */
/* Every digit that tells half-nanoseconds in minutes apart; empty: not given, or without end. */
void table_add_figure(struct table *table, double v);

/* Columns that the longest line takes when printed aligned. */
size_t table_width(const struct table *table);
void table_print(const struct table *table, struct str *ret_text);
/* Folded where it is wider than that: tables one below the other, each with the first n_keys
 * columns and some of the others. All columns are there; one that is too wide alone stays so. */
void table_print_within(const struct table *table, size_t n_keys, size_t width,
			struct str *ret_text);
void table_print_md(const struct table *table, struct str *ret_text);
void table_print_csv(const struct table *table, struct str *ret_text); /* CRLF ends each line */
/* Text with the marks escaped that would turn it into markup. */
void table_add_md_text(struct str *str, const char *text);
void table_done(struct table *table);

#endif
