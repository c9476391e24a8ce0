#include "schema/watch_judge.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

/* A sample on CLOCK_MONOTONIC. */
struct answer {
	int64_t sent_ns, done_ns;
	int node;
	const struct snapshot *view; /* NULL: it failed */
	bool answered;
};

typedef VEC(struct answer) answers;

/* What is known of a node while its answers are gone through. */
struct witnessed {
	const struct snapshot *first; /* its view of before */
	int64_t last_ok_sent_ns;      /* TRACK_NEVER: none yet */
	struct interval silent;	      /* since when it fails; hi NEVER: it does not */
	struct interval lost;	      /* the first such time that counts */
	struct interval differs;      /* the first view that differs */
	int64_t back_ns; /* done of the first answer after the last loss; NEVER: none */
	bool same_process;
};

#define NOT_YET ((struct interval){TRACK_NEVER, TRACK_NEVER})

bool watch_differs(const struct snapshot *a, const struct snapshot *b)
{
	return !a || !b ||
	       (a != b && (!snapshot_same_master(a, b) || a->term != b->term ||
			   !snapshot_same_members(a, b) || !snapshot_same_voters(a, b)));
}

static int by_done(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;

	if (x->done_ns != y->done_ns)
		return x->done_ns < y->done_ns ? -1 : 1;
	return x->node - y->node;
}

static void sort_answers(const samples *all, int64_t base_ns, answers *ret_answers)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct store_sample *s = &all->v[i];
		int64_t sent_ns = base_ns + (s->due_us + s->late_us) * NS_PER_US;
		struct answer a = {.sent_ns = sent_ns,
				   .done_ns = sent_ns + s->took_us * NS_PER_US,
				   .node = s->node,
				   .view = s->view,
				   .answered = s->outcome == SAMPLE_OK ||
					       s->outcome == SAMPLE_HTTP_ERROR};

		vec_push(ret_answers, a);
	}
	if (ret_answers->n)
		qsort(ret_answers->v, ret_answers->n, sizeof *ret_answers->v, by_done);
}

/* ---- what happened to a node ---- */

static const char *process_of(const struct snapshot *view, const char *name)
{
	const struct snapshot_member *m = view ? snapshot_member_by_name(view, name) : NULL;

	return m ? m->ephemeral_id : NULL;
}

static void note_lost(struct witnessed *w, struct interval at)
{
	if (w->lost.hi_ns == TRACK_NEVER)
		w->lost = at;
	w->back_ns = TRACK_NEVER;
}

static void note_failure(struct witnessed *w, const struct answer *a)
{
	if (w->silent.hi_ns == TRACK_NEVER)
		w->silent = (struct interval){w->last_ok_sent_ns, a->done_ns};
	/* one that was never heard of before was not lost in this window */
	if (w->first && a->done_ns - w->silent.hi_ns >= WATCH_SILENCE_NS)
		note_lost(w, w->silent);
}

static void note_view(struct witnessed *w, const struct answer *a, const char *name)
{
	struct interval since = {w->last_ok_sent_ns, a->done_ns};
	const char *before, *now = process_of(a->view, name);

	if (!w->first)
		w->first = a->view;
	before = process_of(w->first, name);
	if (w->differs.hi_ns == TRACK_NEVER && watch_differs(w->first, a->view))
		w->differs = since;
	w->same_process = !before || !now || strcmp(before, now) == 0;
	if (!w->same_process && w->lost.hi_ns == TRACK_NEVER)
		note_lost(w, w->silent.hi_ns == TRACK_NEVER ? since : w->silent);
	if (w->lost.hi_ns != TRACK_NEVER && w->back_ns == TRACK_NEVER)
		w->back_ns = a->done_ns;
	w->silent = NOT_YET;
	w->last_ok_sent_ns = a->sent_ns;
}

static void go_through(const answers *all, struct witnessed *nodes, const char *const *names)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct answer *a = &all->v[i];

		if (a->view)
			note_view(&nodes[a->node], a, names[a->node]);
		else
			note_failure(&nodes[a->node], a);
	}
}

