#include "report/json_text.h"
#include "report/summary_impl.h"
#include "report/witness.h"
#include <jansson.h>
#include <math.h>
#include <string.h>

void summary_json_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, text ? json_string(text) : json_null());
}

/* Over all trials, warm-ups included; null: no write probe, nothing was left undone. */
static void set_client(json_t *trials, const struct model *model, size_t study)
{
	json_int_t acknowledged = 0, lost = 0, false_changes = 0;
	bool writes = false, noop = false;
	const struct model_trial *t;

	vec_each (t, &model->trials) {
		if (t->study != study)
			continue;
		writes |= t->lost >= 0;
		noop |= t->false_changes >= 0;
		acknowledged += t->lost >= 0 ? t->acknowledged : 0;
		lost += t->lost >= 0 ? t->lost : 0;
		false_changes += t->false_changes >= 0 ? t->false_changes : 0;
	}
	json_object_set_new(trials, "acknowledged_writes",
			    writes ? json_integer(acknowledged) : json_null());
	json_object_set_new(trials, "lost_writes", writes ? json_integer(lost) : json_null());
	json_object_set_new(trials, "false_changes",
			    noop ? json_integer(false_changes) : json_null());
}

static json_t *trials_of(const struct summary *summary, size_t study)
{
	const struct model *model = &summary->recording->model;
	struct summary_counts c =
		summary_count(model, study, summary->recording->grouping.include_warmup);
	json_t *trials = json_object();

	json_object_set_new(trials, "planned",
			    json_integer(model->studies.v[study].trials_planned));
	json_object_set_new(
		trials, "recorded",
		json_integer((json_int_t)c.n + (json_int_t)model->studies.v[study].n_left_out));
	json_object_set_new(trials, "chosen", json_integer((json_int_t)c.n));
	json_object_set_new(trials, "warmup", json_integer((json_int_t)c.n_warmup));
	set_client(trials, model, study);
	for (int o = 0; o < N_OUTCOMES; o++)
		json_object_set_new(trials, outcome_names[o], json_integer((json_int_t)c.n_of[o]));
	return trials;
}

static json_t *clusters_of(const struct model *model, size_t study)
{
	json_t *clusters = json_array();
	const struct model_cluster *c;

	vec_each (c, &model->clusters) {
		json_t *cluster = json_object();

		if (c->study == study) {
			summary_json_text(cluster, "label", c->label);
			summary_json_text(cluster, "product", c->product);
			summary_json_text(cluster, "version", c->version);
			json_object_set_new(cluster, "master_eligible",
					    json_integer(c->master_eligible));
			json_object_set_new(cluster, "nodes", json_integer(c->n_nodes));
			json_array_append(clusters, cluster);
		}
		json_decref(cluster);
	}
	return clusters;
}

static json_t *witness_of(const struct model_study *study)
{
	struct witness_figures f = witness_figures(study);

	if (!f.n)
		return json_null();
	return json_pack("{sI sI sf sf sf}", "n", (json_int_t)f.n, "early", (json_int_t)f.n_early,
			 "min_s", f.min_s, "median_s", f.median_s, "max_s", f.max_s);
}

static json_t *study_of(const struct summary *summary, size_t i)
{
	const struct model_study *study = &summary->recording->model.studies.v[i];
	json_t *object = json_object(), *incidents = json_object();

	for (size_t k = 0; k < study->incidents.n; k++)
		json_object_set_new(incidents, study->incidents.v[k].kind,
				    json_integer(study->incidents.v[k].n));
	summary_json_text(object, "name", study->name);
	summary_json_text(object, "uuid", study->uuid);
	summary_json_record(object, &summary->recording->model, i);
	summary_json_text(object, "plan_sha256", study->plan_sha256);
	json_object_set_new(object, "finished", json_boolean(study->is_finished));
	json_object_set_new(object, "clusters", clusters_of(&summary->recording->model, i));
	json_object_set_new(object, "trials", trials_of(summary, i));
	json_object_set_new(object, "incidents", incidents);
	json_object_set_new(object, "witness", witness_of(study));
	return object;
}

static json_t *tolerance_of(const struct summary *summary)
{
	static const char *const ways[] = {"at_once", "one_after_another"};
	json_t *all = json_array();
	const struct tolerance_size *size;

	vec_each (size, &summary->recording->tolerance.sizes) {
		json_t *one = json_object();

		json_object_set_new(
			one, "study",
			json_string(summary->recording->model.studies.v[size->study].label));
		json_object_set_new(one, "size", json_integer(size->master_eligible));
		for (int way = 0; way < 2; way++)
			json_object_set_new(one, ways[way],
					    json_pack("{s:I, s:I, s:I}", "survived",
						      (json_int_t)size->survived[way], "predicted",
						      (json_int_t)size->predicted[way],
						      "survived_with_luck",
						      (json_int_t)size->lucky[way]));
		json_array_append_new(all, one);
	}
	return all;
}

/* One study: its name; more: their names. */
static json_t *names_of(const struct model *model)
{
	struct str names = STR_INIT;
	json_t *text;

	for (size_t i = 0; i < model->studies.n; i++)
		str_addf(&names, "%s%s", i ? ", " : "", model->studies.v[i].label);
	text = model->studies.n ? json_string(names.s) : json_null();
	str_done(&names);
	return text;
}

static json_t *findings_of(const struct findings *findings)
{
	json_t *list = json_array();
	const struct finding *f;

	vec_each (f, &findings->all)
		json_array_append_new(list, json_pack("{ss ss}", "severity",
						      finding_severity_names[f->severity], "text",
						      f->text));
	return list;
}

/* What was asked for: the figures are of these trials. */
static void set_selection(json_t *root, const struct recording *recording)
{
	json_object_set_new(root, "from", json_string(origin_names[recording->model.from]));
	summary_json_text(root, "where", recording->chosen);
	json_object_set_new(root, "include_warmup",
			    json_boolean(recording->grouping.include_warmup));
	json_object_set_new(root, "confidence", json_real(ESTIMATE_CONFIDENCE));
}

void summary_print_json(const struct summary *summary, struct str *ret_text)
{
	const struct recording *recording = summary->recording;
	json_t *root = json_object(), *rows = json_array(), *studies = json_array();
	json_t *groups = json_array();
	const struct group *group;

	vec_each (group, &recording->grouping.groups) {
		json_array_append_new(groups, summary_json_group(group));
		for (size_t i = 0; i < model_n_metrics; i++)
			if (summary->metrics[model_metrics[i]])
				json_array_append_new(rows,
						      summary_json_row(&recording->model, group,
								       model_metrics[i]));
	}
	for (size_t i = 0; i < recording->model.studies.n; i++)
		json_array_append_new(studies, study_of(summary, i));
	json_object_set_new(root, "schema", json_integer(1));
	json_object_set_new(root, "study", names_of(&recording->model));
	json_object_set_new(root, "studies", studies);
	set_selection(root, recording);
	json_object_set_new(root, "findings", findings_of(summary->findings));
	json_object_set_new(root, "groups", groups);
	json_object_set_new(root, "rows", rows);
	json_object_set_new(root, "tolerance", tolerance_of(summary));
	json_text_take(root, ret_text);
}
