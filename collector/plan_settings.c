/* cluster.settings: what goes into the nodes' own configuration, as text under dotted keys. */
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SETTINGS = 200, MAX_VALUE = 4000 };

/* The driver writes these itself: a plan that sets them too would take its nodes away from it.
 * A name that ends with a dot stands for everything below it. */
static const char *const owned[] = {
	"path.",
	"network.",
	"http.port",
	"http.host",
	"http.bind_host",
	"http.publish_host",
	"http.publish_port",
	"transport.port",
	"transport.host",
	"transport.bind_host",
	"transport.publish_host",
	"transport.publish_port",
	"node.name",
	"node.roles",
	"node.master",
	"node.data",
	"cluster.name",
	"cluster.initial_master_nodes",
	"cluster.initial_cluster_manager_nodes",
	"discovery.seed_hosts",
	"discovery.seed_providers",
	"discovery.type",
	"xpack.security.enabled",
	NULL,
};

/* A flat map under construction, with the dotted name so far. */
struct flat {
	struct plan_node *map;
	struct str name;
	const char *path; /* of the map, for errors */
	struct err *err;
};

static int flatten_into(struct flat *flat, struct plan_node *map);

/* Of what the nodes want for their keystore, and of what older ones took in their configuration. */
static bool is_secret(const char *key)
{
	static const char *const ends[] = {"password",	 "passphrase", "secret",
					   "secret_key", "access_key", "token"};
	const char *dot = strrchr(key, '.'), *last = dot ? dot + 1 : key;
	bool found = str_starts(last, "secure_");

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(last), k = strlen(ends[i]);

		found |= n >= k && strcmp(last + n - k, ends[i]) == 0;
	}
	return found;
}

/* Here, not where a setting is read: a recorded plan that has one must still heal its nodes. */
static int refuse_secret(const struct flat *flat, const struct plan_node *leaf)
{
	char *path = mem_printf("%s.%s", flat->path, flat->name.s);
	int code = plan_fail_key(leaf, path, flat->err,
				 "a plan is stored, a secret is not: the nodes' keystore is "
				 "expected to hold it");

	free(path);
	return code;
}

static int flatten_item(struct flat *flat, struct plan_node **item)
{
	struct plan_node *leaf = *item;

	if (is_secret(flat->name.s) && leaf->kind != NODE_MAP)
		return refuse_secret(flat, leaf);

	if (leaf->kind == NODE_MAP && leaf->items.n)
		return flatten_into(flat, leaf);
	if (flat->map->items.n >= MAX_SETTINGS)
		return plan_fail_key(leaf, flat->path, flat->err,
				     "too many settings: %d is the most", MAX_SETTINGS);
	free(leaf->key);
	leaf->key = mem_strdup(flat->name.s);
	vec_push(&flat->map->items, leaf);
	*item = NULL;
	return 0;
}

static int flatten_into(struct flat *flat, struct plan_node *map)
{
	size_t before = flat->name.n;

	for (size_t i = 0; i < map->items.n; i++) {
		int code;

		str_addf(&flat->name, "%s%s", before ? "." : "", map->items.v[i]->key);
		code = flatten_item(flat, &map->items.v[i]);
		flat->name.n = before;
		flat->name.s[before] = '\0';
		if (code)
			return code;
	}
	return 0;
}

static int flatten_section(struct plan_node *root, const char *section, const char *path,
			   struct err *err)
{
	struct plan_node *old = plan_node_child(plan_node_child(root, section), "settings");
	struct flat flat = {.path = path, .err = err};
	int code;

	if (!old || old->kind != NODE_MAP)
		return 0;
	flat.map = plan_node_new(NODE_MAP, old->origin, 0, 0);
	code = flatten_into(&flat, old);
	if (code) {
		plan_node_free(flat.map); /* with what has moved; the rest goes with the tree */
	} else {
		for (size_t i = 0; i < old->items.n; i++)
			plan_node_free(old->items.v[i]);
		vec_done(&old->items);
		old->items.v = flat.map->items.v;
		old->items.n = flat.map->items.n;
		old->items.cap = flat.map->items.cap;
		free(flat.map);
	}
	str_done(&flat.name);
	return code;
}

int plan_settings_flatten(struct plan_node *root, struct err *err)
{
	int code = flatten_section(root, "cluster", "cluster.settings", err);

	return code ? code : flatten_section(root, "factors", "factors.settings", err);
}

static bool is_setting_name(const char *key)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.*";
	size_t n = strlen(key);

	return n && n <= 200 && strspn(key, allowed) == n && key[0] != '.' && key[n - 1] != '.' &&
	       !strstr(key, "..");
}

static bool is_owned(const char *key)
{
	for (const char *const *name = owned; *name; name++) {
		size_t n = strlen(*name);

		if (strcmp(key, *name) == 0 || ((*name)[n - 1] == '.' && str_starts(key, *name)))
			return true;
		/* a list as the nodes also accept it: discovery.seed_hosts.0 */
		if (str_starts(key, *name) && key[n] == '.')
			return true;
	}
	return false;
}

