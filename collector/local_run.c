/* A run of the local driver from its checks to the sweep of what a dead collector left. */
#include "collector/driver_local.h"
#include "lib/mem.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define NAME_PREFIX "rejoin-" /* of every work_dir's last part */

static bool named_as_ours(const char *work_dir)
{
	const char *slash = strrchr(work_dir, '/');

	return str_starts(slash ? slash + 1 : work_dir, NAME_PREFIX);
}

/* The servers' start scripts and option files split at blanks. */
static int check_name(const char *work_dir, struct err *err)
{
	if (!named_as_ours(work_dir))
		return err_set(err, ERR_ENV, "%s: the name must begin with %s", work_dir,
			       NAME_PREFIX);
	for (const char *c = work_dir; *c; c++)
		if (!isalnum((unsigned char)*c) && strchr("/-_.+@~", *c) == NULL)
			return err_set(err, ERR_ENV,
				       "%s: servers cannot run in a folder with '%c' in its name "
				       "(set TMPDIR)",
				       work_dir, *c);
	return 0;
}

static int check_plan(struct local *local, struct err *err)
{
	const struct plan_cluster *cluster;

	vec_each (cluster, &local->plan->clusters) {
		if (cluster->n_nodes < 1 || cluster->n_nodes > LOCAL_MAX_NODES)
			return err_set(err, ERR_USAGE, "cluster.nodes: %d: 1 to %d are possible",
				       cluster->n_nodes, LOCAL_MAX_NODES);
		if (config_check_settings(cluster->settings.v, cluster->settings.n, err) != 0)
			return err->code;
		if (cluster->n_nodes > local->max_nodes)
			local->max_nodes = cluster->n_nodes;
	}
	return 0;
}

static int choose_java(struct local *local, struct err *err)
{
	char *name = mem_printf("%s_JAVA_HOME", home_env(&local->home));
	struct java_places places = {
		.asked = local->plan->java,
		.env = getenv(name),
		.env_java = getenv("JAVA_HOME"),
		.jvm_root = "/usr/lib/jvm",
		.path = getenv("PATH"),
	};

	free(name);
	return java_choose(&local->home, &places, &local->java, err);
}

static int check_machine(struct local *local, const char *parent, struct err *err)
{
	const struct plan *plan = local->plan;

	if (access(parent, W_OK | X_OK) != 0)
		return err_set(err, ERR_ENV, "cannot make a folder in %s: %s", parent,
			       strerror(errno));
	if (local->as_root && !files_reachable(parent))
		return err_set(err, ERR_ENV,
			       "%s is closed to other users, as which the nodes run (set TMPDIR)",
			       parent);
	if (local->as_root && machine_free_uids(local->max_nodes, &local->first_uid, err) != 0)
		return err->code;
	if (machine_check_memory(local->max_nodes, plan->heap_bytes, err) != 0 ||
	    machine_check_disk(parent, local->max_nodes, err) != 0)
		return err->code;
	return machine_ports(local->max_nodes, plan->http_port, plan->transport_port, local->ports,
			     err);
}

static int check_all(struct local *local, struct err *err)
{
	if (check_name(local->work_dir, err) == 0 && check_plan(local, err) == 0 &&
	    home_open(local->plan->home, &local->home, err) == 0)
		choose_java(local, err);
	if (err->code)
		return err->code;
	char *parent = mem_strndup(local->work_dir,
				   (size_t)(strrchr(local->work_dir, '/') - local->work_dir));
	check_machine(local, parent[0] ? parent : "/", err);
	free(parent);
	return err->code;
}

/* What a node reads of the distribution; its configuration is a copy that the driver makes. */
static bool home_readable(const struct local_home *home)
{
	static const char *const parts[] = {"bin", "lib", "modules", "plugins", "agent", "jdk"};
	bool readable = files_reachable(home->dir);

	for (size_t i = 0; readable && i < sizeof parts / sizeof parts[0]; i++) {
		char *path = mem_printf("%s/%s", home->dir, parts[i]);
		readable = access(path, F_OK) != 0 || files_tree_readable(path);
		free(path);
	}
	return readable;
}

