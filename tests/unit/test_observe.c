#include "collector/observe.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "tests/unit/fake.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

enum { N_NODES = 3, N_CHANGES = 12 };
static const char *const names[N_NODES] = {"n1", "n2", "n3"};

struct rig {
	struct loop *loop;
	struct http *http;
	struct fake fake;
	struct plan plan;
	struct driver driver;
	struct observe *o;
	/* what is awaited */
	const int64_t *counter;
	int64_t wanted;
	int64_t term;
};

static int set_up(void **state)
{
	struct rig *rig = mem_alloc(sizeof *rig);
	struct err err = ERR_INIT;

	*state = rig;
	if (loop_open(&rig->loop, &err) || http_open(rig->loop, &rig->http, &err))
		return -1;
	fake_start(&rig->fake, rig->loop, "seed 5\n", "n1 n2 n3");
	rig->plan.poll_fast_ns = 5 * NS_PER_MS;
	rig->plan.poll_rejoin_ns = 10 * NS_PER_MS;
	rig->plan.poll_idle_ns = 20 * NS_PER_MS;
	rig->plan.poll_timeout_ns = 60 * NS_PER_S; /* never, on the slowest machine */
	fake_nodes(&rig->fake, &rig->driver, N_NODES);
	rig->o = observe_new(rig->loop, rig->http, &rig->plan, &rig->driver);
	observe_set_version(rig->o, "elasticsearch", "8.19.0");
	return 0;
}

/* For nodes that hang. From here on any answer may come too late. */
static void shorten_timeout(struct rig *rig)
{
	observe_free(rig->o);
	rig->plan.poll_timeout_ns = 80 * NS_PER_MS;
	rig->o = observe_new(rig->loop, rig->http, &rig->plan, &rig->driver);
	observe_set_version(rig->o, "elasticsearch", "8.19.0");
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	observe_free(rig->o);
	fake_stop(&rig->fake);
	http_close(rig->http);
	loop_close(rig->loop);
	fake_nodes_done(&rig->driver);
	free(rig);
	return 0;
}

static void await(struct rig *rig, bool (*done)(void *))
{
	assert_int_equal(loop_wait(rig->loop, done, rig, clock_mono_ns() + 30 * NS_PER_S, false),
			 LOOP_DONE);
}

static bool has_counted(void *arg)
{
	const struct rig *rig = arg;

	return *rig->counter >= rig->wanted;
}

static bool is_steady(void *arg)
{
	return observe_is_steady(((struct rig *)arg)->o);
}

static bool shows_term(void *arg)
{
	struct rig *rig = arg;

	for (int i = 0; i < N_NODES; i++) {
		const struct snapshot *view = track_view(observe_track(rig->o), i);

		if (!view || view->term != rig->term)
			return false;
	}
	return true;
}

/* Says line and waits for three more of what counter counts. */
static void provoke(struct rig *rig, const char *line, const int64_t *counter)
{
	fake_say(&rig->fake, line, 1);
	rig->counter = counter;
	rig->wanted = *counter + 3;
	await(rig, has_counted);
}

/* The identities, and the samples behind each count. */
static void assert_adds_up(struct rig *rig, int node)
{
	const struct store_poll_count *c = &observe_tally(rig->o, node)->count;
	const samples *all = observe_samples(rig->o);
	int64_t n[4] = {0};

	for (size_t i = 0; i < all->n; i++) {
		const struct store_sample *s = &all->v[i];

		assert_int_equal(s->view != NULL, s->outcome == SAMPLE_OK);
		assert_true(s->late_us >= 0 && s->took_us >= 0);
		if (i)
			assert_true(all->v[i - 1].due_us <= s->due_us);
		n[s->outcome] += s->node == node;
	}
	assert_int_equal(c->due, c->sent + c->skipped);
	assert_int_equal(c->sent, c->ok + c->http_error + c->net_error + c->timeout);
	assert_int_equal(n[SAMPLE_OK], c->ok);
	assert_int_equal(n[SAMPLE_HTTP_ERROR], c->http_error);
	assert_int_equal(n[SAMPLE_NET_ERROR], c->net_error);
	assert_int_equal(n[SAMPLE_TIMEOUT], c->timeout);
}

