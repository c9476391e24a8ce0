/* The texts of a node's configuration. */
#include "collector/local_setup.h"
#include <stdarg.h>
#include <string.h>

/* The driver needs these to hold the nodes apart; a plan cannot set them. */
static const char *const owned[] = {
	"cluster.name",
	"cluster.initial_master_nodes",
	"cluster.initial_cluster_manager_nodes",
	"discovery.seed_hosts",
	"discovery.type",
	"http.port",
	"network.host",
	"node.name",
	"node.roles",
	"path.data",
	"path.logs",
	"transport.port",
	NULL,
};

int config_check_settings(const struct plan_setting *settings, size_t n_settings, struct err *err)
{
	for (size_t i = 0; i < n_settings; i++)
		for (size_t k = 0; owned[k]; k++)
			if (strcmp(settings[i].key, owned[k]) == 0)
				return err_set(
					err, ERR_USAGE,
					"cluster.settings.%s: the local driver sets it itself",
					settings[i].key);
	return 0;
}

/* As a double-quoted YAML scalar: what it holds can end neither it nor the line. */
static void add_quoted(struct str *text, const char *s)
{
	str_add(text, "\"");
	for (; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			str_addf(text, "\\x%02X", (unsigned char)*s);
		else if (*s == '"' || *s == '\\')
			str_addf(text, "\\%c", *s);
		else
			str_add_n(text, s, 1);
	}
	str_add(text, "\"");
}

static void add_pair(struct str *text, const char *key, const char *value)
{
	add_quoted(text, key);
	str_add(text, ": ");
	/* the plan's reader turned a list into JSON, which YAML reads as a list */
	if (value[0] == '[')
		str_add(text, value);
	else
		add_quoted(text, value);
	str_add(text, "\n");
}

/* A default of ours, unless the plan has its own: the servers refuse a key that comes twice. */
static void add_default(struct str *text, const struct config_node *node, const char *key,
			const char *value)
{
	for (size_t i = 0; i < node->n_settings; i++)
		if (strcmp(node->settings[i].key, key) == 0)
			return;
	add_pair(text, key, value);
}

static void add_port(struct str *text, const char *key, int port)
{
	str_addf(text, "%s: %d\n", key, port);
}

static void add_path(struct str *text, const struct config_node *node, const char *name)
{
	struct str path = STR_INIT, key = STR_INIT;

	str_addf(&path, "%s/%s", node->dir, name);
	str_addf(&key, "path.%s", name);
	add_pair(text, key.s, path.s);
	str_done(&path);
	str_done(&key);
}

static void add_membership(struct str *text, const struct config_node *node)
{
	const char *master = home_master(node->home);

	if (node->master_eligible)
		str_addf(text, "node.roles: [%s, data]\n", master);
	else
		str_add(text, "node.roles: [data]\n");
	str_add(text, "discovery.seed_hosts: [");
	for (int i = 0; i < node->n_nodes; i++)
		str_addf(text, "%s\"127.0.0.1:%d\"", i ? ", " : "", node->all_ports[i].transport);
	str_add(text, "]\n");
	if (node->n_initial_masters == 0)
		return;
	str_addf(text, "cluster.initial_%s_nodes: [", master);
	for (int i = 1; i <= node->n_initial_masters; i++)
		str_addf(text, "%sn%d", i > 1 ? ", " : "", i);
	str_add(text, "]\n");
}

/* Parts of a distribution that would listen with TLS, call home or start programs of their own. */
static void add_product_defaults(struct str *text, const struct config_node *node)
{
	if (home_has(node->home, "modules/x-pack-core"))
		add_default(text, node, "xpack.security.enabled", "false");
	if (home_has(node->home, "modules/x-pack-ml"))
		add_default(text, node, "xpack.ml.enabled", "false");
	if (node->home->product == PRODUCT_ELASTICSEARCH &&
	    home_has(node->home, "modules/ingest-geoip"))
		add_default(text, node, "ingest.geoip.downloader.enabled", "false");
	if (home_has(node->home, "plugins/opensearch-security"))
		add_default(text, node, "plugins.security.disabled", "true");
}

void config_yml(const struct config_node *node, struct str *ret_text)
{
	add_pair(ret_text, "cluster.name", node->cluster_name);
	add_pair(ret_text, "node.name", node->node_name);
	add_path(ret_text, node, "data");
	add_path(ret_text, node, "logs");
	add_pair(ret_text, "network.host", "127.0.0.1");
	add_port(ret_text, "http.port", node->ports.http);
	add_port(ret_text, "transport.port", node->ports.transport);
	add_membership(ret_text, node);
	add_default(ret_text, node, "discovery.initial_state_timeout", "0s");
	add_default(ret_text, node, "cluster.routing.allocation.disk.threshold_enabled", "false");
	add_product_defaults(ret_text, node);
	for (size_t i = 0; i < node->n_settings; i++)
		add_pair(ret_text, node->settings[i].key, node->settings[i].value);
}

/* Lines of the distribution that ours replace: heap, collector, and files outside of the node's
 * folder. */
static const char *const replaced[] = {
	"-Xms",		 "-Xmx",      "UseG1GC",     "UseConcMarkSweepGC",
	"CMSInitiating", "UseCMS",    "G1",	     "-Xlog:gc",
	"-Xloggc",	 "PrintGC",   "GCLogFile",   "PrintTenuring",
	"HeapDump",	 "ErrorFile", "UseSerialGC",
};

static bool is_replaced(const char *line, size_t n)
{
	if (n == 0 || line[0] == '#')
		return true;
	for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++)
		if (memmem(line, n, replaced[i], strlen(replaced[i])))
			return true;
	return false;
}

void config_jvm_options(const char *default_text, const char *node_dir, int64_t heap_bytes,
			struct str *ret_text)
{
	for (const char *line = default_text; *line;) {
		size_t n = strcspn(line, "\n");
		if (!is_replaced(line, n)) {
			str_add_n(ret_text, line, n);
			str_add(ret_text, "\n");
		}
		line += n + (line[n] == '\n');
	}
	str_addf(ret_text, "-Xms%lldk\n-Xmx%lldk\n", (long long)(heap_bytes / 1024),
		 (long long)(heap_bytes / 1024));
	str_add(ret_text, "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n-Duser.timezone=UTC\n"
			  "-XX:-UsePerfData\n");
	str_addf(ret_text, "-XX:ErrorFile=%s/logs/hs_err_pid%%p.log\n", node_dir);
}
