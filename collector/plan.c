#include "collector/plan.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void settings_free(struct plan_setting *settings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(settings[i].key);
		free(settings[i].value);
	}
	free(settings);
}

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
	settings_free(draft->settings.v, draft->settings.n);
	*draft = (struct plan_draft){0};
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->clusters.n; i++) {
		struct plan_cluster *cluster = &plan->clusters.v[i];

		free(cluster->label);
		free(cluster->settings_json);
		settings_free(cluster->settings.v, cluster->settings.n);
	}
	vec_done(&plan->clusters);
	for (size_t i = 0; i < plan->arms.n; i++)
		free(plan->arms.v[i].factors_json);
	vec_done(&plan->arms);
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

static char *factors_json(const struct plan_cluster *cluster, const struct plan_arm *arm)
{
	json_t *json =
		json_pack("{s:i, s:s, s:s}", "master_eligible", cluster->master_eligible, "fault",
			  plan_fault_names[arm->fault], "target", plan_target_names[arm->target]);
	char *text = json ? json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT) : NULL;

	if (!text)
		abort();
	json_decref(json);
	return text;
}

static void add_cluster(struct plan *plan, const struct plan_draft *draft, int64_t masters)
{
	struct plan_cluster cluster = {
		.label = mem_printf("%d-masters", (int)masters),
		.master_eligible = (int)masters,
		.n_nodes = (int)draft->n_nodes,
		.settings_json = plan_settings_json(&draft->settings),
	};

	for (size_t i = 0; i < draft->settings.n; i++)
		vec_push(&cluster.settings,
			 (struct plan_setting){mem_strdup(draft->settings.v[i].key),
					       mem_strdup(draft->settings.v[i].value)});
	vec_push(&plan->clusters, cluster);
}

static void add_arms(struct plan *plan, const struct plan_draft *draft)
{
	int cluster = (int)plan->clusters.n - 1;

	for (size_t i = 0; i < draft->faults.n; i++) {
		for (size_t j = 0; j < draft->targets.n; j++) {
			struct plan_arm arm = {
				.cluster = cluster,
				.fault = (enum plan_fault)draft->faults.v[i],
				.target = (enum plan_target)draft->targets.v[j],
			};

			arm.factors_json = factors_json(&plan->clusters.v[cluster], &arm);
			vec_push(&plan->arms, arm);
		}
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
}

struct plan *plan_make(struct plan_draft *draft)
{
	struct plan *plan = mem_alloc(sizeof *plan);

	plan->json = plan_draft_json(draft);
	hash_sha256_hex(plan->json, strlen(plan->json), plan->sha256);
	for (size_t i = 0; i < draft->masters.n; i++) {
		add_cluster(plan, draft, draft->masters.v[i]);
		add_arms(plan, draft);
	}
	copy_numbers(plan, draft);
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
