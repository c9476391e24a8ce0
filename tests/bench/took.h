/* took: how long something takes, by the wall clock and in CPU time of this process. */
#ifndef REJOIN_TESTS_BENCH_TOOK_H
#define REJOIN_TESTS_BENCH_TOOK_H

#include <time.h>

struct took {
	double wall_s, cpu_s;
};

static inline double took_clock_s(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Since begin; {0, 0} gives what to begin with. */
static inline struct took took_since(struct took begin)
{
	return (struct took){took_clock_s(CLOCK_MONOTONIC) - begin.wall_s,
			     took_clock_s(CLOCK_PROCESS_CPUTIME_ID) - begin.cpu_s};
}

#endif
