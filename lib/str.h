/* str: a text that grows. Always NUL-terminated; `s` is never NULL after the first add. */
#ifndef REJOIN_LIB_STR_H
#define REJOIN_LIB_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
	char *s;
	size_t n; /* bytes, without the NUL */
	size_t cap;
};

#define STR_INIT                                                                                   \
	{                                                                                          \
		0                                                                                  \
	}

void str_add(struct str *str, const char *s);
void str_add_n(struct str *str, const char *s, size_t n);
void str_addf(struct str *str, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_clear(struct str *str); /* keeps the memory */
char *str_take(struct str *str); /* the text is the caller's to free; str is empty afterwards */
void str_done(struct str *str);

/* The candidate nearest to word (edit distance at most 1 + a third of its length), NULL where none
 * is near. candidates ends with NULL. For "did you mean". */
const char *str_nearest(const char *word, const char *const *candidates);

/* What an argument, a file or a node said may hold line ends and escape sequences (C1 controls are
 * two bytes in UTF-8); the terminal that shows it must not. Each becomes a question mark. */
void str_on_one_line(char *s);

bool str_starts(const char *s, const char *prefix);

#endif