static void outcomes_are_told_apart(void **state)
{
	struct rig *rig = *state;
	const struct observe_tally *bad = observe_tally(rig->o, 1);
	const struct store_poll_count *c = &bad->count, *good;

	observe_begin(rig->o, clock_mono_ns());
	observe_pace(rig->o, PACE_FAST);
	provoke(rig, "now n2 ok", &c->ok);
	assert_int_equal(c->http_error + c->net_error + c->timeout, 0);
	assert_int_equal(c->reconnects, 1);
	provoke(rig, "now n2 status 503", &c->http_error);
	assert_int_equal(bad->bad_answers, 0);
	provoke(rig, "now n2 wrong html", &bad->bad_answers);
	provoke(rig, "now n2 wrong json", &bad->bad_answers);
	provoke(rig, "now n2 wrong empty", &bad->bad_answers);
	assert_int_equal(c->net_error + c->timeout, 0);
	provoke(rig, "now n2 reset", &c->net_error);
	provoke(rig, "now n2 half", &c->net_error);
	provoke(rig, "now n2 refuse", &c->net_error);
	provoke(rig, "now n2 delay 10..20ms", &c->ok);
	provoke(rig, "now n2 ok drop-every 2", &c->ok);
	observe_end(rig->o);
	for (int i = 0; i < N_NODES; i++)
		assert_adds_up(rig, i);
	assert_int_equal(c->timeout, 0);
	assert_true(bad->bad_answers < c->http_error);
	/* the others have noticed nothing */
	for (int i = 0; i < N_NODES; i += 2) {
		good = &observe_tally(rig->o, i)->count;
		assert_true(good->ok > 0);
		assert_int_equal(good->ok, good->sent);
	}
}

/* The others go on while it does, and it answers again afterwards. */
static void a_hanging_node_times_out(void **state)
{
	struct rig *rig = *state;
	const struct store_poll_count *c;

	shorten_timeout(rig);
	c = &observe_tally(rig->o, 1)->count;
	observe_begin(rig->o, clock_mono_ns());
	observe_pace(rig->o, PACE_FAST);
	provoke(rig, "now n2 hang", &c->timeout);
	for (int i = 0; i < N_NODES; i += 2) {
		rig->counter = &observe_tally(rig->o, i)->count.ok;
		rig->wanted = *rig->counter + 3;
		await(rig, has_counted);
	}
	provoke(rig, "now n2 ok", &c->ok);
	observe_end(rig->o);
	for (int i = 0; i < N_NODES; i++)
		assert_adds_up(rig, i);
	assert_true(c->skipped > 0); /* a time-out is many slots long */
}

static void a_hanging_node_is_steady_when_timed_out(void **state)
{
	struct rig *rig = *state;

	shorten_timeout(rig);
	fake_say(&rig->fake, "now n2 hang", 1);
	observe_begin(rig->o, clock_mono_ns());
	assert_false(observe_is_steady(rig->o));
	await(rig, is_steady);
	assert_true(observe_tally(rig->o, 1)->count.timeout > 0);
	fake_say(&rig->fake, "now n2 ok", 1);
	observe_pace(rig->o, PACE_REJOIN);
	assert_false(observe_is_steady(rig->o));
	await(rig, is_steady);
	observe_end(rig->o);
	for (int i = 0; i < N_NODES; i++)
		assert_adds_up(rig, i);
}

/* Changes of every node, each as soon as the one before was seen; n3 answers late and loses its
 * connections. */
static void make_changes(struct rig *rig)
{
	static const char *const masters[] = {"n2", "none", "n3", "n1"};

	for (int k = 0; k < N_CHANGES; k++) {
		rig->term = k + 2;
		for (int i = 0; i < N_NODES; i++) {
			char *line = mem_printf("now %s master %s term %d version %d", names[i],
						masters[k % 4], k + 2, k + 2);

			fake_plan(&rig->fake, line);
			free(line);
		}
		await(rig, shows_term);
	}
	fake_await(&rig->fake, 1 + N_CHANGES * N_NODES);
}

