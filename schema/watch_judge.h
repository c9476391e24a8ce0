/* watch_judge: what the samples of a window say happened. Pure.
 *
 * Nobody tells what was done or when. A node counts as lost when it gave no cluster state for
 * WATCH_SILENCE_NS, or came back as another process. The first sign is the first answer that
 * differs from what that node said before (another master, term, membership or voting
 * configuration), or the first one that a lost node did not give; it lies in (sent of the last
 * answer of before, done]. */
#ifndef REJOIN_SCHEMA_WATCH_JUDGE_H
#define REJOIN_SCHEMA_WATCH_JUDGE_H

#include "lib/clock.h"
#include "schema/samples.h"

#define WATCH_SILENCE_NS (2 * NS_PER_S)

struct watch_verdict {
	bool lost[TRACK_MAX_NODES];
	size_t n_lost;
	int first_lost;		    /* the node that was lost first, -1: none */
	struct interval first_sign; /* hi TRACK_NEVER: nothing happened */
	/* The window played again with that known: its metrics count from the first sign (origin
	 * fault_issued) or from when the lost nodes stopped to answer (http_refused). NULL: nothing
	 * happened. track_free by the caller, while the samples' views are there. */
	struct track *track;
	const struct snapshot *before; /* the last answer before the first sign: one that names a
					  master, where there is one; NULL: none */
};

/* Another master, term, membership or voting configuration. NULL differs from everything. */
bool watch_differs(const struct snapshot *a, const struct snapshot *b);
/* names: by ordinal, outlive the track. */
void watch_judge(const samples *all, int64_t base_ns, size_t n_nodes, const char *const *names,
		 struct watch_verdict *v);

#endif
