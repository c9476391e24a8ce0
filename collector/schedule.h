/* schedule: in which order the trials of a plan are run.
 *
 * A round holds `block` trials of every arm (the last round what is left). With interleave the
 * clusters of a round come in a random order, and so do the trials within one cluster's turn, so
 * that drift of the machine meets every arm alike; a cluster is left only at the end of its turn
 * because changing it costs a start. Without interleave the arms come one after another. Warm-up
 * trials of an arm come before its first trial, in round 1. The same plan and seed give the same
 * schedule. */
#ifndef REJOIN_COLLECTOR_SCHEDULE_H
#define REJOIN_COLLECTOR_SCHEDULE_H

#include "collector/plan.h"

struct schedule_slot {
	int64_t position; /* 1, 2, ... */
	int64_t block;	  /* 1, 2, ... */
	int arm;	  /* index into plan->arms */
	bool warmup;
	int64_t jitter_ns; /* random phase before the fault: 0..pause_jitter */
	uint64_t pick;	   /* for targets that are drawn: any number */
};

typedef VEC(struct schedule_slot) schedule;

void schedule_make(const struct plan *plan, schedule *ret_schedule); /* vec_done by the caller */

#endif
