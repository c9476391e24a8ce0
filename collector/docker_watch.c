/* The watch for the end of a container. */
#include "collector/driver_docker.h"
#include "lib/clock.h"
#include <stdlib.h>

#define AGAIN_NS (NS_PER_S / 2)
enum { MAX_SAID_BYTES = 64 << 10, ENDED = 200, REMOVED = 404 };

static void ask(void *arg);

void docker_watch_tell(struct docker_node *node)
{
	struct driver_event event = {.kind = DRIVER_GONE};

	if (!node->watched || !node->gone_ns || docker_node_ends(node))
		return;
	event.gone = (struct interval){node->runs_ns, node->gone_ns};
	docker_watch_stop(node);
	docker_node_tell(node, &event);
}

void docker_watch_ended(struct docker_node *node, int64_t gone_ns)
{
	if (node->watched && !node->gone_ns)
		node->gone_ns = gone_ns;
}

void docker_watch_ran(struct docker_node *node, int64_t runs_ns)
{
	if (node->watched && runs_ns > node->runs_ns && (!node->gone_ns || runs_ns < node->gone_ns))
		node->runs_ns = runs_ns;
}

static void on_waited(void *arg, const struct http_answer *answer)
{
	struct docker_node *node = arg;

	if (answer->status == ENDED || answer->status == REMOVED) {
		docker_watch_ended(node, answer->done_ns);
		docker_watch_tell(node);
	} else { /* the engine went away, and the container need not have */
		node->wait_timer = (struct loop_timer){.fn = ask, .arg = node};
		loop_timer_set(node->docker->base.loop, &node->wait_timer,
			       clock_mono_ns() + AGAIN_NS);
	}
}

static void ask(void *arg)
{
	struct docker_node *node = arg;

	if (!node->wait_call) {
		char *url = docker_node_url(node, "wait?condition=not-running");

		/* for as long as it runs: no time-out */
		node->wait_call = http_call_new(node->docker->engine->http, url, 0, MAX_SAID_BYTES,
						on_waited, node);
		http_call_set_request(node->wait_call, "POST", "");
		free(url);
	}
	http_send(node->wait_call);
}

void docker_watch_begin(struct docker_node *node, int64_t runs_ns)
{
	if (node->watched) {
		docker_watch_ran(node, runs_ns);
		return;
	}
	node->watched = true;
	node->runs_ns = runs_ns;
	ask(node);
}

void docker_watch_stop(struct docker_node *node)
{
	loop_timer_stop(node->docker->base.loop, &node->wait_timer);
	http_call_free(node->wait_call);
	node->wait_call = NULL;
	node->watched = false;
	node->gone_ns = 0;
}
