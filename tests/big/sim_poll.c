/* Polls of a simulated trial, and what schema/track.h makes of the answers. */
#include "tests/big/sim.h"
#include <string.h>

#define MS NS_PER_MS

enum {
	FAST_US = 20000,
	REJOIN_US = 160000,
	PATIENT_US = 1000000, /* of what ran into its limit: minutes */
	HEALTH_US = 200000,
	TIMEOUT_US = 1000000,
};

/* An answer, or none, to a state or health poll. */
struct answer {
	int64_t sent, done;
	int node;
	bool is_health, answered;
	enum health health;
	const struct snapshot *view;
};

struct poller {
	const struct sim_truth *truth;
	struct rng *rng;
	struct sim_seen *seen;
	VEC(struct answer) answers;
	int64_t agreed; /* the last survivor shows the new master */
};

static bool is_up(const struct sim_truth *t, int node, int64_t at)
{
	return node != t->victim || at < t->refused || at >= t->boot;
}

static int64_t period_us(const struct poller *p, int64_t at)
{
	const struct sim_truth *t = p->truth;
	bool is_limit = t->outcome == SIM_NO_REELECTION || t->outcome == SIM_NO_REJOIN;

	if (t->fault == SIM_NEVER || at < p->agreed + 50 * MS)
		return is_limit && t->fault != SIM_NEVER && at > t->fault + 3 * NS_PER_S
			       ? PATIENT_US
			       : FAST_US;
	return is_limit ? PATIENT_US : REJOIN_US;
}

static enum health health_of(const struct sim_truth *t, int node, int64_t at)
{
	enum sim_stage stage = sim_shown(t, node, at);

	if (!is_up(t, node, at))
		return HEALTH_NONE;
	if (stage == SIM_NONE || (node == t->victim && at >= t->boot && stage < SIM_JOINED))
		return HEALTH_RED;
	return stage == SIM_WHOLE || at >= t->whole ? HEALTH_GREEN : HEALTH_YELLOW;
}

/* Fills outcome and took_us. */
static void answer_state(struct poller *p, struct store_sample *s, int64_t sent)
{
	const struct sim_truth *t = p->truth;
	int64_t at = sent + 300 * NS_PER_US;

	s->took_us = (int64_t)(300 + rng_below(p->rng, 900));
	if (!is_up(t, s->node, at)) {
		s->outcome = SAMPLE_NET_ERROR;
		s->took_us = (int64_t)(80 + rng_below(p->rng, 200));
	} else if (s->node == t->victim && at >= t->boot && at < t->at[s->node][SIM_JOINED]) {
		s->outcome = SAMPLE_HTTP_ERROR; /* 503 until it has joined */
	} else if (rng_below(p->rng, 20000) == 0) {
		s->outcome = SAMPLE_TIMEOUT;
		s->took_us = TIMEOUT_US + (int64_t)rng_below(p->rng, 500);
	} else {
		s->view = p->seen->views[sim_shown(t, s->node, at)];
		s->outcome = SAMPLE_OK;
	}
}

static void count(struct store_poll_count *c, int outcome)
{
	c->sent++;
	c->ok += outcome == SAMPLE_OK;
	c->http_error += outcome == SAMPLE_HTTP_ERROR;
	c->net_error += outcome == SAMPLE_NET_ERROR;
	c->timeout += outcome == SAMPLE_TIMEOUT;
}

static void poll_node(struct poller *p, int node)
{
	const struct sim_truth *t = p->truth;
	struct store_poll_count *c = &p->seen->counts[node];
	int64_t due_us = node * FAST_US / SIM_NODES, busy_us = 0, period;

	for (; t->base + due_us * NS_PER_US < t->end; due_us += period) {
		struct store_sample s = {.due_us = due_us, .node = (uint8_t)node};
		int64_t sent;

		period = period_us(p, t->base + due_us * NS_PER_US);
		c->due++;
		if (due_us < busy_us) {
			c->skipped++;
			continue;
		}
		s.late_us = (int64_t)(20 + rng_below(p->rng, 100));
		sent = t->base + (due_us + s.late_us) * NS_PER_US;
		answer_state(p, &s, sent);
		count(c, s.outcome);
		c->reconnects += s.outcome == SAMPLE_TIMEOUT;
		busy_us = due_us + s.late_us + s.took_us;
		vec_push(&p->seen->samples, s);
		vec_push(&p->answers, (struct answer){.sent = sent,
						      .done = sent + s.took_us * NS_PER_US,
						      .node = node,
						      .answered = s.outcome <= SAMPLE_HTTP_ERROR,
						      .view = s.view});
	}
}

