/* observe: watches every node of an open cluster and keeps what it sees of one trial.
 *
 * Each node has two polls: its state (paced by the trial's phase) and its own health (at the idle
 * period). Answers go to the trial's track at once, and into memory as samples: nothing is written
 * while a trial runs. */
#ifndef REJOIN_COLLECTOR_OBSERVE_H
#define REJOIN_COLLECTOR_OBSERVE_H

#include "collector/driver.h"
#include "collector/plan.h"
#include "collector/probe.h"
#include "lib/http.h"
#include "schema/samples.h"
#include "schema/track.h"

struct observe;

enum pace { PACE_IDLE, PACE_FAST, PACE_REJOIN };

/* product and version as probe_state_url; NULL while they are not known. */
struct observe *observe_new(struct loop *loop, struct http *http, const struct plan *plan,
			    const struct driver *driver);
void observe_free(struct observe *o); /* NULL is fine */
void observe_set_version(struct observe *o, const char *product, const char *version);

/* Starts to poll, into a fresh track. base_ns: the instant that samples count from. */
void observe_begin(struct observe *o, int64_t base_ns);
void observe_pace(struct observe *o, enum pace pace);
/* Every node's state poll was sent and ended since the last observe_pace (timed out counts). */
bool observe_is_steady(const struct observe *o);
/* Stops polling and waits for the requests under way, at most their time-out. */
void observe_end(struct observe *o);

struct track *observe_track(struct observe *o); /* valid until the next observe_begin */

struct observe_tally {
	struct store_poll_count count; /* state polls: what the samples are of */
	int64_t bad_answers;	       /* of http_error: 200 with a body that is no cluster state */
	int64_t max_late_ns;
};
const struct observe_tally *observe_tally(const struct observe *o, int node);

/* Drops the samples of polls that were due before: their number, which the counts keep. */
size_t observe_forget(struct observe *o, int64_t before_ns);
/* Since observe_begin, in the order of due_us. Their views may not be stored yet (id 0). */
const samples *observe_samples(struct observe *o);

#endif
