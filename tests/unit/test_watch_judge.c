/* What the samples of a window say happened, where the truth is known. */
#include "schema/watch_judge.h"
#include "tests/unit/state.h"
#include "tests/unit/unit.h"
#include <string.h>

enum { N = 3, PERIOD_US = 100000, TOOK_US = 2000 };
static const unsigned ALL = ~0u; /* nodes, whatever their number */

static const char *const names[N] = {"n0", "n1", "n2"};

struct window {
	struct snapshot_set *set;
	samples all;
	struct watch_verdict verdict;
};

/* life: of n0's process; -1: not listed. All vote. */
static const struct snapshot *view(struct window *w, int master, int term, int life)
{
	const struct state state = {N, master, term, life < 0 ? ALL & ~1u : ALL, life > 0, ALL};

	return state_make(w->set, &state);
}

static void answer(struct window *w, int node, int64_t due_us, const struct snapshot *v)
{
	struct store_sample s = {.due_us = due_us,
				 .took_us = TOOK_US,
				 .view = v,
				 .node = (uint8_t)node,
				 .outcome = v ? SAMPLE_OK : SAMPLE_NET_ERROR};

	vec_push(&w->all, s);
}

/* Every node's answers in [from, to) s: n0's, and those of the others. */
static void between(struct window *w, double from_s, double to_s, const struct snapshot *first,
		    const struct snapshot *others)
{
	for (int64_t us = (int64_t)(from_s * 1e6); us < (int64_t)(to_s * 1e6); us += PERIOD_US)
		for (int i = 0; i < N; i++)
			answer(w, i, us, i ? others : first);
}

static void judge(struct window *w)
{
	watch_judge(&w->all, 0, N, names, &w->verdict);
}

static struct window begin(void)
{
	return (struct window){.set = snapshot_set_new()};
}

static void done(struct window *w)
{
	track_free(w->verdict.track);
	snapshot_set_free(w->set);
	vec_done(&w->all);
}

static const struct metric_value *find(const metric_values *values, enum metric metric,
				       enum origin origin)
{
	for (size_t i = 0; i < values->n; i++)
		if (values->v[i].metric == metric && values->v[i].origin == origin)
			return &values->v[i];
	return NULL;
}

/* The master is gone after 10 s, another is there after 10.5, it is listed again after 20. */
static void a_lost_master(void **state)
{
	struct window w = begin();
	const struct snapshot *before = view(&w, 0, 1, 0), *none = view(&w, -1, 1, 0),
			      *next = view(&w, 1, 2, -1), *after = view(&w, 1, 2, 1);
	metric_values values = {0};

	(void)state;
	between(&w, 0, 10, before, before);
	between(&w, 10, 10.2, NULL, before);
	between(&w, 10.2, 10.5, NULL, none);
	between(&w, 10.5, 20, NULL, next);
	between(&w, 20, 22, after, after);
	judge(&w);
	assert_int_equal(w.verdict.n_lost, 1);
	assert_int_equal(w.verdict.first_lost, 0);
	assert_ptr_equal(w.verdict.before, before);
	/* between the last answer of before and the first that did not come */
	assert_int_equal(w.verdict.first_sign.lo_ns, 9900 * NS_PER_MS);
	assert_int_equal(w.verdict.first_sign.hi_ns, 10002 * NS_PER_MS);
	track_metrics(w.verdict.track, &values);
	const struct metric_value *reelection =
		find(&values, METRIC_REELECTION, ORIGIN_FAULT_ISSUED);
	assert_non_null(reelection);
	assert_int_equal(reelection->lo_ns, (10400 - 10002) * NS_PER_MS);
	assert_int_equal(reelection->hi_ns, (10502 - 9900) * NS_PER_MS);
	const struct metric_value *downtime = find(&values, METRIC_DOWNTIME, ORIGIN_FAULT_ISSUED);
	assert_non_null(downtime);
	assert_int_equal(downtime->lo_ns, (19900 - 10002) * NS_PER_MS);
	assert_int_equal(downtime->hi_ns, (20002 - 9900) * NS_PER_MS);
	assert_null(find(&values, METRIC_REJOIN, ORIGIN_START_ISSUED));
	assert_true(track_rejoined(w.verdict.track));
	vec_done(&values);
	done(&w);
}

