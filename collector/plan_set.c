/* --set key.path=value: puts values over those of the file before anything is checked. */
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

/* Below these the rest is one key: settings and nodes have names with dots. */
static const char *const prefixes[] = {"cluster.settings.", "factors.settings.",
				       "cluster.docker.containers."};
enum { MAX_SEGMENTS = 4 };

static struct plan_node *fresh(const char *origin)
{
	return plan_node_new(NODE_MAP, origin, 0, 0);
}

/* Takes over value; what stood at the key before is freed. */
static void put(struct plan_node *map, const char *key, size_t n, struct plan_node *value)
{
	free(value->key);
	value->key = mem_strndup(key, n);
	for (size_t i = 0; i < map->items.n; i++) {
		if (strcmp(map->items.v[i]->key, value->key) == 0) {
			plan_node_free(map->items.v[i]);
			map->items.v[i] = value;
			return;
		}
	}
	vec_push(&map->items, value);
}

/* The map at the key, made if there is none; NULL if something else stands there. */
static struct plan_node *descend(struct plan_node *map, const char *key, size_t n,
				 const char *origin)
{
	char *name = mem_strndup(key, n);
	struct plan_node *child = plan_node_child(map, name);

	free(name);
	if (!child) {
		child = fresh(origin);
		put(map, key, n, child);
	}
	return child->kind == NODE_MAP ? child : NULL;
}

/* Are the first n bytes of the path one of prefixes? */
static bool is_below_prefix(const char *path, size_t n)
{
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (strlen(prefixes[i]) == n && memcmp(path, prefixes[i], n) == 0)
			return true;
	return false;
}

static int place(struct plan_node *map, const char *path, size_t n, struct plan_node *value,
		 struct err *err)
{
	struct plan_node at = {.origin = value->origin};
	const char *start = path, *end = path + n, *dot;
	char *whole = mem_strndup(path, n);
	int code = 0;

	for (int segments = 1; (dot = memchr(path, '.', (size_t)(end - path))); segments++) {
		if (is_below_prefix(whole, (size_t)(path - start)))
			break;
		map = descend(map, path, (size_t)(dot - path), value->origin);
		if (!map || segments == MAX_SEGMENTS) {
			code = plan_fail(&at, whole, err, "unknown key");
			break;
		}
		path = dot + 1;
	}
	if (code)
		plan_node_free(value);
	else
		put(map, path, (size_t)(end - path), value);
	free(whole);
	return code;
}

int plan_set(struct plan_node *root, const char *set, const char *origin, struct err *err)
{
	const char *equals = strchr(set, '=');
	struct plan_node at = {.origin = origin};
	struct plan_node *value;
	int code;

	if (!equals || equals == set)
		return plan_fail(&at, "", err, "key=value is expected, e.g. trials=30");
	if (root->kind != NODE_MAP)
		return 0; /* the check of the tree says what is wrong with it */
	code = plan_tree_parse(origin, equals + 1, strlen(equals + 1), true, &value, err);
	return code ? code : place(root, set, (size_t)(equals - set), value, err);
}
