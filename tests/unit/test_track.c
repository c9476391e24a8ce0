#include "schema/track.h"
#include "tests/unit/state.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

/* A cluster of up to 6 nodes n0, n1, ... whose n0 is the victim and, unless said otherwise, the old
 * master. */

enum { MS = 1000000, MAX = 6 };
static const unsigned ALL = ~0u; /* nodes, whatever their number */

static const char *const names[MAX] = {"n0", "n1", "n2", "n3", "n4", "n5"};

struct fixture {
	struct snapshot_set *set;
	struct track *t;
	size_t n;
	metric_values values;
};

static struct fixture make(size_t n)
{
	return (struct fixture){snapshot_set_new(), track_new(n, names), n, {0}};
}

static void done(struct fixture *f)
{
	vec_done(&f->values);
	track_free(f->t);
	snapshot_set_free(f->set);
}

/* master -1: none; generation of n0: 0 old, 1 new, -1 not listed; voters: a bit each. */
static const struct snapshot *view(struct fixture *f, int master, int generation, unsigned voters)
{
	const struct state state = {(int)f->n,	    master,
				    master + 2,	    generation < 0 ? ALL & ~1u : ALL,
				    generation > 0, voters};

	return state_make(f->set, &state);
}

static unsigned all(const struct fixture *f)
{
	return (1u << f->n) - 1;
}

/* A poll sent at ms that takes 2 ms. */
static void state(struct fixture *f, int node, int64_t ms, const struct snapshot *v)
{
	track_state(f->t, node, ms * MS, (ms + 2) * MS, v, v != NULL);
}

static void all_state(struct fixture *f, int64_t ms, const struct snapshot *v)
{
	for (int i = 0; i < (int)f->n; i++)
		state(f, i, ms, v);
}

static void all_green(struct fixture *f, int64_t ms)
{
	for (int i = 0; i < (int)f->n; i++)
		track_health(f->t, i, ms * MS, (ms + 2) * MS, HEALTH_GREEN);
}

/* Whole at 0 ms with n0 as master, fault issued at 100 ms. */
static void begin(struct fixture *f, int master)
{
	all_state(f, 0, view(f, master, 0, all(f)));
	all_green(f, 0);
	track_fault(f->t, 0);
	track_steps(f->t)->fault_issued_ns = 100 * (int64_t)MS;
}

static void start(struct fixture *f, int64_t ms)
{
	track_steps(f->t)->start_issued_ns = ms * MS;
}

static const struct metric_value *find(struct fixture *f, enum metric metric, enum origin origin,
				       int observer)
{
	const struct metric_value *v;

	vec_done(&f->values);
	track_metrics(f->t, &f->values);
	vec_each (v, &f->values) {
		if (v->metric == metric && v->origin == origin && v->observer == observer)
			return v;
	}
	return NULL;
}

static void expect(struct fixture *f, enum metric metric, enum origin origin, int observer,
		   int64_t lo_ms, int64_t hi_ms, int censored)
{
	const struct metric_value *v = find(f, metric, origin, observer);

	assert_non_null(v);
	assert_int_equal(v->lo_ns, lo_ms * MS);
	assert_int_equal(v->hi_ns, hi_ms * MS);
	assert_int_equal(v->censored, censored);
}

#define FAULT ORIGIN_FAULT_ISSUED
#define START ORIGIN_START_ISSUED
#define OWN ORIGIN_OWN

