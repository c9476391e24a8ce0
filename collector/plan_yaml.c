/* YAML by libyaml's events: its own document loader resolves aliases and keeps repeated keys. */
#include "collector/plan_tree.h"
#include "lib/mem.h"
#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t yaml;
	const char *origin;
	const char *text;
	size_t n;
	bool is_set; /* the value of a --set: may be empty, and its lines mean nothing to the user
		      */
	struct err *err;
};

static int line_of(const struct reader *r, const yaml_mark_t *mark)
{
	return r->is_set ? 0 : (int)mark->line + 1;
}

static int col_of(const struct reader *r, const yaml_mark_t *mark)
{
	return r->is_set ? 0 : (int)mark->column + 1;
}

static int fail_mark(struct reader *r, const yaml_mark_t *mark, const char *what)
{
	struct plan_node at = {
		.origin = r->origin, .line = line_of(r, mark), .col = col_of(r, mark)};

	return plan_fail(&at, "", r->err, "%s", what);
}

/* Bytes that are no text are found before there are lines: count them here. */
static int fail_offset(struct reader *r, size_t offset, const char *what)
{
	yaml_mark_t mark = {0};

	for (size_t i = 0; i < offset && i < r->n; i++) {
		if (r->text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if (((unsigned char)r->text[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return fail_mark(r, &mark, what);
}

static int fail_yaml(struct reader *r)
{
	const yaml_parser_t *y = &r->yaml;
	char what[300];

	if (y->error == YAML_READER_ERROR) {
		snprintf(what, sizeof what, "not readable as text: %s: UTF-8 is expected",
			 y->problem);
		return fail_offset(r, y->problem_offset, what);
	}
	if (y->error == YAML_MEMORY_ERROR)
		return err_set(r->err, ERR_ENV, "%s: out of memory", r->origin);
	snprintf(what, sizeof what, "not YAML: %s%s%s", y->context ? y->context : "",
		 y->context ? ", " : "", y->problem ? y->problem : "unknown error");
	return fail_mark(r, &y->problem_mark, what);
}

static int next(struct reader *r, yaml_event_t *ret_event)
{
	return yaml_parser_parse(&r->yaml, ret_event) ? 0 : fail_yaml(r);
}

/* Refuses what a plan may not use, on the events that can carry it. */
static int check_event(struct reader *r, const yaml_event_t *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (e->type == YAML_ALIAS_EVENT)
		return fail_mark(r, &e->start_mark,
				 "an alias (*name) is not allowed in a plan: write the value");
	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor)
		return fail_mark(r, &e->start_mark,
				 "an anchor (&name) is not allowed in a plan: write the value");
	if (tag)
		return fail_mark(r, &e->start_mark,
				 "a tag (!name) is not allowed in a plan: write the value");
	if (e->type == YAML_SCALAR_EVENT &&
	    strlen((const char *)e->data.scalar.value) != e->data.scalar.length)
		return fail_mark(r, &e->start_mark, "a NUL character is not allowed in a plan");
	return 0;
}

static struct plan_node *node_of(const struct reader *r, const yaml_event_t *e,
				 enum plan_node_kind kind)
{
	return plan_node_new(kind, r->origin, line_of(r, &e->start_mark),
			     col_of(r, &e->start_mark));
}

static int read_value(struct reader *r, yaml_event_t *e, int depth, struct plan_node **ret_node);

/* Takes over item even on failure. */
static int add_item(struct reader *r, struct plan_node *parent, struct plan_node *item,
		    const yaml_event_t *at)
{
	int code = 0;

	if (parent->items.n >= PLAN_MAX_ITEMS)
		code = fail_mark(r, &at->start_mark, "too many entries: 1000 is the most");
	if (code)
		plan_node_free(item);
	else
		vec_push(&parent->items, item);
	return code;
}

static int read_list(struct reader *r, int depth, struct plan_node *list)
{
	for (;;) {
		struct plan_node *item;
		yaml_event_t e;
		int code = next(r, &e);

		if (code)
			return code;
		if (e.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&e);
			return 0;
		}
		code = read_value(r, &e, depth, &item);
		if (!code)
			code = add_item(r, list, item, &e);
		yaml_event_delete(&e);
		if (code)
			return code;
	}
}

static int check_key(struct reader *r, const yaml_event_t *e)
{
	int code = check_event(r, e);

	if (code)
		return code;
	if (e->type != YAML_SCALAR_EVENT)
		return fail_mark(r, &e->start_mark, "a list or map as a key: a name is expected");
	return 0;
}

static int read_pair(struct reader *r, int depth, struct plan_node *map, const yaml_event_t *key)
{
	struct plan_node *item;
	yaml_event_t e;
	int code = check_key(r, key);

	if (!code)
		code = next(r, &e);
	if (code)
		return code;
	code = read_value(r, &e, depth, &item);
	yaml_event_delete(&e);
	if (code)
		return code;
	item->key = mem_strdup((const char *)key->data.scalar.value);
	item->key_line = line_of(r, &key->start_mark);
	item->key_col = col_of(r, &key->start_mark);
	return add_item(r, map, item, key);
}

static int read_map(struct reader *r, int depth, struct plan_node *map)
{
	for (;;) {
		yaml_event_t e;
		bool end;
		int code = next(r, &e);

		if (code)
			return code;
		end = e.type == YAML_MAPPING_END_EVENT;
		if (!end)
			code = read_pair(r, depth, map, &e);
		yaml_event_delete(&e);
		if (code || end)
			return code;
	}
}

/* e: the value's first event, left to the caller to delete. */
static int read_value(struct reader *r, yaml_event_t *e, int depth, struct plan_node **ret_node)
{
	struct plan_node *node;
	int code = check_event(r, e);

	*ret_node = NULL;
	if (code)
		return code;
	if (depth >= PLAN_MAX_DEPTH)
		return fail_mark(r, &e->start_mark, "nested too deeply");
	if (e->type == YAML_SCALAR_EVENT) {
		node = node_of(r, e, NODE_TEXT);
		node->text = mem_strdup((const char *)e->data.scalar.value);
		node->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		node = node_of(r, e, NODE_LIST);
		code = read_list(r, depth + 1, node);
	} else {
		node = node_of(r, e, NODE_MAP);
		code = read_map(r, depth + 1, node);
	}
	if (code)
		plan_node_free(node);
	else
		*ret_node = node;
	return code;
}

/* Nothing at all, or only comments. */
static int read_nothing(struct reader *r, const yaml_event_t *e, struct plan_node **ret_root)
{
	if (!r->is_set)
		return fail_mark(r, &e->start_mark, "empty: a plan is expected");
	*ret_root = node_of(r, e, NODE_TEXT);
	(*ret_root)->text = mem_strdup("");
	(*ret_root)->plain = true;
	return 0;
}

static int read_end(struct reader *r)
{
	yaml_event_type_t type;
	int code;

	do {
		yaml_event_t e;

		code = next(r, &e);
		if (code)
			return code;
		type = e.type;
		if (type == YAML_DOCUMENT_START_EVENT)
			code = fail_mark(r, &e.start_mark,
					 "a second document: one plan in a file is expected");
		yaml_event_delete(&e);
	} while (!code && type != YAML_STREAM_END_EVENT);
	return code;
}

static int read_document(struct reader *r, struct plan_node **ret_root)
{
	yaml_event_t e = {0};
	int code;

	do {
		yaml_event_delete(&e);
		code = next(r, &e);
		if (code)
			return code;
	} while (e.type == YAML_STREAM_START_EVENT || e.type == YAML_DOCUMENT_START_EVENT);
	if (e.type == YAML_STREAM_END_EVENT)
		code = read_nothing(r, &e, ret_root);
	else if (!(code = read_value(r, &e, 0, ret_root)))
		code = read_end(r);
	yaml_event_delete(&e);
	return code;
}

int plan_tree_parse(const char *origin, const char *text, size_t n, bool is_set,
		    struct plan_node **ret_root, struct err *err)
{
	struct reader r = {.origin = origin, .text = text, .n = n, .is_set = is_set, .err = err};
	const char *nul = n ? memchr(text, '\0', n) : NULL;
	int code;

	*ret_root = NULL;
	if (nul)
		return fail_offset(&r, (size_t)(nul - text), "a NUL byte: UTF-8 text is expected");
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		r.text = text += 3; /* a byte order mark, as some editors write it */
		r.n = n -= 3;
	}
	if (!yaml_parser_initialize(&r.yaml))
		return err_set(err, ERR_ENV, "%s: out of memory", origin);
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, n);
	code = read_document(&r, ret_root);
	yaml_parser_delete(&r.yaml);
	if (code) {
		plan_node_free(*ret_root);
		*ret_root = NULL;
	}
	return code;
}
