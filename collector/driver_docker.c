/* The operations of the docker driver. */
#include "collector/driver_docker.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

/* beside the time that a stop is given: for itself, and for the start that waits for it */
#define CLOSE_LIMIT_NS (150 * NS_PER_S)

static struct docker *docker_of(struct driver *driver)
{
	return (struct docker *)driver; /* base is its first member */
}

const char *docker_node_name(const struct docker_node *node)
{
	return node->docker->base.nodes.v[node->index].name;
}

char *docker_node_url(const struct docker_node *node, const char *rest)
{
	char *path = mem_printf("/containers/%s/%s", node->container.id, rest);
	char *url = docker_engine_url(node->docker->engine, path);

	free(path);
	return url;
}

void docker_node_tell(struct docker_node *node, struct driver_event *event)
{
	struct driver *driver = &node->docker->base;

	event->node = node->index;
	if (driver->on_event)
		driver->on_event(driver->arg, event);
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static void nodes_done(struct docker *docker)
{
	for (size_t i = 0; i < docker->nodes.n; i++) {
		docker_watch_stop(&docker->nodes.v[i]);
		docker_node_drop_acts(&docker->nodes.v[i]);
		docker_container_done(&docker->nodes.v[i].container);
		free(docker->base.nodes.v[i].name);
		free(docker->base.nodes.v[i].http_url);
	}
	vec_done(&docker->nodes);
	vec_done(&docker->base.nodes);
	docker->is_open = false;
}

static void add_node(struct docker *docker, const struct plan_host *host,
		     const struct docker_container *container)
{
	struct docker_node node = {
		.docker = docker, .index = (int)docker->nodes.n, .container = *container};
	struct driver_node shown = {.name = mem_strdup(host->name),
				    .http_url = mem_strdup(host->url),
				    .master_eligible = host->master_eligible};

	vec_push(&docker->nodes, node);
	vec_push(&docker->base.nodes, shown);
}

static int find_nodes(struct docker *docker, const struct plan_cluster *planned, struct err *err)
{
	size_t n = planned->hosts.n;
	struct docker_container *found = mem_alloc(n * sizeof *found);
	int code =
		docker_find(docker->engine, &docker->plan->docker, planned->hosts.v, n, found, err);

	/* calls and timers point at nodes: they must not move once there is one */
	vec_reserve(&docker->nodes, n);
	for (size_t i = 0; i < n && !code; i++)
		add_node(docker, &planned->hosts.v[i], &found[i]);
	for (size_t i = 0; i < n && code; i++)
		docker_container_done(&found[i]);
	free(found);
	return code;
}

static int check_names(const struct plan_cluster *planned, struct err *err)
{
	for (size_t i = 0; i < planned->hosts.n; i++)
		if (!planned->hosts.v[i].name)
			return err_set(err, ERR_ENV,
				       "cluster.sizes.%d.hosts: %s: the name of its node is not "
				       "known, and its container is found by it",
				       planned->master_eligible, planned->hosts.v[i].url);
	return 0;
}

/* ---- operations ------------------------------------------------------------------------------ */

static int docker_open(struct driver *driver, int cluster, struct err *err)
{
	struct docker *docker = docker_of(driver);
	const struct plan_cluster *planned = &docker->plan->clusters.v[cluster];

	if (docker->is_open)
		return err_set(err, ERR_ENV, "another cluster is still open");
	if (check_names(planned, err) || docker_engine_connect(docker->engine, err))
		return err->code;
	docker->is_open = true;
	if (find_nodes(docker, planned, err)) {
		nodes_done(docker);
		return err->code;
	}
	for (size_t i = 0; i < docker->nodes.n; i++)
		if (docker->nodes.v[i].container.running)
			docker_watch_begin(&docker->nodes.v[i],
					   docker->nodes.v[i].container.asked_ns);
	return 0;
}

static int docker_act(struct driver *driver, int node, enum action action, struct err *err)
{
	return docker_node_act(&docker_of(driver)->nodes.v[node], action, err);
}

static bool all_idle(void *arg)
{
	const struct docker *docker = arg;

	for (size_t i = 0; i < docker->nodes.n; i++)
		if (docker->nodes.v[i].acts.n)
			return false;
	return true;
}

/* A request that is under way is not given up halfway: nobody could say what it had done. What
 * waits behind it to bring the node back is the only thing that does. */
static int docker_close(struct driver *driver, struct err *err)
{
	struct docker *docker = docker_of(driver);
	int64_t limit_ns = 0;

	if (!docker->is_open)
		return 0;
	for (size_t i = 0; i < docker->nodes.n; i++) {
		struct docker_node *node = &docker->nodes.v[i];

		docker_node_drop_waiting(node);
		docker_watch_stop(node);
		if (docker_stop_limit_ns(node) > limit_ns)
			limit_ns = docker_stop_limit_ns(node);
	}
	limit_ns += CLOSE_LIMIT_NS;
	if (loop_wait(driver->loop, all_idle, docker, clock_mono_ns() + limit_ns, false) !=
	    LOOP_DONE)
		err_set(err, ERR_ENV, "docker: a request to the engine does not end");
	nodes_done(docker);
	return err->code;
}

static void docker_free(struct driver *driver)
{
	struct docker *docker = driver ? docker_of(driver) : NULL;

	if (!docker)
		return;
	nodes_done(docker);
	docker_engine_free(docker->engine);
	free(docker);
}

const struct driver_ops driver_docker_ops = {
	.name = "docker",
	.owns_nodes = false,
	.open = docker_open,
	.act = docker_act,
	.explain = docker_explain,
	.read_log = docker_read_log,
	.close = docker_close,
	.free = docker_free,
	.sweep = driver_sweep_nothing,
};

int driver_docker_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		      struct driver **ret_driver, struct err *err)
{
	struct docker *docker;
	struct docker_engine *engine;

	(void)work_dir;
	for (size_t i = 0; i < plan->arms.n; i++)
		if (plan->arms.v[i].fault == FAULT_PARTITION)
			return err_set(err, ERR_USAGE,
				       "factors.fault: partition: the docker driver cannot cut "
				       "nodes off from each other: driver command can (cut, mend)");
	if (docker_engine_new(plan->docker.host, loop, &engine, err))
		return err->code;
	docker = mem_alloc(sizeof *docker);
	docker->base.ops = &driver_docker_ops;
	docker->base.loop = loop;
	docker->plan = plan;
	docker->engine = engine;
	*ret_driver = &docker->base;
	return 0;
}