/* Every change that was made was seen, in its order, inside its interval, and no other. */
static void assert_changes_hold_truth(struct rig *rig, int node)
{
	const master_changes *seen = track_master_changes(observe_track(rig->o));
	json_t *truth = fake_truth(&rig->fake), *change;
	size_t at = 0, i;

	json_array_foreach(truth, i, change)
	{
		const char *master = json_string_value(json_object_get(change, "master")), *shown;
		const struct master_change *c;

		if (strcmp(json_string_value(json_object_get(change, "node")), names[node]) != 0 ||
		    json_integer_value(json_object_get(change, "term")) == 1)
			continue;
		while (at < seen->n && seen->v[at].node != node)
			at++;
		assert_true(at < seen->n);
		c = &seen->v[at++];
		shown = snapshot_master_name(c->to);
		assert_true(master ? shown && strcmp(shown, master) == 0 : !shown);
		assert_int_equal(c->to->term, json_integer_value(json_object_get(change, "term")));
		assert_true(c->at.lo_ns < json_integer_value(json_object_get(change, "after_ns")));
		assert_true(c->at.hi_ns >=
			    json_integer_value(json_object_get(change, "before_ns")));
	}
	while (at < seen->n)
		assert_int_not_equal(seen->v[at++].node, node);
	json_decref(truth);
}

