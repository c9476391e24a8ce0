/* The strict reader: every entry of the tree is one of plan_keys, and of its type and range. */
#include "collector/plan_impl.h"
#include "collector/plan_value.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

static void *member(struct plan_draft *draft, const struct plan_key *key)
{
	return (char *)draft + key->offset;
}

static const char *expected(const struct plan_key *key)
{
	switch (key->type) {
	case PLAN_INT:
		return "a whole number is expected";
	case PLAN_INTS:
		return "a whole number or a list of them is expected";
	case PLAN_BOOL:
		return "true or false is expected";
	case PLAN_DURATION:
		return "a duration with its unit is expected, e.g. 5ms";
	case PLAN_SIZE:
		return "a size with its unit is expected, e.g. 256m";
	case PLAN_SETTINGS:
	case PLAN_SWEEP:
		return "a map of settings is expected";
	case PLAN_TEXTS:
		return "text or a list of texts is expected";
	case PLAN_MAP:
	case PLAN_SIZES:
		return "a map is expected";
	case PLAN_TEXT:
	case PLAN_CHOICES:
		break;
	}
	return "text is expected";
}

static int wrong_type(const struct plan_node *value, const struct plan_key *key, struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];
	bool quoted = value->kind == NODE_TEXT && !value->plain &&
		      (key->type == PLAN_INT || key->type == PLAN_INTS || key->type == PLAN_BOOL);

	return plan_fail(value, key->path, err, "%s%s: %s", plan_node_shown(value, buf),
			 quoted ? " in quotes" : "", expected(key));
}

static int out_of_range(const struct plan_node *value, const struct plan_key *key, struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];
	struct str range = STR_INIT;

	plan_key_add_range(&range, key);
	plan_fail(value, key->path, err, "%s: %s is expected", plan_node_shown(value, buf),
		  range.s);
	str_done(&range);
	return err->code;
}

static int read_number(const struct plan_node *value, const struct plan_key *key,
		       int64_t *ret_number, struct err *err)
{
	bool ok = value->kind == NODE_TEXT;

	if (ok && key->type == PLAN_DURATION)
		ok = plan_value_duration(value->text, ret_number);
	else if (ok && key->type == PLAN_SIZE)
		ok = plan_value_size(value->text, ret_number);
	else if (ok)
		ok = value->plain && plan_value_int(value->text, ret_number);
	if (!ok)
		return wrong_type(value, key, err);
	if (*ret_number < key->min || *ret_number > key->max)
		return out_of_range(value, key, err);
	return 0;
}

static int read_bool(const struct plan_node *value, const struct plan_key *key, bool *ret_bool,
		     struct err *err)
{
	if (value->kind != NODE_TEXT || !value->plain ||
	    (strcmp(value->text, "true") != 0 && strcmp(value->text, "false") != 0))
		return wrong_type(value, key, err);
	*ret_bool = value->text[0] == 't';
	return 0;
}

static int read_choice(const struct plan_node *value, const struct plan_key *key,
		       int64_t *ret_index, struct err *err)
{
	if (value->kind != NODE_TEXT)
		return wrong_type(value, key, err);
	for (int64_t i = 0; key->choices[i]; i++) {
		if (strcmp(value->text, key->choices[i]) == 0) {
			*ret_index = i;
			return 0;
		}
	}
	return out_of_range(value, key, err);
}

/* Folded and literal blocks of YAML end with a line end that nobody means. */
static char *without_last_newline(const char *text)
{
	size_t n = strlen(text);

	return mem_strndup(text, n && text[n - 1] == '\n' ? n - 1 : n);
}

static int read_text(const struct plan_node *value, const struct plan_key *key, char **ret_text,
		     struct err *err)
{
	int64_t index = 0;
	char *text;
	int code = 0;

	if (value->kind != NODE_TEXT)
		return wrong_type(value, key, err);
	if (key->choices && read_choice(value, key, &index, err))
		return err->code;
	text = without_last_newline(value->text);
	if (!text[0])
		code = wrong_type(value, key, err);
	else if ((int64_t)strlen(text) > key->max)
		code = out_of_range(value, key, err);
	for (const char *c = text; *c && !code; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			code = plan_fail(value, key->path, err,
					 "a control character: one line of text is expected");
	if (code)
		free(text);
	else
		*ret_text = text;
	return code;
}

static int read_level(const struct plan_node *value, const struct plan_key *key,
		      plan_levels *levels, struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];
	int64_t level = 0;
	int code = key->type == PLAN_INTS ? read_number(value, key, &level, err)
					  : read_choice(value, key, &level, err);

	if (code)
		return code;
	for (size_t i = 0; i < levels->n; i++)
		if (levels->v[i] == level)
			return plan_fail(value, key->path, err,
					 "%s: repeated: different levels are expected",
					 plan_node_shown(value, buf));
	vec_push(levels, level);
	return 0;
}

