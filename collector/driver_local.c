/* The operations of the local driver. */
#include "collector/driver_local.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CLOSE_LIMIT_NS (10 * NS_PER_S)

static struct local *local_of(struct driver *driver)
{
	return (struct local *)driver; /* base is its first member */
}

static void on_inotify(void *arg, uint32_t events)
{
	struct local *local = arg;
	char buffer[4096];

	(void)events;
	while (read(local->inotify_fd, buffer, sizeof buffer) > 0)
		;
	/* whichever it was: finding a server that is known already does nothing */
	for (int i = 0; i < local->n_nodes; i++)
		life_find_server(&local->nodes[i]);
}

static int watch_folders(struct local *local, struct err *err)
{
	local->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (local->inotify_fd < 0)
		return err_set(err, ERR_ENV, "cannot watch folders: %s", strerror(errno));
	for (int i = 0; i < local->n_nodes; i++)
		if (inotify_add_watch(local->inotify_fd, local->nodes[i].dir,
				      IN_CLOSE_WRITE | IN_MOVED_TO) < 0)
			return err_set(err, ERR_ENV, "cannot watch %s: %s", local->nodes[i].dir,
				       strerror(errno));
	return loop_watch(local->base.loop, local->inotify_fd, EPOLLIN, on_inotify, local,
			  &local->inotify_source, err);
}

static int check_ports(const struct local *local, int n_nodes, struct err *err)
{
	for (int i = 0; i < n_nodes; i++) {
		const struct port_pair *pair = &local->ports[i];
		int taken = !machine_port_free(pair->http)	  ? pair->http
			    : !machine_port_free(pair->transport) ? pair->transport
								  : 0;
		if (taken)
			return err_set(err, ERR_ENV, "port %d is in use (cluster.ports)", taken);
	}
	return 0;
}

static int local_close(struct driver *driver, struct err *err);

static void tell_cut(struct local *local)
{
	struct cut_node nodes[LOCAL_MAX_NODES];

	for (int i = 0; i < local->n_nodes; i++)
		nodes[i] = (struct cut_node){local->nodes[i].owner.uid,
					     local->nodes[i].ports.transport};
	cut_set_nodes(&local->cut, nodes, local->n_nodes);
}

static int local_open(struct driver *driver, int cluster, struct err *err)
{
	struct local *local = local_of(driver);
	const struct plan_cluster *planned = &local_of(driver)->plan->clusters.v[cluster];

	if (local->cluster >= 0)
		return err_set(err, ERR_ENV, "cluster %s is still open", local->cluster_name);
	if (check_ports(local, planned->n_nodes, err) != 0)
		return err->code;
	if (nodes_make(local, cluster, err) == 0)
		watch_folders(local, err);
	if (err->code == 0)
		tell_cut(local);
	for (int i = 0; err->code == 0 && i < local->n_nodes; i++)
		life_start(&local->nodes[i], err);
	if (err->code) {
		struct err second = ERR_INIT; /* the first one is what counts */
		local_close(driver, &second);
	}
	return err->code;
}

void local_on_cut(void *arg, int index, int64_t issued_ns, int64_t done_ns, const char *error)
{
	struct local *local = arg;
	struct local_node *node = &local->nodes[index];

	node->acted.issued_ns = issued_ns;
	node->acted.done_ns = done_ns;
	life_acted(node, error);
}

static int begin_cut(struct local_node *node, enum action action, struct err *err)
{
	struct local *local = node->local;
	struct driver *driver = &local->base;
	bool others[LOCAL_MAX_NODES];

	if (action == ACTION_MEND)
		return cut_mend(&local->cut, node->index, err);
	if (!local->as_root)
		return cut_check(err);
	for (int i = 0; i < local->n_nodes; i++)
		others[i] = driver->nodes.v[i].cut_off != driver->nodes.v[node->index].cut_off;
	return cut_begin(&local->cut, node->index, others, err);
}

/* A node that runs already needs no start: done. */
static int begin_start(struct local_node *node, struct err *err)
{
	if (node->launcher == 0) {
		if (life_start(node, err) == 0)
			life_acted(node, NULL);
	} else if (!node->ending && !node->told_gone) {
		node->acted.issued_ns = node->acted.done_ns = clock_mono_ns();
		life_acted(node, NULL);
	} else {
		node->start_wanted = true; /* its folder is locked until the end of the last life */
	}
	return err->code;
}

static int local_act(struct driver *driver, int index, enum action action, struct err *err)
{
	static const int signals[N_ACTIONS] = {[ACTION_STOP] = SIGTERM,
					       [ACTION_KILL] = SIGKILL,
					       [ACTION_PAUSE] = SIGSTOP,
					       [ACTION_RESUME] = SIGCONT};
	struct local_node *node = &local_of(driver)->nodes[index];

	if (node->acting)
		return err_set(err, ERR_ENV, "%s: %s: %s is not done yet", node->name,
			       action_names[action], action_names[node->acted.action]);
	node->acted = (struct driver_event){.kind = DRIVER_ACTED, .node = index, .action = action};
	node->acting = true;
	if (action == ACTION_START)
		begin_start(node, err);
	else if (action == ACTION_CUT || action == ACTION_MEND)
		begin_cut(node, action, err);
	else if (signals[action] == 0)
		err_set(err, ERR_ENV, "%s: %s is not available", node->name, action_names[action]);
	else if (life_signal(node, signals[action], err) == 0)
		life_acted(node, NULL);
	if (err->code)
		node->acting = false;
	return err->code;
}

static void local_explain(struct driver *driver, int node, struct str *ret_text)
{
	explain_node(&local_of(driver)->nodes[node], ret_text);
}

static bool all_ended(void *arg)
{
	const struct local *local = arg;

	for (int i = 0; i < local->n_nodes; i++)
		if (local->nodes[i].launcher || local->nodes[i].acting)
			return false;
	return true;
}

static int local_close(struct driver *driver, struct err *err)
{
	struct local *local = local_of(driver);
	int n;

	if (local->cluster < 0)
		return 0;
	for (int i = 0; i < local->n_nodes; i++) {
		struct local_node *node = &local->nodes[i];
		if (node->start_wanted) {
			node->start_wanted = false;
			life_acted(node, "the cluster is being closed");
		}
		life_kill(node);
	}
	loop_wait(driver->loop, all_ended, local, clock_mono_ns() + CLOSE_LIMIT_NS, false);
	cut_close(&local->cut, err);
	for (int i = 0; i < local->n_nodes; i++)
		life_abandon(&local->nodes[i]);
	/* names those that did not end, and ends what a server may have started */
	process_end_run(driver->loop, local->work_dir, &n, err);
	loop_unwatch(driver->loop, local->inotify_source);
	local->inotify_source = NULL;
	if (local->inotify_fd >= 0)
		close(local->inotify_fd);
	local->inotify_fd = -1;
	nodes_done(local);
	return err->code;
}

static void local_free(struct driver *driver)
{
	struct local *local = driver ? local_of(driver) : NULL;
	struct err ignored = ERR_INIT; /* what is left behind is found by sweep */

	if (local == NULL)
		return;
	cut_done(&local->cut);
	files_remove_tree(local->work_dir, LOCAL_MARKER, &ignored);
	home_done(&local->home);
	free(local->java);
	free(local->work_dir);
	free(local);
}

const struct driver_ops driver_local_ops = {
	.name = "local",
	.owns_nodes = true,
	.open = local_open,
	.act = local_act,
	.explain = local_explain,
	.read_log = local_read_log,
	.close = local_close,
	.free = local_free,
	.sweep = run_sweep,
};
