#include "collector/schedule.h"
#include "lib/rng.h"
#include <stdlib.h>

/* One sequence per use: a change to one leaves the others as they were. */
enum { STREAM_CLUSTERS = 1, STREAM_TRIALS, STREAM_JITTER, STREAM_TARGETS };

struct maker {
	const struct plan *plan;
	schedule *out;
	struct rng clusters, trials, jitter, targets;
};

static void add(struct maker *m, int64_t block, int arm, bool warmup)
{
	uint64_t most = (uint64_t)m->plan->pause_jitter_ns;
	struct schedule_slot slot = {
		.position = (int64_t)m->out->n + 1,
		.block = block,
		.arm = arm,
		.warmup = warmup,
		.jitter_ns = (int64_t)rng_below(&m->jitter, most + 1),
		.pick = rng_next(&m->targets),
	};

	vec_push(m->out, slot);
}

/* Fisher and Yates. */
static void shuffle(struct rng *rng, int *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)rng_below(rng, i);
		int swap = v[i - 1];

		v[i - 1] = v[j];
		v[j] = swap;
	}
}

static void add_warmups(struct maker *m, int64_t block, int arm)
{
	for (int64_t i = 0; i < m->plan->warmup; i++)
		add(m, block, arm, true);
}

/* The trials of one round on one cluster. Warm-ups come before everything on it: they are for the
 * cluster, too. */
static void add_turn(struct maker *m, int64_t block, int cluster, int64_t n_each)
{
	VEC(int) arms = {0};
	size_t n_arms = m->plan->arms.n;

	for (size_t arm = 0; arm < n_arms; arm++) {
		if (m->plan->arms.v[arm].cluster != cluster)
			continue;
		if (block == 1)
			add_warmups(m, block, (int)arm);
		for (int64_t i = 0; i < n_each; i++)
			vec_push(&arms, (int)arm);
	}
	shuffle(&m->trials, arms.v, arms.n);
	for (size_t i = 0; i < arms.n; i++)
		add(m, block, arms.v[i], false);
	vec_done(&arms);
}

static void interleaved(struct maker *m)
{
	int64_t left = m->plan->trials;
	VEC(int) clusters = {0};

	for (size_t i = 0; i < m->plan->clusters.n; i++)
		vec_push(&clusters, (int)i);
	for (int64_t block = 1; left > 0; block++) {
		int64_t n_each = left < m->plan->block ? left : m->plan->block;

		shuffle(&m->clusters, clusters.v, clusters.n);
		for (size_t i = 0; i < clusters.n; i++)
			add_turn(m, block, clusters.v[i], n_each);
		left -= n_each;
	}
	vec_done(&clusters);
}

static void one_after_another(struct maker *m)
{
	for (size_t arm = 0; arm < m->plan->arms.n; arm++) {
		add_warmups(m, 1, (int)arm);
		for (int64_t i = 0; i < m->plan->trials; i++)
			add(m, 1 + i / m->plan->block, (int)arm, false);
	}
}

void schedule_make(const struct plan *plan, schedule *ret_schedule)
{
	struct maker m = {.plan = plan, .out = ret_schedule};
	uint64_t seed = (uint64_t)plan->seed;

	*ret_schedule = (schedule){0};
	rng_seed(&m.clusters, seed, STREAM_CLUSTERS);
	rng_seed(&m.trials, seed, STREAM_TRIALS);
	rng_seed(&m.jitter, seed, STREAM_JITTER);
	rng_seed(&m.targets, seed, STREAM_TARGETS);
	if (plan->interleave)
		interleaved(&m);
	else
		one_after_another(&m);
}