static void clean_election(void **unused)
{
	struct fixture f = make(3);
	const struct snapshot *before = view(&f, 0, 0, 7), *none = view(&f, -1, 0, 7),
			      *after = view(&f, 1, 0, 7);
	int64_t term;

	(void)unused;
	begin(&f, 0);
	assert_int_equal(track_master(f.t), 0);
	for (int i = 1; i < 3; i++)
		state(&f, i, 110, before);
	state(&f, 0, 110, before);
	state(&f, 0, 115, NULL);
	track_steps(f.t)->fault_done_ns = 104 * (int64_t)MS;
	track_steps(f.t)->process_gone = (struct interval){116 * (int64_t)MS, 117 * (int64_t)MS};
	state(&f, 1, 120, none);
	state(&f, 2, 120, before);
	state(&f, 2, 130, none);
	state(&f, 1, 130, none);
	state(&f, 1, 140, after);
	assert_false(track_agreed(f.t));
	state(&f, 2, 140, none);
	state(&f, 2, 150, after);
	assert_true(track_agreed(f.t));
	assert_int_equal(track_new_master(f.t, &term), 1);
	assert_int_equal(term, 3);
	expect(&f, METRIC_DETECTION, FAULT, -1, 10, 22, 0);
	expect(&f, METRIC_REELECTION, FAULT, -1, 30, 42, 0);
	expect(&f, METRIC_AGREEMENT, FAULT, -1, 40, 52, 0);
	expect(&f, METRIC_REELECTION, ORIGIN_FAULT_DONE, -1, 26, 38, 0);
	expect(&f, METRIC_REELECTION, ORIGIN_HTTP_REFUSED, -1, 13, 32, 0);
	expect(&f, METRIC_REELECTION, ORIGIN_PROCESS_GONE, -1, 13, 26, 0);
	expect(&f, METRIC_DETECTION, ORIGIN_PROCESS_GONE, -1, -7, 6, 0);
	expect(&f, METRIC_MASTERLESS, OWN, 1, 8, 32, 0);
	expect(&f, METRIC_MASTERLESS, OWN, 2, 8, 32, 0);
	/* they may have shown it at the same moment */
	expect(&f, METRIC_SPREAD, OWN, -1, 0, 22, -1);
	/* n2 was last known to name n0 after n1 may have named n1 */
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 0, 2, -1);
	expect(&f, METRIC_SHUTDOWN, FAULT, -1, 16, 17, 0);
	expect(&f, METRIC_SHUTDOWN, ORIGIN_FAULT_DONE, -1, 12, 13, 0);
	expect(&f, METRIC_SHUTDOWN, ORIGIN_HTTP_REFUSED, -1, -1, 7, 0);
	assert_null(find(&f, METRIC_SHUTDOWN, ORIGIN_PROCESS_GONE, -1));
	assert_null(find(&f, METRIC_WRITE_GAP, OWN, -1));
	expect(&f, METRIC_DOWNTIME, FAULT, -1, 40, 0, 1);
	assert_null(find(&f, METRIC_REJOIN, START, -1));
	assert_null(find(&f, METRIC_BOOT, START, -1));
	assert_null(find(&f, METRIC_MASTERLESS, OWN, 0));
	assert_int_equal(track_master_changes(f.t)->n, 4);
	assert_ptr_equal(track_master_changes(f.t)->v[0].to, none);
	assert_int_equal(track_master_changes(f.t)->v[0].at.lo_ns, 110 * MS);
	done(&f);
}

static void contested_election_counts_to_the_master_agreed_on(void **unused)
{
	struct fixture f = make(4);

	(void)unused;
	begin(&f, 0);
	for (int i = 1; i < 4; i++)
		state(&f, i, 110, view(&f, -1, 0, 15));
	state(&f, 1, 120, view(&f, 1, 0, 15));
	state(&f, 2, 130, view(&f, 2, 0, 15));
	state(&f, 1, 140, view(&f, -1, 0, 15));
	state(&f, 3, 150, view(&f, 2, 0, 15));
	assert_false(track_agreed(f.t));
	state(&f, 1, 160, view(&f, 2, 0, 15));
	assert_true(track_agreed(f.t));
	assert_int_equal(track_new_master(f.t, NULL), 2);
	/* n3 and n1 may have shown it right after their answers of 110 and 140 */
	expect(&f, METRIC_REELECTION, FAULT, -1, 10, 32, 0);
	expect(&f, METRIC_AGREEMENT, FAULT, -1, 40, 62, 0);
	assert_int_equal(track_master_changes(f.t)->n, 3 + 3 + 2);
	done(&f);
}