static int read_levels(const struct plan_node *value, const struct plan_key *key,
		       plan_levels *levels, struct err *err)
{
	int code = 0;

	if (value->kind != NODE_LIST)
		return read_level(value, key, levels, err);
	if (!value->items.n)
		return plan_fail(value, key->path, err,
				 "an empty list: at least one level is expected");
	for (size_t i = 0; i < value->items.n && !code; i++)
		code = read_level(value->items.v[i], key, levels, err);
	return code;
}

static int read_leaf(const struct plan_node *value, const struct plan_key *key,
		     struct plan_draft *draft, struct err *err)
{
	void *to = member(draft, key);

	switch (key->type) {
	case PLAN_INT:
	case PLAN_DURATION:
	case PLAN_SIZE:
		return read_number(value, key, to, err);
	case PLAN_BOOL:
		return read_bool(value, key, to, err);
	case PLAN_TEXT:
		return read_text(value, key, to, err);
	case PLAN_INTS:
	case PLAN_CHOICES:
		return read_levels(value, key, to, err);
	case PLAN_SETTINGS:
		return plan_settings_read(value, to, err);
	case PLAN_TEXTS:
		return plan_texts_read(value, key->path, to, err);
	case PLAN_MAP:
		return plan_map_read(value, key->path, to, err);
	case PLAN_SWEEP:
		return plan_sweep_read(value, to, err);
	case PLAN_SIZES:
		return plan_sizes_read(value, key->path, to, err);
	}
	abort();
}

static const struct plan_key *find_key(const char *path)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (strcmp(plan_keys[i].path, path) == 0)
			return &plan_keys[i];
	return NULL;
}

static int unknown_key(const struct plan_node *at, const char *path, struct err *err)
{
	const char *nearest = plan_key_nearest(path), *dot = strrchr(path, '.');
	char *section = mem_strndup(path, dot ? (size_t)(dot - path) : 0);
	struct str names = STR_INIT;

	plan_key_section(section, &names);
	if (nearest)
		plan_fail_key(at, path, err, "unknown key; did you mean '%s'?", nearest);
	else
		plan_fail_key(at, path, err, "unknown key; one of %s is expected", names.s);
	str_done(&names);
	free(section);
	return err->code;
}

static int read_section(const struct plan_node *map, const char *path, struct plan_draft *draft,
			struct err *err);

static int read_entry(const struct plan_node *item, const char *path, struct plan_draft *draft,
		      struct err *err)
{
	const struct plan_key *key = find_key(path);
	struct str names = STR_INIT;
	int code;

	if (key) {
		draft->where[key - plan_keys] = item;
		return read_leaf(item, key, draft, err);
	}
	if (plan_key_section(path, &names))
		code = read_section(item, path, draft, err);
	else
		code = unknown_key(item, path, err);
	str_done(&names);
	return code;
}

static int read_section(const struct plan_node *map, const char *path, struct plan_draft *draft,
			struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];
	struct str names = STR_INIT;
	int code = 0;

	if (map->kind != NODE_MAP) {
		/* of cluster.auth it may be the secret itself */
		const char *shown =
			strcmp(path, "cluster.auth") == 0 ? "text" : plan_node_shown(map, buf);

		plan_key_section(path, &names);
		plan_fail(map, path, err, "%s: a map is expected (%s)", shown, names.s);
		str_done(&names);
		return err->code;
	}
	for (size_t i = 0; i < map->items.n && !code; i++) {
		const struct plan_node *item = map->items.v[i];
		char *below = mem_printf("%s%s%s", path, path[0] ? "." : "", item->key);

		code = plan_repeated(map, i, below, err);
		if (!code)
			code = read_entry(item, below, draft, err);
		free(below);
	}
	return code;
}

static int read_default(const struct plan_key *key, struct plan_draft *draft, struct err *err)
{
	struct plan_node *value;
	int code;

	if (!key->preset)
		return 0;
	value = plan_node_new(NODE_TEXT, "default", 0, 0);
	value->plain = true;
	value->text = mem_strdup(key->preset);
	code = read_leaf(value, key, draft, err);
	plan_node_free(value);
	return code;
}

int plan_read_tree(const struct plan_node *root, struct plan_draft *draft, struct err *err)
{
	const struct plan_key *schema = &plan_keys[KEY_SCHEMA];
	const struct plan_node *version = plan_node_child(root, schema->path);
	int code;

	draft->root = root;
	/* First: a plan of another schema would give misleading errors about its keys. */
	if (version && read_leaf(version, schema, draft, err))
		return err->code;
	code = read_section(root, "", draft, err);
	for (size_t i = 0; i < N_KEYS && !code; i++) {
		const struct plan_key *key = &plan_keys[i];

		if (draft->where[i])
			continue;
		if (key->required)
			code = plan_fail(root, key->path, err, "missing: %s", expected(key));
		else
			code = read_default(key, draft, err);
	}
	return code;
}
