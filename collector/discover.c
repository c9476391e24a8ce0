#include "collector/discover.h"
#include "collector/ask.h"
#include "collector/probe.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

#define ASK_LIMIT_NS (10 * NS_PER_S)

/* OpenSearch says cluster_manager where Elasticsearch says master. */
static bool may_be_master(const char *roles_json)
{
	json_t *roles = json_loads(roles_json ? roles_json : "[]", 0, NULL), *role;
	size_t i;
	bool may = false;
	json_array_foreach(roles, i, role)
	{
		const char *name = json_string_value(role);
		may = may || (name && (strcmp(name, "master") == 0 ||
				       strcmp(name, "cluster_manager") == 0));
	}
	json_decref(roles);
	return may;
}

static int discover_node(struct plan_host *host, struct loop *loop, struct http *http,
			 struct err *err)
{
	struct probe_node seen = {0};
	json_t *json = NULL;
	char *url = probe_node_url(host->url);
	int code = ask(loop, http, "GET", url, NULL, ASK_LIMIT_NS, &json, err);
	free(url);
	if (code)
		return code;
	char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (probe_node_read(text, strlen(text), &seen, err) == 0 && seen.name) {
		free(host->name);
		host->name = mem_strdup(seen.name);
		host->master_eligible = may_be_master(seen.roles);
	} else {
		err->code = 0;
		err_set(err, ERR_ENV, "%s: not a node of Elasticsearch or OpenSearch", host->url);
	}
	probe_node_done(&seen);
	free(text);
	return err->code;
}

int discover_nodes(struct plan *plan, int cluster, struct loop *loop, struct http *http,
		   struct err *err)
{
	struct plan_cluster *c = &plan->clusters.v[cluster];
	for (size_t i = 0; i < c->hosts.n; i++) {
		if (discover_node(&c->hosts.v[i], loop, http, err))
			return err->code;
		for (size_t k = 0; k < i; k++)
			if (strcmp(c->hosts.v[k].name, c->hosts.v[i].name) == 0)
				return err_set(
					err, ERR_ENV,
					"%s and %s are both called %s: the same node, or two that "
					"cannot be told apart",
					c->hosts.v[k].url, c->hosts.v[i].url, c->hosts.v[i].name);
	}
	return 0;
}