static void never_elected_is_censored(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	for (int ms = 110; ms <= 500; ms += 10)
		for (int i = 1; i < 3; i++)
			state(&f, i, ms + i, view(&f, -1, 0, 7));
	assert_int_equal(track_new_master(f.t, NULL), -1);
	expect(&f, METRIC_DETECTION, FAULT, -1, 0, 13, -1);
	expect(&f, METRIC_REELECTION, FAULT, -1, 401, 0, 1);
	expect(&f, METRIC_AGREEMENT, FAULT, -1, 402, 0, 1);
	expect(&f, METRIC_MASTERLESS, OWN, 2, 388, 0, 1);
	assert_null(find(&f, METRIC_SPREAD, OWN, -1));
	done(&f);
}

static void two_masters_to_the_end_are_no_agreement(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	state(&f, 1, 120, view(&f, 1, 0, 7));
	state(&f, 2, 130, view(&f, 2, 0, 7));
	assert_false(track_agreed(f.t));
	expect(&f, METRIC_REELECTION, FAULT, -1, 0, 22, -1);
	expect(&f, METRIC_AGREEMENT, FAULT, -1, 20, 0, 1);
	assert_int_equal(find(&f, METRIC_SPREAD, OWN, -1)->censored, 1);
	done(&f);
}

static void gap_shorter_than_the_poll_period_is_left_censored(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	state(&f, 1, 120, view(&f, 0, 0, 7));
	state(&f, 1, 150, view(&f, 1, 0, 7));
	expect(&f, METRIC_MASTERLESS, OWN, 1, 0, 32, -1);
	assert_null(find(&f, METRIC_MASTERLESS, OWN, 2));
	done(&f);
}

static void old_membership_is_no_rejoin(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	for (int i = 1; i < 3; i++)
		state(&f, i, 120, view(&f, 1, 0, 7));
	start(&f, 200);
	for (int i = 1; i < 3; i++)
		state(&f, i, 210, view(&f, 1, 0, 7));
	assert_false(track_rejoined(f.t));
	expect(&f, METRIC_REJOIN, START, -1, 10, 0, 1);
	expect(&f, METRIC_REJOIN_ALL, START, -1, 10, 0, 1);
	for (int i = 1; i < 3; i++)
		state(&f, i, 220, view(&f, 1, -1, 7));
	assert_false(track_rejoined(f.t));
	state(&f, 0, 300, NULL);
	for (int i = 1; i < 3; i++)
		state(&f, i, 310, view(&f, 1, 1, 7));
	track_state(f.t, 0, 320 * MS, 322 * MS, NULL, true);
	assert_false(track_rejoined(f.t));
	state(&f, 0, 330, view(&f, 1, 1, 7));
	assert_true(track_rejoined(f.t));
	assert_true(track_redundant(f.t));
	expect(&f, METRIC_BOOT, START, -1, 100, 122, 0);
	expect(&f, METRIC_REJOIN, START, -1, 20, 112, 0);
	expect(&f, METRIC_REJOIN_ALL, START, -1, 20, 132, 0);
	expect(&f, METRIC_DOWNTIME, FAULT, -1, 120, 212, 0);
	done(&f);
}

static void nothing_without_a_fault(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	all_state(&f, 0, view(&f, 0, 0, 7));
	all_state(&f, 10, view(&f, 1, 0, 7));
	track_metrics(f.t, &f.values);
	assert_int_equal(f.values.n, 0);
	track_fault(f.t, 0);
	track_metrics(f.t, &f.values);
	assert_int_equal(f.values.n, 0);
	assert_false(track_agreed(f.t));
	done(&f);
}

