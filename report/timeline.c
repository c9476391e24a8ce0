#include "report/timeline.h"
#include "report/text.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What a node showed in its last poll. */
struct seen {
	bool any;
	int64_t sent_ns, done_ns;
};

struct loader {
	struct timeline *timeline;
	int64_t base_ns, end_ns, zero_ns;
	int place_of[128]; /* node.ordinal -> place in nodes; -1: none */
	struct seen seen[128];
};

static double seconds(const struct loader *l, int64_t ns)
{
	return (double)(ns - l->zero_ns) / 1e9;
}

static double column_s(const struct loader *l, const struct store_row *row, int column)
{
	return store_is_null(row, column) ? NAN : seconds(l, store_int(row, column));
}

/* -1: the node is not of this cluster. */
static int place_of(const struct loader *l, int64_t ordinal)
{
	return ordinal >= 0 && ordinal < 128 ? l->place_of[ordinal] : -1;
}

static const char *intern(struct timeline *t, const char *name)
{
	char *clean = text_clean(name);
	size_t place = timeline_place(t, clean);

	if (place == t->nodes.n + t->others.n) {
		vec_push(&t->others, clean);
		return clean;
	}
	free(clean);
	return place < t->nodes.n ? t->nodes.v[place].name : t->others.v[place - t->nodes.n];
}

static bool shows(const struct timeline_span *span, enum timeline_state state, const char *master,
		  int64_t term)
{
	return span->state == state && span->master == master &&
	       (state != TIMELINE_MASTER || span->term == term);
}

/* The node shows this from (lo, hi] on. */
static void change(struct loader *l, int place, struct timeline_edge at, enum timeline_state state,
		   const char *master, int64_t term)
{
	struct timeline_node *node = &l->timeline->nodes.v[place];
	const char *name = master ? intern(l->timeline, master) : NULL;
	size_t n = node->spans.n;

	if (n && shows(&node->spans.v[n - 1], state, name, term))
		return;
	if (n) {
		node->spans.v[n - 1].to = at;
		node->spans.v[n - 1].to_s = (at.lo_s + at.hi_s) / 2;
	} else {
		at.lo_s = at.hi_s = l->timeline->from_s;
	}
	vec_push(&node->spans, (struct timeline_span){
				       .state = state,
				       .master = name,
				       .term = term,
				       .from = at,
				       .from_s = (at.lo_s + at.hi_s) / 2,
			       });
}

static int load_trial(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *l = arg;

	(void)err;
	l->base_ns = l->zero_ns = store_int(row, 0);
	l->end_ns = store_is_null(row, 1) ? l->base_ns : store_int(row, 1);
	l->timeline->has_fault = !store_is_null(row, 2);
	if (l->timeline->has_fault)
		l->zero_ns = store_int(row, 2);
	l->timeline->from_s = seconds(l, l->base_ns);
	l->timeline->to_s = seconds(l, l->end_ns);
	return 0;
}

static int load_node(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *l = arg;
	int64_t ordinal = store_int(row, 0);

	(void)err;
	if (ordinal < 0 || ordinal > 127)
		return 0;
	l->place_of[ordinal] = (int)l->timeline->nodes.n;
	vec_push(&l->timeline->nodes, (struct timeline_node){
					      .ordinal = ordinal,
					      .name = text_column(row, 1),
					      .master_eligible = store_int(row, 2),
					      .is_victim = store_int(row, 3),
				      });
	return 0;
}

static int load_sample(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *l = arg;
	int64_t ordinal = store_int(row, 0), sent_ns = l->base_ns + store_int(row, 1) * 1000,
		done_ns = l->base_ns + store_int(row, 2) * 1000;
	int place = place_of(l, ordinal);
	const char *master = store_text(row, 4);
	enum timeline_state state = store_int(row, 3) != 0 ? TIMELINE_SILENT
				    : master		   ? TIMELINE_MASTER
							   : TIMELINE_NONE;
	struct seen *seen;

	(void)err;
	if (place < 0)
		return 0;
	seen = &l->seen[ordinal];
	change(l, place,
	       (struct timeline_edge){seconds(l, seen->any ? seen->sent_ns : sent_ns),
				      seconds(l, done_ns)},
	       state, master, store_is_null(row, 5) ? -1 : store_int(row, 5));
	*seen = (struct seen){true, sent_ns, done_ns};
	l->timeline->has_samples = true;
	if (seconds(l, done_ns) > l->timeline->to_s)
		l->timeline->to_s = seconds(l, done_ns);
	return 0;
}

