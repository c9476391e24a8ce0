#include "collector/probe.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* An index that cannot exist (names never begin with an underscore but these never match either):
 * with it the metadata hold the coordination part alone. */
#define NO_INDEX "rejoin-no-such-index"

/* Elasticsearch 9.2 dropped local from _cluster/state (RestClusterStateAction). */
static bool always_local(const char *product, const char *version)
{
	int major = 0, minor = 0;
	if (!product || !version || strcmp(product, "elasticsearch") != 0)
		return false;
	if (sscanf(version, "%d.%d", &major, &minor) != 2)
		return false;
	return major > 9 || (major == 9 && minor >= 2);
}

char *probe_state_url(const char *base_url, const char *product, const char *version)
{
	return mem_printf("%s/_cluster/state/master_node,version,nodes,metadata/" NO_INDEX
			  "?%signore_unavailable=true&allow_no_indices=true"
			  "&filter_path=cluster_uuid,master_node,cluster_manager_node,version,"
			  "state_uuid,nodes.*.name,nodes.*.ephemeral_id,nodes.*.roles,"
			  "nodes.*.version,metadata.cluster_coordination",
			  base_url, always_local(product, version) ? "" : "local=true&");
}

char *probe_health_url(const char *base_url)
{
	return mem_printf("%s/_cluster/health?local=true&filter_path=status", base_url);
}

char *probe_node_url(const char *base_url)
{
	return mem_printf("%s/_nodes/_local/jvm?filter_path=nodes.*.name,nodes.*.version,"
			  "nodes.*.build_type,nodes.*.build_flavor,nodes.*.roles,"
			  "nodes.*.jvm.version,nodes.*.jvm.vm_name",
			  base_url);
}

enum health probe_health(const char *body, size_t n)
{
	enum health health = HEALTH_NONE;
	json_t *root = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
	const char *status = json_string_value(json_object_get(root, "status"));
	for (int i = HEALTH_RED; status && i <= HEALTH_GREEN; i++)
		if (strcmp(status, health_names[i]) == 0)
			health = (enum health)i;
	json_decref(root);
	return health;
}

/* build_flavor is Elasticsearch's own word; OpenSearch took it out of its answers. */
static const char *product_of(json_t *node)
{
	return json_object_get(node, "build_flavor") ? "elasticsearch" : "opensearch";
}

int probe_node_read(const char *body, size_t n, struct probe_node *ret_node, struct err *err)
{
	memset(ret_node, 0, sizeof *ret_node);
	json_t *root = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
	void *first = json_object_iter(json_object_get(root, "nodes"));
	if (!first) {
		json_decref(root);
		return err_set(err, ERR_ENV, "not a node's description");
	}
	json_t *node = json_object_iter_value(first);
	json_t *jvm = json_object_get(node, "jvm");
	json_t *roles = json_object_get(node, "roles");
	const char *vm = json_string_value(json_object_get(jvm, "vm_name"));
	const char *jvm_version = json_string_value(json_object_get(jvm, "version"));
	ret_node->persistent_id = mem_strdup(json_object_iter_key(first));
	ret_node->name = mem_strdup(json_string_value(json_object_get(node, "name")));
	ret_node->version = mem_strdup(json_string_value(json_object_get(node, "version")));
	ret_node->product = mem_strdup(product_of(node));
	if (jvm_version)
		ret_node->jvm = mem_printf("%s %s", vm ? vm : "JVM", jvm_version);
	if (roles)
		ret_node->roles = json_dumps(roles, JSON_COMPACT);
	json_decref(root);
	return 0;
}

void probe_node_done(struct probe_node *node)
{
	free(node->persistent_id);
	free(node->name);
	free(node->version);
	free(node->jvm);
	free(node->roles);
	free(node->product);
	memset(node, 0, sizeof *node);
}
