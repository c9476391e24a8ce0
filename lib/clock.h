/* clock: the two clocks of the machine and the tie between them.
 *
 * Every duration is a difference of CLOCK_MONOTONIC in integer nanoseconds. The wall clock is only
 * ever read as part of an anchor: a pair of the two clocks read together, by which an instant of
 * one can be placed on the other, with the error of that placement. */
#ifndef REJOIN_LIB_CLOCK_H
#define REJOIN_LIB_CLOCK_H

#include <stdint.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

int64_t clock_mono_ns(void);

struct clock_anchor {
	int64_t mono_ns;  /* CLOCK_MONOTONIC */
	int64_t utc_ns;	  /* CLOCK_REALTIME at the same moment */
	int64_t error_ns; /* half the time that reading both took: the tie is true to within it */
};

/* The tightest of several readings. */
struct clock_anchor clock_anchor_read(void);

/* "2026-11-22T00:10:00.123Z" of ns since 1970 into buf (at least 32 bytes). Returns buf. */
char *clock_utc_text(int64_t utc_ns, char *buf);

#endif
