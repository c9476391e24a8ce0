#include "report/bulk.h"
#include "lib/log.h"
#include <jansson.h>
#include <string.h>

enum { MAX_BODY = 5 << 20, MAX_SAID = 5 };

int bulk_add(struct bulk *bulk, const char *index, const char *id, const char *line,
	     struct err *err)
{
	if (bulk->body.n && bulk->body.n + strlen(line) + 200 > MAX_BODY && bulk_send(bulk, err))
		return err->code;
	vec_push(&bulk->starts, bulk->body.n);
	str_addf(&bulk->body, "{\"create\":{\"_index\":\"%s\",\"_id\":\"%s\"}}\n", index, id);
	str_add(&bulk->body, line);
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

/* Keeps the documents that the cluster had no room for. */
static void judge(struct bulk *bulk, const json_t *items, struct str *kept)
{
	size_t n = 0;

	for (size_t i = 0; i < bulk->starts.n; i++) {
		const json_t *item = json_object_get(json_array_get(items, i), "create");
		json_int_t status = json_integer_value(json_object_get(item, "status"));
		size_t from = bulk->starts.v[i];
		size_t to = i + 1 < bulk->starts.n ? bulk->starts.v[i + 1] : bulk->body.n;

		if (status == 429) {
			bulk->starts.v[n++] = kept->n;
			str_add_n(kept, bulk->body.s + from, to - from);
		} else if (status == 200 || status == 201) {
			bulk->count->created++;
		} else if (status == 409) {
			bulk->count->there++;
		} else {
			bulk->count->failed++;
			say_failure(bulk, item);
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
