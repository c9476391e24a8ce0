/* replay_impl: what replay.c (answers) and replay_steps.c (what happens beside them) share. */
#ifndef REJOIN_SCHEMA_REPLAY_IMPL_H
#define REJOIN_SCHEMA_REPLAY_IMPL_H

#include "schema/replay.h"

enum event_kind {
	EVENT_ROUND_END, /* before what ends it */
	EVENT_TAKE,
	EVENT_GONE,
	EVENT_HEALTH,
	EVENT_START,
	EVENT_NOOP_END
};

/* Something beside the answers, at its instant. */
struct event {
	int64_t at_ns;
	enum event_kind kind;
	size_t i; /* of the round, step or health change */
};

struct play {
	const struct replay_trial *trial;
	unsigned order;
	struct replay *to;
	VEC(struct event) events;
	size_t next_event;
	bool noop;
	int round_of[TRACK_MAX_NODES]; /* by ordinal; -1: it was not taken */
	size_t n_rounds;
	size_t n_begun; /* rounds */
	bool *gone;	/* by step */
	bool has_health[TRACK_MAX_NODES];
};

/* From the trial's steps, losses and health changes. */
void replay_find_rounds(struct play *p);
const char *replay_why_not(const struct play *p);
void replay_collect_events(struct play *p);
/* Those that came before an answer; those that are left. */
void replay_apply_until(struct play *p, int64_t done_ns);
void replay_apply_rest(struct play *p);
/* The round that ends now: how long it was to the new master. */
void replay_end_round(struct play *p);
int64_t replay_fault_done_ns(const struct replay_trial *trial);

#endif