static int check_value(const struct plan_node *value, const char *path, struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];

	if (value->kind != NODE_TEXT || (value->plain && !value->text[0]))
		return plan_fail(value, path, err, "%s: a value or a list of values is expected",
				 plan_node_shown(value, buf));
	if (strlen(value->text) > MAX_VALUE)
		return plan_fail(value, path, err, "too long: at most %d bytes are expected",
				 MAX_VALUE);
	for (const char *c = value->text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return plan_fail(value, path, err,
					 "%s: one line without control characters is expected",
					 plan_node_shown(value, buf));
	return 0;
}

/* The value as text; a list as a JSON array, which the nodes' configuration also understands. */
static int read_value(const struct plan_node *value, const char *path, char **ret_text,
		      struct err *err)
{
	json_t *list;
	int code = 0;

	if (value->kind != NODE_LIST) {
		code = check_value(value, path, err);
		*ret_text = code ? NULL : mem_strdup(value->text);
		return code;
	}
	list = json_array();
	for (size_t i = 0; i < value->items.n && !code; i++) {
		code = check_value(value->items.v[i], path, err);
		if (!code)
			json_array_append_new(list, json_string(value->items.v[i]->text));
	}
	*ret_text = code ? NULL : json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return code;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct plan_setting *)a)->key, ((const struct plan_setting *)b)->key);
}

/* Is it a setting that a plan may set, and the first of its name? */
static int check_name(const struct plan_node *map, size_t i, const char *path, struct err *err)
{
	const struct plan_node *item = map->items.v[i];

	if (!is_setting_name(item->key))
		return plan_fail_key(item, path, err, "a setting's name is expected, e.g. %s",
				     "cluster.election.initial_timeout");
	if (is_owned(item->key))
		return plan_fail_key(item, path, err,
				     "the driver sets this itself: leave it out of the plan");
	return plan_repeated(map, i, path, err);
}

static int read_setting(const struct plan_node *map, size_t i, plan_settings *settings,
			struct err *err)
{
	const struct plan_node *item = map->items.v[i];
	struct plan_setting setting = {0};
	char *path = mem_printf("cluster.settings.%s", item->key);
	int code = check_name(map, i, path, err);

	if (!code)
		code = read_value(item, path, &setting.value, err);
	if (!code) {
		setting.key = mem_strdup(item->key);
		vec_push(settings, setting);
	}
	free(path);
	return code;
}

static int expect_map(const struct plan_node *map, const char *path, struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];

	if (map->kind == NODE_MAP)
		return 0;
	return plan_fail(map, path, err, "%s: a map of settings is expected",
			 plan_node_shown(map, buf));
}

int plan_settings_read(const struct plan_node *map, plan_settings *ret_settings, struct err *err)
{
	int code = expect_map(map, "cluster.settings", err);

	for (size_t i = 0; !code && i < map->items.n; i++)
		code = read_setting(map, i, ret_settings, err);
	if (ret_settings->n)
		qsort(ret_settings->v, ret_settings->n, sizeof *ret_settings->v, by_key);
	return code;
}

/* A level may itself be a list: [[a, b], [c]]. */
static int read_sweep_levels(const struct plan_node *item, const char *path,
			     struct plan_swept *swept, struct err *err)
{
	char buf[PLAN_SHOWN_SIZE], *value = NULL;
	int code = 0;

	if (item->kind != NODE_LIST || !item->items.n)
		return plan_fail(item, path, err, "%s: a list of values is expected",
				 plan_node_shown(item, buf));
	for (size_t i = 0; i < item->items.n && !code; i++) {
		code = read_value(item->items.v[i], path, &value, err);
		for (size_t k = 0; !code && k < swept->values.n; k++)
			if (strcmp(swept->values.v[k], value) == 0)
				code = plan_fail(item->items.v[i], path, err,
						 "repeated: different levels are expected");
		if (!code)
			vec_push(&swept->values, value);
		else
			free(value);
		value = NULL;
	}
	return code;
}

static int sweep_by_key(const void *a, const void *b)
{
	return strcmp(((const struct plan_swept *)a)->key, ((const struct plan_swept *)b)->key);
}

int plan_sweep_read(const struct plan_node *map, plan_sweep *ret_sweep, struct err *err)
{
	int code = expect_map(map, "factors.settings", err);

	for (size_t i = 0; !code && i < map->items.n; i++) {
		const struct plan_node *item = map->items.v[i];
		char *path = mem_printf("factors.settings.%s", item->key);

		code = check_name(map, i, path, err);
		if (!code) {
			vec_push(ret_sweep, (struct plan_swept){.key = mem_strdup(item->key)});
			code = read_sweep_levels(item, path, &ret_sweep->v[ret_sweep->n - 1], err);
		}
		free(path);
	}
	if (ret_sweep->n)
		qsort(ret_sweep->v, ret_sweep->n, sizeof *ret_sweep->v, sweep_by_key);
	return code;
}