static int load_change(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *l = arg;
	int place = place_of(l, store_int(row, 0));
	const char *old = store_text(row, 3), *new = store_text(row, 4);
	struct timeline_edge at = {seconds(l, store_int(row, 1)), seconds(l, store_int(row, 2))};

	(void)err;
	if (place < 0)
		return 0;
	if (!l->timeline->nodes.v[place].spans.n)
		change(l, place, at, old ? TIMELINE_MASTER : TIMELINE_NONE, old, -1);
	change(l, place, at, new ? TIMELINE_MASTER : TIMELINE_NONE, new,
	       store_is_null(row, 5) ? -1 : store_int(row, 5));
	return 0;
}

static int load_step(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *l = arg;
	int place = place_of(l, store_int(row, 0));

	(void)err;
	if (place < 0)
		return 0;
	vec_push(&l->timeline->steps, (struct timeline_step){
					      .node = (size_t)place,
					      .action = text_column(row, 1),
					      .error = text_column(row, 2),
					      .issued_s = column_s(l, row, 3),
					      .done_s = column_s(l, row, 4),
					      .gone_lo_s = column_s(l, row, 5),
					      .gone_hi_s = column_s(l, row, 6),
					      .undone_s = column_s(l, row, 7),
				      });
	return 0;
}

static int load_health(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *l = arg;
	int place = place_of(l, store_int(row, 0));

	(void)err;
	if (place < 0)
		return 0;
	vec_push(&l->timeline->nodes.v[place].healths,
		 (struct timeline_health){
			 .at = {column_s(l, row, 1), column_s(l, row, 2)},
			 .status = text_column(row, 3),
		 });
	return 0;
}

/* The last span of each node lasts to the end; one without a change showed the old master. */
static void close_spans(struct loader *l)
{
	struct timeline *t = l->timeline;
	struct timeline_node *node;

	vec_each (node, &t->nodes) {
		struct timeline_span *last;

		if (!node->spans.n && t->trial->old_master && !t->has_samples)
			change(l, (int)(node - t->nodes.v), (struct timeline_edge){0, 0},
			       TIMELINE_MASTER, t->trial->old_master, -1);
		if (!node->spans.n)
			continue;
		last = &node->spans.v[node->spans.n - 1];
		last->to = (struct timeline_edge){t->to_s, t->to_s};
		last->to_s = t->to_s;
	}
}

int timeline_load(struct store *store, const struct model_trial *trial, struct timeline *ret,
		  struct err *err)
{
	static const struct {
		int sql_id;
		store_row_fn *fn;
	} parts[] = {
		{SQL_TIMELINE_TRIAL, load_trial},    {SQL_TIMELINE_NODES, load_node},
		{SQL_TIMELINE_SAMPLES, load_sample}, {SQL_TIMELINE_CHANGES, load_change},
		{SQL_TIMELINE_STEPS, load_step},     {SQL_TIMELINE_HEALTHS, load_health},
	};
	const struct store_bind id = {.type = STORE_BIND_INT, .i = trial->id};
	struct loader l = {.timeline = ret};
	int r = 0;

	*ret = (struct timeline){.trial = trial};
	memset(l.place_of, -1, sizeof l.place_of);
	for (size_t i = 0; !r && i < sizeof parts / sizeof *parts; i++)
		if (parts[i].fn != load_change || !ret->has_samples)
			r = store_query(store, parts[i].sql_id, &id, 1, parts[i].fn, &l, err);
	if (r)
		timeline_done(ret);
	else
		close_spans(&l);
	return r;
}

void timeline_done(struct timeline *timeline)
{
	struct timeline_node *node;
	struct timeline_step *step;

	vec_each (node, &timeline->nodes) {
		free(node->name);
		for (size_t i = 0; i < node->healths.n; i++)
			free(node->healths.v[i].status);
		vec_done(&node->healths);
		vec_done(&node->spans);
	}
	vec_each (step, &timeline->steps) {
		free(step->action);
		free(step->error);
	}
	for (size_t i = 0; i < timeline->others.n; i++)
		free(timeline->others.v[i]);
	vec_done(&timeline->nodes);
	vec_done(&timeline->steps);
	vec_done(&timeline->others);
}

size_t timeline_place(const struct timeline *timeline, const char *name)
{
	size_t place = 0;

	if (!name)
		return SIZE_MAX;
	for (size_t i = 0; i < timeline->nodes.n; i++, place++)
		if (strcmp(timeline->nodes.v[i].name, name) == 0)
			return place;
	for (size_t i = 0; i < timeline->others.n; i++, place++)
		if (strcmp(timeline->others.v[i], name) == 0)
			return place;
	return place;
}