static void poll_health(struct poller *p, int node)
{
	const struct sim_truth *t = p->truth;
	int64_t step = HEALTH_US * NS_PER_US, sent = t->base + (node + 1) * 11 * MS;

	if (t->outcome == SIM_NO_REELECTION || t->outcome == SIM_NO_REJOIN)
		step = PATIENT_US * NS_PER_US;
	for (; sent < t->end; sent += step)
		vec_push(&p->answers, (struct answer){.sent = sent,
						      .done = sent + MS,
						      .node = node,
						      .is_health = true,
						      .health = health_of(t, node, sent + MS / 2)});
}

static int by_done(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;

	if (x->done != y->done)
		return x->done < y->done ? -1 : 1;
	return x->node != y->node ? x->node - y->node : x->is_health - y->is_health;
}

static int by_due(const void *a, const void *b)
{
	const struct store_sample *x = a, *y = b;

	if (x->due_us != y->due_us)
		return x->due_us < y->due_us ? -1 : 1;
	return x->node - y->node;
}

/* The steps become known to the track as they happen, as they do to the collector's. */
static void strike(const struct sim_truth *t, struct track *track)
{
	track_fault(track, t->victim);
	track_steps(track)->fault_issued_ns = t->fault;
	track_steps(track)->fault_done_ns = t->done;
}

static void feed(struct poller *p)
{
	const struct sim_truth *t = p->truth;
	struct track *track = p->seen->track;
	bool struck = false, over = false;
	const struct answer *a;

	vec_each (a, &p->answers) {
		/* the collector looks at the round for the last time before it intends to heal */
		if (struck && !over && a->done > t->start - SIM_INTENT) {
			p->seen->reelection = track_reelection(track);
			over = true;
		}
		if (!struck && t->fault != SIM_NEVER && a->done > t->fault) {
			strike(t, track);
			struck = true;
		}
		if (struck && a->done > t->gone &&
		    track_steps(track)->process_gone.hi_ns == TRACK_NEVER)
			track_steps(track)->process_gone =
				(struct interval){t->gone - 200 * NS_PER_US, t->gone};
		if (struck && a->done > t->start &&
		    track_steps(track)->start_issued_ns == TRACK_NEVER)
			track_steps(track)->start_issued_ns = t->start;
		if (a->is_health)
			track_health(track, a->node, a->sent, a->done, a->health);
		else
			track_state(track, a->node, a->sent, a->done, a->view, a->answered);
	}
}

static int64_t agreed_at(const struct sim_truth *t)
{
	int64_t last = 0;

	for (int i = 0; i < SIM_NODES; i++)
		if (i != t->victim && t->at[i][SIM_ELECTED] > last)
			last = t->at[i][SIM_ELECTED];
	return last;
}

void sim_poll(const struct sim_cluster *c, const struct sim_truth *t, struct rng *rng,
	      struct sim_seen *ret)
{
	struct poller p = {.truth = t, .rng = rng, .seen = ret, .agreed = agreed_at(t)};

	*ret = (struct sim_seen){.track = track_new(SIM_NODES, sim_names),
				 .reelection = {TRACK_NEVER, TRACK_NEVER}};
	for (int s = 0; s < SIM_STAGES; s++)
		for (int i = 0; i < SIM_NODES && !ret->views[s]; i++)
			if (t->at[i][s] != SIM_NEVER)
				ret->views[s] = sim_view(c, &t->states[s]);
	for (int i = 0; i < SIM_NODES; i++) {
		poll_node(&p, i);
		poll_health(&p, i);
	}
	qsort(p.answers.v, p.answers.n, sizeof *p.answers.v, by_done);
	qsort(ret->samples.v, ret->samples.n, sizeof *ret->samples.v, by_due);
	feed(&p);
	vec_done(&p.answers);
}

void sim_seen_done(struct sim_seen *seen)
{
	track_free(seen->track);
	vec_done(&seen->samples);
	for (int s = 0; s < SIM_STAGES; s++)
		snapshot_free(seen->views[s]);
}