static void losing_another_node_is_no_reelection(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 1);
	for (int i = 1; i < 3; i++)
		state(&f, i, 150, view(&f, 1, -1, 7));
	assert_false(track_agreed(f.t));
	assert_null(find(&f, METRIC_REELECTION, FAULT, -1));
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 0, 0, 0);
	assert_null(find(&f, METRIC_MASTERLESS, OWN, 1));
	start(&f, 200);
	all_state(&f, 250, view(&f, 1, 1, 7));
	assert_true(track_rejoined(f.t));
	expect(&f, METRIC_REJOIN_ALL, START, -1, 0, 52, -1);
	expect(&f, METRIC_DOWNTIME, FAULT, -1, 50, 152, 0);
	done(&f);
}

/* It never restarted: listed again after it was not, with the ephemeral id it had. */
static void a_paused_node_rejoins_as_the_same_process(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	for (int i = 1; i < 3; i++)
		state(&f, i, 150, view(&f, 1, -1, 7));
	start(&f, 200);
	for (int i = 1; i < 3; i++)
		state(&f, i, 250, view(&f, 1, 0, 7));
	state(&f, 0, 260, view(&f, 0, 0, 7));
	assert_false(track_rejoined(f.t));
	state(&f, 0, 270, view(&f, 1, 0, 7));
	assert_true(track_rejoined(f.t));
	expect(&f, METRIC_REJOIN_ALL, START, -1, 60, 72, 0);
	done(&f);
}

static void five_nodes_voters_shrink_and_grow_back(void **unused)
{
	struct fixture f = make(5);

	(void)unused;
	begin(&f, 0);
	for (int i = 1; i < 5; i++)
		state(&f, i, 150, view(&f, 1, -1, 0x0e));
	assert_true(track_agreed(f.t));
	for (int i = 1; i < 5; i++)
		track_health(f.t, i, 155 * MS, 157 * MS, HEALTH_YELLOW);
	start(&f, 200);
	all_state(&f, 300, view(&f, 1, 1, 0x0e));
	assert_true(track_rejoined(f.t));
	assert_false(track_redundant(f.t));
	expect(&f, METRIC_REDUNDANCY, START, -1, 100, 0, 1);
	all_state(&f, 400, view(&f, 1, 1, 0x1f));
	assert_false(track_redundant(f.t));
	expect(&f, METRIC_REDUNDANCY, START, -1, 0, 0, 1);
	track_health(f.t, 0, 410 * MS, 412 * MS, HEALTH_GREEN);
	for (int i = 1; i < 5; i++)
		track_health(f.t, i, 420 * MS, 422 * MS, HEALTH_GREEN);
	assert_true(track_redundant(f.t));
	expect(&f, METRIC_REDUNDANCY, START, -1, 100, 222, 0);
	expect(&f, METRIC_REJOIN_ALL, START, -1, 0, 102, -1);
	done(&f);
}

static void four_nodes_other_voters_same_number(void **unused)
{
	struct fixture f = make(4);

	(void)unused;
	all_state(&f, 0, view(&f, 0, 0, 0x7));
	all_green(&f, 0);
	track_fault(f.t, 0);
	track_steps(f.t)->fault_issued_ns = 100 * (int64_t)MS;
	for (int i = 1; i < 4; i++)
		state(&f, i, 150, view(&f, 1, -1, 0x7));
	for (int i = 1; i < 4; i++)
		state(&f, i, 160, view(&f, 1, -1, 0xe));
	start(&f, 200);
	assert_false(track_redundant(f.t));
	all_state(&f, 300, view(&f, 1, 1, 0xe));
	assert_true(track_redundant(f.t));
	expect(&f, METRIC_REDUNDANCY, START, -1, 0, 102, -1);
	done(&f);
}

