#include "lib/err.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that did not fit must not look whole. */
static void mark_cut(struct err *err)
{
	memcpy(err->text + sizeof err->text - 4, "...", 4);
}

/* What an argument, a file or a node said may hold line ends and escape sequences (C1 controls are
 * two bytes in UTF-8); the terminal that shows the error must not. */
static void keep_on_one_line(struct err *err)
{
	for (char *s = err->text; *s; s++) {
		unsigned char c = (unsigned char)*s, next = (unsigned char)s[1];

		if (c < ' ' || c == 0x7f)
			*s = '?';
		else if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			s[0] = s[1] = '?';
	}
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (err->code)
		return err->code;
	err->code = code;
	va_start(ap, fmt);
	n = vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof err->text)
		mark_cut(err);
	keep_on_one_line(err);
	return code;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	char inner[sizeof err->text];
	size_t used;
	va_list ap;

	if (!err->code)
		return 0;
	memcpy(inner, err->text, sizeof inner);
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	if (snprintf(err->text + used, sizeof err->text - used, ": %s", inner) >=
	    (int)(sizeof err->text - used))
		mark_cut(err);
	keep_on_one_line(err);
	return err->code;
}

int err_exit_code(int code)
{
	return code < 0 ? -code : code;
}
