#include "lib/err.h"
#include "lib/str.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that did not fit must not look whole. */
static void mark_cut(struct err *err)
{
	memcpy(err->text + sizeof err->text - 4, "...", 4);
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
	str_on_one_line(err->text);
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
	str_on_one_line(err->text);
	return err->code;
}

int err_exit_code(int code)
{
	return code < 0 ? -code : code;
}
