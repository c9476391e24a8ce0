#include "collector/handover.h"
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdio.h>
#include <stdlib.h>

enum { MAX_BYTES = 1 << 20 };

struct handover {
	struct loop *loop;
	struct http *http;
	const struct driver *driver;
	int node;  /* that is to hand over */
	int asked; /* whom we asked last */
	struct http_call *call;
	char *url;
	int64_t issued_ns, deadline_ns;
	char error[512];
	handover_fn *fn;
	void *arg;
};

static void on_answer(void *arg, const struct http_answer *answer);

/* The next node that is not the one in question; false: all were asked. */
static bool ask_next(struct handover *h)
{
	int64_t left_ns = h->deadline_ns - clock_mono_ns();
	do
		h->asked++;
	while (h->asked == h->node);
	if (h->asked >= (int)h->driver->nodes.n || left_ns < NS_PER_MS)
		return false;
	free(h->url);
	h->url = mem_printf("%s/_cluster/voting_config_exclusions?node_names=%s&timeout=%dms",
			    h->driver->nodes.v[h->asked].http_url, h->driver->nodes.v[h->node].name,
			    (int)(left_ns / NS_PER_MS));
	http_call_free(h->call);
	h->call = http_call_new(h->http, h->url, left_ns + NS_PER_S, MAX_BYTES, on_answer, h);
	http_call_set_request(h->call, "POST", NULL);
	http_send(h->call);
	return true;
}

static void finish(struct handover *h, bool done)
{
	struct handover_event event = {h->issued_ns, clock_mono_ns(), done ? NULL : h->error};
	h->fn(h->arg, &event);
}

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct handover *h = arg;
	if (answer->result == HTTP_ANSWERED && answer->status == 200) {
		finish(h, true);
		return;
	}
	char reason[301];
	ask_reason(answer->body, answer->n, reason, sizeof reason);
	if (answer->why)
		snprintf(reason, sizeof reason, "%s", answer->why);
	else if (!*reason)
		snprintf(reason, sizeof reason, "HTTP status %ld", answer->status);
	snprintf(h->error, sizeof h->error, "exclude %s from voting: %s: %s",
		 h->driver->nodes.v[h->node].name, h->driver->nodes.v[h->asked].http_url, reason);
	if (!ask_next(h))
		finish(h, false);
}

/* Nobody could be asked: told from the loop all the same. */
static void on_nobody(void *arg)
{
	finish(arg, false);
}

struct handover *handover_begin(struct loop *loop, struct http *http, const struct driver *driver,
				int node, int64_t timeout_ns, handover_fn *fn, void *arg)
{
	struct handover *h = mem_alloc(sizeof *h);
	*h = (struct handover){.loop = loop,
			       .http = http,
			       .driver = driver,
			       .node = node,
			       .asked = -1,
			       .issued_ns = clock_mono_ns(),
			       .fn = fn,
			       .arg = arg};
	h->deadline_ns = h->issued_ns + timeout_ns;
	snprintf(h->error, sizeof h->error, "there is no other node to ask");
	if (!ask_next(h))
		on_nobody(h);
	return h;
}

int64_t handover_issued_ns(const struct handover *handover)
{
	return handover->issued_ns;
}

void handover_free(struct handover *handover)
{
	if (!handover)
		return;
	http_call_free(handover->call);
	free(handover->url);
	free(handover);
}

static int clear(struct loop *loop, struct http *http, const struct driver *driver, struct err *err)
{
	return ask_any(loop, http, driver, -1, "DELETE",
		       "/_cluster/voting_config_exclusions?wait_for_removal=false", NULL,
		       30 * NS_PER_S, NULL, err);
}

int handover_clear(struct loop *loop, struct http *http, const struct driver *driver,
		   struct err *err)
{
	struct err first = ERR_INIT;
	int code = clear(loop, http, driver, &first);
	if (code == ERR_INTERRUPTED) /* an exclusion must not stay for a ^C */
		return clear(loop, http, driver, err);
	return code ? err_set(err, code, "%s", first.text) : 0;
}
