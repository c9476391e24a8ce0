#include "collector/writer.h"
#include "collector/writer_impl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "tests/unit/fake.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

enum { N_NODES = 3 };

struct rig {
	struct loop *loop;
	struct http *http;
	struct fake fake;
	struct plan plan;
	struct driver driver;
	struct writer *w;
	int64_t next_number;
	const int64_t *counter;
	int64_t wanted;
};

static int set_up(void **state)
{
	struct rig *rig = mem_alloc(sizeof *rig);
	struct err err = ERR_INIT;

	*state = rig;
	if (loop_open(&rig->loop, &err) || http_open(rig->loop, &rig->http, &err))
		return -1;
	fake_start(&rig->fake, rig->loop, "seed 5\n", "n1 n2 n3");
	rig->plan.write_probe_ns = 4 * NS_PER_MS;
	rig->plan.poll_timeout_ns = 60 * NS_PER_MS;
	fake_nodes(&rig->fake, &rig->driver, N_NODES);
	rig->w = writer_new(rig->loop, rig->http, &rig->plan, &rig->driver, "rejoin-drill-1-1",
			    &rig->next_number);
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	writer_free(rig->w);
	fake_stop(&rig->fake);
	http_close(rig->http);
	loop_close(rig->loop);
	fake_nodes_done(&rig->driver);
	free(rig);
	return 0;
}

static bool has_counted(void *arg)
{
	const struct rig *rig = arg;

	return *rig->counter >= rig->wanted;
}

/* Waits for n more of what counter counts. */
static void await_more(struct rig *rig, const int64_t *counter, int64_t n)
{
	rig->counter = counter;
	rig->wanted = *counter + n;
	assert_int_equal(
		loop_wait(rig->loop, has_counted, rig, clock_mono_ns() + 30 * NS_PER_S, false),
		LOOP_DONE);
}

static void make_index(struct rig *rig)
{
	struct err err = ERR_INIT;

	assert_int_equal(writer_make_index(rig->w, &err), 0);
}

static void assert_adds_up(const struct rig *rig)
{
	const struct store_write_count *c = writer_count(rig->w);
	const writes *all = writer_writes(rig->w);
	int64_t n_ok = 0;

	assert_int_equal(c->due, c->sent + c->skipped);
	assert_int_equal(c->sent, c->ok + c->http_error + c->net_error + c->timeout);
	assert_int_equal(c->sent, (int64_t)all->n);
	for (size_t i = 0; i < all->n; i++) {
		assert_true(all->v[i].late_us >= 0 && all->v[i].took_us >= 0);
		n_ok += all->v[i].outcome == SAMPLE_OK;
	}
	assert_int_equal(c->ok, n_ok);
}

static void writes_go_round_and_are_found(void **state)
{
	struct rig *rig = *state;
	struct str lost = STR_INIT;
	const writes *all = writer_writes(rig->w);
	int64_t n_at[N_NODES] = {0};

	make_index(rig);
	make_index(rig); /* there already: taken */
	writer_begin(rig->w, clock_mono_ns());
	assert_false(writer_is_acknowledged(rig->w));
	await_more(rig, &writer_count(rig->w)->ok, 30);
	writer_end(rig->w);
	assert_true(writer_is_acknowledged(rig->w));
	assert_adds_up(rig);
	for (size_t i = 0; i < all->n; i++)
		n_at[all->v[i].node]++;
	for (int i = 0; i < N_NODES; i++)
		assert_true(n_at[i] >= 8);
	writer_look(rig->w, &lost);
	assert_int_equal(writer_count(rig->w)->found, writer_count(rig->w)->ok);
	assert_int_equal(writer_count(rig->w)->lost, 0);
	assert_int_equal(lost.n, 0);
	str_done(&lost);
}

static void failures_are_told_apart(void **state)
{
	struct rig *rig = *state;
	const struct store_write_count *c = writer_count(rig->w);

	make_index(rig);
	writer_begin(rig->w, clock_mono_ns());
	await_more(rig, &c->ok, 3);
	fake_say(&rig->fake, "now n2 status 503", 1);
	await_more(rig, &c->http_error, 2);
	fake_say(&rig->fake, "now n2 refuse", 1);
	await_more(rig, &c->net_error, 2);
	fake_say(&rig->fake, "now n2 hang", 1);
	await_more(rig, &c->timeout, 2);
	assert_true(c->skipped > 0);
	fake_say(&rig->fake, "now n2 ok", 1);
	await_more(rig, &c->ok, 6);
	writer_end(rig->w);
	assert_adds_up(rig);
}

static void a_lost_document_is_named(void **state)
{
	struct rig *rig = *state;
	struct str lost = STR_INIT;

	make_index(rig);
	writer_begin(rig->w, clock_mono_ns());
	await_more(rig, &writer_count(rig->w)->ok, 10);
	writer_end(rig->w);
	fake_say(&rig->fake, "now n1 forget 4", 1);
	fake_say(&rig->fake, "now n1 refuse", 1); /* another node tells */
	writer_look(rig->w, &lost);
	assert_int_equal(writer_count(rig->w)->lost, 1);
	assert_int_equal(writer_count(rig->w)->found, writer_count(rig->w)->ok - 1);
	assert_string_equal(lost.s, "4");
	str_done(&lost);
}

