/* text: texts from a recording made fit for a terminal, a sheet or a page. */
#ifndef REJOIN_REPORT_TEXT_H
#define REJOIN_REPORT_TEXT_H

#include "lib/str.h"
#include "schema/store.h"
#include <stddef.h>
#include <stdint.h>

/* A copy without control characters (tab and newline become a space) and with U+FFFD for what is
 * not UTF-8. The caller frees it. NULL gives NULL. */
char *text_clean(const char *s);

/* text_clean of a column of a recording. */
char *text_column(const struct store_row *row, int column);

/* Columns that s takes on a terminal: wide characters take two, combining marks none. */
size_t text_width(const char *s);

/* Adds text in lines of TEXT_COLUMNS at most. The first begins with mark, the others as far in. A
 * word that is longer than a line, such as a path, goes on in the next: after a slash, if it has
 * one. */
enum { TEXT_COLUMNS = 100 };
void text_add_wrapped(struct str *str, const char *mark, const char *text);

/* Bytes of the first n_chars characters of s (all of them if there are fewer). */
size_t text_prefix(const char *s, size_t n_chars);

/* Bytes of the valid UTF-8 character that s begins with; 0: none. */
size_t text_char(const char *s);

#endif
