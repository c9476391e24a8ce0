#include "collector/effective.h"
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <stdlib.h>
#include <string.h>

#define ASK_LIMIT_NS (30 * NS_PER_S)

/* What bears on elections, detection and discovery. */
static const char *const prefixes[] = {"cluster.election.",
				       "cluster.fault_detection.",
				       "discovery.",
				       "cluster.publish.",
				       "cluster.auto_shrink_voting_configuration",
				       "cluster.join.",
				       "cluster.follower_lag."};

struct reader {
	struct drill *d;
	int64_t node_id;
	struct err *err;
};

static bool is_of_the_plan(const struct drill *d, const char *name)
{
	const plan_settings *settings = &d->plan->clusters.v[d->cluster].settings;
	for (size_t i = 0; i < settings->n; i++)
		if (strcmp(settings->v[i].key, name) == 0)
			return true;
	return false;
}

static bool is_wanted(const struct drill *d, const char *name)
{
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (str_starts(name, prefixes[i]))
			return true;
	return is_of_the_plan(d, name);
}

/* The first that says it is kept: in the order in which the nodes themselves look. */
static void record(struct reader *r, json_t *settings, const char *source)
{
	const char *name;
	json_t *value;
	json_object_foreach(settings, name, value)
	{
		char *text = json_is_string(value)
				     ? mem_strdup(json_string_value(value))
				     : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		if (is_wanted(r->d, name) && !r->err->code)
			store_add_effective_setting(r->d->store,
						    r->d->clusters[r->d->cluster].cluster_id,
						    r->node_id, name, text, source, r->err);
		free(text);
	}
}

static void record_node(struct drill *d, int node, struct err *err)
{
	const char *base = d->driver->nodes.v[node].http_url;
	struct reader r = {d, d->clusters[d->cluster].node_ids.v[node], err};
	char *of_node = mem_printf("%s/_nodes/_local/settings?flat_settings=true", base);
	char *of_cluster =
		mem_printf("%s/_cluster/settings?include_defaults=true&flat_settings=true", base);
	json_t *own = NULL, *all = NULL;
	struct err unasked = ERR_INIT;
	if (ask(d->loop, d->http, "GET", of_node, NULL, ASK_LIMIT_NS, &own, &unasked) == 0)
		ask(d->loop, d->http, "GET", of_cluster, NULL, ASK_LIMIT_NS, &all, &unasked);
	void *first = json_object_iter(json_object_get(own, "nodes"));
	record(&r, json_object_get(all, "transient"), "transient");
	record(&r, json_object_get(all, "persistent"), "persistent");
	if (first)
		record(&r, json_object_get(json_object_iter_value(first), "settings"), "node");
	record(&r, json_object_get(all, "defaults"), "default");
	if (unasked.code == ERR_INTERRUPTED)
		err_set(err, unasked.code, "%s", unasked.text);
	else if (unasked.code && !err->code)
		store_add_incident(d->store, d->study_id, 0, "settings_unknown", 1, unasked.text,
				   clock_mono_ns(), err);
	json_decref(own);
	json_decref(all);
	free(of_node);
	free(of_cluster);
}

int effective_record(struct drill *d, struct err *err)
{
	int code = store_begin(d->store, err);
	for (int i = 0; !code && i < (int)d->driver->nodes.n; i++) {
		record_node(d, i, err);
		code = err->code;
	}
	if (!code)
		code = store_commit(d->store, err);
	if (code)
		store_rollback(d->store);
	return code;
}
