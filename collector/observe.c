#include "collector/observe.h"
#include "collector/poll.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

struct observed {
	struct observe *o;
	int ordinal;
	const char *url;
	struct poll *state, *health;
	struct str last_body;	    /* of the last cluster state, */
	struct snapshot *last_view; /* parsed: most answers repeat it */
	bool answered_since_pace;
	int64_t pace_ns; /* polls due before this belong to the pace before */
	struct observe_tally tally;
};

struct observe {
	struct loop *loop;
	/* Apart from the state polls', whose kept-alive connections the health polls would take
	 * and so make them connect anew. */
	struct http *health_http;
	const struct plan *plan;
	size_t n;
	struct observed *nodes;
	const char **names;
	struct snapshot_set *views;
	struct track *track;
	int64_t base_ns;
	samples samples;
};

static struct snapshot *read_view(struct observed *node, const struct http_answer *http)
{
	struct err err = ERR_INIT;
	if (node->last_view && node->last_body.n == http->n &&
	    memcmp(node->last_body.s, http->body, http->n) == 0)
		return node->last_view;
	struct snapshot *view = snapshot_parse(http->body, http->n, &err);
	if (!view)
		return NULL;
	node->last_view = snapshot_set_take(node->o->views, view);
	str_clear(&node->last_body);
	str_add_n(&node->last_body, http->body, http->n);
	return node->last_view;
}

static enum sample_outcome judge(struct observed *node, const struct http_answer *http,
				 struct snapshot **ret_view)
{
	*ret_view = NULL;
	if (http->result == HTTP_TIMEOUT)
		return SAMPLE_TIMEOUT;
	if (http->result == HTTP_NET_ERROR)
		return SAMPLE_NET_ERROR;
	if (http->status != 200)
		return SAMPLE_HTTP_ERROR;
	*ret_view = read_view(node, http);
	if (*ret_view)
		return SAMPLE_OK;
	node->tally.bad_answers++;
	return SAMPLE_HTTP_ERROR;
}

static void count(struct store_poll_count *c, enum sample_outcome outcome, int n_connects)
{
	c->ok += outcome == SAMPLE_OK;
	c->http_error += outcome == SAMPLE_HTTP_ERROR;
	c->net_error += outcome == SAMPLE_NET_ERROR;
	c->timeout += outcome == SAMPLE_TIMEOUT;
	c->reconnects += n_connects > 0;
}

/* Whole microseconds that hold [sent, done]: sent rounded down, done rounded up, so that a stored
 * interval is never narrower than what was measured. */
static struct store_sample pack(const struct observe *o, int node, const struct poll_answer *a)
{
	int64_t due_us = (a->due_ns - o->base_ns) / NS_PER_US;
	int64_t sent_us = (a->http->sent_ns - o->base_ns) / NS_PER_US;
	int64_t done_us = (a->http->done_ns - o->base_ns + NS_PER_US - 1) / NS_PER_US;
	return (struct store_sample){.due_us = due_us,
				     .late_us = sent_us - due_us,
				     .took_us = done_us - sent_us,
				     .node = (uint8_t)node};
}

static void on_state(void *arg, const struct poll_answer *a)
{
	struct observed *node = arg;
	struct observe *o = node->o;
	struct snapshot *view;
	enum sample_outcome outcome = judge(node, a->http, &view);
	struct store_sample sample = pack(o, node->ordinal, a);
	sample.outcome = (uint8_t)outcome;
	sample.view = view;
	vec_push(&o->samples, sample);
	count(&node->tally.count, outcome, a->http->n_connects);
	if (a->http->sent_ns - a->due_ns > node->tally.max_late_ns)
		node->tally.max_late_ns = a->http->sent_ns - a->due_ns;
	/* the same numbers that are stored, so that the stored samples give the same result */
	int64_t sent_ns = o->base_ns + (sample.due_us + sample.late_us) * NS_PER_US;
	track_state(o->track, node->ordinal, sent_ns, sent_ns + sample.took_us * NS_PER_US, view,
		    a->http->result == HTTP_ANSWERED);
	if (a->due_ns >= node->pace_ns)
		node->answered_since_pace = true;
}

static void on_health(void *arg, const struct poll_answer *a)
{
	struct observed *node = arg;
	enum health health = HEALTH_NONE;
	if (a->http->result == HTTP_ANSWERED && a->http->status == 200)
		health = probe_health(a->http->body, a->http->n);
	track_health(node->o->track, node->ordinal, a->http->sent_ns, a->http->done_ns, health);
}

static void add_node(struct observe *o, int i, struct http *http, const struct driver *driver)
{
	struct observed *node = &o->nodes[i];
	char *state = probe_state_url(driver->nodes.v[i].http_url, NULL, NULL);
	char *health = probe_health_url(driver->nodes.v[i].http_url);
	int64_t timeout_ns = o->plan->poll_timeout_ns;
	node->o = o;
	node->ordinal = i;
	node->url = driver->nodes.v[i].http_url;
	node->state = poll_new(o->loop, http, state, timeout_ns, on_state, node);
	node->health = poll_new(o->loop, o->health_http, health, timeout_ns, on_health, node);
	o->names[i] = driver->nodes.v[i].name;
	free(state);
	free(health);
}

