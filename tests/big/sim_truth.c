/* What really happened in a simulated trial. */
#include "tests/big/sim.h"
#include <string.h>

#define MS NS_PER_MS

static const int64_t LIMIT_REELECTION = 120 * NS_PER_S, LIMIT_REJOIN = 180 * NS_PER_S;

static int64_t between(struct rng *rng, int64_t lo, int64_t hi)
{
	return lo + (int64_t)rng_below(rng, (uint64_t)(hi - lo));
}

/* Each node on its own, a little after the cluster did. */
static void spread(struct sim_truth *t, struct rng *rng, enum sim_stage stage, int64_t from,
		   int64_t width)
{
	for (int i = 0; i < SIM_NODES; i++)
		t->at[i][stage] = i == t->victim && stage < SIM_JOINED
					  ? SIM_NEVER
					  : from + between(rng, MS, width);
}

static int64_t last_of(const struct sim_truth *t, enum sim_stage stage)
{
	int64_t last = 0;

	for (int i = 0; i < SIM_NODES; i++)
		if (t->at[i][stage] != SIM_NEVER && t->at[i][stage] > last)
			last = t->at[i][stage];
	return last;
}

static int other_than(const struct sim_cluster *c, struct rng *rng, int a, int b)
{
	for (;;) {
		int i = (int)rng_below(rng, (uint64_t)c->size);

		if (i != a && i != b)
			return i;
	}
}

/* The more candidates, the more often their first attempts collide: each costs a term and time. */
static int draw_clashes(const struct sim_cluster *c, struct rng *rng)
{
	int clashes = 0;

	while (clashes < 4 && rng_below(rng, 100) < (uint64_t)(4 * c->size))
		clashes++;
	return clashes;
}

static void draw_fault(struct sim_truth *t, struct rng *rng)
{
	t->fault = t->base + 300 * MS + between(rng, 0, 100 * MS);
	t->done = t->fault + between(rng, MS / 100, MS);
	t->refused =
		t->fault + (t->is_kill ? between(rng, MS, 4 * MS) : between(rng, 5 * MS, 30 * MS));
	t->gone = t->is_kill ? t->refused : t->fault + between(rng, 300 * MS, 900 * MS);
	spread(t, rng, SIM_NONE, t->refused, t->is_kill ? 30 * MS : 120 * MS);
	t->at[t->victim][SIM_NONE] = SIM_NEVER;
}

static void draw_election(const struct sim_cluster *c, struct sim_truth *t, struct rng *rng)
{
	int64_t lost = last_of(t, SIM_NONE);
	int64_t elected = lost + between(rng, 10 * MS, 180 * MS);

	t->clashes = draw_clashes(c, rng);
	t->new_master = other_than(c, rng, t->victim, -1);
	t->first_master = -1;
	for (int i = 0; i < t->clashes; i++)
		elected += between(rng, 450 * MS, 700 * MS);
	if (t->clashes && c->size > 3 && rng_below(rng, 3) == 0) {
		t->first_master = other_than(c, rng, t->victim, t->new_master);
		spread(t, rng, SIM_FIRST, lost + 20 * MS, 40 * MS);
		/* lost again before the next one is shown, by at() of sim_shown */
	}
	if (t->outcome == SIM_NO_REELECTION)
		return;
	spread(t, rng, SIM_ELECTED, elected, 60 * MS);
	spread(t, rng, SIM_REMOVED, last_of(t, SIM_ELECTED) + 60 * MS, 60 * MS);
}

