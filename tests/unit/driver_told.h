/* driver_told: what a driver tells is kept, and awaited in its order. For the tests of drivers:
 * they open loop and driver, and set driver->on_event to on_event. Nodes are 1, 2, ... as in n1,
 * n2. */
#ifndef REJOIN_TESTS_DRIVER_TOLD_H
#define REJOIN_TESTS_DRIVER_TOLD_H

#include "collector/driver.h"
#include "lib/clock.h"
#include "tests/unit/unit.h"
#include <stdio.h>

static struct loop *loop; /* of the test at hand */
static struct driver *driver;

struct told {
	struct driver_event event;
	char error[400];
};
static struct told told[32];
static size_t n_told, n_wanted; /* both 0 at the beginning of a test */

static inline void on_event(void *arg, const struct driver_event *event)
{
	struct told *at = &told[n_told++];

	(void)arg;
	assert_true(n_told <= sizeof told / sizeof *told);
	at->event = *event;
	snprintf(at->error, sizeof at->error, "%s", event->error ? event->error : "");
}

static inline void begin_action(int node, enum action action)
{
	struct err err = ERR_INIT;

	if (driver->ops->act(driver, node - 1, action, &err))
		fail_msg("%s", err.text);
}

static inline bool all_told(void *arg)
{
	(void)arg;
	return n_told >= n_wanted;
}

/* The next one. */
static inline struct told *await_told(void)
{
	n_wanted++;
	assert_int_equal(loop_wait(loop, all_told, NULL, clock_mono_ns() + 60 * NS_PER_S, false),
			 LOOP_DONE);
	return &told[n_wanted - 1];
}

static inline struct told *await_acted(int node, enum action action, const char *error)
{
	struct told *at = await_told();

	assert_int_equal(at->event.kind, DRIVER_ACTED);
	assert_int_equal(at->event.node, node - 1);
	assert_int_equal(at->event.action, action);
	assert_string_equal(at->error, error);
	assert_true(at->event.issued_ns > 0 && at->event.issued_ns <= at->event.done_ns);
	return at;
}

static inline struct told *await_gone(int node)
{
	struct told *at = await_told();

	assert_int_equal(at->event.kind, DRIVER_GONE);
	assert_int_equal(at->event.node, node - 1);
	assert_true(at->event.gone.lo_ns < at->event.gone.hi_ns);
	return at;
}

#endif
