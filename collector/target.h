/* target: which nodes a trial takes, and whether the others should survive that. Pure.
 *
 * Several at once is the worst choice: the master, then other voters, then who may be elected, then
 * the rest; in the nodes' order. */
#ifndef REJOIN_COLLECTOR_TARGET_H
#define REJOIN_COLLECTOR_TARGET_H

#include "collector/plan.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target_node {
	bool up; /* a member of the cluster at present */
	bool master, voter, master_eligible;
};

/* Sets taken (n flags) and returns how many they are; 0: there is no such node. n_eligible: of the
 * whole cluster (half and majority are of those). pick: any number, for those that are drawn. */
size_t target_choose(enum plan_target target, const struct target_node *nodes, size_t n,
		     int n_eligible, uint64_t pick, bool *taken);

/* More than half of the voters are left. */
bool target_survives(const struct target_node *nodes, size_t n, const bool *taken);
/* The same, had n_taken voters been taken (or all there are). */
bool target_survives_worst(const struct target_node *nodes, size_t n, size_t n_taken);

#endif
