/* driver_docker: private parts of the docker driver, whose nodes are containers of somebody else.
 *
 * An action is one request to the engine. A kill goes out at once, also beside a stop that waits
 * for its container; whatever else is asked of a node waits until what is under way is done. Beside
 * that the engine is asked to wait for each container's end, for as long as the container runs:
 * its answer is the end of the interval, and the beginning is the last instant at which the engine
 * is known to have seen the container run. */
#ifndef REJOIN_COLLECTOR_DRIVER_DOCKER_H
#define REJOIN_COLLECTOR_DRIVER_DOCKER_H

#include "collector/docker_find.h"
#include "collector/driver.h"
#include "lib/vec.h"

struct docker;

/* An action on its way, or in its turn. */
struct docker_act {
	struct docker_node *node;
	enum action action;
	struct http_call *call; /* NULL: it waits for its turn */
};

struct docker_node {
	struct docker *docker;
	int index; /* in the driver's nodes */
	struct docker_container container;
	VEC(struct docker_act *) acts; /* in the order in which they were asked for */

	bool watched; /* it ran when last seen, and its end is not told yet */
	struct http_call *wait_call;
	struct loop_timer wait_timer; /* asks again after the engine was away */
	int64_t runs_ns;	      /* it ran then */
	int64_t gone_ns;	      /* it did not run then; 0: not known */
};

struct docker {
	struct driver base;
	const struct plan *plan;
	struct docker_engine *engine;
	bool is_open;
	VEC(struct docker_node) nodes; /* as base.nodes */
};

const char *docker_node_name(const struct docker_node *node);
/* "http://localhost/v1.41/containers/ID/" and the rest. The caller frees. */
char *docker_node_url(const struct docker_node *node, const char *rest);
void docker_node_tell(struct docker_node *node, struct driver_event *event);

/* Actions (docker_act.c). */
int docker_node_act(struct docker_node *node, enum action action, struct err *err);
/* Takes back what waits for its turn, unless it undoes: its DRIVER_ACTED tells why not. */
void docker_node_drop_waiting(struct docker_node *node);
void docker_node_drop_acts(struct docker_node *node);	      /* forgets them, tells nothing */
int64_t docker_stop_limit_ns(const struct docker_node *node); /* of a stop; below 0: none */
bool docker_node_ends(const struct docker_node *node);	      /* is a stop or kill under way? */

/* The watch for its end (docker_watch.c). */
void docker_watch_begin(struct docker_node *node, int64_t runs_ns);
/* It is known to have run at runs_ns, which narrows the interval of its end. */
void docker_watch_ran(struct docker_node *node, int64_t runs_ns);
void docker_watch_ended(struct docker_node *node, int64_t gone_ns); /* it did not run then */
void docker_watch_tell(struct docker_node *node); /* the end, if there is one to tell */
void docker_watch_stop(struct docker_node *node);

/* The operations (docker_logs.c). */
enum tail_state docker_read_log(struct driver *driver, int node, struct tail_mark *mark,
				struct str *ret_text);
void docker_explain(struct driver *driver, int node, struct str *ret_text);

#endif
