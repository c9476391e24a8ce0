/* poll: one question put to one node again and again, on a fixed grid of instants.
 *
 * A slot comes every period. It finds the last request answered and sends the next (late by what
 * the machine takes), or finds it still under way and is skipped: nothing is caught up, so that a
 * slow node never gets a burst and never delays another. due = sent + skipped, always. */
#ifndef REJOIN_COLLECTOR_POLL_H
#define REJOIN_COLLECTOR_POLL_H

#include "lib/http.h"
#include "lib/loop.h"
#include <stdbool.h>
#include <stdint.h>

struct poll_answer {
	int64_t due_ns;			/* the slot; sent and done are in http */
	const struct http_answer *http; /* valid during the callback */
};

struct poll_counts {
	int64_t due, sent, skipped;
};

struct poll;
typedef void poll_fn(void *arg, const struct poll_answer *answer);

/* Stopped until poll_pace. */
struct poll *poll_new(struct loop *loop, struct http *http, const char *url, int64_t timeout_ns,
		      poll_fn *fn, void *arg);
void poll_free(struct poll *poll); /* NULL is fine */

/* Slots at first_ns, first_ns + period_ns, ... instead of those before. */
void poll_pace(struct poll *poll, int64_t first_ns, int64_t period_ns);
/* No more slots; a request under way still ends in fn. */
void poll_stop(struct poll *poll);
bool poll_busy(const struct poll *poll);
void poll_set_url(struct poll *poll, const char *url);
struct poll_counts
poll_take_counts(struct poll *poll); /* since the last take; poll stopped and not busy */

#endif
