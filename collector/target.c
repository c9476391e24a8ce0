#include "collector/target.h"
#include <string.h>

/* The lower, the worse its loss. */
static int rank(const struct target_node *node)
{
	if (node->master)
		return 0;
	if (node->voter)
		return 1;
	return node->master_eligible ? 2 : 3;
}

static size_t take_worst(const struct target_node *nodes, size_t n, size_t wanted, bool *taken)
{
	size_t n_taken = 0;

	for (int worst = 0; worst <= 3; worst++)
		for (size_t i = 0; i < n && n_taken < wanted; i++)
			if (nodes[i].up && rank(&nodes[i]) == worst) {
				taken[i] = true;
				n_taken++;
			}
	return n_taken;
}

static size_t draw(const struct target_node *nodes, size_t n, bool master_too, uint64_t pick,
		   bool *taken)
{
	size_t n_candidates = 0;

	for (size_t i = 0; i < n; i++)
		n_candidates += nodes[i].up && (master_too || !nodes[i].master);
	if (!n_candidates)
		return 0;
	pick %= n_candidates;
	for (size_t i = 0; i < n; i++)
		if (nodes[i].up && (master_too || !nodes[i].master) && pick-- == 0)
			taken[i] = true;
	return 1;
}

size_t target_choose(enum plan_target target, const struct target_node *nodes, size_t n,
		     int n_eligible, uint64_t pick, bool *taken)
{
	memset(taken, 0, n * sizeof *taken);
	if (target == TARGET_NON_MASTER || target == TARGET_RANDOM)
		return draw(nodes, n, target == TARGET_RANDOM, pick, taken);
	return take_worst(nodes, n, (size_t)plan_target_count(target, n_eligible), taken);
}

static size_t count_voters(const struct target_node *nodes, size_t n)
{
	size_t n_voters = 0;

	for (size_t i = 0; i < n; i++)
		n_voters += nodes[i].voter;
	return n_voters;
}

bool target_survives(const struct target_node *nodes, size_t n, const bool *taken)
{
	size_t n_left = 0;

	for (size_t i = 0; i < n; i++)
		n_left += nodes[i].voter && nodes[i].up && !taken[i];
	return 2 * n_left > count_voters(nodes, n);
}

bool target_survives_worst(const struct target_node *nodes, size_t n, size_t n_taken)
{
	size_t n_voters = count_voters(nodes, n), n_up = 0;

	for (size_t i = 0; i < n; i++)
		n_up += nodes[i].voter && nodes[i].up;
	return n_up > n_taken && 2 * (n_up - n_taken) > n_voters;
}
