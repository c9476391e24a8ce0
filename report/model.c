#include "report/model.h"
#include "lib/str.h"
#include <string.h>

const char *const outcome_names[N_OUTCOMES] = {
	"recovered",   "no_reelection", "no_rejoin",	    "disturbed",
	"gate_failed", "aborted",	"instrument_error", "unfinished",
};

const enum metric model_metrics[] = {
	METRIC_REELECTION, METRIC_AGREEMENT, METRIC_REJOIN,	 METRIC_REDUNDANCY, METRIC_DOWNTIME,
	METRIC_DETECTION,  METRIC_SPREAD,    METRIC_DUAL_MASTER, METRIC_WRITE_GAP,  METRIC_BOOT,
	METRIC_REJOIN_ALL, METRIC_SHUTDOWN,  METRIC_RECOVERY,
};
const size_t model_n_metrics = sizeof model_metrics / sizeof *model_metrics;

bool outcome_is_measured(enum model_outcome outcome)
{
	return outcome == OUTCOME_RECOVERED || outcome == OUTCOME_NO_REELECTION ||
	       outcome == OUTCOME_NO_REJOIN;
}

const char *const model_from_names[] = {"fault_issued", "fault_done", "http_refused",
					"process_gone", NULL};

int model_from(const char *name, enum origin *ret_from, struct err *err)
{
	const char *nearest;

	*ret_from = ORIGIN_FAULT_ISSUED;
	for (size_t i = 0; name && model_from_names[i]; i++)
		if (strcmp(name, model_from_names[i]) == 0)
			*ret_from = (enum origin)origin_by_name(name);
	if (!name || strcmp(name, origin_names[*ret_from]) == 0)
		return 0;
	nearest = str_nearest(name, model_from_names);
	if (nearest)
		return err_set(err, ERR_USAGE, "--from: unknown instant '%s'; did you mean '%s'?",
			       name, nearest);
	return err_set(err, ERR_USAGE, "--from: unknown instant '%s'", name);
}

const char *model_from_text(const struct model *model)
{
	switch (model->from) {
	case ORIGIN_FAULT_DONE:
		return "fault_done: when the call that did it had returned";
	case ORIGIN_HTTP_REFUSED:
		return "http_refused: when the node no longer answered HTTP";
	case ORIGIN_PROCESS_GONE:
		return "process_gone: when the node's process had ended";
	default:
		return "fault_issued: just before the call that did it";
	}
}

static void free_texts(char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
}

#define FREE_ALL(...)                                                                              \
	free_texts((char *const[]){__VA_ARGS__},                                                   \
		   sizeof((char *const[]){__VA_ARGS__}) / sizeof(char *))

void model_study_done(struct model_study *s)
{
	FREE_ALL(s->uuid, s->name, s->plan_file, s->plan_text, s->plan_sha256, s->label, s->created,
		 s->finished);
	for (size_t i = 0; i < s->incidents.n; i++)
		free(s->incidents.v[i].kind);
	vec_done(&s->incidents);
	vec_done(&s->witness);
	study_record_done(&s->record);
}

void model_cluster_done(struct model_cluster *c)
{
	FREE_ALL(c->label, c->driver, c->uuid, c->product, c->version, c->settings);
}

void model_arm_done(struct model_arm *a)
{
	FREE_ALL(a->fault, a->target);
	json_decref(a->factors);
}

void model_trial_done(struct model_trial *t)
{
	FREE_ALL(t->started, t->reason, t->victim, t->old_master, t->new_master);
}

void model_done(struct model *model)
{
	struct model_study *s;
	struct model_cluster *c;
	struct model_arm *a;
	struct model_trial *t;

	vec_each (s, &model->studies)
		model_study_done(s);
	vec_each (c, &model->clusters)
		model_cluster_done(c);
	vec_each (a, &model->arms)
		model_arm_done(a);
	vec_each (t, &model->trials)
		model_trial_done(t);
	vec_done(&model->studies);
	vec_done(&model->clusters);
	vec_done(&model->arms);
	vec_done(&model->trials);
	vec_done(&model->chosen);
	vec_done(&model->witness);
}

double model_value_s(const struct model_value *value)
{
	return (double)(value->lo_ns + value->hi_ns) / 2e9;
}

double model_half_width_s(const struct model_value *value)
{
	return (double)(value->hi_ns - value->lo_ns) / 2e9;
}

bool model_is_contested(const struct model_trial *trial)
{
	return trial->terms > 1;
}

static json_t *text_level(const char *text)
{
	return text ? json_string(text) : NULL;
}

json_t *model_level(const struct model *model, const struct model_arm *arm, const char *factor)
{
	static const struct model_cluster none;
	const struct model_cluster *cluster =
		arm->cluster < model->clusters.n ? &model->clusters.v[arm->cluster] : &none;

	if (strcmp(factor, "master_eligible") == 0)
		return json_integer(arm->master_eligible);
	if (strcmp(factor, "fault") == 0)
		return text_level(arm->fault);
	if (strcmp(factor, "target") == 0)
		return text_level(arm->target);
	if (strcmp(factor, "study") == 0)
		return text_level(model->studies.v[arm->study].label);
	if (strcmp(factor, "cluster") == 0)
		return text_level(cluster->label);
	if (strcmp(factor, "product") == 0)
		return text_level(cluster->product);
	if (strcmp(factor, "version") == 0)
		return text_level(cluster->version);
	return json_incref(json_object_get(arm->factors, factor));
}

bool model_has_fault(const struct model *model, const char *fault)
{
	const struct model_arm *arm;

	vec_each (arm, &model->arms)
		if (strcmp(arm->fault, fault) == 0)
			return true;
	return false;
}
