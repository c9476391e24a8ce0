#include "lib/clock.h"
#include "lib/http.h"
#include "lib/mem.h"
#include "tests/unit/fake.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

/* A fake of one node and one call to it. */
struct rig {
	struct loop *loop;
	struct http *http;
	struct fake fake;
	struct http_call *call;
	struct http_answer last; /* body and why point into call */
	int n_answers;
	bool inside_send;
};

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct rig *rig = arg;

	assert_false(rig->inside_send);
	assert_true(answer->sent_ns <= answer->done_ns);
	assert_true(answer->done_ns <= clock_mono_ns());
	assert_int_equal(answer->body[answer->n], '\0');
	rig->last = *answer;
	rig->n_answers++;
}

static struct http_call *call_to(struct rig *rig, const char *path, int64_t timeout_ms,
				 size_t max_bytes)
{
	char *base = fake_url(&rig->fake, "n1"), *url = mem_printf("%s%s", base, path);
	struct http_call *call =
		http_call_new(rig->http, url, timeout_ms * NS_PER_MS, max_bytes, on_answer, rig);

	free(base);
	free(url);
	return call;
}

static int set_up(void **state)
{
	struct rig *rig = mem_alloc(sizeof *rig);
	struct err err = ERR_INIT;

	*state = rig;
	if (loop_open(&rig->loop, &err) || http_open(rig->loop, &rig->http, &err))
		return -1;
	fake_start(&rig->fake, rig->loop, "", "n1");
	rig->call = call_to(rig, "/_cluster/health?local=true", 10000, 1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;

	http_call_free(rig->call);
	fake_stop(&rig->fake);
	http_close(rig->http);
	loop_close(rig->loop);
	free(rig);
	return 0;
}

static bool is_idle(void *arg)
{
	return !http_busy(((struct rig *)arg)->call);
}

static void ask(struct rig *rig)
{
	int64_t before_ns = clock_mono_ns();

	rig->inside_send = true;
	http_send(rig->call);
	rig->inside_send = false;
	assert_true(http_busy(rig->call));
	assert_int_equal(loop_wait(rig->loop, is_idle, rig, clock_mono_ns() + 30 * NS_PER_S, false),
			 LOOP_DONE);
	assert_true(rig->last.sent_ns >= before_ns);
}

static void assert_green(const struct rig *rig)
{
	assert_int_equal(rig->last.result, HTTP_ANSWERED);
	assert_int_equal(rig->last.status, 200);
	assert_string_equal(rig->last.body, "{\"status\":\"green\"}");
	assert_int_equal(rig->last.n, strlen(rig->last.body));
	assert_null(rig->last.why);
}

static void assert_failed(const struct rig *rig, enum http_result result)
{
	assert_int_equal(rig->last.result, result);
	assert_int_equal(rig->last.status, 0);
	assert_true(rig->last.why && *rig->last.why);
}

static void the_connection_is_kept(void **state)
{
	struct rig *rig = *state;

	for (int i = 0; i < 50; i++) {
		ask(rig);
		assert_green(rig);
		assert_int_equal(rig->last.n_connects, i == 0);
	}
}

static void a_lost_connection_is_counted(void **state)
{
	struct rig *rig = *state;
	int n_connects = 0;

	fake_say(&rig->fake, "now n1 drop-every 3", 1);
	/* many: libcurl counts the times it asks again over the life of a handle, and gives up */
	for (int i = 0; i < 300; i++) {
		ask(rig);
		assert_green(rig);
		n_connects += rig->last.n_connects;
	}
	assert_int_equal(n_connects, 100);
}

static void ignore_answer(void *arg, const struct http_answer *answer)
{
	(void)arg;
	assert_int_equal(answer->result, HTTP_ANSWERED);
}

static bool both_idle(void *arg)
{
	struct rig *rig = ((void **)arg)[0];

	return !http_busy(rig->call) && !http_busy(((void **)arg)[1]);
}

/* libcurl goes on with an idle connection of another call, and tells of no new one. */
static void a_borrowed_connection_is_counted(void **state)
{
	struct rig *rig = *state;
	char *url = fake_url(&rig->fake, "n1");
	struct http_call *other =
		http_call_new(rig->http, url, 30 * NS_PER_S, 1 << 20, ignore_answer, NULL);
	void *both[] = {rig, other};
	int n_connects = 0;

	http_send(rig->call);
	http_send(other);
	assert_int_equal(loop_wait(rig->loop, both_idle, both, clock_mono_ns() + 30 * NS_PER_S, 0),
			 LOOP_DONE);
	fake_say(&rig->fake, "now n1 drop-every 2", 1);
	for (int i = 0; i < 40; i++) {
		ask(rig);
		assert_green(rig);
		n_connects += rig->last.n_connects;
	}
	/* the first two answers were the two calls' own */
	assert_in_range(n_connects, 19, 20);
	http_call_free(other);
	free(url);
}

/* The first attempt may have been answered by what was true then. */
static void a_request_sent_again_counts_from_its_first_attempt(void **state)
{
	struct rig *rig = *state;
	int64_t before_ns, after_ns;

	ask(rig);
	for (int i = 0; i < 20; i++) {
		fake_say(&rig->fake, "now n1 refuse", 1);
		fake_say(&rig->fake, "now n1 delay 5..6ms", 1);
		before_ns = clock_mono_ns();
		http_send(rig->call);
		after_ns = clock_mono_ns(); /* the first attempt is made */
		assert_int_equal(
			loop_wait(rig->loop, is_idle, rig, clock_mono_ns() + 30 * NS_PER_S, false),
			LOOP_DONE);
		assert_green(rig);
		assert_int_equal(rig->last.n_connects, 1);
		assert_in_range(rig->last.sent_ns - before_ns, 0, after_ns - before_ns);
		assert_true(rig->last.done_ns - rig->last.sent_ns >= 5 * NS_PER_MS);
	}
}

static void another_method_with_a_body(void **state)
{
	struct rig *rig = *state;
	char *base = fake_url(&rig->fake, "n1"), *index = mem_printf("%s/rejoin-drill-1", base);
	char *doc = mem_printf("%s/_doc/7", index), *mget = mem_printf("%s/_mget", index);

	http_call_set_url(rig->call, index);
	http_call_set_request(rig->call, "PUT", "{}");
	ask(rig);
	assert_int_equal(rig->last.status, 200);
	http_call_set_url(rig->call, doc);
	fake_say(&rig->fake, "now n1 drop-every 2", 1);
	for (int i = 0; i < 20; i++) { /* libcurl's own repetition included */
		ask(rig);
		assert_int_equal(rig->last.status, 201);
	}
	http_call_set_url(rig->call, mget);
	http_call_set_request(rig->call, "POST", "{\"ids\":[\"7\",\"8\"]}");
	ask(rig);
	assert_string_equal(rig->last.body, "{\"docs\":[{\"_id\":\"7\",\"found\":true},"
					    "{\"_id\":\"8\",\"found\":false}]}");
	http_call_set_url(rig->call, index);
	http_call_set_request(rig->call, "DELETE", NULL);
	ask(rig);
	assert_int_equal(rig->last.status, 200);
	ask(rig);
	assert_int_equal(rig->last.status, 404);
	free(base);
	free(index);
	free(doc);
	free(mget);
}

static void status_is_an_answer(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now n1 status 503", 1);
	ask(rig);
	assert_int_equal(rig->last.result, HTTP_ANSWERED);
	assert_int_equal(rig->last.status, 503);
	assert_true(rig->last.n > 0);
	fake_say(&rig->fake, "now n1 wrong empty", 1);
	ask(rig);
	assert_int_equal(rig->last.result, HTTP_ANSWERED);
	assert_int_equal(rig->last.status, 200);
	assert_int_equal(rig->last.n, 0);
}

static void failures_are_net_errors(void **state)
{
	static const char *const lines[] = {"now n1 reset", "now n1 half", "now n1 refuse"};
	struct rig *rig = *state;

	for (size_t i = 0; i < 3; i++) {
		ask(rig); /* so that a kept-alive connection is there to break */
		assert_green(rig);
		fake_say(&rig->fake, lines[i], 1);
		ask(rig);
		assert_failed(rig, HTTP_NET_ERROR);
		ask(rig);
		assert_failed(rig, HTTP_NET_ERROR);
		fake_say(&rig->fake, "now n1 ok", 1);
		ask(rig);
		assert_green(rig);
		assert_int_equal(rig->last.n_connects, 1);
	}
}

static void a_hanging_node_times_out(void **state)
{
	struct rig *rig = *state;

	http_call_free(rig->call);
	rig->call = call_to(rig, "/_cluster/health?local=true", 30, 1 << 20);
	fake_say(&rig->fake, "now n1 hang", 1);
	ask(rig);
	assert_failed(rig, HTTP_TIMEOUT);
	assert_true(rig->last.done_ns - rig->last.sent_ns >= 29 * NS_PER_MS);
	fake_say(&rig->fake, "now n1 ok", 1);
	/* the machine itself may take longer than 30 ms */
	for (int i = 0; i == 0 || (rig->last.result == HTTP_TIMEOUT && i < 1000); i++)
		ask(rig);
	assert_green(rig);
}

static void a_slow_answer_is_whole(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now n1 delay 20..25ms", 1);
	ask(rig);
	assert_green(rig);
	assert_true(rig->last.done_ns - rig->last.sent_ns >= 20 * NS_PER_MS);
}

static void too_long_an_answer_is_a_net_error(void **state)
{
	struct rig *rig = *state;

	http_call_free(rig->call);
	rig->call = call_to(rig, "/_cluster/health", 10000, 17);
	ask(rig);
	assert_failed(rig, HTTP_NET_ERROR);
	assert_string_equal(rig->last.why, "the answer is too long");
	http_call_free(rig->call);
	rig->call = call_to(rig, "/_cluster/health", 10000, 18);
	ask(rig);
	assert_green(rig);
}

static void the_url_can_change(void **state)
{
	struct rig *rig = *state;
	char *base = fake_url(&rig->fake, "n1"), *url = mem_printf("%s/nothing", base);

	ask(rig);
	http_call_set_url(rig->call, url);
	ask(rig);
	assert_int_equal(rig->last.status, 400);
	assert_int_equal(rig->last.n_connects, 0);
	free(base);
	free(url);
}

static void no_address_is_a_net_error(void **state)
{
	struct rig *rig = *state;

	http_call_set_url(rig->call, "http://127.0.0.1:1/");
	ask(rig);
	assert_failed(rig, HTTP_NET_ERROR);
	http_call_set_url(rig->call, "file:///etc/hostname");
	ask(rig);
	assert_failed(rig, HTTP_NET_ERROR);
	http_call_set_url(rig->call, "not a url");
	ask(rig);
	assert_failed(rig, HTTP_NET_ERROR);
}

/* Leaves no call, no leak and no callback. */
static void freed_in_flight(void **state)
{
	struct rig *rig = *state;

	fake_say(&rig->fake, "now n1 hang", 1);
	http_send(rig->call);
	loop_wait(rig->loop, NULL, NULL, clock_mono_ns() + 2 * NS_PER_MS, false);
	http_call_free(rig->call);
	rig->call = call_to(rig, "/_cluster/health", 10000, 1 << 20);
	fake_say(&rig->fake, "now n1 ok", 1);
	ask(rig);
	assert_green(rig);
	assert_int_equal(rig->n_answers, 1);
	assert_non_null(http_library_version());
}

static void on_last_answer(void *arg, const struct http_answer *answer)
{
	struct rig *rig = arg;

	on_answer(arg, answer);
	http_call_free(rig->call);
	rig->call = NULL;
}

static bool is_freed(void *arg)
{
	return !((struct rig *)arg)->call;
}

static void freed_in_its_callback(void **state)
{
	struct rig *rig = *state;
	char *url = fake_url(&rig->fake, "n1");

	http_call_free(rig->call);
	rig->call = http_call_new(rig->http, url, NS_PER_S, 1 << 20, on_last_answer, rig);
	http_send(rig->call);
	assert_int_equal(
		loop_wait(rig->loop, is_freed, rig, clock_mono_ns() + 30 * NS_PER_S, false),
		LOOP_DONE);
	assert_int_equal(rig->n_answers, 1);
	free(url);
}

int main(void)
{
#define HTTP_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		HTTP_TEST(the_connection_is_kept),
		HTTP_TEST(a_lost_connection_is_counted),
		HTTP_TEST(a_borrowed_connection_is_counted),
		HTTP_TEST(a_request_sent_again_counts_from_its_first_attempt),
		HTTP_TEST(another_method_with_a_body),
		HTTP_TEST(status_is_an_answer),
		HTTP_TEST(failures_are_net_errors),
		HTTP_TEST(a_hanging_node_times_out),
		HTTP_TEST(a_slow_answer_is_whole),
		HTTP_TEST(too_long_an_answer_is_a_net_error),
		HTTP_TEST(the_url_can_change),
		HTTP_TEST(no_address_is_a_net_error),
		HTTP_TEST(freed_in_flight),
		HTTP_TEST(freed_in_its_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
