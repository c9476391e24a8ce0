/* replay: a stored trial, played again into a track: what must come out is what the collector
 * stored.
 *
 * Pure. Three things are not in the rows to the last digit, and are met as follows:
 * - A sample's done is rounded up to a whole microsecond, so that the order of answers of different
 *   nodes, or of an answer and a step, in the same microsecond is open. enum replay_order says how
 *   it is taken: what is stored must come out of one of them.
 * - Health polls are kept only where they differ. When the last one was sent is not known: a
 *   redundancy that is right-censored where some node's health was not back, and the noise floor of
 *   redundancy, have a lower bound only (replay_is_bound).
 * - A driver that failed before it told when it acted: why_not says so, and no metric is given. */
#ifndef REJOIN_SCHEMA_REPLAY_H
#define REJOIN_SCHEMA_REPLAY_H

#include "schema/samples.h"

struct replay_step {
	int node;					  /* ordinal */
	const char *action;				  /* of table step */
	bool undoes;					  /* it undoes another */
	int64_t intent_ns, issued_ns, done_ns, undone_ns; /* TRACK_NEVER: NULL */
	struct interval gone;
	bool failed; /* it has an error */
	bool voided; /* ... which says that it was not done: the cluster changed before it */
};

struct replay_round {
	bool taken[TRACK_MAX_NODES]; /* in this round, by ordinal */
};

struct replay_trial {
	size_t n_nodes;
	const char *const *names;
	int64_t base_ns;
	bool watched;
	const samples *samples;		 /* in the order of due_us */
	const health_changes *healths;	 /* in the order of at.hi_ns */
	VEC(struct replay_step) steps;	 /* in the order of step_id */
	VEC(struct replay_round) rounds; /* of table loss */
};

enum replay_order {
	REPLAY_PLAIN,
	REPLAY_TIES_TURNED = 1, /* of answers in the same microsecond, the last node's first */
	REPLAY_FAULT_LATE = 2,	/* answers in the microsecond of a fault come before it */
	REPLAY_START_LATE = 4,	/* likewise of the start, and of the end of a noop */
	N_REPLAY_ORDERS = 8,
};

struct replay {
	struct track *track; /* as it was observed */
	metric_values values;
	bool struck;	     /* something was done, or seen */
	const char *why_not; /* no metric can be derived; NULL: they are */
	/* before the fault: ordinal -1, term -1, NULL where not known */
	int old_master;
	int64_t term_before;
	const char *old_ephemeral_id;
	int new_master; /* -1: none */
	int64_t term_after;
	/* of each round, from its first step's issue on; hi TRACK_NEVER: none */
	VEC(struct interval) reelections;
};

void replay_run(const struct replay_trial *trial, unsigned order, struct replay *ret_replay);
void replay_done(struct replay *replay);

/* Of a metric that it gave: a lower bound is all that the rows tell. */
bool replay_is_bound(const struct replay *replay, const struct metric_value *value);

#endif