/* The master applies what it publishes after the others: its own view is behind for a moment. */
static void shrunk_is_what_every_survivor_shows(void **unused)
{
	struct fixture f = make(4);

	(void)unused;
	all_state(&f, 0, view(&f, 0, 0, 0x7));
	all_green(&f, 0);
	track_fault(f.t, 0);
	for (int i = 1; i < 4; i++)
		state(&f, i, 150, view(&f, 1, -1, 0x7));
	assert_true(track_agreed(f.t));
	assert_true(track_forgotten(f.t));
	assert_false(track_shrunk(f.t));
	state(&f, 2, 160, view(&f, 1, -1, 0xe));
	state(&f, 3, 160, view(&f, 1, -1, 0xe));
	assert_false(track_shrunk(f.t));
	state(&f, 1, 160, view(&f, 1, -1, 0xe));
	assert_true(track_shrunk(f.t));
	done(&f);
}

/* n1 goes over at once; n2 goes on naming n0: surely from 132 to 180, at most from 120 to 202. */
static void two_masters_at_once_are_measured(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	track_steps(f.t)->process_gone = (struct interval){103 * (int64_t)MS, 104 * (int64_t)MS};
	state(&f, 1, 120, view(&f, 0, 0, 7));
	state(&f, 1, 130, view(&f, 1, 0, 7));
	state(&f, 2, 180, view(&f, 0, 0, 7));
	state(&f, 1, 190, view(&f, 1, 0, 7));
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 48, 0, 1);
	state(&f, 2, 200, view(&f, 1, 0, 7));
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 48, 82, 0);
	done(&f);
}

/* Two pairs that overlap count once; another time of two masters is added. */
static void two_masters_are_counted_once(void **unused)
{
	struct fixture f = make(4);
	const struct snapshot *a = view(&f, 1, 0, 15), *b = view(&f, 2, 0, 15);

	(void)unused;
	begin(&f, 0);
	track_steps(f.t)->process_gone = (struct interval){103 * (int64_t)MS, 104 * (int64_t)MS};
	for (int i = 1; i < 4; i++)
		state(&f, i, 110, view(&f, -1, 0, 15));
	state(&f, 1, 200, a);
	state(&f, 2, 200, b);
	state(&f, 3, 200, b);
	for (int i = 2; i < 4; i++) {
		state(&f, i, 250, b);
		state(&f, i, 252, a);
	}
	state(&f, 3, 300, b);
	state(&f, 1, 340, a);
	state(&f, 2, 340, a);
	state(&f, 3, 340, b);
	state(&f, 3, 342, a);
	/* 202..250 and 302..340; 110..254 and 252..344 */
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 48 + 38, 344 - 110, 0);
	done(&f);
}

/* The stopped master's last answer names itself; it names nobody while it is down. */
static void a_node_that_is_gone_names_nobody(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	state(&f, 0, 108, view(&f, 0, 0, 7));
	state(&f, 0, 120, NULL);
	track_steps(f.t)->process_gone = (struct interval){140 * (int64_t)MS, 145 * (int64_t)MS};
	for (int i = 1; i < 3; i++) {
		state(&f, i, 125, view(&f, 0, 0, 7));
		state(&f, i, 128, view(&f, 1, -1, 7));
	}
	start(&f, 300);
	for (int i = 1; i < 3; i++)
		state(&f, i, 400, view(&f, 1, 1, 7));
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 0, 5, -1);
	state(&f, 0, 500, view(&f, 1, 1, 7));
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 0, 5, -1);
	done(&f);
}

/* The master that is cut off may know before the others. */
static void parted_is_a_side_with_a_master_of_its_own(void **unused)
{
	struct fixture f = make(3);

	(void)unused;
	begin(&f, 0);
	state(&f, 0, 110, view(&f, -1, 0, 7));
	assert_null(track_side_master(f.t, true));
	assert_null(track_side_master(f.t, false));
	assert_false(track_parted(f.t, false));
	state(&f, 1, 120, view(&f, 1, 0, 7));
	assert_false(track_parted(f.t, false));
	state(&f, 2, 125, view(&f, 1, 0, 7));
	assert_string_equal(track_side_master(f.t, false), "n1");
	assert_true(track_parted(f.t, false));
	assert_false(track_parted(f.t, true));
	done(&f);
}

