#include "report/spark.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The share that is over at a time. steps are ascending; *i is the first one after it. */
static double over_at(const struct stats_survival *curve, double at, size_t *i)
{
	while (*i < curve->n && curve->v[*i].time <= at)
		++*i;
	return *i ? 1 - curve->v[*i - 1].s : 0;
}

/* A first block as soon as one is over, the full one only when all are. */
static size_t height_of(double over)
{
	if (over >= 1)
		return 8;
	return over > 0 ? (size_t)fmin(7, ceil(over * 8 - 1e-9)) : 0;
}

void spark_add(struct str *str, const struct stats_times *times, double from, double to)
{
	static const char *const blocks[] = {" ",      "\u2581", "\u2582", "\u2583", "\u2584",
					     "\u2585", "\u2586", "\u2587", "\u2588"};
	struct stats_survival curve;
	size_t i = 0;

	stats_survival(times, 0.95, &curve);
	for (int column = 1; column <= SPARK_COLUMNS; column++) {
		/* the last end exactly, so that the longest trial is over by then */
		double at =
			column == SPARK_COLUMNS ? to : from + (to - from) * column / SPARK_COLUMNS;

		str_add(str, blocks[height_of(over_at(&curve, at, &i))]);
	}
	stats_survival_done(&curve);
}

static bool locale_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

size_t spark_terminal_columns(void)
{
	const char *term = getenv("TERM");
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0 || !locale_is_utf8())
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}
