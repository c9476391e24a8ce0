/* The parts of the JSON that hold figures. report/summary.schema.json describes them. */
#include "report/json_text.h"
#include "report/summary_impl.h"
#include <math.h>

static json_t *count(size_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *needs(size_t n)
{
	return n ? count(n) : json_null();
}

static void set(json_t *object, const char *stem, const char *end, json_t *value)
{
	char *name = mem_printf("%s%s", stem, end);

	json_object_set_new(object, name, value);
	free(name);
}

static json_t *share_of(const struct estimate_share *share)
{
	json_t *object = json_object();

	json_object_set_new(object, "k", count(share->k));
	json_object_set_new(object, "n", count(share->n));
	json_object_set_new(object, "share", json_text_figure(share->share));
	json_object_set_new(object, "lo", json_text_figure(share->lo));
	json_object_set_new(object, "hi", json_text_figure(share->hi));
	return object;
}

json_t *summary_json_group(const struct group *group)
{
	json_t *object = json_object();

	json_object_set(object, "factors", group->factors);
	json_object_set_new(object, "trials", count(group->n_trials));
	for (int o = 0; o < N_OUTCOMES; o++)
		json_object_set_new(object, outcome_names[o], count(group->n_of[o]));
	json_object_set_new(object, "contested", share_of(&group->contested));
	json_object_set_new(object, "failed", share_of(&group->failed));
	json_object_set_new(object, "not_recovered", share_of(&group->not_recovered));
	return object;
}

static void set_figures(json_t *row, const struct estimate *e)
{
	for (int f = 0; f < N_STATS; f++)
		json_object_set_new(row, stats_names[f], json_text_figure(e->of[f].value));
	for (int f = 0; f < N_BOUNDED_STATS; f++) {
		set(row, stats_names[f], "_lo", json_text_figure(e->of[f].lo));
		set(row, stats_names[f], "_hi", json_text_figure(e->of[f].hi));
	}
	for (int f = STATS_P25; f <= STATS_P99; f++) {
		set(row, stats_names[f], "_ci_lo", json_text_figure(e->of[f].ci_lo));
		set(row, stats_names[f], "_ci_hi", json_text_figure(e->of[f].ci_hi));
		set(row, stats_names[f], "_ci_needs", needs(e->of[f].ci_needs));
	}
	for (int f = 0; f < N_STATS; f++)
		set(row, stats_names[f], "_needs", needs(e->of[f].needs));
}

static json_t *outlier(const struct model *model, const struct estimate *e,
		       const struct estimate_trial *trial)
{
	enum stats_place place = estimate_place(e, trial);
	json_t *object = json_object();

	json_object_set_new(object, "trial", json_integer(model->trials.v[trial->place].id));
	json_object_set_new(object, "value", json_text_figure(trial->value));
	json_object_set_new(object, "far_out", json_boolean(place == STATS_FAR_OUT));
	return object;
}

static json_t *outliers_of(const struct model *model, const struct group *group, enum metric metric)
{
	const struct estimate *e = &group->estimates[metric];
	json_t *object = json_object(), *list = json_array();
	group_trials trials = {0};

	if (e->n_outside + e->n_far_out)
		group_collect(model, group, metric, &trials);
	for (size_t i = 0; i < trials.n; i++)
		if (estimate_place(e, &trials.v[i]) != STATS_INSIDE)
			json_array_append_new(list, outlier(model, e, &trials.v[i]));
	vec_done(&trials);
	json_object_set_new(object, "inner_lo", json_text_figure(e->fences.inner_lo));
	json_object_set_new(object, "inner_hi", json_text_figure(e->fences.inner_hi));
	json_object_set_new(object, "outer_lo", json_text_figure(e->fences.outer_lo));
	json_object_set_new(object, "outer_hi", json_text_figure(e->fences.outer_hi));
	json_object_set_new(object, "outside", count(e->n_outside));
	json_object_set_new(object, "far_out", count(e->n_far_out));
	json_object_set_new(object, "trials", list);
	return object;
}

static json_t *modes_of(const struct stats_modes *modes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < modes->n; i++) {
		json_t *mode = json_object();

		json_object_set_new(mode, "at", json_text_figure(modes->of[i].at));
		json_object_set_new(mode, "lo", json_text_figure(modes->of[i].lo));
		json_object_set_new(mode, "hi", json_text_figure(modes->of[i].hi));
		json_object_set_new(mode, "n", count(modes->of[i].n));
		json_array_append_new(list, mode);
	}
	return list;
}

json_t *summary_json_row(const struct model *model, const struct group *group, enum metric metric)
{
	const char *origin = origin_names[metric_origin(metric, model->from)];
	const struct estimate *e = &group->estimates[metric];
	json_t *row = json_object();

	json_object_set(row, "factors", group->factors);
	json_object_set_new(row, "metric", json_string(metric_names[metric]));
	json_object_set_new(row, "unit", json_string("s"));
	json_object_set_new(row, "n", count(e->n));
	json_object_set_new(row, "censored", count(e->n_censored));
	set_figures(row, e);
	json_object_set_new(row, "origin", *origin ? json_string(origin) : json_null());
	json_object_set_new(row, "left_censored", count(e->n_left_censored));
	json_object_set_new(row, "method", json_string(estimate_methods[e->method]));
	json_object_set_new(row, "last", json_text_figure(e->last_s));
	json_object_set_new(row, "outliers", outliers_of(model, group, metric));
	json_object_set_new(row, "modes", modes_of(&e->modes));
	return row;
}
