#include "collector/plan.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plan_record_done(struct plan_record *record)
{
	free(record->objective);
	free(record->hypothesis);
	free(record->scope);
	free(record->environment);
	free(record->operator);
	free(record->approver);
	free(record->ticket);
	free(record->remarks);
}

void plan_draft_done(struct plan_draft *draft)
{
	free(draft->study_name);
	plan_record_done(&draft->record);
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
	plan_record_done(&plan->record);
	free(plan->driver);
	free(plan->home);
	free(plan->java);
	free(plan);
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
		/* without its value, which may be a password that belongs nowhere */
		vec_push(&origins, mem_printf("--set %.*s", (int)strcspn(sets[i], "="), sets[i]));
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

/* A pipe that nobody writes to is not waited for: it is empty. Where a shell makes the plan, as in
 * <(make-plan), its end is open by now. */
static FILE *open_plan(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	fcntl(fd, F_SETFL, 0);
	return fdopen(fd, "r");
}

/* One byte more than allowed is asked for, so that too long a file shows. */
static int read_file(const char *file, char **ret_text, size_t *ret_n, struct err *err)
{
	FILE *in = open_plan(file);
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
