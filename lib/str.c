#include "lib/str.h"
#include "lib/mem.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct str *str, size_t n_more)
{
	size_t want = str->n + n_more + 1;
	size_t cap = str->cap ? str->cap : 32;

	if (want <= str->cap)
		return;
	while (cap < want)
		cap *= 2;
	str->s = mem_resize(str->s, cap, 1);
	str->cap = cap;
}

void str_add_n(struct str *str, const char *s, size_t n)
{
	reserve(str, n);
	memcpy(str->s + str->n, s, n);
	str->n += n;
	str->s[str->n] = '\0';
}

void str_add(struct str *str, const char *s)
{
	str_add_n(str, s, strlen(s));
}

void str_addf(struct str *str, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort(); /* only a broken format gets here */
	reserve(str, (size_t)n);
	vsnprintf(str->s + str->n, (size_t)n + 1, fmt, again);
	va_end(again);
	str->n += (size_t)n;
}

void str_clear(struct str *str)
{
	str->n = 0;
	if (str->s)
		str->s[0] = '\0';
}

char *str_take(struct str *str)
{
	char *s;

	reserve(str, 0);
	s = str->s;
	s[str->n] = '\0';
	*str = (struct str)STR_INIT;
	return s;
}

void str_done(struct str *str)
{
	free(str->s);
	*str = (struct str)STR_INIT;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(b);
	size_t *row = mem_resize(NULL, n + 1, sizeof *row);
	size_t d;

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t above = row[j + 1];

			row[j + 1] = min3(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	d = row[n];
	free(row);
	return d;
}

const char *str_nearest(const char *word, const char *const *candidates)
{
	size_t best = 1 + strlen(word) / 3;
	const char *nearest = NULL;

	for (; *candidates; candidates++) {
		size_t d = distance(word, *candidates);

		if (d < best || (d == best && !nearest)) {
			best = d;
			nearest = *candidates;
		}
	}
	return nearest;
}

bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

void str_on_one_line(char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s, next = (unsigned char)s[1];

		if (c < ' ' || c == 0x7f)
			*s = '?';
		else if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			s[0] = s[1] = '?';
	}
}
