#include "collector/plan_tree.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plan_node *plan_node_new(enum plan_node_kind kind, const char *origin, int line, int col)
{
	struct plan_node *node = mem_alloc(sizeof *node);

	node->kind = kind;
	node->origin = origin;
	node->line = node->key_line = line;
	node->col = node->key_col = col;
	return node;
}

void plan_node_free(struct plan_node *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->items.n; i++)
		plan_node_free(node->items.v[i]);
	vec_done(&node->items);
	free(node->key);
	free(node->text);
	free(node);
}

struct plan_node *plan_node_child(const struct plan_node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->items.n; i++)
		if (strcmp(map->items.v[i]->key, key) == 0)
			return map->items.v[i];
	return NULL;
}

static int fail_at(const struct plan_node *at, int line, int col, const char *path, struct err *err,
		   const char *what)
{
	const char *colon = path[0] ? ": " : "";

	if (err->code)
		return err->code;
	if (line)
		return err_set(err, ERR_USAGE, "%s:%d:%d: %.200s%s%s", at->origin, line, col, path,
			       colon, what);
	return err_set(err, ERR_USAGE, "%.200s: %.200s%s%s", at->origin, path, colon, what);
}

int plan_fail(const struct plan_node *at, const char *path, struct err *err, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return fail_at(at, at->line, at->col, path, err, what);
}

int plan_fail_key(const struct plan_node *at, const char *path, struct err *err, const char *fmt,
		  ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	return fail_at(at, at->key_line, at->key_col, path, err, what);
}

int plan_repeated(const struct plan_node *map, size_t i, const char *path, struct err *err)
{
	const struct plan_node *first = plan_node_child(map, map->items.v[i]->key);

	if (first == map->items.v[i])
		return 0;
	if (!first->key_line)
		return plan_fail_key(map->items.v[i], path, err, "repeated key");
	return plan_fail_key(map->items.v[i], path, err,
			     "repeated key: it stands in line %d already", first->key_line);
}

const char *plan_node_shown(const struct plan_node *node, char buf[PLAN_SHOWN_SIZE])
{
	size_t n;

	if (node->kind != NODE_TEXT)
		return node->kind == NODE_LIST ? "a list" : "a map";
	if (!node->text[0])
		return "empty";
	n = strlen(node->text);
	if (n < PLAN_SHOWN_SIZE)
		return node->text;
	n = PLAN_SHOWN_SIZE - 4;
	while (n && ((unsigned char)node->text[n] & 0xc0) == 0x80)
		n--; /* not in the middle of a character */
	snprintf(buf, PLAN_SHOWN_SIZE, "%.*s...", (int)n, node->text);
	return buf;
}

static struct plan_node *from_json(const char *origin, const json_t *json);

static struct plan_node *from_json_object(const char *origin, const json_t *json)
{
	struct plan_node *map = plan_node_new(NODE_MAP, origin, 0, 0);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)json, key, value)
	{
		struct plan_node *item = from_json(origin, value);

		item->key = mem_strdup(key);
		vec_push(&map->items, item);
	}
	return map;
}

static struct plan_node *from_json(const char *origin, const json_t *json)
{
	struct plan_node *node;

	if (json_is_object(json))
		return from_json_object(origin, json);
	if (json_is_array(json)) {
		node = plan_node_new(NODE_LIST, origin, 0, 0);
		for (size_t i = 0; i < json_array_size(json); i++)
			vec_push(&node->items, from_json(origin, json_array_get(json, i)));
		return node;
	}
	node = plan_node_new(NODE_TEXT, origin, 0, 0);
	node->plain = !json_is_string(json);
	if (json_is_string(json)) {
		node->text = mem_strdup(json_string_value(json));
	} else {
		char *text = json_dumps(json, JSON_ENCODE_ANY);

		node->text = mem_strdup(text ? text : "");
		free(text);
	}
	return node;
}

int plan_tree_from_json(const char *origin, const char *json, struct plan_node **ret_root,
			struct err *err)
{
	json_error_t why;
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &why);

	*ret_root = NULL;
	if (!root)
		return err_set(err, ERR_USAGE, "%s: not JSON: %s", origin, why.text);
	*ret_root = from_json(origin, root);
	json_decref(root);
	return 0;
}
