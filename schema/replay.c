#include "schema/replay.h"
#include "lib/clock.h"
#include "schema/replay_impl.h"
#include "schema/watch_judge.h"
#include <stdlib.h>
#include <string.h>

/* ---- answers ---- */

/* Where each node's next answer is: a heap by when they are done. */
struct head {
	int64_t done_us;
	int tie;
	uint32_t at, end; /* in the node's part of the index */
};

static bool before(const struct head *a, const struct head *b)
{
	return a->done_us != b->done_us ? a->done_us < b->done_us : a->tie < b->tie;
}

static void sink(struct head *heap, size_t n, size_t i)
{
	for (;;) {
		size_t least = i, left = 2 * i + 1;

		for (size_t k = left; k < left + 2 && k < n; k++)
			if (before(&heap[k], &heap[least]))
				least = k;
		if (least == i)
			return;
		struct head held = heap[i];
		heap[i] = heap[least];
		heap[least] = held;
		i = least;
	}
}

static int64_t done_us(const struct store_sample *s)
{
	return s->due_us + s->late_us + s->took_us;
}

/* Samples of each node, one node after the other, in their order. */
static uint32_t *index_by_node(const samples *all, uint32_t *ret_ends)
{
	uint32_t *index = mem_alloc((all->n + 1) * sizeof *index), from[TRACK_MAX_NODES] = {0};

	memset(ret_ends, 0, TRACK_MAX_NODES * sizeof *ret_ends);
	for (size_t i = 0; i < all->n; i++)
		ret_ends[all->v[i].node]++;
	for (size_t n = 1; n < TRACK_MAX_NODES; n++) {
		from[n] = ret_ends[n - 1];
		ret_ends[n] += ret_ends[n - 1];
	}
	for (size_t i = 0; i < all->n; i++)
		index[from[all->v[i].node]++] = (uint32_t)i;
	return index;
}

static void feed(struct play *p, const struct store_sample *s)
{
	int64_t sent_ns = p->trial->base_ns + (s->due_us + s->late_us) * NS_PER_US;
	int64_t done_ns = sent_ns + s->took_us * NS_PER_US;

	if (p->next_event < p->events.n)
		replay_apply_until(p, done_ns);
	track_state(p->to->track, s->node, sent_ns, done_ns, s->view,
		    s->outcome == SAMPLE_OK || s->outcome == SAMPLE_HTTP_ERROR);
}

/* One node's answers are in order already: a node is not asked again before it has answered. */
static void feed_all(struct play *p)
{
	const samples *all = p->trial->samples;
	struct head heap[TRACK_MAX_NODES];
	uint32_t ends[TRACK_MAX_NODES], *index = index_by_node(all, ends);
	size_t n = 0;

	for (uint32_t node = 0; node < p->trial->n_nodes; node++) {
		uint32_t at = node ? ends[node - 1] : 0;

		if (at < ends[node])
			heap[n++] = (struct head){done_us(&all->v[index[at]]),
						  p->order & REPLAY_TIES_TURNED ? -(int)node
										: (int)node,
						  at, ends[node]};
	}
	for (size_t i = n; i-- > 0;)
		sink(heap, n, i);
	while (n) {
		feed(p, &all->v[index[heap[0].at]]);
		if (++heap[0].at < heap[0].end)
			heap[0].done_us = done_us(&all->v[index[heap[0].at]]);
		else
			heap[0] = heap[--n];
		sink(heap, n, 0);
	}
	free(index);
}

/* ---- all ---- */

/* Nobody tells what was done: the samples do. */
static void judge(struct play *p)
{
	const struct replay_trial *trial = p->trial;
	struct watch_verdict verdict;

	watch_judge(trial->samples, trial->base_ns, trial->n_nodes, trial->names, &verdict);
	p->to->struck = verdict.track != NULL;
	if (verdict.track)
		track_metrics(verdict.track, &p->to->values);
	track_free(verdict.track);
}

static void note_after(struct play *p)
{
	struct replay *to = p->to;

	if (!p->noop && !p->trial->watched) {
		to->new_master = track_new_master(to->track, &to->term_after);
		return;
	}
	to->new_master = track_master(to->track);
	if (to->new_master >= 0)
		to->term_after = track_view(to->track, to->new_master)->term;
}

void replay_run(const struct replay_trial *trial, unsigned order, struct replay *ret_replay)
{
	struct play p = {.trial = trial, .order = order, .to = ret_replay};

	*ret_replay = (struct replay){.old_master = -1,
				      .new_master = -1,
				      .term_before = -1,
				      .term_after = -1,
				      .track = track_new(trial->n_nodes, trial->names)};
	p.gone = mem_alloc((trial->steps.n + 1) * sizeof *p.gone);
	replay_find_rounds(&p);
	ret_replay->why_not = replay_why_not(&p);
	if (!trial->watched)
		replay_collect_events(&p);
	feed_all(&p);
	replay_apply_rest(&p);
	replay_end_round(&p);
	if (ret_replay->struck && !ret_replay->why_not) {
		track_steps(ret_replay->track)->fault_done_ns = replay_fault_done_ns(trial);
		track_metrics(ret_replay->track, &ret_replay->values);
	}
	note_after(&p);
	if (trial->watched)
		judge(&p);
	vec_done(&p.events);
	free(p.gone);
}

void replay_done(struct replay *replay)
{
	track_free(replay->track);
	vec_done(&replay->values);
	vec_done(&replay->reelections);
	*replay = (struct replay){0};
}

bool replay_is_bound(const struct replay *replay, const struct metric_value *value)
{
	if (value->metric != METRIC_REDUNDANCY || value->censored == 0)
		return false;
	if (track_steps(replay->track)->noop)
		return true;
	return value->censored == 1 && !track_health_is_back(replay->track);
}
