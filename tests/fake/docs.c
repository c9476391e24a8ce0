#include "tests/fake/docs.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool docs_is_for(const char *url)
{
	return strncmp(url, "/rejoin-drill-", 14) == 0;
}

static size_t find(const struct docs *docs, int64_t number)
{
	size_t i = 0;

	while (i < docs->numbers.n && docs->numbers.v[i] != number)
		i++;
	return i;
}

void docs_forget(struct docs *docs, int64_t number)
{
	size_t i = find(docs, number);

	if (i < docs->numbers.n)
		docs->numbers.v[i] = docs->numbers.v[--docs->numbers.n];
}

static char *dump(json_t *taken)
{
	char *text = json_dumps(taken, JSON_COMPACT);

	json_decref(taken);
	return text;
}

static char *look_up(const struct docs *docs, const char *body)
{
	json_t *asked = json_loads(body, 0, NULL), *found = json_array(), *id;
	size_t i;

	json_array_foreach(json_object_get(asked, "ids"), i, id)
	{
		int64_t number = strtoll(json_string_value(id), NULL, 10);

		json_array_append_new(found, json_pack("{s:O,s:b}", "_id", id, "found",
						       find(docs, number) < docs->numbers.n));
	}
	json_decref(asked);
	return dump(json_pack("{s:o}", "docs", found));
}

static char *change_index(struct docs *docs, bool wanted, unsigned *ret_status)
{
	if (docs->exists == wanted) {
		*ret_status = wanted ? 400 : 404;
		return mem_strdup(wanted ? "{\"error\":{\"type\":\"resource_already_exists_"
					   "exception\"},\"status\":400}"
					 : "{\"error\":{\"type\":\"index_not_found_exception\"},"
					   "\"status\":404}");
	}
	docs->exists = wanted;
	docs->numbers.n = 0;
	return mem_strdup("{\"acknowledged\":true,\"shards_acknowledged\":true}");
}

char *docs_answer(struct docs *docs, const char *method, const char *url, const char *body,
		  unsigned *ret_status)
{
	const char *rest = strchr(url + 1, '/');

	*ret_status = 200;
	if (!rest)
		return change_index(docs, strcmp(method, "DELETE") != 0, ret_status);
	if (!docs->exists) {
		*ret_status = 404;
		return mem_strdup("{\"error\":{\"type\":\"index_not_found_exception\"}}");
	}
	if (strncmp(rest, "/_mget", 6) == 0)
		return look_up(docs, body);
	vec_push(&docs->numbers, strtoll(strrchr(rest, '/') + 1, NULL, 10));
	*ret_status = 201;
	return mem_strdup("{\"result\":\"created\"}");
}