/* The nodes' users get a distribution of their own. */
static int copy_home(struct local *local, struct err *err)
{
	char *old = local->home.dir;
	size_t n = strlen(old);

	local->home.dir = mem_printf("%s/dist", local->work_dir);
	if (files_copy_tree(old, local->home.dir, err) == 0 && str_starts(local->java, old) &&
	    local->java[n] == '/') {
		char *java = mem_printf("%s%s", local->home.dir, local->java + n);
		free(local->java);
		local->java = java;
	}
	free(old);
	return err->code;
}

static int open_home_to_nodes(struct local *local, struct err *err)
{
	if (!local->as_root)
		return 0;
	if (!home_readable(&local->home) && copy_home(local, err) != 0)
		return err->code;
	if (!files_reachable(local->java))
		err_set(err, ERR_ENV,
			"%s is closed to other users, as which the nodes run (cluster.java)",
			local->java);
	return err->code;
}

static int make_run(struct local *local, struct err *err)
{
	struct files_owner self = {getuid(), getgid()};
	char *marker = mem_printf("%s/%s", local->work_dir, LOCAL_MARKER);

	if (access(local->work_dir, F_OK) == 0)
		err_set(err, ERR_ENV, "%s is there already", local->work_dir);
	else if (files_mkdir(local->work_dir, self, err) == 0) {
		if (files_write(marker, "made by rejoin-collector\n", self, err) == 0)
			open_home_to_nodes(local, err);
		if (err->code) {
			struct err second = ERR_INIT; /* the first one is what counts */
			files_remove_tree(local->work_dir, LOCAL_MARKER, &second);
		}
	}
	free(marker);
	return err->code;
}

int driver_local_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		     struct driver **ret_driver, struct err *err)
{
	struct local *local = mem_alloc(sizeof *local);

	*local = (struct local){
		.base = {.ops = &driver_local_ops, .loop = loop},
		.plan = plan,
		.work_dir = files_absolute(work_dir),
		.as_root = geteuid() == 0,
		.inotify_fd = -1,
		.cluster = -1,
	};
	/* servers whose launcher was killed become our children, and can be reaped */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
		err_set(err, ERR_ENV, "cannot adopt processes: %s", strerror(errno));
	for (size_t i = 0; i < plan->arms.n && err->code == 0; i++)
		if (plan->arms.v[i].fault == FAULT_PARTITION)
			cut_check(err);
	if (err->code == 0)
		check_all(local, err);
	if (err->code == 0)
		make_run(local, err);
	if (err->code) {
		home_done(&local->home);
		free(local->java);
		free(local->work_dir);
		free(local);
		return err->code;
	}
	cut_init(&local->cut, loop, local->work_dir, local_on_cut, local);
	*ret_driver = &local->base;
	return 0;
}

/* A folder without the marker is not ours to remove, unless it is empty: a run that died at once.
 */
static int check_marker(const char *work_dir, struct err *err)
{
	char *marker = mem_printf("%s/%s", work_dir, LOCAL_MARKER);
	bool ours =
		access(work_dir, F_OK) != 0 || access(marker, F_OK) == 0 || rmdir(work_dir) == 0;

	free(marker);
	return ours ? 0
		    : err_set(err, ERR_ENV, "%s was not made by rejoin-collector: left alone",
			      work_dir);
}

int run_sweep(struct loop *loop, const char *work_dir, int *ret_n, struct err *err)
{
	char *absolute = files_absolute(work_dir);

	*ret_n = 0;
	if (!named_as_ours(absolute))
		err_set(err, ERR_ENV, "%s was not made by rejoin-collector: left alone", absolute);
	else if (check_marker(absolute, err) == 0 &&
		 process_end_run(loop, absolute, ret_n, err) == 0 && cut_sweep(absolute, err) == 0)
		files_remove_tree(absolute, LOCAL_MARKER, err);
	free(absolute);
	return err->code;
}