/* Equal bodies are one view. */
static void assert_views_are_distinct(struct rig *rig, size_t n_expected)
{
	const samples *all = observe_samples(rig->o);
	VEC(const struct snapshot *) views = {0};

	for (size_t i = 0; i < all->n; i++) {
		size_t k = 0;

		while (k < views.n && views.v[k] != all->v[i].view)
			k++;
		if (k == views.n && all->v[i].view)
			vec_push(&views, all->v[i].view);
	}
	for (size_t i = 0; i < views.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(views.v[i]->body, views.v[k]->body);
	assert_int_equal(views.n, n_expected);
	vec_done(&views);
}

static void intervals_hold_the_truth(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now n3 delay 0..10ms drop-every 5", 1);
	observe_begin(rig->o, clock_mono_ns());
	await(rig, is_steady);
	observe_pace(rig->o, PACE_FAST);
	await(rig, is_steady);
	make_changes(rig);
	observe_end(rig->o);
	for (int i = 0; i < N_NODES; i++) {
		assert_adds_up(rig, i);
		assert_changes_hold_truth(rig, i);
	}
	assert_views_are_distinct(rig, 1 + N_CHANGES);
	assert_true(observe_tally(rig->o, 2)->count.reconnects > 1);
}

/* The health of a node that was said after the k-th change; NULL: not so many. */
static const struct health_change *health_of(struct rig *rig, int node, size_t k)
{
	const health_changes *seen = track_health_changes(observe_track(rig->o));

	for (size_t i = 0; i < seen->n; i++)
		if (seen->v[i].node == node && k-- == 0)
			return &seen->v[i];
	return NULL;
}

static bool all_have_health(void *arg)
{
	for (int i = 0; i < N_NODES; i++)
		if (!health_of(arg, i, 0))
			return false;
	return true;
}

static bool n2_changed(void *arg)
{
	struct rig *rig = arg;

	return health_of(rig, 1, (size_t)rig->wanted) != NULL;
}

static void health_changes_are_kept(void **state)
{
	struct rig *rig = *state;
	char why[256];

	observe_begin(rig->o, clock_mono_ns());
	await(rig, is_steady);
	await(rig, all_have_health);
	fake_say(&rig->fake, "now n2 health red", 1);
	rig->wanted = 1;
	await(rig, n2_changed);
	assert_false(
		track_is_whole(observe_track(rig->o), N_NODES, HEALTH_YELLOW, why, sizeof why));
	observe_end(rig->o);
	for (int i = 0; i < N_NODES; i++)
		assert_int_equal(health_of(rig, i, 0)->status, HEALTH_GREEN);
	assert_int_equal(health_of(rig, 1, 1)->status, HEALTH_RED);
	assert_int_equal(track_health_changes(observe_track(rig->o))->n, N_NODES + 1);
}

/* Says line; the change that it makes is seen, as status, in an interval that holds it and begins
 * after the one before. */
static void expect_health(struct rig *rig, const char *line, size_t k, enum health status)
{
	const struct health_change *c;
	json_t *truth, *last;

	fake_say(&rig->fake, line, 1);
	rig->wanted = (int64_t)k;
	await(rig, n2_changed);
	truth = fake_truth(&rig->fake);
	last = json_array_get(truth, json_array_size(truth) - 1);
	c = health_of(rig, 1, k);
	assert_int_equal(c->status, status);
	assert_true(c->at.lo_ns < json_integer_value(json_object_get(last, "after_ns")));
	assert_true(c->at.hi_ns >= json_integer_value(json_object_get(last, "before_ns")));
	/* both ends of the first are when its answer was there */
	assert_true(k == 1 || c->at.lo_ns > health_of(rig, 1, k - 1)->at.lo_ns);
	json_decref(truth);
}

static void a_node_that_is_silent_has_no_health(void **state)
{
	struct rig *rig = *state;

	observe_begin(rig->o, clock_mono_ns());
	await(rig, is_steady);
	await(rig, all_have_health);
	expect_health(rig, "now n2 refuse", 1, HEALTH_NONE);
	expect_health(rig, "now n2 ok health yellow", 2, HEALTH_YELLOW);
	expect_health(rig, "now n2 status 503", 3, HEALTH_NONE);
	expect_health(rig, "now n2 ok health red", 4, HEALTH_RED);
	observe_end(rig->o);
	assert_null(health_of(rig, 1, 5));
	assert_null(health_of(rig, 0, 1)); /* the others said green once */
	assert_int_equal(health_of(rig, 0, 0)->status, HEALTH_GREEN);
}

/* The last health that n2 is known to be of. */
static bool n2_shows_wanted(void *arg)
{
	struct rig *rig = arg;
	const health_changes *seen = track_health_changes(observe_track(rig->o));

	for (size_t i = seen->n; i-- > 0;)
		if (seen->v[i].node == 1)
			return seen->v[i].status == (enum health)rig->wanted;
	return false;
}

static void a_node_that_hangs_has_no_health(void **state)
{
	struct rig *rig = *state;

	shorten_timeout(rig);
	observe_begin(rig->o, clock_mono_ns());
	rig->wanted = HEALTH_GREEN;
	await(rig, n2_shows_wanted);
	fake_say(&rig->fake, "now n2 hang", 1);
	rig->wanted = HEALTH_NONE;
	await(rig, n2_shows_wanted);
	fake_say(&rig->fake, "now n2 ok health yellow", 1);
	rig->wanted = HEALTH_YELLOW;
	await(rig, n2_shows_wanted);
	observe_end(rig->o);
}

static void a_new_trial_starts_afresh(void **state)
{
	struct rig *rig = *state;
	const struct store_poll_count *c = &observe_tally(rig->o, 0)->count;

	for (int trial = 0; trial < 3; trial++) {
		observe_begin(rig->o, clock_mono_ns());
		assert_int_equal(observe_samples(rig->o)->n, 0);
		assert_int_equal(c->sent + c->ok, 0);
		rig->counter = &c->ok;
		rig->wanted = 3;
		await(rig, has_counted);
		observe_end(rig->o);
		assert_adds_up(rig, 0);
		assert_int_equal(c->ok, c->sent);
		assert_int_equal(track_master(observe_track(rig->o)), 0);
	}
	assert_int_equal(c->reconnects, 0); /* kept over trials */
}

int main(void)
{
#define OBSERVE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		OBSERVE_TEST(outcomes_are_told_apart),
		OBSERVE_TEST(a_hanging_node_times_out),
		OBSERVE_TEST(a_hanging_node_is_steady_when_timed_out),
		OBSERVE_TEST(intervals_hold_the_truth),
		OBSERVE_TEST(health_changes_are_kept),
		OBSERVE_TEST(a_node_that_is_silent_has_no_health),
		OBSERVE_TEST(a_node_that_hangs_has_no_health),
		OBSERVE_TEST(a_new_trial_starts_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
