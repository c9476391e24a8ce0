/* docker_find: which container each node lives in.
 *
 * The plan's map comes first. Else, of the containers (with the plan's label, if it has one), the
 * one that is called as the node is, or that was given node.name=NAME, or whose host name is the
 * node's, or that publishes the port of the node's URL on the engine's machine: the first of these
 * rules that any container meets, and two that meet it are refused. It need not run. */
#ifndef REJOIN_COLLECTOR_DOCKER_FIND_H
#define REJOIN_COLLECTOR_DOCKER_FIND_H

#include "collector/docker_engine.h"
#include "collector/plan.h"
#include "lib/vec.h"

struct docker_container {
	char *id, *name;
	char *hostname;	  /* NULL: that of the machine */
	char *node_name;  /* of its environment or command; NULL: none */
	VEC(int) ports;	  /* published, also while it is stopped */
	bool running;	  /* also while paused */
	bool tty;	  /* its log is not in frames */
	bool auto_remove; /* gone when it ends */
	int64_t stop_timeout_ns;
	int64_t asked_ns; /* running or not then, or a little later */
};
void docker_container_done(struct docker_container *container);

/* Asks for one by its name or id. ERR_ENV. */
int docker_inspect(struct docker_engine *engine, const char *reference,
		   struct docker_container *ret_container, long *ret_status, struct err *err);

/* ret_containers: one per host, in their order, zeroed before and freed by the caller also on
 * failure. ERR_ENV: one line that says how to map what was not found. */
int docker_find(struct docker_engine *engine, const struct plan_docker *plan,
		const struct plan_host *hosts, size_t n_hosts,
		struct docker_container *ret_containers, struct err *err);

#endif