static void noop_gives_noise_floors(void **unused)
{
	struct fixture f = make(2);

	(void)unused;
	all_state(&f, 90, view(&f, 0, 0, 3));
	all_green(&f, 90);
	track_fault(f.t, -1);
	track_steps(f.t)->fault_issued_ns = track_steps(f.t)->fault_done_ns = 100 * (int64_t)MS;
	track_steps(f.t)->noop = true;
	all_state(&f, 105, view(&f, 0, 0, 3));
	state(&f, 1, 130, view(&f, 0, 0, 3));
	state(&f, 0, 110, view(&f, 0, 0, 3));
	start(&f, 150);
	for (int ms = 160; ms < 200; ms += 10)
		all_state(&f, ms, view(&f, 0, 0, 3));
	all_green(&f, 190);
	track_steps(f.t)->noop_end_ns = 200 * (int64_t)MS;
	all_state(&f, 900, view(&f, 0, 0, 3));
	all_green(&f, 900);
	expect(&f, METRIC_DETECTION, FAULT, -1, 0, 27, -1);
	expect(&f, METRIC_REELECTION, ORIGIN_FAULT_DONE, -1, 0, 27, -1);
	expect(&f, METRIC_MASTERLESS, OWN, 0, 0, 17, -1);
	expect(&f, METRIC_MASTERLESS, OWN, 1, 0, 27, -1);
	expect(&f, METRIC_DUAL_MASTER, OWN, -1, 0, 27, -1);
	expect(&f, METRIC_REJOIN, START, -1, 0, 52, -1);
	expect(&f, METRIC_REDUNDANCY, START, -1, 0, 102, -1);
	assert_null(find(&f, METRIC_SHUTDOWN, FAULT, -1));
	assert_null(find(&f, METRIC_REELECTION, ORIGIN_PROCESS_GONE, -1));
	done(&f);
}

