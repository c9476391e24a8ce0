/* For how long two nodes named different masters at once. */
#include "schema/track_impl.h"
#include <stdlib.h>

/* A node names a master: it came to between to.lo and to.hi, and ceased to between away.lo and
 * away.hi; away.hi NEVER: it still did when last asked. */
struct naming {
	int node;
	const struct snapshot *view;
	struct interval to, away;
};
typedef VEC(struct naming) namings;

struct span {
	int64_t from_ns, to_ns;
};
typedef VEC(struct span) spans;

/* A node whose process has ended, or that refuses connections on the way there, names nobody: what
 * it said last did not hold until it was back. */
static void cut_at_end_of_life(const struct track *t, struct naming *n)
{
	struct interval silent = t->nodes[n->node].silent;
	int64_t gone = track_end_of(t, n->node).hi_ns;

	if (!track_is_taken(t, n->node) || gone == TRACK_NEVER || n->away.lo_ns > gone)
		return;
	if (silent.lo_ns >= n->away.lo_ns && silent.hi_ns != TRACK_NEVER)
		gone = track_min(gone, silent.hi_ns);
	if (n->away.hi_ns == TRACK_NEVER || n->away.hi_ns > gone)
		n->away.hi_ns = track_max(gone, n->away.lo_ns);
}

/* What the node shows from here on; a new life names nobody before it was started. */
static struct interval begins(const struct track *t, int node, struct interval at)
{
	int64_t start = t->steps.start_issued_ns, gone = track_end_of(t, node).hi_ns;

	if (track_is_taken(t, node) && gone != TRACK_NEVER && start != TRACK_NEVER &&
	    at.lo_ns <= gone && at.hi_ns >= start)
		at.lo_ns = start;
	return at;
}

static void end_naming(const struct track *t, namings *all, struct naming *now,
		       struct interval away)
{
	if (!now->view || !now->view->master_id)
		return;
	now->away = away;
	cut_at_end_of_life(t, now);
	vec_push(all, *now);
}

static void collect_namings(const struct track *t, int node, namings *all)
{
	const struct track_node *n = &t->nodes[node];
	int64_t fault = t->steps.fault_issued_ns;
	struct naming now = {.node = node, .view = n->view_before, .to = {fault, fault}};
	const struct view_change *c;

	vec_each (c, &t->view_changes) {
		if (c->node != node || (now.view && snapshot_same_master(now.view, c->to)))
			continue;
		end_naming(t, all, &now, c->at);
		now.view = c->to;
		now.to = begins(t, node, c->at);
	}
	end_naming(t, all, &now, (struct interval){n->sent_ns, TRACK_NEVER});
}

static void add_span(spans *list, int64_t fault, int64_t from, int64_t to)
{
	from = track_max(from, fault);
	if (to > from)
		vec_push(list, (struct span){from, to});
}

static int by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* The measure of the union. */
static int64_t cover(spans *list)
{
	int64_t sum = 0, reached = INT64_MIN;
	const struct span *s;

	if (list->n)
		qsort(list->v, list->n, sizeof *list->v, by_from);
	vec_each (s, list) {
		if (s->to_ns <= reached)
			continue;
		sum += s->to_ns - track_max(s->from_ns, reached);
		reached = s->to_ns;
	}
	return sum;
}

static int64_t end_or_never(int64_t a, int64_t b)
{
	if (a == TRACK_NEVER || b == TRACK_NEVER)
		return a == TRACK_NEVER ? b : a;
	return track_min(a, b);
}

static void compare(const struct track *t, const struct naming *a, const struct naming *b,
		    spans *certain, spans *possible, bool *open)
{
	int64_t fault = t->steps.fault_issued_ns;
	int64_t end = end_or_never(a->away.hi_ns, b->away.hi_ns);

	if (a->node == b->node || snapshot_same_master(a->view, b->view))
		return;
	add_span(certain, fault, track_max(a->to.hi_ns, b->to.hi_ns),
		 track_min(a->away.lo_ns, b->away.lo_ns));
	if (end == TRACK_NEVER)
		*open = true;
	else
		add_span(possible, fault, track_max(a->to.lo_ns, b->to.lo_ns), end);
}

struct metric_value track_dual_master(const struct track *t)
{
	struct metric_value value = {METRIC_DUAL_MASTER, ORIGIN_OWN, -1, 0, 0, 0};
	namings all = {0};
	spans certain = {0}, possible = {0};
	bool open = false;

	for (int i = 0; i < (int)t->n_nodes; i++)
		collect_namings(t, i, &all);
	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0; k < i; k++)
			compare(t, &all.v[i], &all.v[k], &certain, &possible, &open);
	value.lo_ns = cover(&certain);
	value.hi_ns = open ? 0 : cover(&possible);
	if (open)
		value.censored = 1;
	else if (value.lo_ns == 0 && value.hi_ns > 0)
		value.censored = -1;
	vec_done(&all);
	vec_done(&certain);
	vec_done(&possible);
	return value;
}
