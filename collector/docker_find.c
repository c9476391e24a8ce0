#include "collector/docker_find.h"
#include "collector/json_compact.h"
#include "lib/mem.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { NOT_FOUND = 404, SHOWN_NAMES = 10 };

typedef VEC(struct docker_container) containers;

/* ---- what there is --------------------------------------------------------------------------- */

static char *list_path(const char *label)
{
	struct str path = STR_INIT;
	char *filters;

	str_add(&path, "/containers/json?all=1");
	if (label) {
		filters = json_compact(json_pack("{s:[s]}", "label", label));
		str_add(&path, "&filters=");
		docker_add_escaped(&path, filters);
		free(filters);
	}
	return str_take(&path);
}

static void add_container(struct docker_engine *engine, const char *id, containers *all,
			  struct err *err)
{
	struct docker_container container = {0};
	struct err inspect_err = ERR_INIT;
	long status = 0;

	if (docker_inspect(engine, id, &container, &status, &inspect_err) == 0) {
		vec_push(all, container);
		return;
	}
	docker_container_done(&container);
	if (status != NOT_FOUND) /* removed meanwhile */
		err_set(err, inspect_err.code, "%s", inspect_err.text);
}

static int list_containers(struct docker_engine *engine, const char *label, containers *all,
			   struct err *err)
{
	char *path = list_path(label), *url = docker_engine_url(engine, path);
	json_t *list = NULL, *entry;
	size_t i;

	docker_engine_get(engine, url, &list, NULL, err);
	json_array_foreach(list, i, entry)
	{
		const char *id = json_string_value(json_object_get(entry, "Id"));

		if (id && !err->code)
			add_container(engine, id, all, err);
	}
	json_decref(list);
	free(url);
	free(path);
	return err->code;
}

/* ---- whose they are -------------------------------------------------------------------------- */

