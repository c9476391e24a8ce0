/* rows: a row of a view as a line of CSV or NDJSON, whole and exact.
 *
 * Whole numbers stay whole, reals have as many digits as give the same value again, NULL is an
 * empty field (CSV) or null. What is not UTF-8 becomes U+FFFD. A table for people is made by
 * table.h. */
#ifndef REJOIN_REPORT_ROWS_H
#define REJOIN_REPORT_ROWS_H

#include "lib/str.h"
#include "schema/store_view.h"

/* CSV as RFC 4180 has it: CRLF; an empty text is "", to be told from NULL. */
void rows_csv_head(const struct store_view *view, struct str *ret_line);
void rows_csv(const struct store_view *view, const struct store_row *row, struct str *ret_line);

/* One object a line, NULLs included. first: the place of the view's first column in row. */
void rows_json(const struct store_view *view, const struct store_row *row, int first,
	       struct str *ret_line);

/* One value of it. */
void rows_json_value(const struct store_row *row, int column, struct str *ret_text);

/* Adds s in quotes, as JSON wants it. */
void rows_json_text(const char *s, struct str *ret_text);

#endif
