#include "tests/fake/cluster.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

const char *const mode_names[N_MODES + 1] = {"ok",     "refuse", "reset", "hang", "delay",
					     "status", "half",	 "wrong", NULL};
const char *const wrong_names[N_WRONGS + 1] = {"html", "json", "empty", NULL};

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static json_t *id_of(const char *name)
{
	return json_sprintf("id-%s", name);
}

void cluster_done(struct cluster *cluster)
{
	struct node *node;

	vec_each (node, &cluster->nodes) {
		json_decref(node->view);
		free(node->name);
		for (int i = 0; i < N_ASKS; i++)
			free(node->texts[i]);
	}
	vec_done(&cluster->nodes);
	vec_done(&cluster->docs.numbers);
	free(cluster->version);
}

int cluster_find(const struct cluster *cluster, const char *name)
{
	for (size_t i = 0; i < cluster->nodes.n; i++)
		if (strcmp(cluster->nodes.v[i].name, name) == 0)
			return (int)i;
	return -1;
}

int cluster_add(struct cluster *cluster, const char *name, struct err *err)
{
	if (cluster_find(cluster, name) >= 0)
		return err_set(err, ERR_USAGE, "node %s is there twice", name);
	vec_push(&cluster->nodes, (struct node){.name = mem_strdup(name)});
	return 0;
}

void cluster_settle(struct cluster *cluster)
{
	json_t *members = json_object(), *voters = json_array();
	const struct node *each;

	vec_each (each, &cluster->nodes) {
		json_object_set_new(members, each->name, json_sprintf("%s-1", each->name));
		json_array_append_new(voters, json_string(each->name));
	}
	for (size_t i = 0; i < cluster->nodes.n; i++) {
		struct node *node = &cluster->nodes.v[i];
		struct change none = {.node = (int)i};

		node->view = json_pack("{s:s,s:i,s:i,s:O,s:O,s:s,s:o,s:s}", "master",
				       cluster->nodes.v[0].name, "term", 1, "version", 1, "members",
				       members, "voters", voters, "health", "green", "ephemeral",
				       json_sprintf("%s-1", node->name), "uuid", "fake-cluster");
		cluster_prepare(cluster, &none, node->texts, &node->behaviour);
	}
	json_decref(members);
	json_decref(voters);
}

static json_t *roles(void)
{
	return json_pack("[s,s]", "data", "master");
}

/* OpenSearch shows neither roles nor versions in its cluster state. */
static json_t *member(const struct cluster *cluster, const char *name, json_t *ephemeral)
{
	json_t *m = json_pack("{s:s,s:O}", "name", name, "ephemeral_id", ephemeral);

	if (!cluster->opensearch) {
		json_object_set_new(m, "version", json_string(cluster->version));
		json_object_set_new(m, "roles", roles());
	}
	return m;
}

static json_t *coordination(const json_t *view)
{
	json_t *ids = json_array(), *name;
	size_t i;

	json_array_foreach(json_object_get(view, "voters"), i, name)
		json_array_append_new(ids, id_of(json_string_value(name)));
	return json_pack("{s:O,s:O,s:o,s:[]}", "term", json_object_get(view, "term"),
			 "last_committed_config", ids, "last_accepted_config", ids,
			 "voting_config_exclusions");
}

static json_t *state_of(const struct cluster *cluster, const json_t *view)
{
	json_t *nodes = json_object(), *ephemeral, *state, *id;
	const char *name, *master = text(view, "master");

	json_object_foreach(json_object_get(view, "members"), name, ephemeral)
	{
		id = id_of(name);
		json_object_set_new(nodes, json_string_value(id), member(cluster, name, ephemeral));
		json_decref(id);
	}
	state = json_pack(
		"{s:s,s:O,s:o,s:o,s:o,s:{s:o}}", "cluster_uuid", text(view, "uuid"), "version",
		json_object_get(view, "version"), "state_uuid",
		json_sprintf("s-%lld-%lld",
			     (long long)json_integer_value(json_object_get(view, "term")),
			     (long long)json_integer_value(json_object_get(view, "version"))),
		"master_node", master ? id_of(master) : json_null(), "nodes", nodes, "metadata",
		"cluster_coordination", coordination(view));
	if (cluster->opensearch)
		json_object_set(state, "cluster_manager_node",
				json_object_get(state, "master_node"));
	return state;
}

static json_t *about(const struct cluster *cluster, const struct node *node)
{
	json_t *self = json_pack("{s:s,s:s,s:s,s:o,s:{s:s,s:s}}", "name", node->name, "version",
				 cluster->version, "build_type", "tar", "roles", roles(), "jvm",
				 "version", "21.0.2", "vm_name", "Fake VM");
	json_t *nodes = json_object(), *id = id_of(node->name);

	if (!cluster->opensearch)
		json_object_set_new(self, "build_flavor", json_string("default"));
	json_object_set_new(nodes, json_string_value(id), self);
	json_decref(id);
	return json_pack("{s:o}", "nodes", nodes);
}

static char *dump(json_t *taken)
{
	char *s = json_dumps(taken, JSON_COMPACT);

	json_decref(taken);
	return s;
}

/* Members without an ephemeral id get the one that the node itself has now. */
static void resolve_members(const struct cluster *cluster, json_t *members)
{
	const char *name;
	json_t *ephemeral;

	json_object_foreach(members, name, ephemeral)
	{
		const json_t *view = cluster->nodes.v[cluster_find(cluster, name)].view;

		if (json_is_null(ephemeral))
			json_object_set(members, name, json_object_get(view, "ephemeral"));
	}
}

void cluster_prepare(struct cluster *cluster, const struct change *change, char *ret_texts[N_ASKS],
		     struct behaviour *ret_behaviour)
{
	struct node *node = &cluster->nodes.v[change->node];
	json_t *view = node->view;

	json_object_update(view, change->view);
	docs_forget(&cluster->docs, change->forget);
	resolve_members(cluster, json_object_get(view, "members"));
	ret_texts[ASK_STATE] = dump(state_of(cluster, view));
	ret_texts[ASK_HEALTH] = dump(json_pack("{s:O}", "status", json_object_get(view, "health")));
	ret_texts[ASK_NODE] = dump(about(cluster, node));
	*ret_behaviour = change->sets_mode ? change->behaviour : node->behaviour;
	ret_behaviour->drop_every =
		change->sets_drop ? change->behaviour.drop_every : node->behaviour.drop_every;
}
