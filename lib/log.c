#include "lib/log.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* How this process speaks: set once by log_init. */
static struct {
	const char *program;
	bool quiet, terminal, color, status_shown;
} state = {.program = "rejoin"};

void log_init(const char *program, enum log_color color, bool quiet)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool dumb = term && strcmp(term, "dumb") == 0;

	state.program = program;
	state.quiet = quiet;
	state.terminal = isatty(STDERR_FILENO) && !dumb;
	state.color = color == LOG_COLOR_ALWAYS ||
		      (color == LOG_COLOR_AUTO && state.terminal && !(no_color && *no_color));
}

static void clear_status(void)
{
	if (state.status_shown)
		fputs("\r\033[K", stderr);
	state.status_shown = false;
}

/* One line, whatever a node or a file has put into it. */
__attribute__((format(printf, 1, 0))) static void put_line(const char *fmt, va_list ap)
{
	va_list again;
	size_t size;
	char *text;

	va_copy(again, ap);
	size = (size_t)vsnprintf(NULL, 0, fmt, again) + 1;
	va_end(again);
	text = mem_alloc(size);
	vsnprintf(text, size, fmt, ap);
	str_on_one_line(text);
	fprintf(stderr, "%s\n", text);
	free(text);
}

__attribute__((format(printf, 3, 0))) static void say(const char *color, const char *kind,
						      const char *fmt, va_list ap)
{
	clear_status();
	if (kind)
		fprintf(stderr, "%s: %s%s:%s ", state.program, log_ansi(color), kind,
			log_ansi("reset"));
	put_line(fmt, ap);
}

void log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("red", "error", fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("yellow", "warning", fmt, ap);
	va_end(ap);
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	if (state.quiet)
		return;
	va_start(ap, fmt);
	say(NULL, NULL, fmt, ap);
	va_end(ap);
}

/* Only a line that does not wrap can be overwritten. */
static int columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return 79;
	return size.ws_col - 1;
}

void log_status(const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (!state.terminal || state.quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	clear_status();
	fprintf(stderr, "%.*s", columns(), line);
	fflush(stderr);
	state.status_shown = *line != '\0';
}

bool log_is_terminal(void)
{
	return state.terminal;
}

const char *log_ansi(const char *name)
{
	static const struct {
		const char *name, *sequence;
	} table[] = {
		{"bold", "\033[1m"},   {"dim", "\033[2m"},     {"red", "\033[31m"},
		{"green", "\033[32m"}, {"yellow", "\033[33m"}, {"reset", "\033[0m"},
	};

	if (!state.color)
		return "";
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].sequence;
	return "";
}