static void draw_return(struct sim_truth *t, struct rng *rng)
{
	int64_t joined;

	t->start = t->outcome == SIM_NO_REELECTION ? t->fault + LIMIT_REELECTION
						   : last_of(t, SIM_REMOVED) + 100 * MS;
	if (t->start < t->gone)
		t->start = t->gone + 20 * MS;
	t->boot = t->start + between(rng, 7000 * MS, 9000 * MS);
	if (t->outcome == SIM_NO_REJOIN) {
		t->boot = t->whole = SIM_NEVER;
		t->end = t->start + LIMIT_REJOIN;
		return;
	}
	joined = t->boot + between(rng, 200 * MS, 1800 * MS);
	if (t->outcome == SIM_NO_REELECTION)
		spread(t, rng, SIM_ELECTED, joined - 100 * MS, 60 * MS);
	spread(t, rng, SIM_JOINED, joined, 120 * MS);
	spread(t, rng, SIM_AGAIN, last_of(t, SIM_JOINED) + 20 * MS, 120 * MS);
	t->whole = last_of(t, SIM_AGAIN) + between(rng, 50 * MS, 400 * MS);
	t->end = t->whole + 700 * MS;
}

static void describe(struct sim_cluster *c, struct sim_truth *t)
{
	const unsigned all = (1u << SIM_NODES) - 1, left = all & ~(1u << t->victim);
	struct sim_state s = {.master = c->master,
			      .term = c->term,
			      .version = c->version,
			      .members = all,
			      .voters = c->voters};

	memcpy(s.generation, c->generation, sizeof s.generation);
	t->states[SIM_WHOLE] = s;
	s.master = -1;
	t->states[SIM_NONE] = s;
	s.master = t->first_master;
	s.term++;
	s.version++;
	t->states[SIM_FIRST] = s;
	s.master = t->new_master;
	s.term = c->term + 1 + t->clashes;
	s.version++;
	t->states[SIM_ELECTED] = s;
	s.members = left;
	s.voters = sim_reconfigured(c, left, s.master, s.voters);
	s.version++;
	t->states[SIM_REMOVED] = s;
	s.members = all;
	s.generation[t->victim]++;
	s.version++;
	t->states[SIM_JOINED] = s;
	s.voters = sim_reconfigured(c, all, s.master, s.voters);
	s.version++;
	t->states[SIM_AGAIN] = s;
	/* what a trial leaves undone is healed before the next one */
	memcpy(c->generation, s.generation, sizeof s.generation);
	c->master = s.master;
	c->term = s.term;
	c->version = s.version;
	c->voters = s.voters;
}

void sim_truth_draw(struct sim_cluster *c, struct rng *rng, int64_t base, bool is_kill,
		    enum sim_outcome outcome, struct sim_truth *t)
{
	*t = (struct sim_truth){.outcome = outcome, .is_kill = is_kill, .base = base};
	t->victim = c->master;
	for (int i = 0; i < SIM_NODES; i++)
		for (int s = 0; s < SIM_STAGES; s++)
			t->at[i][s] = s == SIM_WHOLE ? base - NS_PER_S : SIM_NEVER;
	if (outcome == SIM_GATE_FAILED || outcome == SIM_ABORTED) {
		t->fault = t->refused = t->gone = t->start = t->boot = t->whole = SIM_NEVER;
		t->end = base + 500 * MS;
		t->states[SIM_WHOLE] = (struct sim_state){.master = c->master,
							  .term = c->term,
							  .version = c->version,
							  .members = (1u << SIM_NODES) - 1,
							  .voters = c->voters};
		memcpy(t->states[SIM_WHOLE].generation, c->generation, sizeof c->generation);
		return;
	}
	draw_fault(t, rng);
	draw_election(c, t, rng);
	draw_return(t, rng);
	describe(c, t);
}

enum sim_stage sim_shown(const struct sim_truth *t, int node, int64_t at)
{
	enum sim_stage shown = SIM_WHOLE;

	for (int s = SIM_NONE; s < SIM_STAGES; s++)
		if (t->at[node][s] <= at)
			shown = s;
	/* the first master lasted 150 ms */
	if (shown == SIM_FIRST && at >= t->at[node][SIM_FIRST] + 150 * MS)
		return SIM_NONE;
	return shown;
}