/* By its number, or the name that stands for it. */
static bool is_loopback(const char *host)
{
	struct in_addr address;

	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

/* The port of a URL that leads to the engine's machine; -1: it leads elsewhere. */
static int port_there(const struct docker_engine *engine, const char *url)
{
	const char *host = strstr(url, "://") + 3;
	size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	char *name = mem_strndup(host, n);
	bool engine_here = !engine->host || is_loopback(engine->host);
	bool there = engine_here ? is_loopback(name) : strcmp(engine->host, name) == 0;

	free(name);
	if (!there)
		return -1;
	if (host[n] == ':')
		return (int)strtol(host + n + 1, NULL, 10);
	return str_starts(url, "https") ? 443 : 80;
}

static bool publishes(const struct docker_container *container, int port)
{
	for (size_t i = 0; i < container->ports.n; i++)
		if (container->ports.v[i] == port)
			return true;
	return false;
}

enum rule { RULE_NAME, RULE_NODE_NAME, RULE_HOSTNAME, RULE_PORT, N_RULES };

static bool meets(const struct docker_container *container, enum rule rule,
		  const struct plan_host *host, int port)
{
	switch (rule) {
	case RULE_NAME:
		return strcmp(container->name, host->name) == 0;
	case RULE_NODE_NAME:
		return container->node_name && strcmp(container->node_name, host->name) == 0;
	case RULE_HOSTNAME:
		return container->hostname && strcmp(container->hostname, host->name) == 0;
	default:
		return port > 0 && publishes(container, port);
	}
}

static void add_names(const containers *all, struct str *text)
{
	for (size_t i = 0; i < all->n && i < SHOWN_NAMES; i++)
		str_addf(text, "%s%s", i ? ", " : "", all->v[i].name);
	if (all->n > SHOWN_NAMES)
		str_add(text, ", ...");
	if (!all->n)
		str_add(text, "none");
}

static int fail_found(const struct plan_host *host, const struct plan_docker *plan, int port,
		      const containers *all, struct err *err)
{
	struct str names = STR_INIT, rules = STR_INIT;

	add_names(all, &names);
	if (port > 0)
		str_addf(&rules, ", and none publishes port %d", port);
	err_set(err, ERR_ENV,
		"docker: no container is called %s or has node.name=%s%s: map it with "
		"cluster.docker.containers: {%s: CONTAINER} (containers%s%s: %s)",
		host->name, host->name, rules.n ? rules.s : "", host->name,
		plan->label ? " with label " : "", plan->label ? plan->label : "", names.s);
	str_done(&names);
	str_done(&rules);
	return err->code;
}

static int fail_two(const struct plan_host *host, const char *a, const char *b, struct err *err)
{
	return err_set(err, ERR_ENV,
		       "docker: %s and %s may both be node %s: map it with "
		       "cluster.docker.containers: {%s: %s}",
		       a, b, host->name, host->name, a);
}

static int find_one(const struct docker_engine *engine, const struct plan_docker *plan,
		    const struct plan_host *host, const containers *all,
		    const struct docker_container **ret_found, struct err *err)
{
	int port = port_there(engine, host->url);

	*ret_found = NULL;
	for (int rule = 0; rule < N_RULES && !*ret_found; rule++)
		for (size_t i = 0; i < all->n; i++) {
			if (!meets(&all->v[i], (enum rule)rule, host, port))
				continue;
			if (*ret_found)
				return fail_two(host, (*ret_found)->name, all->v[i].name, err);
			*ret_found = &all->v[i];
		}
	return *ret_found ? 0 : fail_found(host, plan, port, all, err);
}

static const char *mapped(const struct plan_docker *plan, const char *node)
{
	for (size_t i = 0; i < plan->containers.n; i++)
		if (strcmp(plan->containers.v[i].key, node) == 0)
			return plan->containers.v[i].value;
	return NULL;
}

/* By the map, or by the rules. All of what there is is listed when it is needed first. */
static int find_container(struct docker_engine *engine, const struct plan_docker *plan,
			  const struct plan_host *host, containers *all, bool *listed,
			  struct docker_container *ret_container, struct err *err)
{
	const struct docker_container *found;
	const char *reference = mapped(plan, host->name);

	if (reference) {
		if (docker_inspect(engine, reference, ret_container, NULL, err))
			return err_wrap(err, "cluster.docker.containers.%s", host->name);
		return 0;
	}
	if (!*listed && list_containers(engine, plan->label, all, err))
		return err->code;
	*listed = true;
	if (find_one(engine, plan, host, all, &found, err))
		return err->code;
	/* as it is now; and the list's is freed with the list */
	return docker_inspect(engine, found->id, ret_container, NULL, err);
}

/* ---- what cannot be a drill's ---------------------------------------------------------------- */

static int check_container(const struct docker_container *found, const struct plan_host *hosts,
			   size_t at, struct err *err)
{
	if (found[at].auto_remove)
		return err_set(
			err, ERR_ENV,
			"docker: container %s is removed when it stops (--rm): node %s could "
			"not be started again",
			found[at].name, hosts[at].name);
	for (size_t i = 0; i < at; i++)
		if (strcmp(found[i].id, found[at].id) == 0)
			return err_set(
				err, ERR_ENV,
				"docker: container %s would be node %s and node %s: map them "
				"with cluster.docker.containers: {%s: CONTAINER, %s: "
				"CONTAINER}",
				found[at].name, hosts[i].name, hosts[at].name, hosts[i].name,
				hosts[at].name);
	return 0;
}

int docker_find(struct docker_engine *engine, const struct plan_docker *plan,
		const struct plan_host *hosts, size_t n_hosts,
		struct docker_container *ret_containers, struct err *err)
{
	containers all = {0};
	bool listed = false;

	for (size_t i = 0; i < n_hosts && !err->code; i++)
		if (find_container(engine, plan, &hosts[i], &all, &listed, &ret_containers[i],
				   err) == 0)
			check_container(ret_containers, hosts, i, err);
	for (size_t i = 0; i < all.n; i++)
		docker_container_done(&all.v[i]);
	vec_done(&all);
	return err->code;
}