static void nobody_can_tell(void **state)
{
	struct rig *rig = *state;
	struct str lost = STR_INIT;
	struct err err = ERR_INIT;

	make_index(rig);
	writer_begin(rig->w, clock_mono_ns());
	await_more(rig, &writer_count(rig->w)->ok, 3);
	writer_end(rig->w);
	fake_say(&rig->fake, "now * status 503", N_NODES);
	writer_look(rig->w, &lost);
	assert_int_equal(writer_count(rig->w)->found, -1);
	assert_int_equal(writer_count(rig->w)->lost, -1);
	assert_int_not_equal(writer_remove_index(rig->w, &err), 0);
	assert_non_null(strstr(err.text, "rejoin-drill-1-1"));
	err = (struct err)ERR_INIT;
	assert_int_not_equal(writer_make_index(rig->w, &err), 0);
}

static void the_index_is_removed(void **state)
{
	struct rig *rig = *state;
	const struct store_write_count *c = writer_count(rig->w);
	struct err err = ERR_INIT;

	make_index(rig);
	fake_say(&rig->fake, "now n1 refuse", 1);
	assert_int_equal(writer_remove_index(rig->w, &err), 0);
	writer_begin(rig->w, clock_mono_ns());
	await_more(rig, &c->http_error, 3); /* the fake makes no index by itself */
	writer_end(rig->w);
	assert_int_equal(c->ok, 0);
	assert_int_equal(writer_remove_index(rig->w, &err), 0);
}

/* Two trials with one writer: numbers go on. */
static void numbers_are_never_used_again(void **state)
{
	struct rig *rig = *state;
	int64_t before;

	make_index(rig);
	writer_begin(rig->w, clock_mono_ns());
	await_more(rig, &writer_count(rig->w)->ok, 5);
	writer_end(rig->w);
	before = rig->next_number;
	writer_begin(rig->w, clock_mono_ns());
	assert_int_equal(writer_writes(rig->w)->n, 0);
	await_more(rig, &writer_count(rig->w)->ok, 5);
	writer_end(rig->w);
	for (size_t i = 0; i < writer_writes(rig->w)->n; i++)
		assert_true(writer_writes(rig->w)->v[i].number > before);
	assert_adds_up(rig);
}

/* ---- write_gap, of writes made up ---- */

static struct writer made_up(int64_t end_ms)
{
	return (struct writer){.period_ns = 20 * NS_PER_MS,
			       .timeout_ns = 1000 * NS_PER_MS,
			       .end_ns = end_ms * NS_PER_MS};
}

static void add(struct writer *w, int64_t sent_ms, int64_t took_ms, enum sample_outcome outcome)
{
	struct store_write write = {.due_us = sent_ms * 1000 - 5,
				    .late_us = 5,
				    .took_us = took_ms * 1000,
				    .outcome = (uint8_t)outcome};

	vec_push(&w->writes, write);
}

static void expect_gap(struct writer *w, int64_t fault_ms, int64_t lo_ms, int64_t hi_ms,
		       int censored)
{
	struct metric_value v;

	assert_true(writer_gap(w, fault_ms * NS_PER_MS, &v));
	assert_int_equal(v.metric, METRIC_WRITE_GAP);
	assert_int_equal(v.origin, ORIGIN_OWN);
	assert_int_equal(v.observer, -1);
	assert_int_equal(v.lo_ns, lo_ms * NS_PER_MS);
	assert_int_equal(v.hi_ns, hi_ms * NS_PER_MS);
	assert_int_equal(v.censored, censored);
}

static void the_gap_is_the_longest_after_the_fault(void **state)
{
	struct writer w = made_up(125);
	struct metric_value v;

	(void)state;
	assert_false(writer_gap(&w, 100 * NS_PER_MS, &v));
	add(&w, 10, 3, SAMPLE_OK);
	add(&w, 90, 3, SAMPLE_OK); /* a longer one before the fault is not it */
	add(&w, 98, 3, SAMPLE_OK);
	expect_gap(&w, 100, 0, 11, -1);
	add(&w, 120, 2, SAMPLE_NET_ERROR);
	add(&w, 110, 300, SAMPLE_OK);
	add(&w, 140, 280, SAMPLE_OK);
	add(&w, 430, 5, SAMPLE_OK);
	w.end_ns = 440 * NS_PER_MS;
	expect_gap(&w, 100, 410 - 101, 410 - 98, 0);
	expect_gap(&w, 200, 410 - 101, 410 - 98, 0);
	assert_false(writer_gap(&w, 5 * NS_PER_MS, &v)); /* none before */
	w.end_ns = 800 * NS_PER_MS;
	expect_gap(&w, 100, 800 - 435, 0, 1); /* still none */
	vec_done(&w.writes);
}

int main(void)
{
#define WRITER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WRITER_TEST(writes_go_round_and_are_found),
		WRITER_TEST(failures_are_told_apart),
		WRITER_TEST(a_lost_document_is_named),
		WRITER_TEST(nobody_can_tell),
		WRITER_TEST(the_index_is_removed),
		WRITER_TEST(numbers_are_never_used_again),
		cmocka_unit_test(the_gap_is_the_longest_after_the_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
