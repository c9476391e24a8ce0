/* The nodes of one cluster on disk: their folders and what they read at their start. */
#include "collector/driver_local.h"
#include "lib/mem.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_HEAD_BYTES (4 << 20)

/* The label as a folder's name and part of a cluster's; other labels may differ in what is
 * replaced. */
static char *safe_label(const char *label, int cluster)
{
	char *safe = mem_strdup(label);
	bool same = true;

	for (char *c = safe; *c; c++) {
		if (isalnum((unsigned char)*c) || (strchr("-_.", *c) && c != safe))
			continue;
		*c = '-';
		same = false;
	}
	if (same && *safe)
		return safe;
	char *numbered = mem_printf("%s-c%d", safe, cluster);
	free(safe);
	return numbered;
}

/* Has any node ever seen the cluster formed? One that has is never told its first masters again:
 * with them it could found a second cluster. */
static bool was_formed(const struct local *local)
{
	bool formed = false;

	for (int i = 0; !formed && i < local->n_nodes; i++) {
		char *path = mem_printf("%s/logs/%s.log", local->nodes[i].dir, local->cluster_name);
		char *text = files_read(path, 0, LOG_HEAD_BYTES);
		formed = text && strstr(text, "cluster UUID set to [");
		free(text);
		free(path);
	}
	return formed;
}

static int copy_default(struct local_node *node, const char *name, struct err *err)
{
	char *from = mem_printf("%s/config/%s", node->local->home.dir, name);
	char *to = mem_printf("%s/config/%s", node->dir, name);
	char *text = files_read(from, 0, 1 << 20);

	if (text)
		files_write(to, text, node->owner, err);
	else
		err_set(err, ERR_ENV, "cannot read %s: %s", from, strerror(errno));
	free(text);
	free(to);
	free(from);
	return err->code;
}

static int write_jvm_options(struct local_node *node, struct err *err)
{
	struct local *local = node->local;
	char *from = mem_printf("%s/config/jvm.options", local->home.dir);
	char *to = mem_printf("%s/config/jvm.options", node->dir);
	char *defaults = files_read(from, 0, 1 << 20);
	struct str text = STR_INIT;

	if (defaults) {
		config_jvm_options(defaults, node->dir, local->plan->heap_bytes, &text);
		files_write(to, text.s, node->owner, err);
	} else {
		err_set(err, ERR_ENV, "cannot read %s: %s", from, strerror(errno));
	}
	str_done(&text);
	free(defaults);
	free(to);
	free(from);
	return err->code;
}

int nodes_write_config(struct local_node *node, struct err *err)
{
	struct local *local = node->local;
	const struct plan_cluster *cluster = &local->plan->clusters.v[local->cluster];
	struct config_node config = {
		.home = &local->home,
		.cluster_name = local->cluster_name,
		.node_name = node->name,
		.dir = node->dir,
		.master_eligible = node->index < cluster->master_eligible,
		.ports = node->ports,
		.all_ports = local->ports,
		.n_nodes = local->n_nodes,
		.n_initial_masters = was_formed(local) ? 0 : cluster->master_eligible,
		.settings = cluster->settings.v,
		.n_settings = cluster->settings.n,
	};
	char *path = mem_printf("%s/config/%s.yml", node->dir, home_program(&local->home));
	struct str text = STR_INIT;

	config_yml(&config, &text);
	if (files_write(path, text.s, node->owner, err) == 0 &&
	    copy_default(node, "log4j2.properties", err) == 0)
		write_jvm_options(node, err);
	str_done(&text);
	free(path);
	return err->code;
}

static int make_folders(const struct local_node *node, struct err *err)
{
	static const char *const names[] = {"config", "data", "logs", "tmp"};

	files_mkdir(node->dir, node->owner, err);
	for (size_t i = 0; err->code == 0 && i < sizeof names / sizeof names[0]; i++) {
		char *path = mem_printf("%s/%s", node->dir, names[i]);
		files_mkdir(path, node->owner, err);
		free(path);
	}
	return err->code;
}

static void init_node(struct local *local, int i)
{
	struct local_node *node = &local->nodes[i];

	*node = (struct local_node){
		.local = local,
		.index = i,
		.name = mem_printf("n%d", i + 1),
		.dir = mem_printf("%s/n%d", local->cluster_dir, i + 1),
		.owner = {getuid(), getgid()},
		.ports = local->ports[i],
		.server_fd = -1,
	};
	if (local->as_root)
		node->owner = (struct files_owner){local->first_uid + (uid_t)i,
						   local->first_uid + (gid_t)i};
}

int nodes_make(struct local *local, int cluster, struct err *err)
{
	const struct plan_cluster *planned = &local->plan->clusters.v[cluster];
	struct files_owner self = {getuid(), getgid()};
	char *label = safe_label(planned->label, cluster);

	local->cluster = cluster;
	local->cluster_name = mem_printf("rejoin-%s-%s", label, strrchr(local->work_dir, '/') + 1);
	local->cluster_dir = mem_printf("%s/%s", local->work_dir, label);
	free(label);
	files_mkdir(local->cluster_dir, self, err);
	for (int i = 0; i < planned->n_nodes; i++, local->n_nodes++) {
		init_node(local, i);
		vec_push(
			&local->base.nodes,
			(struct driver_node){
				.name = mem_strdup(local->nodes[i].name),
				.http_url = mem_printf("http://127.0.0.1:%d", local->ports[i].http),
				.master_eligible = i < planned->master_eligible,
			});
		if (err->code == 0)
			make_folders(&local->nodes[i], err);
	}
	return err->code;
}

void nodes_done(struct local *local)
{
	struct driver_node *shown;

	for (int i = 0; i < local->n_nodes; i++) {
		loop_timer_stop(local->base.loop, &local->nodes[i].acted_timer);
		loop_timer_stop(local->base.loop, &local->nodes[i].linger);
		free(local->nodes[i].acted_error);
		free(local->nodes[i].name);
		free(local->nodes[i].dir);
	}
	local->n_nodes = 0;
	vec_each (shown, &local->base.nodes) {
		free(shown->name);
		free(shown->http_url);
	}
	vec_done(&local->base.nodes);
	free(local->cluster_name);
	free(local->cluster_dir);
	local->cluster_name = local->cluster_dir = NULL;
	local->cluster = -1;
}
