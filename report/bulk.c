#include "report/bulk.h"
#include "lib/log.h"
#include <jansson.h>
#include <string.h>

enum { MAX_BODY = 2 << 20, MAX_SAID = 5 };

int bulk_add(struct bulk *bulk, const char *index, const char *id, const char *line, bool final,
	     struct err *err)
{
	if (bulk->body.n && bulk->body.n + strlen(line) + 200 > MAX_BODY && bulk_send(bulk, err))
		return err->code;
	vec_push(&bulk->starts, bulk->body.n);
	str_addf(&bulk->body, "{\"%s\":{\"_index\":\"%s\",\"_id\":\"%s\"",
		 final ? "create" : "update", index, id);
	/* two exports at once: the other's change first */
	str_add(&bulk->body, final ? "}}\n" : ",\"retry_on_conflict\":3}}\n{\"doc\":");
	str_add(&bulk->body, line);
	str_add(&bulk->body, final ? "\n" : ",\"doc_as_upsert\":true}\n");
	return 0;
}

static void say_failure(const struct bulk *bulk, const json_t *item)
{
	const json_t *error = json_object_get(item, "error");
	const char *type = json_string_value(json_object_get(error, "type"));
	const char *reason = json_string_value(json_object_get(error, "reason"));
	const char *index = json_string_value(json_object_get(item, "_index"));
	const char *id = json_string_value(json_object_get(item, "_id"));

	if (bulk->count->failed <= MAX_SAID)
		log_warn("%s/%s: %s: %.200s", index ? index : "?", id ? id : "?", type ? type : "?",
			 reason ? reason : "no reason given");
}

/* By the status, and for an update by its result too. */
static void count_one(struct bulk *bulk, const char *action, const json_t *item)
{
	json_int_t status = json_integer_value(json_object_get(item, "status"));
	const char *result = json_string_value(json_object_get(item, "result"));

	if (status == 201)
		bulk->count->created++;
	else if (status == 200 && result && strcmp(result, "updated") == 0)
		bulk->count->updated++;
	else if (status == 200 || (status == 409 && strcmp(action, "create") == 0))
		bulk->count->there++;
	else {
		bulk->count->failed++;
		say_failure(bulk, item);
	}
}

/* Keeps the documents that the cluster had no room for. */
static void judge(struct bulk *bulk, json_t *items, struct str *kept)
{
	size_t n = 0;

	for (size_t i = 0; i < bulk->starts.n; i++) {
		void *at = json_object_iter(json_array_get(items, i));
		const json_t *item = json_object_iter_value(at);
		size_t from = bulk->starts.v[i];
		size_t to = i + 1 < bulk->starts.n ? bulk->starts.v[i + 1] : bulk->body.n;

		if (json_integer_value(json_object_get(item, "status")) == 429) {
			bulk->starts.v[n++] = kept->n;
			str_add_n(kept, bulk->body.s + from, to - from);
		} else {
			count_one(bulk, at ? json_object_iter_key(at) : "", item);
		}
	}
	bulk->starts.n = n;
}

static int send_once(struct bulk *bulk, struct err *err)
{
	const char *answer;
	struct str kept = STR_INIT;
	json_t *root, *items;

	if (cluster_ask(bulk->cluster, "POST", "/_bulk", bulk->body.s, &answer, err))
		return err->code;
	root = json_loads(answer, 0, NULL);
	items = json_object_get(root, "items");
	if (json_array_size(items) != bulk->starts.n) {
		err_set(err, ERR_ENV, "the answer to _bulk is not Elasticsearch's or OpenSearch's");
	} else {
		judge(bulk, items, &kept);
		str_done(&bulk->body);
		bulk->body = kept;
	}
	json_decref(root);
	return err->code;
}

int bulk_send(struct bulk *bulk, struct err *err)
{
	for (int n = 1; bulk->starts.n && !err->code; n++) {
		if (send_once(bulk, err) || !bulk->starts.n)
			break;
		if (n == CLUSTER_TRIES)
			return err_set(err, ERR_ENV,
				       "the cluster has no room for %zu documents (status 429, "
				       "tried %d times)",
				       bulk->starts.n, n);
		cluster_pause(bulk->cluster, n, 0, err);
	}
	return err->code;
}

void bulk_done(struct bulk *bulk)
{
	str_done(&bulk->body);
	vec_done(&bulk->starts);
}
