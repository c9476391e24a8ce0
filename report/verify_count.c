/* Nothing may be missing: due = sent + skipped, sent = ok + http_error + net_error + timeout, and
 * the rows are as many as the counts say. */
#include "report/verify.h"
#include "schema/sql.h"

struct tally {
	int64_t by_outcome[4], sent;
	bool counted;
};

struct counting {
	struct verify *v;
	const struct verify_trial *t;
	struct tally nodes[TRACK_MAX_NODES]; /* of the samples */
	int64_t sent;			     /* of the counts */
};

static const char *const outcomes[] = {"ok", "http_error", "net_error", "timeout"};

static bool adds_up(int64_t due, int64_t sent, int64_t skipped, const int64_t *by_outcome)
{
	int64_t sum = 0;

	for (int i = 0; i < 4; i++) {
		if (by_outcome[i] < 0)
			return false;
		sum += by_outcome[i];
	}
	return skipped >= 0 && due == sent + skipped && sent == sum;
}

/* due, sent, skipped and the four outcomes, from column on. */
static void read_counts(const struct store_row *row, int column, int64_t *ret_due,
			int64_t *ret_sent, int64_t *ret_skipped, int64_t *ret_by_outcome)
{
	*ret_due = store_int(row, column);
	*ret_sent = store_int(row, column + 1);
	*ret_skipped = store_int(row, column + 2);
	for (int i = 0; i < 4; i++)
		ret_by_outcome[i] = store_int(row, column + 3 + i);
}

static int on_poll_count(void *arg, const struct store_row *row, struct err *err)
{
	struct counting *c = arg;
	int64_t node = store_int(row, 0), due, sent, skipped, by_outcome[4];
	struct tally *seen;

	(void)err;
	read_counts(row, 1, &due, &sent, &skipped, by_outcome);
	if (!adds_up(due, sent, skipped, by_outcome))
		verify_fail(c->v, VERIFY_ACCOUNTING,
			    "trial %lld: node %lld: due = sent + skipped, sent = the sum of the "
			    "outcomes: "
			    "not so",
			    (long long)c->t->trial_id, (long long)node);
	c->sent += sent;
	if (node < 0 || node >= TRACK_MAX_NODES)
		return 0;
	seen = &c->nodes[node];
	seen->counted = true;
	/* a watch keeps the samples of quiet time no longer than it needs them */
	for (int i = 0; i < 4 && !c->t->n_quiet; i++)
		if (seen->by_outcome[i] != by_outcome[i])
			verify_fail(c->v, VERIFY_ACCOUNTING,
				    "trial %lld: node %lld: %lld polls counted as %s, %lld samples",
				    (long long)c->t->trial_id, (long long)node,
				    (long long)by_outcome[i], outcomes[i],
				    (long long)seen->by_outcome[i]);
	return 0;
}

static int count_polls(struct counting *c, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, c->t->trial_id, NULL}};
	const struct verify_trial *t = c->t;
	const struct store_sample *s;

	vec_each (s, &t->samples) {
		c->nodes[s->node % TRACK_MAX_NODES].by_outcome[s->outcome % 4]++;
		c->nodes[s->node % TRACK_MAX_NODES].sent++;
	}
	if (store_query(c->v->store, SQL_VERIFY_POLL_COUNTS, binds, 1, on_poll_count, c, err))
		return err->code;
	for (int i = 0; i < TRACK_MAX_NODES; i++)
		if (c->nodes[i].sent && !c->nodes[i].counted)
			verify_fail(c->v, VERIFY_ACCOUNTING,
				    "trial %lld: node %d: samples, but no counts",
				    (long long)t->trial_id, i);
	if (t->n_quiet && c->sent != (int64_t)t->samples.n + t->n_quiet)
		verify_fail(c->v, VERIFY_ACCOUNTING,
			    "trial %lld: %lld polls sent, but %zu samples and %lld not kept",
			    (long long)t->trial_id, (long long)c->sent, t->samples.n,
			    (long long)t->n_quiet);
	return 0;
}

/* ---- writes ---- */

static int on_write(void *arg, const struct store_row *row, struct err *err)
{
	struct counting *c = arg;
	int64_t outcome = store_int(row, 5);

	(void)err;
	c->v->n_writes++;
	c->nodes[0].sent++;
	if (outcome >= 0 && outcome < 4)
		c->nodes[0].by_outcome[outcome]++;
	return 0;
}

static int on_write_count(void *arg, const struct store_row *row, struct err *err)
{
	struct counting *c = arg;
	int64_t due, sent, skipped, by_outcome[4];

	(void)err;
	read_counts(row, 0, &due, &sent, &skipped, by_outcome);
	c->nodes[0].counted = true;
	if (!adds_up(due, sent, skipped, by_outcome))
		verify_fail(
			c->v, VERIFY_ACCOUNTING,
			"trial %lld: writes: due = sent + skipped, sent = the sum of the outcomes: "
			"not so",
			(long long)c->t->trial_id);
	if (!store_is_null(row, 7) && store_int(row, 7) + store_int(row, 8) != by_outcome[0])
		verify_fail(c->v, VERIFY_ACCOUNTING,
			    "trial %lld: writes: found + lost are not those acknowledged",
			    (long long)c->t->trial_id);
	for (int i = 0; i < 4; i++)
		if (c->nodes[0].by_outcome[i] != by_outcome[i])
			verify_fail(c->v, VERIFY_ACCOUNTING,
				    "trial %lld: %lld writes counted as %s, %lld rows",
				    (long long)c->t->trial_id, (long long)by_outcome[i],
				    outcomes[i], (long long)c->nodes[0].by_outcome[i]);
	return 0;
}

int verify_count(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		 struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, t->trial_id, NULL}};
	struct counting polls = {.v = v, .t = t}, written = {.v = v, .t = t};

	(void)study;
	if (count_polls(&polls, err) ||
	    store_query(v->store, SQL_VERIFY_WRITES, binds, 1, on_write, &written, err) ||
	    store_query(v->store, SQL_VERIFY_WRITE_COUNT, binds, 1, on_write_count, &written, err))
		return err->code;
	if (written.nodes[0].sent && !written.nodes[0].counted)
		verify_fail(v, VERIFY_ACCOUNTING, "trial %lld: writes, but no counts",
			    (long long)t->trial_id);
	return 0;
}
