#include "collector/plan.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plan_draft_done(struct plan_draft *draft)
{
	free(draft->study_name);
	free(draft->objective);
	free(draft->operator);
	free(draft->driver);
	free(draft->home);
	free(draft->java);
	vec_done(&draft->masters);
	vec_done(&draft->faults);
	vec_done(&draft->targets);
	vec_done(&draft->indices);
	vec_done(&draft->allows);
	free(draft->return_mode);
	plan_access_done(&draft->access);
	plan_docker_done(&draft->docker);
	plan_command_done(&draft->command);
	plan_sizes_done(&draft->sizes);
	plan_sweep_done(&draft->sweep);
	plan_map_done(&draft->settings);
	*draft = (struct plan_draft){0};
}

static void cluster_done(struct plan_cluster *cluster)
{
	free(cluster->label);
	free(cluster->settings_json);
	free(cluster->levels_json);
	free(cluster->uuid);
	plan_map_done(&cluster->settings);
	for (size_t i = 0; i < cluster->hosts.n; i++) {
		free(cluster->hosts.v[i].url);
		free(cluster->hosts.v[i].name);
	}
	vec_done(&cluster->hosts);
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->clusters.n; i++)
		cluster_done(&plan->clusters.v[i]);
	vec_done(&plan->clusters);
	for (size_t i = 0; i < plan->arms.n; i++)
		free(plan->arms.v[i].factors_json);
	vec_done(&plan->arms);
	plan_access_done(&plan->access);
	plan_docker_done(&plan->docker);
	plan_command_done(&plan->command);
	free(plan->file);
	free(plan->text);
	free(plan->json);
	free(plan->study_name);
	free(plan->objective);
	free(plan->operator);
	free(plan->driver);
	free(plan->home);
	free(plan->java);
	free(plan);
}

static char *dump(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT) : NULL;

	if (!text)
		abort();
	json_decref(json);
	return text;
}

static char *factors_json(const struct plan_cluster *cluster, const struct plan_arm *arm)
{
	json_t *json =
		json_pack("{s:i, s:s, s:s}", "master_eligible", cluster->master_eligible, "fault",
			  plan_fault_names[arm->fault], "target", plan_target_names[arm->target]);
	json_t *levels = json_loads(cluster->levels_json, 0, NULL);

	json_object_update(json, levels);
	json_decref(levels);
	return dump(json);
}

/* The combination of swept levels that a number stands for: its digits, the last sweep's first. */
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
	cluster->n_indices = c->draft->indices.v[rest % n_indices];
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
	cluster.levels_json = dump(c.levels);
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

		if (fault == FAULT_NOOP)
			add_arm(plan, fault, TARGET_MASTER);
		for (size_t j = 0; fault != FAULT_NOOP && j < draft->targets.n; j++)
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
	draft->access = (struct plan_access){0};
	draft->docker = (struct plan_docker){0};
	draft->command = (struct plan_command){0};
	plan->study_name = take(&draft->study_name);
	plan->objective = take(&draft->objective);
	plan->operator= take(&draft->operator);
	plan->driver = take(&draft->driver);
	plan->home = take(&draft->home);
	plan->java = take(&draft->java);
	return plan;
}

static int from_tree(const struct plan_node *root, struct plan **ret_plan, struct err *err)
{
	struct plan_draft draft = {0};
	int code = plan_read_tree(root, &draft, err);

	if (!code)
		code = plan_check(&draft, err);
	if (!code)
		*ret_plan = plan_make(&draft);
	plan_draft_done(&draft);
	return code;
}

int plan_from_text(const char *file, const char *text, size_t n, const char *const *sets,
		   size_t n_sets, struct plan **ret_plan, struct err *err)
{
	VEC(char *) origins = {0}; /* the tree points at them */
	struct plan_node *root;
	int code = plan_tree_parse(file, text, n, false, &root, err);

	*ret_plan = NULL;
	if (!code)
		code = plan_settings_flatten(root, err);
	for (size_t i = 0; i < n_sets && !code; i++) {
		vec_push(&origins, mem_printf("--set %s", sets[i]));
		code = plan_set(root, sets[i], origins.v[i], err);
		if (!code) /* its value may be a nested map of settings */
			code = plan_settings_flatten(root, err);
	}
	if (!code)
		code = from_tree(root, ret_plan, err);
	if (!code) {
		(*ret_plan)->file = mem_strdup(file);
		(*ret_plan)->text = mem_strndup(text, n);
	}
	plan_node_free(root);
	for (size_t i = 0; i < origins.n; i++)
		free(origins.v[i]);
	vec_done(&origins);
	return code;
}

int plan_from_json(const char *json, struct plan **ret_plan, struct err *err)
{
	static const char origin[] = "recorded plan";
	struct plan_node *root;
	int code = plan_tree_from_json(origin, json, &root, err);

	*ret_plan = NULL;
	if (!code)
		code = from_tree(root, ret_plan, err);
	if (!code) {
		(*ret_plan)->file = mem_strdup(origin);
		(*ret_plan)->text = mem_strdup(json);
	}
	plan_node_free(root);
	return code;
}

/* One byte more than allowed is asked for, so that too long a file shows. */
static int read_file(const char *file, char **ret_text, size_t *ret_n, struct err *err)
{
	FILE *in = fopen(file, "re");
	int code = 0;

	if (!in)
		return err_set(err, ERR_USAGE, "%s: cannot read the plan: %s", file,
			       strerror(errno));
	*ret_text = mem_alloc(PLAN_MAX_BYTES + 1);
	*ret_n = fread(*ret_text, 1, PLAN_MAX_BYTES + 1, in);
	if (ferror(in))
		code = err_set(err, ERR_USAGE, "%s: cannot read the plan: %s", file,
			       strerror(errno));
	else if (*ret_n > PLAN_MAX_BYTES)
		code = err_set(err, ERR_USAGE, "%s: larger than 1 MiB: a plan is expected", file);
	fclose(in);
	if (code)
		free(*ret_text);
	return code;
}

int plan_read(const char *file, const char *const *sets, size_t n_sets, struct plan **ret_plan,
	      struct err *err)
{
	char *text = NULL;
	size_t n = 0;
	int code;

	*ret_plan = NULL;
	if (!sets) /* n_sets is what counts; NULL goes with none */
		n_sets = 0;
	code = read_file(file, &text, &n, err);
	if (code)
		return code;
	code = plan_from_text(file, text, n, sets, n_sets, ret_plan, err);
	free(text);
	return code;
}
