/* The plan that a draft describes: its clusters, its arms, its canonical form. */
#include "collector/json_compact.h"
#include "collector/plan.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

static char *factors_json(const struct plan_cluster *cluster, const struct plan_arm *arm)
{
	json_t *json =
		json_pack("{s:i, s:s, s:s}", "master_eligible", cluster->master_eligible, "fault",
			  plan_fault_names[arm->fault], "target", plan_target_names[arm->target]);
	json_t *levels = json_loads(cluster->levels_json, 0, NULL);

	json_object_update(json, levels);
	json_decref(levels);
	return json_compact(json);
}

/* The combination of swept levels that a number stands for: its digits, the last sweep's first, the
 * number of indices last. */
struct combination {
	const struct plan_draft *draft;
	size_t number;
	json_t *levels;
};

static void put_setting(plan_settings *settings, const char *key, const char *value)
{
	for (size_t i = 0; i < settings->n; i++) {
		if (strcmp(settings->v[i].key, key) == 0) {
			free(settings->v[i].value);
			settings->v[i].value = mem_strdup(value);
			return;
		}
	}
	vec_push(settings, (struct plan_setting){mem_strdup(key), mem_strdup(value)});
}

static void apply(const struct combination *c, struct plan_cluster *cluster)
{
	size_t rest = c->number, n_indices = c->draft->indices.n;

	for (size_t i = c->draft->sweep.n; i-- > 0;) {
		const struct plan_swept *swept = &c->draft->sweep.v[i];
		const char *value = swept->values.v[rest % swept->values.n];

		rest /= swept->values.n;
		put_setting(&cluster->settings, swept->key, value);
		json_object_set_new(c->levels, swept->key, json_string(value));
	}
	cluster->n_indices = c->draft->indices.v[rest];
	if (n_indices > 1 || cluster->n_indices)
		json_object_set_new(c->levels, "indices", json_integer(cluster->n_indices));
}

static size_t count_combinations(const struct plan_draft *draft)
{
	size_t n = draft->indices.n;

	for (size_t i = 0; i < draft->sweep.n; i++)
		n *= draft->sweep.v[i].values.n;
	return n;
}

static void take_hosts(struct plan_cluster *cluster, const struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->sizes.n; i++) {
		const struct plan_size *size = &draft->sizes.v[i];

		if (size->masters != cluster->master_eligible)
			continue;
		for (size_t k = 0; k < size->hosts.n; k++)
			vec_push(&cluster->hosts,
				 (struct plan_host){.url = mem_strdup(size->hosts.v[k])});
		cluster->uuid = mem_strdup(size->uuid);
		cluster->n_nodes = (int)size->hosts.n;
	}
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct plan_setting *)a)->key, ((const struct plan_setting *)b)->key);
}

static void add_cluster(struct plan *plan, const struct plan_draft *draft, int64_t masters,
			size_t number)
{
	struct combination c = {draft, number, json_object()};
	struct plan_cluster cluster = {
		.label = mem_printf("%d-masters", (int)masters),
		.master_eligible = (int)masters,
		.n_nodes = (int)draft->n_nodes,
	};

	if (count_combinations(draft) > 1) {
		free(cluster.label);
		cluster.label = mem_printf("%d-masters-%zu", (int)masters, number + 1);
	}
	for (size_t i = 0; i < draft->settings.n; i++)
		put_setting(&cluster.settings, draft->settings.v[i].key,
			    draft->settings.v[i].value);
	apply(&c, &cluster);
	if (cluster.settings.n)
		qsort(cluster.settings.v, cluster.settings.n, sizeof *cluster.settings.v, by_key);
	cluster.settings_json = plan_settings_json(&cluster.settings);
	cluster.levels_json = json_compact(c.levels);
	take_hosts(&cluster, draft);
	vec_push(&plan->clusters, cluster);
}

static void add_arm(struct plan *plan, enum plan_fault fault, enum plan_target target)
{
	struct plan_arm arm = {
		.cluster = (int)plan->clusters.n - 1, .fault = fault, .target = target};

	arm.factors_json = factors_json(&plan->clusters.v[arm.cluster], &arm);
	vec_push(&plan->arms, arm);
}

/* Nothing is done to any node: one arm, whatever the targets are. */
static void add_arms(struct plan *plan, const struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->faults.n; i++) {
		enum plan_fault fault = (enum plan_fault)draft->faults.v[i];

		if (fault == FAULT_NOOP || fault == FAULT_WATCHED)
			add_arm(plan, fault, fault == FAULT_NOOP ? TARGET_MASTER : TARGET_NONE);
		else
			for (size_t j = 0; j < draft->targets.n; j++)
				add_arm(plan, fault, (enum plan_target)draft->targets.v[j]);
	}
}

static char *take(char **text)
{
	char *taken = *text;

	*text = NULL;
	return taken;
}

static void copy_numbers(struct plan *plan, const struct plan_draft *draft)
{
	plan->heap_bytes = draft->heap_bytes;
	plan->http_port = (int)draft->http_port;
	plan->transport_port = (int)draft->transport_port;
	plan->trials = draft->trials;
	plan->warmup = draft->warmup;
	plan->interleave = draft->interleave;
	plan->block = draft->block;
	plan->seed = draft->seed;
	plan->poll_fast_ns = draft->poll_fast_ns;
	plan->poll_rejoin_ns = draft->poll_rejoin_ns;
	plan->poll_idle_ns = draft->poll_idle_ns;
	plan->poll_timeout_ns = draft->poll_timeout_ns;
	plan->write_probe_ns = draft->write_probe_ns;
	plan->limit_start_ns = draft->limit_start_ns;
	plan->limit_gate_ns = draft->limit_gate_ns;
	plan->limit_reelection_ns = draft->limit_reelection_ns;
	plan->limit_rejoin_ns = draft->limit_rejoin_ns;
	plan->limit_noop_ns = draft->limit_noop_ns;
	plan->pause_between_ns = draft->pause_between_ns;
	plan->pause_jitter_ns = draft->pause_jitter_ns;
	plan->limit_quorum_loss_ns = draft->limit_quorum_loss_ns;
	plan->max_downtime_ns = draft->max_downtime_ns;
	for (size_t i = 0; i < draft->allows.n; i++)
		plan->allow[draft->allows.v[i]] = true;
	while (strcmp(plan_return_names[plan->return_mode], draft->return_mode) != 0)
		plan->return_mode++;
}

struct plan *plan_make(struct plan_draft *draft)
{
	struct plan *plan = mem_alloc(sizeof *plan);

	plan->json = plan_draft_json(draft);
	hash_sha256_hex(plan->json, strlen(plan->json), plan->sha256);
	for (size_t i = 0; i < draft->masters.n; i++) {
		for (size_t k = 0; k < count_combinations(draft); k++) {
			add_cluster(plan, draft, draft->masters.v[i], k);
			add_arms(plan, draft);
		}
	}
	copy_numbers(plan, draft);
	plan->access = draft->access;
	plan->docker = draft->docker;
	plan->command = draft->command;
	plan->record = draft->record;
	draft->record = (struct plan_record){0};
	draft->access = (struct plan_access){0};
	draft->docker = (struct plan_docker){0};
	draft->command = (struct plan_command){0};
	plan->study_name = take(&draft->study_name);
	plan->driver = take(&draft->driver);
	plan->home = take(&draft->home);
	plan->java = take(&draft->java);
	return plan;
}
