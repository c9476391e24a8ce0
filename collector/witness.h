/* witness: the nodes' own logs as witness of a trial.
 *
 * Marks where each log is when the trial begins, and reads what came since when it is over: nothing
 * is read while a fault is open. A line's instant is the wall clock's, so the two clocks are read
 * together at both ends: a line is placed on CLOCK_MONOTONIC as an interval that holds the
 * millisecond it names, the errors of both readings, and their difference. Where the wall clock was
 * set meanwhile, no line is placed. What is wrong with a log is an incident, never a figure. */
#ifndef REJOIN_COLLECTOR_WITNESS_H
#define REJOIN_COLLECTOR_WITNESS_H

#include "collector/driver.h"
#include "lib/clock.h"
#include "schema/store.h"

#define WITNESS_MAX_STEP_NS (2 * NS_PER_MS) /* what both clocks may drift apart in a trial */

struct witness_clock {
	struct clock_anchor start, end;
	bool was_set; /* the kernel says so */
};

/* The wall clock was set between the two anchors, there and back included. */
bool witness_stepped(const struct witness_clock *clock);
/* Where on CLOCK_MONOTONIC a line logged at utc_us (whole ms, cut) can have been written; the
 * clock must not have stepped. */
struct interval witness_place(const struct witness_clock *clock, int64_t utc_us);
/* The wall clock at an instant near an anchor, and within which both ends are true to it. */
int64_t witness_utc_us(const struct clock_anchor *anchor, int64_t mono_ns);
int64_t witness_error_ns(const struct witness_clock *clock);

struct witness {
	struct driver *driver;
	struct witness_clock clock;
	int timer_fd; /* tells when the wall clock is set; -1: not known */
	VEC(struct tail_mark) marks;
};

/* Reads the start anchor: its mono_ns is when the trial begins. */
void witness_begin(struct witness *witness, struct driver *driver);
/* Reads the end anchor: when the trial ends, logs included. */
void witness_end(struct witness *witness);
void witness_done(struct witness *witness);

struct trial;
/* Reads all logs and stores them, their events, and what is wrong with them; calls witness_end.
 * Inside of the trial's transaction. */
void witness_record(struct trial *trial);

#endif