/* It never came back: how long it took is known from below. */
static void a_node_that_stays_away_is_censored(void **state)
{
	struct window w = begin();
	const struct snapshot *before = view(&w, 1, 1, 0), *without = view(&w, 1, 1, -1);
	metric_values values = {0};

	(void)state;
	between(&w, 0, 5, before, before);
	between(&w, 5, 10, NULL, without);
	judge(&w);
	assert_int_equal(w.verdict.first_lost, 0);
	track_metrics(w.verdict.track, &values);
	const struct metric_value *downtime = find(&values, METRIC_DOWNTIME, ORIGIN_FAULT_ISSUED);
	assert_non_null(downtime);
	assert_int_equal(downtime->censored, 1);
	assert_null(find(&values, METRIC_REELECTION, ORIGIN_FAULT_ISSUED));
	vec_done(&values);
	done(&w);
}

/* A restart that is quicker than the silence that counts is told by the new process. */
static void a_quick_restart_is_a_loss(void **state)
{
	struct window w = begin();
	const struct snapshot *before = view(&w, 1, 1, 0), *after = view(&w, 1, 1, 1);

	(void)state;
	between(&w, 0, 5, before, before);
	between(&w, 5, 5.5, NULL, before);
	between(&w, 5.5, 9, after, after);
	judge(&w);
	assert_int_equal(w.verdict.n_lost, 1);
	assert_int_equal(w.verdict.first_sign.lo_ns, 4900 * NS_PER_MS);
	assert_int_equal(w.verdict.first_sign.hi_ns, 5002 * NS_PER_MS);
	done(&w);
}

/* A poll or two that fail are no loss, and a new term is something. */
static void a_handover_loses_nobody(void **state)
{
	struct window w = begin();
	const struct snapshot *before = view(&w, 0, 1, 0), *after = view(&w, 1, 2, 0);
	metric_values values = {0};

	(void)state;
	between(&w, 0, 3, before, before);
	between(&w, 3, 3.2, NULL, before);
	between(&w, 3.2, 5, before, before);
	between(&w, 5, 9, after, after);
	judge(&w);
	assert_int_equal(w.verdict.n_lost, 0);
	assert_int_equal(w.verdict.first_lost, -1);
	assert_ptr_equal(w.verdict.before, before);
	assert_int_equal(w.verdict.first_sign.lo_ns, 4900 * NS_PER_MS);
	track_metrics(w.verdict.track, &values);
	/* right at the first sign, as far as the polls can tell */
	const struct metric_value *reelection =
		find(&values, METRIC_REELECTION, ORIGIN_FAULT_ISSUED);
	assert_non_null(reelection);
	assert_int_equal(reelection->censored, -1);
	vec_done(&values);
	done(&w);
}

static void nothing_is_nothing(void **state)
{
	struct window w = begin();
	const struct snapshot *before = view(&w, 0, 1, 0);

	(void)state;
	between(&w, 0, 5, before, before);
	judge(&w);
	assert_null(w.verdict.track);
	assert_null(w.verdict.before);
	assert_int_equal(w.verdict.first_sign.hi_ns, TRACK_NEVER);
	done(&w);
}

/* Of answers of before one that names a master, whichever came last; without one any. */
static void before_is_a_view_with_a_master_where_there_is_one(void **state)
{
	struct window w = begin();
	const struct snapshot *none = view(&w, -1, 1, 0), *master = view(&w, 1, 1, 0),
			      *other = view(&w, 0, 2, 0);

	(void)state;
	between(&w, 0, 5, master, none);
	between(&w, 5, 9, other, other);
	judge(&w);
	assert_ptr_equal(w.verdict.before, master);
	done(&w);
	w = begin();
	none = view(&w, -1, 1, 0);
	other = view(&w, 0, 2, 0);
	between(&w, 0, 5, none, none);
	between(&w, 5, 9, other, other);
	judge(&w);
	assert_ptr_equal(w.verdict.before, none);
	done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_master),
		cmocka_unit_test(a_node_that_stays_away_is_censored),
		cmocka_unit_test(a_quick_restart_is_a_loss),
		cmocka_unit_test(a_handover_loses_nobody),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(before_is_a_view_with_a_master_where_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
