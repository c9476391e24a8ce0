/* heal_await: waits until nodes that were brought back are members of their cluster, and stay so.
 */
#ifndef REJOIN_COLLECTOR_HEAL_AWAIT_H
#define REJOIN_COLLECTOR_HEAL_AWAIT_H

#include "collector/driver.h"
#include "lib/http.h"
#include "lib/loop.h"
#include "lib/str.h"
#include <stdbool.h>

struct heal_await {
	struct loop *loop;
	struct http *http;
	const struct driver *driver;
	const bool *nodes; /* by ordinal: those to wait for */
	int64_t limit_ns;  /* to come back; the five seconds are beside it */
	/* Undoes once more. A stop that was under way when the collector died (a command, an
	 * engine's call) may end the node after its start: what undoes is repeated while a node is
	 * missing. */
	void (*again)(void *arg);
	void *arg;
};

/* Back is: it answers, knows a master, and lists as many nodes as the cluster has, for five seconds
 * on end. Else false: not back within limit_ns, or interrupted; ret_why says which node, and what
 * it answered last, or that it is not known to stay. */
bool heal_await(const struct heal_await *wait, struct str *ret_why);

#endif
