/* state: a cluster's state as one of its nodes answers it, made by hand. */
#ifndef REJOIN_TESTS_UNIT_STATE_H
#define REJOIN_TESTS_UNIT_STATE_H

#include "schema/snapshot.h"

/* Nodes n0, n1, ... have the ids id0, id1, ...; in the sets, node i is bit i. */
struct state {
	int n_nodes;
	int master; /* -1: none */
	int term;
	unsigned listed; /* who is in the cluster */
	unsigned anew;	 /* who has been started again: has another ephemeral id */
	unsigned voters; /* the voting configuration */
};

/* Belongs to set. */
const struct snapshot *state_make(struct snapshot_set *set, const struct state *state);

#endif
