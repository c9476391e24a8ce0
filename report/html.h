/* html: markup of a page, in which nothing of a recording is ever taken for markup.
 *
 * Values go in through html_add alone: what its format holds is markup and stands in our sources,
 * what its arguments hold is text and is escaped, in content and in quoted attributes alike. Text
 * loses control characters and those that turn the line round, and gets U+FFFD for what is not
 * UTF-8 (text_clean), wherever it comes from. */
#ifndef REJOIN_REPORT_HTML_H
#define REJOIN_REPORT_HTML_H

#include "lib/str.h"

/* As printf, of %s (NULL: nothing), %d and %u with a length, %f and %g with a precision, %+f, and
 * %%; without widths and other flags. Any other conversion aborts. */
void html_add(struct str *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Text alone, escaped. NULL: nothing. */
void html_text(struct str *out, const char *text);

/* "'sha256-...'" of an inline style or script, as a Content-Security-Policy names it. The caller
 * frees it. */
char *html_hash(const char *content);

#endif
