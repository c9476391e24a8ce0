#include "report/witness_match.h"
#include "schema/sql.h"
#include <string.h>

/* A change to a master, as a log line or polls tell it. */
struct change {
	int64_t trial_id, node_id, term, lo_ns, hi_ns, line;
	const char *master; /* interned: the same name is the same pointer */
	bool is_placed;	    /* of a line: its instant is known */
};

struct matcher {
	VEC(char *) names;
	VEC(struct change) lines;  /* by trial_id, node_id, master, term and line */
	size_t next;		   /* of lines: the first of those not before the polled ones */
	VEC(struct change) polled; /* of one trial and node, in time */
	witness_pairs *pairs;
};

/* Names are few: those of nodes. */
static const char *intern(struct matcher *m, const char *name)
{
	for (size_t i = m->names.n; i--;)
		if (strcmp(m->names.v[i], name) == 0)
			return m->names.v[i];
	vec_push(&m->names, mem_strdup(name));
	return m->names.v[m->names.n - 1];
}

static struct change change_of(struct matcher *m, const struct store_row *row)
{
	return (struct change){.trial_id = store_int(row, 0),
			       .node_id = store_int(row, 1),
			       .master = intern(m, store_text(row, 2)),
			       .term = store_int(row, 3),
			       .lo_ns = store_int(row, 4),
			       .hi_ns = store_int(row, 5),
			       .is_placed = !store_is_null(row, 4)};
}

static int on_line(void *arg, const struct store_row *row, struct err *err)
{
	struct matcher *m = arg;
	struct change line = change_of(m, row);

	(void)err;
	line.line = store_int(row, 6);
	vec_push(&m->lines, line);
	return 0;
}

static bool same_node(const struct change *a, const struct change *b)
{
	return a->trial_id == b->trial_id && a->node_id == b->node_id;
}

static bool same_view(const struct change *a, const struct change *b)
{
	return a->master == b->master && a->term == b->term;
}

static bool is_before(const struct change *a, const struct change *b)
{
	return a->trial_id != b->trial_id ? a->trial_id < b->trial_id : a->node_id < b->node_id;
}

static void pair(struct matcher *m, const struct change *line, const struct change *poll)
{
	int64_t apart_ns = (poll->lo_ns + poll->hi_ns) - (line->lo_ns + line->hi_ns);
	int64_t width_ns = (poll->hi_ns - poll->lo_ns) + (line->hi_ns - line->lo_ns);

	if (line->is_placed)
		vec_push(m->pairs, (struct witness_pair){.trial_id = line->trial_id,
							 .node_id = line->node_id,
							 .line = line->line,
							 .diff_s = (double)apart_ns / 2e9,
							 .diff_error_s = (double)width_ns / 2e9,
							 .is_early = poll->hi_ns < line->lo_ns});
}

/* lines[0..n) show one view: the k-th goes with the k-th poll that shows it, where there are as
 * many of both. */
static void pair_run(struct matcher *m, const struct change *lines, size_t n)
{
	const struct change *poll;
	size_t n_polled = 0, k = 0;

	vec_each (poll, &m->polled)
		n_polled += same_view(poll, lines);
	if (n_polled != n)
		return;
	vec_each (poll, &m->polled)
		if (same_view(poll, lines))
			pair(m, &lines[k++], poll);
}

static int by_line(const void *a, const void *b)
{
	const struct witness_pair *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

/* All polled changes of a node are there. */
static void match_node(struct matcher *m)
{
	const struct change *line, *end = m->lines.v + m->lines.n;
	size_t first_pair = m->pairs->n, n;

	if (!m->polled.n)
		return;
	while (m->next < m->lines.n && is_before(&m->lines.v[m->next], m->polled.v))
		m->next++;
	for (line = m->lines.v + m->next; line < end && same_node(line, m->polled.v); line += n) {
		for (n = 1;
		     line + n < end && same_node(line + n, line) && same_view(line + n, line);)
			n++;
		pair_run(m, line, n);
	}
	if (m->pairs->n > first_pair)
		qsort(m->pairs->v + first_pair, m->pairs->n - first_pair, sizeof *m->pairs->v,
		      by_line);
	m->polled.n = 0;
}

static int on_polled(void *arg, const struct store_row *row, struct err *err)
{
	struct matcher *m = arg;
	struct change polled = change_of(m, row);

	(void)err;
	if (m->polled.n && !same_node(m->polled.v, &polled))
		match_node(m);
	vec_push(&m->polled, polled);
	return 0;
}

int witness_match(struct store *store, witness_pairs *ret_pairs, struct err *err)
{
	struct matcher m = {.pairs = ret_pairs};
	int r;

	*ret_pairs = (witness_pairs){0};
	r = store_query(store, SQL_REPORT_WITNESS_LINES, NULL, 0, on_line, &m, err);
	if (!r && m.lines.n)
		r = store_query(store, SQL_REPORT_WITNESS_POLLED, NULL, 0, on_polled, &m, err);
	if (!r)
		match_node(&m);
	for (size_t i = 0; i < m.names.n; i++)
		free(m.names.v[i]);
	vec_done(&m.names);
	vec_done(&m.lines);
	vec_done(&m.polled);
	return r;
}

static int compare_places(const void *a, const void *b)
{
	const struct witness_pair *x = a, *y = b;

	if (x->trial_id != y->trial_id)
		return x->trial_id < y->trial_id ? -1 : 1;
	if (x->node_id != y->node_id)
		return x->node_id < y->node_id ? -1 : 1;
	return by_line(a, b);
}

const struct witness_pair *witness_find(const witness_pairs *pairs, int64_t trial_id,
					int64_t node_id, int64_t line)
{
	struct witness_pair key = {.trial_id = trial_id, .node_id = node_id, .line = line};

	if (!pairs->n)
		return NULL;
	return bsearch(&key, pairs->v, pairs->n, sizeof *pairs->v, compare_places);
}
