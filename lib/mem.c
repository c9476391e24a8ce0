#include "lib/mem.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_OUT_OF_MEMORY = 3 };

static void *must(void *p)
{
	if (p)
		return p;
	fprintf(stderr, "%s: error: out of memory\n", program_invocation_short_name);
	exit(EXIT_OUT_OF_MEMORY);
}

void *mem_alloc(size_t size_bytes)
{
	return must(calloc(1, size_bytes ? size_bytes : 1));
}

void *mem_resize(void *p, size_t n, size_t size_bytes)
{
	size_t total_bytes;

	if (__builtin_mul_overflow(n, size_bytes, &total_bytes))
		return must(NULL);
	/* Of size 0, realloc would free and return NULL. */
	return must(realloc(p, total_bytes ? total_bytes : 1));
}

char *mem_strdup(const char *s)
{
	return s ? must(strdup(s)) : NULL;
}

char *mem_strndup(const char *s, size_t n)
{
	return must(strndup(s, n));
}

char *mem_printf(const char *fmt, ...)
{
	char *s;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return must(n < 0 ? NULL : s);
}