static void whole_says_what_is_missing(void **unused)
{
	struct fixture f = make(3);
	char why[100];

	(void)unused;
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n0 does not answer");
	assert_int_equal(track_master(f.t), -1);
	all_state(&f, 0, view(&f, 0, 0, 7));
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n0 does not say how healthy it is");
	all_green(&f, 0);
	assert_true(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "");
	assert_false(track_is_whole(f.t, 5, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n0 shows 3 voters, not 5");
	state(&f, 2, 10, view(&f, 1, 0, 7));
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n2 names another master or term");
	assert_int_equal(track_master(f.t), -1);
	state(&f, 2, 20, view(&f, 0, 1, 7));
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n2 lists another set of processes");
	state(&f, 2, 30, view(&f, 0, 0, 7));
	state(&f, 1, 30, NULL);
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n1 does not answer");
	state(&f, 1, 40, view(&f, 0, -1, 7));
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n1 does not list every node");
	state(&f, 1, 50, view(&f, 0, 0, 7));
	track_health(f.t, 1, 50, 51, HEALTH_YELLOW);
	assert_true(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_false(track_is_whole(f.t, 3, HEALTH_GREEN, why, sizeof why));
	assert_string_equal(why, "n1 says that health is yellow: shards are not assigned");
	track_health(f.t, 1, 50, 51, HEALTH_RED);
	assert_false(track_is_whole(f.t, 3, HEALTH_YELLOW, why, sizeof why));
	assert_string_equal(why, "n1 says that health is red");
	done(&f);
}

/* ---- random trials whose truth is known ---- */

static uint64_t rng = 42;

static int64_t below(int64_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (int64_t)(rng % (uint64_t)n);
}

struct truth {
	int64_t fault, start, gone[MAX], shown[MAX], back[MAX], voters[MAX], http_down, http_up,
		end;
};

struct poll {
	int node;
	int64_t sent, done, seen; /* what the answer says was true at seen */
};

static int by_done(const void *a, const void *b)
{
	const struct poll *x = a, *y = b;

	return (x->done > y->done) - (x->done < y->done);
}

static struct truth make_truth(size_t n)
{
	struct truth w = {.fault = 50 * MS + below(20 * MS)};

	w.http_down = w.fault + 1 + below(5 * MS);
	w.start = w.fault + 300 * MS + below(50 * MS);
	w.http_up = w.start + 20 * MS + below(100 * MS);
	w.end = w.start + 500 * MS;
	for (size_t i = 0; i < n; i++) {
		w.gone[i] = w.fault + 1 + below(100 * MS);
		w.shown[i] = w.gone[i] + 1 + below(below(2) ? 3 * MS : 150 * MS);
		w.back[i] = w.start + 1 + below(150 * MS);
		w.voters[i] = w.back[i] + 1 + below(150 * MS);
	}
	return w;
}

static const struct snapshot *view_at(struct fixture *f, const struct truth *w, int i, int64_t ns)
{
	if (ns < w->gone[i])
		return view(f, 0, 0, all(f));
	if (ns < w->shown[i])
		return view(f, -1, 0, all(f));
	if (ns < w->back[i])
		return view(f, 1, below(2) ? -1 : 0, all(f) & ~1u);
	return view(f, 1, 1, ns < w->voters[i] ? all(f) & ~1u : all(f));
}

static void feed(struct fixture *f, const struct truth *w)
{
	VEC(struct poll) polls = {0};
	struct poll *p;
	bool faulted = false;

	for (int i = 0; i < (int)f->n; i++) {
		int64_t at = below(5 * MS), period = MS + below(20 * MS);

		while (at < w->end) {
			struct poll poll = {i, at, at + 1 + below(8 * MS), 0};

			poll.seen = poll.sent + below(poll.done - poll.sent + 1);
			vec_push(&polls, poll);
			at = poll.done + below(period);
		}
	}
	qsort(polls.v, polls.n, sizeof *polls.v, by_done);
	vec_each (p, &polls) {
		bool down = p->node == 0 && p->seen >= w->http_down && p->seen < w->http_up;
		bool lost = below(20) == 0;

		if (!faulted && p->done > w->fault) {
			track_fault(f->t, 0);
			track_steps(f->t)->fault_issued_ns = w->fault;
			track_steps(f->t)->process_gone =
				(struct interval){w->http_down - 1, w->http_down};
			faulted = true;
		}
		if (p->done > w->start)
			track_steps(f->t)->start_issued_ns = w->start;
		track_state(f->t, p->node, p->sent, p->done,
			    down || lost ? NULL : view_at(f, w, p->node, p->seen), !down);
	}
	vec_done(&polls);
}

static void contains(struct fixture *f, enum metric metric, enum origin origin, int observer,
		     int64_t truth_ns)
{
	const struct metric_value *v = find(f, metric, origin, observer);

	assert_non_null(v);
	if (v->lo_ns > truth_ns || (v->censored != 1 && v->hi_ns < truth_ns))
		fail_msg("%s: %lld is not in [%lld, %lld]", metric_names[metric],
			 (long long)truth_ns, (long long)v->lo_ns, (long long)v->hi_ns);
	assert_true(v->lo_ns >= 0);
	assert_true(v->censored != 1);
}

static int64_t pick(const int64_t *v, size_t first, size_t n, bool last)
{
	int64_t best = v[first];

	for (size_t i = first; i < n; i++)
		best = (v[i] > best) == last ? v[i] : best;
	return best;
}

/* From the first survivor with the new master until the last one that still shows the old one. The
 * victim names itself until its HTTP is down. */
static int64_t dual_truth(const struct truth *w, size_t n)
{
	int64_t shown = pick(w->shown, 1, n, false), old = pick(w->gone, 1, n, true);
	int64_t victim = w->gone[0] < w->http_down ? w->gone[0] : w->http_down;

	if (victim > old)
		old = victim;
	return old > shown ? old - shown : 0;
}

static void intervals_contain_the_truth(void **unused)
{
	(void)unused;
	for (int round = 0; round < 400; round++) {
		struct fixture f = make(2 + (size_t)below(4));
		struct truth w = make_truth(f.n);
		int64_t shown = pick(w.shown, 1, f.n, false), agreed = pick(w.shown, 1, f.n, true);
		int64_t back = pick(w.back, 1, f.n, false);

		feed(&f, &w);
		contains(&f, METRIC_DETECTION, FAULT, -1, pick(w.gone, 1, f.n, false) - w.fault);
		contains(&f, METRIC_REELECTION, FAULT, -1, shown - w.fault);
		contains(&f, METRIC_AGREEMENT, FAULT, -1, agreed - w.fault);
		contains(&f, METRIC_SPREAD, OWN, -1, agreed - shown);
		for (int i = 1; i < (int)f.n; i++)
			contains(&f, METRIC_MASTERLESS, OWN, i, w.shown[i] - w.gone[i]);
		contains(&f, METRIC_DUAL_MASTER, OWN, -1, dual_truth(&w, f.n));
		contains(&f, METRIC_BOOT, START, -1, w.http_up - w.start);
		contains(&f, METRIC_REJOIN, START, -1, back - w.start);
		contains(&f, METRIC_DOWNTIME, FAULT, -1, back - w.fault);
		contains(&f, METRIC_REJOIN_ALL, START, -1, pick(w.back, 0, f.n, true) - w.start);
		contains(&f, METRIC_REDUNDANCY, START, -1, pick(w.voters, 0, f.n, true) - w.start);
		assert_true(track_redundant(f.t));
		done(&f);
	}
}

static void names_match(void **unused)
{
	(void)unused;
	for (int i = 0; i < N_METRICS; i++) {
		assert_int_equal(metric_by_name(metric_names[i]), i);
		assert_non_null(metric_meanings[i]);
	}
	for (int i = 0; i < N_ORIGINS; i++)
		assert_int_equal(origin_by_name(origin_names[i]), i);
	assert_int_equal(metric_by_name("x"), -1);
	assert_string_equal(health_names[HEALTH_GREEN], "green");
	assert_int_equal(metric_default_origin(METRIC_SPREAD), ORIGIN_OWN);
	assert_int_equal(metric_default_origin(METRIC_DOWNTIME), ORIGIN_FAULT_ISSUED);
	assert_int_equal(metric_default_origin(METRIC_BOOT), ORIGIN_START_ISSUED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_election),
		cmocka_unit_test(contested_election_counts_to_the_master_agreed_on),
		cmocka_unit_test(never_elected_is_censored),
		cmocka_unit_test(two_masters_to_the_end_are_no_agreement),
		cmocka_unit_test(gap_shorter_than_the_poll_period_is_left_censored),
		cmocka_unit_test(old_membership_is_no_rejoin),
		cmocka_unit_test(nothing_without_a_fault),
		cmocka_unit_test(losing_another_node_is_no_reelection),
		cmocka_unit_test(a_paused_node_rejoins_as_the_same_process),
		cmocka_unit_test(five_nodes_voters_shrink_and_grow_back),
		cmocka_unit_test(four_nodes_other_voters_same_number),
		cmocka_unit_test(shrunk_is_what_every_survivor_shows),
		cmocka_unit_test(two_masters_at_once_are_measured),
		cmocka_unit_test(two_masters_are_counted_once),
		cmocka_unit_test(a_node_that_is_gone_names_nobody),
		cmocka_unit_test(parted_is_a_side_with_a_master_of_its_own),
		cmocka_unit_test(noop_gives_noise_floors),
		cmocka_unit_test(whole_says_what_is_missing),
		cmocka_unit_test(intervals_contain_the_truth),
		cmocka_unit_test(names_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
