#include "collector/poll.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "tests/unit/fake.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

enum { N_NODES = 3, PERIOD_MS = 5 };

/* What was seen of one node. */
struct seen {
	int n_answers, n_ok, n_timeouts, n_connects;
	int n_wanted;
	int64_t first_ns, last_due_ns, last_sent_ns, last_done_ns;
	int64_t n_off_grid, n_overlaps;
	/* slots that passed while the loop was held up, but for the newest; and were sent */
	int64_t passed_from_ns, passed_to_ns, n_caught_up;
};

struct rig {
	struct loop *loop;
	struct http *http;
	struct fake fake;
	struct poll *polls[N_NODES];
	struct seen seen[N_NODES];
};

static void on_answer(void *arg, const struct poll_answer *a)
{
	struct seen *seen = arg;

	seen->n_answers++;
	seen->n_ok += a->http->result == HTTP_ANSWERED;
	seen->n_timeouts += a->http->result == HTTP_TIMEOUT;
	seen->n_connects += a->http->n_connects > 0;
	seen->n_off_grid += (a->due_ns - seen->first_ns) % (PERIOD_MS * NS_PER_MS) != 0;
	seen->n_overlaps += a->http->sent_ns < seen->last_done_ns || a->due_ns <= seen->last_due_ns;
	seen->n_caught_up += a->due_ns > seen->passed_from_ns && a->due_ns <= seen->passed_to_ns;
	assert_true(a->http->sent_ns >= a->due_ns);
	seen->last_due_ns = a->due_ns;
	seen->last_sent_ns = a->http->sent_ns;
	seen->last_done_ns = a->http->done_ns;
}

static void make_polls(struct rig *rig, int64_t timeout_ns)
{
	static const char *const names[N_NODES] = {"n1", "n2", "n3"};

	for (int i = 0; i < N_NODES; i++) {
		char *base = fake_url(&rig->fake, names[i]);
		char *url = mem_printf("%s/_cluster/health", base);

		poll_free(rig->polls[i]);
		rig->polls[i] =
			poll_new(rig->loop, rig->http, url, timeout_ns, on_answer, &rig->seen[i]);
		free(base);
		free(url);
	}
}

static int set_up(void **state)
{
	struct rig *rig = mem_alloc(sizeof *rig);
	struct err err = ERR_INIT;

	*state = rig;
	if (loop_open(&rig->loop, &err) || http_open(rig->loop, &rig->http, &err))
		return -1;
	fake_start(&rig->fake, rig->loop, "", "n1 n2 n3");
	make_polls(rig, 60 * NS_PER_S); /* none times out, on the slowest machine */
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;

	for (int i = 0; i < N_NODES; i++)
		poll_free(rig->polls[i]);
	fake_stop(&rig->fake);
	http_close(rig->http);
	loop_close(rig->loop);
	free(rig);
	return 0;
}

static void start(struct rig *rig)
{
	for (int i = 0; i < N_NODES; i++) {
		rig->seen[i].first_ns = clock_mono_ns() + NS_PER_MS;
		poll_pace(rig->polls[i], rig->seen[i].first_ns, PERIOD_MS * NS_PER_MS);
	}
}

static bool has_enough(void *arg)
{
	const struct rig *rig = arg;

	for (int i = 0; i < N_NODES; i++)
		if (rig->seen[i].n_answers < rig->seen[i].n_wanted)
			return false;
	return true;
}

static bool is_idle(void *arg)
{
	const struct rig *rig = arg;

	for (int i = 0; i < N_NODES; i++)
		if (poll_busy(rig->polls[i]))
			return false;
	return true;
}

static void await(struct rig *rig, bool (*done)(void *))
{
	assert_int_equal(loop_wait(rig->loop, done, rig, clock_mono_ns() + 30 * NS_PER_S, false),
			 LOOP_DONE);
}

/* Stops all, and holds each to its identities. */
static struct poll_counts stop(struct rig *rig, int node)
{
	struct poll_counts counts;

	for (int i = 0; i < N_NODES; i++)
		poll_stop(rig->polls[i]);
	await(rig, is_idle);
	counts = poll_take_counts(rig->polls[node]);
	assert_int_equal(counts.due, counts.sent + counts.skipped);
	assert_int_equal(counts.sent, rig->seen[node].n_answers);
	assert_int_equal(rig->seen[node].n_off_grid, 0);
	assert_int_equal(rig->seen[node].n_overlaps, 0);
	assert_int_equal(poll_take_counts(rig->polls[node]).due, 0);
	return counts;
}

