#include "collector/witness.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int64_t offset_ns(const struct clock_anchor *anchor)
{
	return anchor->utc_ns - anchor->mono_ns;
}

static int64_t drift_ns(const struct witness_clock *clock)
{
	return llabs(offset_ns(&clock->end) - offset_ns(&clock->start));
}

bool witness_stepped(const struct witness_clock *clock)
{
	return clock->was_set ||
	       drift_ns(clock) > WITNESS_MAX_STEP_NS + clock->start.error_ns + clock->end.error_ns;
}

int64_t witness_error_ns(const struct witness_clock *clock)
{
	int64_t worse = clock->start.error_ns > clock->end.error_ns ? clock->start.error_ns
								    : clock->end.error_ns;
	return worse + NS_PER_US; /* stored in whole microseconds */
}

int64_t witness_utc_us(const struct clock_anchor *anchor, int64_t mono_ns)
{
	return (mono_ns + offset_ns(anchor)) / NS_PER_US;
}

struct interval witness_place(const struct witness_clock *clock, int64_t utc_us)
{
	int64_t a = offset_ns(&clock->start), b = offset_ns(&clock->end);
	int64_t error_ns = witness_error_ns(clock), utc_ns = utc_us * NS_PER_US;

	/* somewhere between the two ties, and in the millisecond after the one that is written */
	return (struct interval){
		.lo_ns = utc_ns - (a > b ? a : b) - error_ns,
		.hi_ns = utc_ns + NS_PER_MS - (a < b ? a : b) + error_ns,
	};
}

/* A timer that never comes, but whose reading fails once the wall clock has been set. */
static int watch_clock(void)
{
	struct itimerspec never = {.it_value.tv_sec = (time_t)1 << 40};
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0 &&
	    timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool clock_was_set(int timer_fd)
{
	uint64_t n;

	return timer_fd >= 0 && read(timer_fd, &n, sizeof n) < 0 && errno == ECANCELED;
}

void witness_begin(struct witness *witness, struct driver *driver)
{
	*witness = (struct witness){.driver = driver, .timer_fd = watch_clock()};
	for (int i = 0; driver->ops->read_log && i < (int)driver->nodes.n; i++) {
		struct tail_mark mark = TAIL_MARK_INIT;

		driver->ops->read_log(driver, i, &mark, NULL);
		vec_push(&witness->marks, mark);
	}
	witness->clock.start = clock_anchor_read();
}

void witness_end(struct witness *witness)
{
	witness->clock.end = clock_anchor_read();
	witness->clock.was_set = clock_was_set(witness->timer_fd);
}

void witness_done(struct witness *witness)
{
	for (size_t i = 0; i < witness->marks.n; i++)
		tail_done(&witness->marks.v[i]);
	vec_done(&witness->marks);
	if (witness->timer_fd >= 0)
		close(witness->timer_fd);
	witness->timer_fd = -1;
}
