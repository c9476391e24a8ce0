/* What the engine says of a container. */
#include "collector/docker_find.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

#define DEFAULT_STOP_NS (10 * NS_PER_S) /* the engine's */

void docker_container_done(struct docker_container *container)
{
	free(container->id);
	free(container->name);
	free(container->hostname);
	free(container->node_name);
	vec_done(&container->ports);
}

static const char *text_at(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

/* "-Enode.name=n1", "node.name=n1 ...": the name; NULL: the text does not say. */
static char *name_in(const char *text)
{
	static const char setting[] = "node.name=";
	const char *at = strstr(text, setting);
	size_t n;

	if (!at)
		return NULL;
	at += strlen(setting);
	at += strspn(at, "\"'");
	n = strcspn(at, " \t\n\"';&");
	return n ? mem_strndup(at, n) : NULL;
}

/* The last one counts, as it does for the server. */
static void look_for_name(const json_t *texts, char **name)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
	{
		char *found = json_string_value(text) ? name_in(json_string_value(text)) : NULL;

		if (!found)
			continue;
		free(*name);
		*name = found;
	}
}

/* {"9200/tcp": [{"HostIp": "", "HostPort": "9201"}]} */
static void look_for_ports(const json_t *published, struct docker_container *container)
{
	const char *key;
	json_t *bindings, *binding;
	size_t i;

	json_object_foreach((json_t *)published, key, bindings)
	{
		json_array_foreach(bindings, i, binding)
		{
			int port = (int)strtol(text_at(binding, "HostPort"), NULL, 10);

			if (port > 0 && strstr(key, "/tcp"))
				vec_push(&container->ports, port);
		}
	}
}

static void read_container(const json_t *json, struct docker_container *container)
{
	const json_t *config = json_object_get(json, "Config");
	const json_t *host_config = json_object_get(json, "HostConfig");
	const json_t *network = json_object_get(json, "NetworkSettings");
	const json_t *state = json_object_get(json, "State");
	const json_t *stop_timeout = json_object_get(config, "StopTimeout");
	const char *name = text_at(json, "Name");

	container->id = mem_strdup(text_at(json, "Id"));
	container->name = mem_strdup(name + (name[0] == '/'));
	if (strcmp(text_at(host_config, "NetworkMode"), "host") != 0)
		container->hostname = mem_strdup(text_at(config, "Hostname"));
	look_for_name(json_object_get(config, "Env"), &container->node_name);
	look_for_name(json_object_get(json, "Args"), &container->node_name);
	look_for_ports(json_object_get(host_config, "PortBindings"), container);
	look_for_ports(json_object_get(network, "Ports"), container);
	container->running = json_is_true(json_object_get(state, "Running"));
	container->tty = json_is_true(json_object_get(config, "Tty"));
	container->auto_remove = json_is_true(json_object_get(host_config, "AutoRemove"));
	container->stop_timeout_ns = json_is_integer(stop_timeout)
					     ? json_integer_value(stop_timeout) * NS_PER_S
					     : DEFAULT_STOP_NS;
}

int docker_inspect(struct docker_engine *engine, const char *reference,
		   struct docker_container *ret_container, long *ret_status, struct err *err)
{
	struct str path = STR_INIT;
	json_t *json = NULL;
	char *url;

	str_add(&path, "/containers/");
	docker_add_escaped(&path, reference);
	str_add(&path, "/json");
	url = docker_engine_url(engine, path.s);
	ret_container->asked_ns = clock_mono_ns();
	if (docker_engine_get(engine, url, &json, ret_status, err) == 0) {
		read_container(json, ret_container);
		if (!ret_container->id[0])
			err_set(err, ERR_ENV, "docker: %s does not answer as an engine does",
				engine->where);
	}
	json_decref(json);
	free(url);
	str_done(&path);
	return err->code;
}