/* ---- what happened at all ---- */

static void take_earlier(struct interval *first, struct interval at)
{
	if (at.hi_ns != TRACK_NEVER && (first->hi_ns == TRACK_NEVER || at.hi_ns < first->hi_ns))
		*first = at;
}

static void sum_up(const struct witnessed *nodes, size_t n, struct watch_verdict *v)
{
	for (size_t i = 0; i < n; i++) {
		const struct witnessed *w = &nodes[i];

		take_earlier(&v->first_sign, w->differs);
		take_earlier(&v->first_sign, w->lost);
		if (w->lost.hi_ns == TRACK_NEVER)
			continue;
		v->lost[i] = true;
		v->n_lost++;
		if (v->first_lost < 0 || w->lost.hi_ns < nodes[v->first_lost].lost.hi_ns)
			v->first_lost = (int)i;
	}
}

/* When the last of them answered again; NEVER: one did not. */
static int64_t all_back_ns(const struct witnessed *nodes, size_t n, const struct watch_verdict *v)
{
	int64_t last_ns = TRACK_NEVER;

	for (size_t i = 0; i < n; i++) {
		if (!v->lost[i])
			continue;
		if (nodes[i].back_ns == TRACK_NEVER)
			return TRACK_NEVER;
		if (nodes[i].back_ns > last_ns)
			last_ns = nodes[i].back_ns;
	}
	return last_ns;
}

static void begin_loss(struct track *track, const struct witnessed *nodes, size_t n,
		       const struct watch_verdict *v)
{
	struct track_steps *steps = track_steps(track);

	track_take(track, v->n_lost ? v->lost : NULL);
	steps->watched = true;
	steps->fault_issued_ns =
		v->first_sign.lo_ns == TRACK_NEVER ? v->first_sign.hi_ns : v->first_sign.lo_ns;
	steps->fault_slack_ns = v->first_sign.hi_ns - steps->fault_issued_ns;
	for (size_t i = 0; i < n; i++)
		steps->stay_alive = steps->stay_alive || (v->lost[i] && nodes[i].same_process);
}

static struct track *play(const answers *all, const struct witnessed *nodes, size_t n,
			  const char *const *names, struct watch_verdict *v)
{
	struct track *track = track_new(n, names);
	int64_t back_ns = all_back_ns(nodes, n, v);
	bool begun = false;

	for (size_t i = 0; i < all->n; i++) {
		const struct answer *a = &all->v[i];

		if (!begun && a->done_ns >= v->first_sign.hi_ns) {
			begin_loss(track, nodes, n, v);
			begun = true;
		}
		if (!begun && a->view && (a->view->master_id || !v->before))
			v->before = a->view;
		if (begun && back_ns != TRACK_NEVER && a->done_ns >= back_ns &&
		    track_steps(track)->start_issued_ns == TRACK_NEVER)
			track_steps(track)->start_issued_ns = a->sent_ns;
		track_state(track, a->node, a->sent_ns, a->done_ns, a->view, a->answered);
	}
	return track;
}

void watch_judge(const samples *all, int64_t base_ns, size_t n_nodes, const char *const *names,
		 struct watch_verdict *v)
{
	struct witnessed *nodes = mem_alloc(n_nodes * sizeof *nodes);
	answers sorted = {0};

	*v = (struct watch_verdict){.first_lost = -1, .first_sign = NOT_YET};
	for (size_t i = 0; i < n_nodes; i++)
		nodes[i] = (struct witnessed){.last_ok_sent_ns = TRACK_NEVER,
					      .silent = NOT_YET,
					      .lost = NOT_YET,
					      .differs = NOT_YET,
					      .back_ns = TRACK_NEVER};
	sort_answers(all, base_ns, &sorted);
	go_through(&sorted, nodes, names);
	sum_up(nodes, n_nodes, v);
	if (v->first_sign.hi_ns != TRACK_NEVER)
		v->track = play(&sorted, nodes, n_nodes, names, v);
	vec_done(&sorted);
	free(nodes);
}
