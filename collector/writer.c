#include "collector/writer_impl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "schema/write_gap.h"
#include <inttypes.h>
#include <stdlib.h>

enum { MAX_ANSWER_BYTES = 1 << 20 };

static enum sample_outcome judge(const struct http_answer *a)
{
	switch (a->result) {
	case HTTP_TIMEOUT:
		return SAMPLE_TIMEOUT;
	case HTTP_NET_ERROR:
		return SAMPLE_NET_ERROR;
	case HTTP_ANSWERED:
		break;
	}
	return a->status == 200 || a->status == 201 ? SAMPLE_OK : SAMPLE_HTTP_ERROR;
}

static void count(struct store_write_count *c, enum sample_outcome outcome)
{
	c->ok += outcome == SAMPLE_OK;
	c->http_error += outcome == SAMPLE_HTTP_ERROR;
	c->net_error += outcome == SAMPLE_NET_ERROR;
	c->timeout += outcome == SAMPLE_TIMEOUT;
}

/* As samples are packed: never narrower than what was measured. */
static void on_answer(void *arg, const struct http_answer *a)
{
	struct writer_node *node = arg;
	struct writer *w = node->w;
	int64_t due_us = (node->due_ns - w->base_ns) / NS_PER_US;
	int64_t sent_us = (a->sent_ns - w->base_ns) / NS_PER_US;
	int64_t done_us = (a->done_ns - w->base_ns + NS_PER_US - 1) / NS_PER_US;
	enum sample_outcome outcome = judge(a);
	struct store_write write = {.number = node->number,
				    .due_us = due_us,
				    .late_us = sent_us - due_us,
				    .took_us = done_us - sent_us,
				    .node = (uint8_t)node->ordinal,
				    .outcome = (uint8_t)outcome};
	vec_push(&w->writes, write);
	count(&w->count, outcome);
}

static void send_write(struct writer_node *node, int64_t due_ns)
{
	struct writer *w = node->w;
	node->due_ns = due_ns;
	node->number = ++*w->next_number;
	/* the node gives up when we do: it does not write what nobody waits for any more */
	char *url = mem_printf("%s/%s/_doc/%" PRId64 "?timeout=%" PRId64 "ms", node->url, w->index,
			       node->number, w->timeout_ns / NS_PER_MS);
	http_call_set_url(node->call, url);
	free(url);
	w->count.sent++;
	http_send(node->call);
}

static void on_slot(void *arg)
{
	struct writer *w = arg;
	int64_t slot_ns = w->timer.due_ns, now_ns = clock_mono_ns();
	w->count.due++;
	/* slots that passed while the loop was held up: only the newest can still be sent */
	for (; slot_ns + w->period_ns <= now_ns; slot_ns += w->period_ns) {
		w->count.due++;
		w->count.skipped++;
		w->n_slots++;
	}
	struct writer_node *node = &w->nodes[(size_t)w->n_slots++ % w->n];
	loop_timer_set(w->loop, &w->timer, slot_ns + w->period_ns);
	if (http_busy(node->call))
		w->count.skipped++;
	else
		send_write(node, slot_ns);
}

struct writer *writer_new(struct loop *loop, const struct http *like, const struct plan *plan,
			  const struct driver *driver, const char *index, int64_t *next_number)
{
	struct writer *w = mem_alloc(sizeof *w);
	struct err err = ERR_INIT;
	*w = (struct writer){.loop = loop,
			     .driver = driver,
			     .index = mem_strdup(index),
			     .n = driver->nodes.n,
			     .period_ns = plan->write_probe_ns,
			     .timeout_ns = plan->poll_timeout_ns,
			     .next_number = next_number};
	w->timer = (struct loop_timer){.fn = on_slot, .arg = w};
	if (http_open_like(like, &w->http, &err))
		abort(); /* libcurl has no other reason than memory */
	w->nodes = mem_alloc(w->n * sizeof *w->nodes);
	for (size_t i = 0; i < w->n; i++) {
		struct writer_node *node = &w->nodes[i];
		node->w = w;
		node->ordinal = (int)i;
		node->url = driver->nodes.v[i].http_url;
		node->call = http_call_new(w->http, node->url, w->timeout_ns, MAX_ANSWER_BYTES,
					   on_answer, node);
		http_call_set_request(node->call, "PUT", "{\"by\":\"rejoin\"}");
	}
	return w;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	loop_timer_stop(w->loop, &w->timer);
	for (size_t i = 0; i < w->n; i++)
		http_call_free(w->nodes[i].call);
	http_close(w->http);
	vec_done(&w->writes);
	free(w->nodes);
	free(w->index);
	free(w);
}

void writer_begin(struct writer *w, int64_t base_ns)
{
	w->base_ns = base_ns;
	w->writes.n = 0;
	w->count = (struct store_write_count){.found = -1, .lost = -1};
	loop_timer_set(w->loop, &w->timer, clock_mono_ns() + w->period_ns);
}

bool writer_is_acknowledged(const struct writer *w)
{
	return w->count.ok > 0;
}

static bool is_idle(void *arg)
{
	const struct writer *w = arg;
	for (size_t i = 0; i < w->n; i++)
		if (http_busy(w->nodes[i].call))
			return false;
	return true;
}

void writer_end(struct writer *w)
{
	loop_timer_stop(w->loop, &w->timer);
	/* ends by itself: every request has its time-out */
	loop_wait(w->loop, is_idle, w, 0, false);
	w->end_ns = clock_mono_ns();
}

const writes *writer_writes(const struct writer *w)
{
	return &w->writes;
}

const struct store_write_count *writer_count(const struct writer *w)
{
	return &w->count;
}

bool writer_gap(const struct writer *w, int64_t fault_ns, struct metric_value *ret_value)
{
	const struct write_run run = {.writes = &w->writes,
				      .base_ns = w->base_ns,
				      .end_ns = w->end_ns,
				      .period_ns = w->period_ns};
	return write_gap(&run, fault_ns, ret_value);
}
