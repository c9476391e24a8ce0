#include "collector/poll.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>

enum { MAX_BODY_BYTES = 4 << 20 };

struct poll {
	struct loop *loop;
	struct http_call *call;
	struct loop_timer timer; /* due_ns is the next slot */
	int64_t period_ns;
	int64_t due_ns;	 /* slot of the request under way */
	int64_t slot_ns; /* the last slot that came */
	struct poll_counts counts;
	poll_fn *fn;
	void *arg;
};

static void on_answer(void *arg, const struct http_answer *http)
{
	struct poll *poll = arg;
	struct poll_answer answer = {.due_ns = poll->due_ns, .http = http};
	poll->fn(poll->arg, &answer);
}

static void on_slot(void *arg)
{
	struct poll *poll = arg;
	int64_t slot_ns = poll->timer.due_ns;
	int64_t now_ns = clock_mono_ns();
	poll->counts.due++;
	/* slots that passed while the loop was held up: only the newest can still be sent */
	for (; slot_ns + poll->period_ns <= now_ns; slot_ns += poll->period_ns) {
		poll->counts.due++;
		poll->counts.skipped++;
	}
	poll->slot_ns = slot_ns;
	loop_timer_set(poll->loop, &poll->timer, slot_ns + poll->period_ns);
	if (http_busy(poll->call)) {
		poll->counts.skipped++;
		return;
	}
	poll->due_ns = slot_ns;
	poll->counts.sent++;
	http_send(poll->call);
}

struct poll *poll_new(struct loop *loop, struct http *http, const char *url, int64_t timeout_ns,
		      poll_fn *fn, void *arg)
{
	struct poll *poll = mem_alloc(sizeof *poll);
	*poll = (struct poll){.loop = loop, .fn = fn, .arg = arg};
	poll->timer = (struct loop_timer){.fn = on_slot, .arg = poll};
	poll->call = http_call_new(http, url, timeout_ns, MAX_BODY_BYTES, on_answer, poll);
	return poll;
}

void poll_free(struct poll *poll)
{
	if (!poll)
		return;
	poll_stop(poll);
	http_call_free(poll->call);
	free(poll);
}

void poll_pace(struct poll *poll, int64_t first_ns, int64_t period_ns)
{
	/* samples are told apart by their slot's microsecond */
	if (first_ns < poll->slot_ns + NS_PER_US)
		first_ns = poll->slot_ns + NS_PER_US;
	poll->period_ns = period_ns;
	loop_timer_set(poll->loop, &poll->timer, first_ns);
}

void poll_stop(struct poll *poll)
{
	loop_timer_stop(poll->loop, &poll->timer);
}

bool poll_busy(const struct poll *poll)
{
	return http_busy(poll->call);
}

void poll_set_url(struct poll *poll, const char *url)
{
	http_call_set_url(poll->call, url);
}

struct poll_counts poll_take_counts(struct poll *poll)
{
	struct poll_counts counts = poll->counts;
	poll->counts = (struct poll_counts){0};
	return counts;
}
