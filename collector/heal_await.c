#include "collector/heal_await.h"
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>

#define ASK_LIMIT_NS (2 * NS_PER_S)
#define PERIOD_NS (250 * NS_PER_MS)
#define STEADY_NS (5 * NS_PER_S)
#define AGAIN_NS (15 * NS_PER_S)

/* Older versions do not say whether a master is known; then the number of nodes has to do. */
static bool is_member(const struct heal_await *w, json_t *health)
{
	json_t *master = json_object_get(health, "discovered_master");
	if (!master)
		master = json_object_get(health, "discovered_cluster_manager");
	return json_integer_value(json_object_get(health, "number_of_nodes")) >=
		       (json_int_t)w->driver->nodes.n &&
	       (!master || json_is_true(master));
}

static bool is_back(const struct heal_await *w, int node, struct str *why)
{
	const struct driver_node *n = &w->driver->nodes.v[node];
	char *url = mem_printf("%s/_cluster/health?local=true", n->http_url);
	struct err err = ERR_INIT;
	json_t *health = NULL;
	bool back = ask(w->loop, w->http, "GET", url, NULL, ASK_LIMIT_NS, &health, &err) == 0 &&
		    is_member(w, health);
	if (!back) {
		str_clear(why);
		str_addf(why, "node %s is not back in its cluster: %s", n->name,
			 err.code ? err.text : "it does not list every node");
	}
	json_decref(health);
	free(url);
	return back;
}

static bool all_back(const struct heal_await *w, struct str *why)
{
	for (int i = 0; i < (int)w->driver->nodes.n; i++)
		if (w->nodes[i] && !is_back(w, i, why))
			return false;
	return true;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

bool heal_await(const struct heal_await *w, struct str *ret_why)
{
	/* the limit is for coming back, not for having stayed */
	int64_t now_ns = clock_mono_ns(), end_ns = now_ns + w->limit_ns + STEADY_NS;
	int64_t again_ns = now_ns + AGAIN_NS, since_ns = INT64_MAX;
	while (now_ns < end_ns) {
		bool was_back = since_ns != INT64_MAX;
		if (!all_back(w, ret_why))
			since_ns = INT64_MAX;
		else if (!was_back)
			since_ns = clock_mono_ns();
		now_ns = clock_mono_ns();
		if (since_ns != INT64_MAX && now_ns - since_ns >= STEADY_NS)
			return true;
		if (since_ns == INT64_MAX && (was_back || now_ns >= again_ns)) {
			w->again(w->arg);
			again_ns = clock_mono_ns() + AGAIN_NS;
		}
		if (loop_wait(w->loop, never, NULL, now_ns + PERIOD_NS, true) == LOOP_INTERRUPTED)
			break;
	}
	if (since_ns != INT64_MAX) {
		str_clear(ret_why);
		str_add(ret_why, loop_interrupted(w->loop)
					 ? "interrupted before it was known that all nodes stay"
					 : "it came back too late to see whether it stays");
	}
	return false;
}
