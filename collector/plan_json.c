/* The canonical form of a plan: what its SHA-256 is taken of, what the recording keeps. */
#include "collector/json_compact.h"
#include "collector/plan_impl.h"
#include "collector/plan_value.h"
#include "lib/mem.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *settings_object(const plan_settings *settings)
{
	json_t *map = json_object();

	for (size_t i = 0; i < settings->n; i++)
		json_object_set_new(map, settings->v[i].key, json_string(settings->v[i].value));
	return map;
}

char *plan_settings_json(const plan_settings *settings)
{
	return json_compact(settings_object(settings));
}

static json_t *levels_array(const struct plan_key *key, const plan_levels *levels)
{
	json_t *list = json_array();

	for (size_t i = 0; i < levels->n; i++)
		json_array_append_new(list, key->choices ? json_string(key->choices[levels->v[i]])
							 : json_integer(levels->v[i]));
	return list;
}

static json_t *unit_string(const struct plan_key *key, int64_t value)
{
	struct str text = STR_INIT;
	json_t *json;

	if (key->type == PLAN_DURATION)
		plan_value_add_duration(&text, value);
	else
		plan_value_add_size(&text, value);
	json = json_string(text.s);
	str_done(&text);
	return json;
}

static json_t *texts_array(const plan_texts *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(list, json_string(texts->v[i]));
	return list;
}

static json_t *sweep_object(const plan_sweep *sweep)
{
	json_t *map = json_object();

	for (size_t i = 0; i < sweep->n; i++)
		json_object_set_new(map, sweep->v[i].key, texts_array(&sweep->v[i].values));
	return map;
}

static json_t *sizes_object(const plan_sizes *sizes)
{
	json_t *map = json_object();

	for (size_t i = 0; i < sizes->n; i++) {
		char name[24];
		json_t *size = json_pack("{s:o}", "hosts", texts_array(&sizes->v[i].hosts));

		snprintf(name, sizeof name, "%d", (int)sizes->v[i].masters);
		if (sizes->v[i].uuid)
			json_object_set_new(size, "uuid", json_string(sizes->v[i].uuid));
		json_object_set_new(map, name, size);
	}
	return map;
}

/* Lists and maps that a plan may leave out stay out. */
static json_t *unless_empty(json_t *json)
{
	if (json_array_size(json) || json_object_size(json))
		return json;
	json_decref(json);
	return NULL;
}

/* NULL: an optional key without a value. */
static json_t *value_of(const struct plan_draft *draft, const struct plan_key *key)
{
	const void *at = (const char *)draft + key->offset;
	const char *text;

	switch (key->type) {
	case PLAN_INT: /* 0 outside the range: not given (ports) */
		return *(const int64_t *)at < key->min ? NULL : json_integer(*(const int64_t *)at);
	case PLAN_BOOL:
		return json_boolean(*(const bool *)at);
	case PLAN_TEXT:
		memcpy(&text, at, sizeof text);
		return text ? json_string(text) : NULL;
	case PLAN_DURATION:
	case PLAN_SIZE: /* likewise (probe) */
		return *(const int64_t *)at < key->min ? NULL
						       : unit_string(key, *(const int64_t *)at);
	case PLAN_INTS:
	case PLAN_CHOICES:
		return unless_empty(levels_array(key, at));
	case PLAN_SETTINGS:
		return settings_object(at);
	case PLAN_TEXTS:
		return unless_empty(texts_array(at));
	case PLAN_MAP:
		return unless_empty(settings_object(at));
	case PLAN_SWEEP:
		return unless_empty(sweep_object(at));
	case PLAN_SIZES:
		return unless_empty(sizes_object(at));
	}
	abort();
}

/* Puts value at a dotted path, making the objects on the way. */
static void put(json_t *map, const char *path, json_t *value)
{
	const char *dot;

	while ((dot = strchr(path, '.'))) {
		char *name = mem_strndup(path, (size_t)(dot - path));
		json_t *below = json_object_get(map, name);

		if (!below) {
			below = json_object();
			json_object_set_new(map, name, below);
		}
		free(name);
		map = below;
		path = dot + 1;
	}
	json_object_set_new(map, path, value);
}

char *plan_draft_json(const struct plan_draft *draft)
{
	json_t *root = json_object();

	for (size_t i = 0; i < N_KEYS; i++) {
		json_t *value = plan_key_is_of(&plan_keys[i], draft->driver)
					? value_of(draft, &plan_keys[i])
					: NULL;

		if (value)
			put(root, plan_keys[i].path, value);
	}
	return json_compact(root);
}
