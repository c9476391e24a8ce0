#include "lib/clock.h"
#include <stdio.h>
#include <time.h>

enum { ANCHOR_READINGS = 16, UTC_TEXT_SIZE = 32 };

static int64_t read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t clock_mono_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

struct clock_anchor clock_anchor_read(void)
{
	struct clock_anchor best = {.error_ns = INT64_MAX};

	for (int i = 0; i < ANCHOR_READINGS; i++) {
		int64_t before = read_ns(CLOCK_MONOTONIC);
		int64_t utc = read_ns(CLOCK_REALTIME);
		int64_t took = read_ns(CLOCK_MONOTONIC) - before;

		if ((took + 1) / 2 >= best.error_ns)
			continue;
		best.mono_ns = before + took / 2;
		best.utc_ns = utc;
		best.error_ns = (took + 1) / 2;
	}
	return best;
}

char *clock_utc_text(int64_t utc_ns, char *buf)
{
	int64_t ns = utc_ns % NS_PER_S;
	time_t s = utc_ns / NS_PER_S;
	struct tm tm;
	size_t n;

	if (ns < 0) { /* before 1970: the fraction still counts forward */
		ns += NS_PER_S;
		s--;
	}
	gmtime_r(&s, &tm);
	n = strftime(buf, UTC_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, UTC_TEXT_SIZE - n, ".%03dZ", (int)(ns / NS_PER_MS));
	return buf;
}