static void slots_are_on_the_grid(void **state)
{
	struct rig *rig = *state;

	for (int i = 0; i < N_NODES; i++)
		rig->seen[i].n_wanted = 40;
	start(rig);
	await(rig, has_enough);
	for (int i = 0; i < N_NODES; i++) {
		struct poll_counts counts = stop(rig, i);

		assert_true(counts.due >= 40);
		assert_int_equal(rig->seen[i].n_ok, rig->seen[i].n_answers);
		assert_int_equal(rig->seen[i].n_connects, 1);
		/* every slot from the first to the last sent is accounted for */
		assert_true(counts.due >= (rig->seen[i].last_due_ns - rig->seen[i].first_ns) /
							  (PERIOD_MS * NS_PER_MS) +
						  1);
	}
}

static void a_hanging_node_delays_nobody(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now n2 hang", 1);
	rig->seen[0].n_wanted = rig->seen[2].n_wanted = 60;
	start(rig);
	await(rig, has_enough);
	/* sixty answers each, and its first request is still under way */
	assert_int_equal(rig->seen[1].n_answers, 0);
	assert_true(poll_busy(rig->polls[1]));
	for (int i = 0; i < N_NODES; i += 2)
		assert_int_equal(rig->seen[i].n_ok, rig->seen[i].n_answers);
}

static void a_hanging_node_is_asked_again_when_timed_out(void **state)
{
	struct rig *rig = *state;
	struct poll_counts hung;

	make_polls(rig, 100 * NS_PER_MS);
	fake_say(&rig->fake, "now n2 hang", 1);
	rig->seen[1].n_wanted = 3;
	start(rig);
	await(rig, has_enough);
	hung = stop(rig, 1);
	assert_int_equal(rig->seen[1].n_ok, 0);
	assert_int_equal(rig->seen[1].n_timeouts, rig->seen[1].n_answers);
	/* 100 ms in flight: twenty slots are gone, or as many as a slow machine lost; not so of
	 * the last one, which nobody waited out */
	assert_true(hung.skipped >= 15 * hung.sent - 15);
}

static void nothing_is_caught_up(void **state)
{
	struct rig *rig = *state;
	struct poll_counts counts;
	struct seen *seen = &rig->seen[0];

	rig->seen[0].n_wanted = rig->seen[1].n_wanted = rig->seen[2].n_wanted = 5;
	start(rig);
	await(rig, has_enough);
	/* the loop itself is held up, for twelve slots */
	seen->passed_from_ns = clock_mono_ns();
	seen->passed_to_ns = seen->passed_from_ns + (60 - PERIOD_MS) * NS_PER_MS;
	while (clock_mono_ns() < seen->passed_from_ns + 60 * NS_PER_MS)
		;
	rig->seen[0].n_wanted = rig->seen[0].n_answers + 2;
	await(rig, has_enough);
	/* it is the newest slot that is sent */
	assert_int_equal(seen->n_caught_up, 0);
	counts = stop(rig, 0);
	assert_true(counts.skipped >= 10);
}

static void reconnects_are_seen(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now * drop-every 4", N_NODES);
	for (int i = 0; i < N_NODES; i++)
		rig->seen[i].n_wanted = 20;
	start(rig);
	await(rig, has_enough);
	for (int i = 0; i < N_NODES; i++) {
		stop(rig, i);
		assert_int_equal(rig->seen[i].n_ok, rig->seen[i].n_answers);
		assert_int_equal(rig->seen[i].n_connects, (rig->seen[i].n_answers + 3) / 4);
	}
}

static void another_pace_never_repeats_a_slot(void **state)
{
	struct rig *rig = *state;
	struct poll_counts counts;
	int64_t last_due_ns;

	rig->seen[0].n_wanted = 3;
	start(rig);
	await(rig, has_enough);
	for (int i = 0; i < N_NODES; i++)
		poll_stop(rig->polls[i]);
	await(rig, is_idle);
	last_due_ns = rig->seen[0].last_due_ns;
	rig->seen[0].first_ns = last_due_ns + NS_PER_US;
	poll_pace(rig->polls[0], last_due_ns - NS_PER_S, PERIOD_MS * NS_PER_MS);
	rig->seen[0].n_wanted = rig->seen[0].n_answers + 3;
	await(rig, has_enough);
	counts = stop(rig, 0);
	assert_true(counts.sent >= 6);
}

static void freed_while_asking(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now * hang", N_NODES);
	start(rig);
	loop_wait(rig->loop, NULL, NULL, clock_mono_ns() + 3 * NS_PER_MS, false);
	assert_true(poll_busy(rig->polls[0]));
	for (int i = 0; i < N_NODES; i++) {
		poll_free(rig->polls[i]);
		rig->polls[i] = NULL;
		assert_int_equal(rig->seen[i].n_answers, 0);
	}
}

int main(void)
{
#define POLL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		POLL_TEST(slots_are_on_the_grid),
		POLL_TEST(a_hanging_node_delays_nobody),
		POLL_TEST(a_hanging_node_is_asked_again_when_timed_out),
		POLL_TEST(nothing_is_caught_up),
		POLL_TEST(reconnects_are_seen),
		POLL_TEST(another_pace_never_repeats_a_slot),
		POLL_TEST(freed_while_asking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