struct observe *observe_new(struct loop *loop, struct http *http, const struct plan *plan,
			    const struct driver *driver)
{
	struct observe *o = mem_alloc(sizeof *o);
	struct err err = ERR_INIT;
	if (http_open_like(http, &o->health_http, &err))
		abort(); /* libcurl has no other reason than memory */
	o->loop = loop;
	o->plan = plan;
	o->n = driver->nodes.n;
	o->nodes = mem_alloc(o->n * sizeof *o->nodes);
	o->names = mem_alloc(o->n * sizeof *o->names);
	o->views = snapshot_set_new();
	for (size_t i = 0; i < o->n; i++)
		add_node(o, (int)i, http, driver);
	return o;
}

void observe_free(struct observe *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n; i++) {
		poll_free(o->nodes[i].state);
		poll_free(o->nodes[i].health);
		str_done(&o->nodes[i].last_body);
	}
	http_close(o->health_http);
	track_free(o->track);
	snapshot_set_free(o->views);
	vec_done(&o->samples);
	free(o->nodes);
	free(o->names);
	free(o);
}

void observe_set_version(struct observe *o, const char *product, const char *version)
{
	for (size_t i = 0; i < o->n; i++) {
		char *url = probe_state_url(o->nodes[i].url, product, version);
		poll_set_url(o->nodes[i].state, url);
		free(url);
	}
}

static int64_t period_of(const struct plan *plan, enum pace pace)
{
	switch (pace) {
	case PACE_FAST:
		return plan->poll_fast_ns;
	case PACE_REJOIN:
		return plan->poll_rejoin_ns;
	case PACE_IDLE:
		break;
	}
	return plan->poll_idle_ns;
}

/* The nodes' slots are spread over the period, so that they do not queue behind each other. */
static int64_t slot_of(const struct observe *o, size_t i, int64_t now_ns, int64_t period_ns)
{
	return now_ns + period_ns * (int64_t)i / (int64_t)o->n;
}

void observe_pace(struct observe *o, enum pace pace)
{
	int64_t now_ns = clock_mono_ns();
	int64_t period_ns = period_of(o->plan, pace);
	loop_stay_awake(o->loop, pace != PACE_IDLE);
	for (size_t i = 0; i < o->n; i++) {
		o->nodes[i].answered_since_pace = false;
		o->nodes[i].pace_ns = now_ns;
		poll_pace(o->nodes[i].state, slot_of(o, i, now_ns, period_ns), period_ns);
	}
}

void observe_begin(struct observe *o, int64_t base_ns)
{
	int64_t idle_ns = o->plan->poll_idle_ns;
	track_free(o->track);
	o->track = track_new(o->n, o->names);
	/* views of trials past would only pile up */
	snapshot_set_free(o->views);
	o->views = snapshot_set_new();
	o->base_ns = base_ns;
	o->samples.n = 0;
	for (size_t i = 0; i < o->n; i++) {
		memset(&o->nodes[i].tally, 0, sizeof o->nodes[i].tally);
		o->nodes[i].last_view = NULL;
		/* half a slot beside the state poll */
		poll_pace(o->nodes[i].health,
			  slot_of(o, i, base_ns, idle_ns) + idle_ns / (2 * (int64_t)o->n), idle_ns);
	}
	observe_pace(o, PACE_IDLE);
}

bool observe_is_steady(const struct observe *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (!o->nodes[i].answered_since_pace)
			return false;
	return true;
}

static bool is_idle(void *arg)
{
	struct observe *o = arg;
	for (size_t i = 0; i < o->n; i++)
		if (poll_busy(o->nodes[i].state) || poll_busy(o->nodes[i].health))
			return false;
	return true;
}

void observe_end(struct observe *o)
{
	for (size_t i = 0; i < o->n; i++) {
		poll_stop(o->nodes[i].state);
		poll_stop(o->nodes[i].health);
	}
	loop_stay_awake(o->loop, false);
	/* ends by itself: every request has its time-out */
	loop_wait(o->loop, is_idle, o, 0, false);
	for (size_t i = 0; i < o->n; i++) {
		struct poll_counts counts = poll_take_counts(o->nodes[i].state);
		o->nodes[i].tally.count.due = counts.due;
		o->nodes[i].tally.count.sent = counts.sent;
		o->nodes[i].tally.count.skipped = counts.skipped;
		poll_take_counts(o->nodes[i].health);
	}
}

struct track *observe_track(struct observe *o)
{
	return o->track;
}

const struct observe_tally *observe_tally(const struct observe *o, int node)
{
	return &o->nodes[node].tally;
}

size_t observe_forget(struct observe *o, int64_t before_ns)
{
	int64_t before_us = (before_ns - o->base_ns) / NS_PER_US;
	size_t n = 0;
	for (size_t i = 0; i < o->samples.n; i++)
		if (o->samples.v[i].due_us >= before_us)
			o->samples.v[n++] = o->samples.v[i];
	size_t n_dropped = o->samples.n - n;
	o->samples.n = n;
	return n_dropped;
}

static int by_due(const void *a, const void *b)
{
	const struct store_sample *x = a, *y = b;
	if (x->due_us != y->due_us)
		return x->due_us < y->due_us ? -1 : 1;
	return (int)x->node - (int)y->node;
}

const samples *observe_samples(struct observe *o)
{
	if (o->samples.n)
		qsort(o->samples.v, o->samples.n, sizeof *o->samples.v, by_due);
	return &o->samples;
}
