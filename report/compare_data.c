/* A comparison for programs: every digit. */
#include "report/compare_report.h"
#include "report/json_text.h"
#include "report/table.h"
#include <jansson.h>
#include <math.h>

static const char *const verdict_names[] = {"shown", "not_shown", "too_few", "equal", "unknown"};

static json_t *text_taken(char *text)
{
	json_t *json = json_string(text);

	free(text);
	return json;
}

static json_t *group_of(const struct compare_report *report, const struct comparison *comparison,
			const struct compare_group *of)
{
	const struct group *group = &report->grouping.groups.v[of->place];
	const struct estimate *e = &group->estimates[comparison->metric];
	json_t *json = json_object();

	json_object_set_new(json, "label",
			    text_taken(compare_label(&report->of, &report->grouping, group)));
	json_object_set(json, "factors", group->factors);
	json_object_set_new(json, "n", json_integer((json_int_t)of->n));
	json_object_set_new(json, "censored", json_integer((json_int_t)of->n_censored));
	json_object_set_new(json, "median", json_text_figure(e->of[STATS_P50].value));
	json_object_set_new(json, "median_ci_lo", json_text_figure(e->of[STATS_P50].ci_lo));
	json_object_set_new(json, "median_ci_hi", json_text_figure(e->of[STATS_P50].ci_hi));
	json_object_set_new(json, "trend_tau", json_text_figure(of->trend.tau));
	json_object_set_new(json, "trend_p", json_text_figure(of->trend.kendall_p));
	json_object_set_new(json, "trend_p_holm", json_text_figure(of->trend_p_holm));
	return json;
}

static void set_figures(json_t *json, const struct compare_pair *pair)
{
	const struct {
		const char *name;
		double value;
	} figures[] = {
		{"shift", pair->shift_s},	{"shift_lo", pair->shift_lo_s},
		{"shift_hi", pair->shift_hi_s}, {"bound_lo", pair->bound_lo_s},
		{"bound_hi", pair->bound_hi_s}, {"superiority", pair->superiority},
		{"statistic", pair->statistic}, {"p", pair->p},
		{"p_holm", pair->p_holm},	{"run_after", pair->after},
	};

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		json_object_set_new(json, figures[i].name, json_text_figure(figures[i].value));
}

/* Which of the two; empty: neither, or not known. */
static const char *longer_name(const struct compare_pair *pair)
{
	int longer = compare_longer(pair);

	return longer < 0 ? "a" : longer ? "b" : "";
}

static json_t *pair_of(const struct compare_report *report, const struct comparison *comparison,
		       const struct compare_pair *pair)
{
	const struct group *groups = report->grouping.groups.v;
	json_t *json = json_object();

	json_object_set_new(
		json, "a",
		text_taken(compare_label(&report->of, &report->grouping, &groups[pair->a])));
	json_object_set_new(
		json, "b",
		text_taken(compare_label(&report->of, &report->grouping, &groups[pair->b])));
	json_object_set_new(json, "n_a", json_integer((json_int_t)pair->n_a));
	json_object_set_new(json, "n_b", json_integer((json_int_t)pair->n_b));
	set_figures(json, pair);
	json_object_set_new(json, "exact", json_boolean(pair->exact));
	json_object_set_new(json, "needs",
			    pair->n_needed ? json_integer((json_int_t)pair->n_needed)
					   : json_null());
	json_object_set_new(json, "verdict", json_string(verdict_names[pair->verdict]));
	json_object_set_new(json, "longer",
			    compare_longer(pair) ? json_string(longer_name(pair)) : json_null());
	json_object_set_new(
		json, "sentence",
		text_taken(compare_sentence(&report->of, &report->grouping, comparison, pair)));
	return json;
}

/* The levels that all groups of the comparison share. */
static json_t *stratum_of(const struct compare_report *report, const struct comparison *comparison)
{
	const struct group *group = &report->grouping.groups.v[comparison->groups.v[0].place];
	json_t *json = json_object();

	for (size_t f = 0; f < report->grouping.names.n; f++) {
		const char *name = report->grouping.names.v[f];

		if (!report->of.is_compared[f])
			json_object_set(json, name, json_object_get(group->factors, name));
	}
	return json;
}

static json_t *comparison_of(const struct compare_report *report,
			     const struct comparison *comparison)
{
	json_t *json = json_object(), *groups = json_array(), *pairs = json_array();
	const struct compare_group *group;
	const struct compare_pair *pair;

	vec_each (group, &comparison->groups)
		json_array_append_new(groups, group_of(report, comparison, group));
	vec_each (pair, &comparison->pairs)
		json_array_append_new(pairs, pair_of(report, comparison, pair));
	json_object_set_new(json, "metric", json_string(metric_names[comparison->metric]));
	json_object_set_new(json, "unit", json_string("s"));
	json_object_set_new(json, "origin",
			    json_string(origin_names[metric_origin(
				    comparison->metric, report->recordings[0].model.from)]));
	json_object_set_new(json, "stratum", stratum_of(report, comparison));
	json_object_set_new(json, "censored", json_boolean(comparison->censored));
	json_object_set_new(json, "test", json_string(comparison->test));
	json_object_set_new(json, "statistic", json_text_figure(comparison->statistic));
	json_object_set_new(json, "df",
			    comparison->df ? json_integer((json_int_t)comparison->df)
					   : json_null());
	json_object_set_new(json, "p", json_text_figure(comparison->p));
	json_object_set_new(json, "groups", groups);
	json_object_set_new(json, "pairs", pairs);
	return json;
}

static json_t *files_of(const struct compare_report *report)
{
	json_t *all = json_array();

	for (size_t i = 0; i < report->n_files; i++)
		json_array_append_new(all,
				      json_pack("{s:s, s:s+}", "label",
						report->n_files > 1 ? compare_file_labels[i] : "",
						"file", report->files[i], ""));
	return all;
}

static json_t *differences_of(const struct compare_report *report)
{
	const struct condition *condition;
	json_t *all = json_array();

	vec_each (condition, &report->differences) {
		json_t *values = json_object();

		for (size_t i = 0; i < report->n_labels; i++)
			json_object_set_new(values, report->labels[i],
					    json_string(condition->values.v[i]));
		json_array_append_new(
			all, json_pack("{s:s, s:o}", "what", condition->what, "values", values));
	}
	return all;
}

static json_t *compared_of(const struct compare_report *report)
{
	json_t *all = json_array();

	for (size_t f = 0; f < report->grouping.names.n; f++)
		if (report->of.is_compared[f])
			json_array_append_new(all, json_string(report->grouping.names.v[f]));
	return all;
}

void compare_print_json(const struct compare_report *report, struct str *ret_text)
{
	json_t *root = json_object(), *comparisons = json_array();
	const struct comparison *comparison;

	vec_each (comparison, &report->of.all)
		json_array_append_new(comparisons, comparison_of(report, comparison));
	json_object_set_new(root, "schema", json_integer(1));
	json_object_set_new(root, "files", files_of(report));
	json_object_set_new(root, "chosen",
			    report->recordings[0].chosen ? json_string(report->recordings[0].chosen)
							 : json_null());
	json_object_set_new(root, "compared", compared_of(report));
	json_object_set_new(root, "differences", differences_of(report));
	json_object_set_new(root, "comparisons", comparisons);
	json_text_take(root, ret_text);
}

static void add_line(struct table *table, const struct compare_report *report,
		     const struct comparison *comparison, const struct compare_pair *pair)
{
	const struct grouping *grouping = &report->grouping;
	const struct group *a = &grouping->groups.v[pair->a], *b = &grouping->groups.v[pair->b];
	const double figures[] = {a->estimates[comparison->metric].of[STATS_P50].value,
				  b->estimates[comparison->metric].of[STATS_P50].value,
				  pair->shift_s,
				  pair->shift_lo_s,
				  pair->shift_hi_s,
				  pair->bound_lo_s,
				  pair->bound_hi_s,
				  pair->superiority,
				  pair->p,
				  pair->p_holm};

	table_add(table, metric_names[comparison->metric]);
	for (size_t f = 0; f < grouping->names.n; f++)
		if (!report->of.is_compared[f])
			table_add_take(table, group_level_text(grouping, a, f));
	table_add_take(table, compare_label(&report->of, grouping, a));
	table_add_take(table, compare_label(&report->of, grouping, b));
	table_addf(table, "%zu", pair->n_a);
	table_addf(table, "%zu", pair->n_b);
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		table_add_figure(table, figures[i]);
	table_add(table, comparison->censored ? "log-rank" : "Mann-Whitney");
	if (pair->n_needed)
		table_addf(table, "%zu", pair->n_needed);
	else
		table_add(table, "");
	table_add(table, verdict_names[pair->verdict]);
	table_add(table, longer_name(pair));
}

void compare_print_csv(const struct compare_report *report, struct str *ret_text)
{
	static const char *const heads[] = {
		"a",	 "b",	     "n_a",	 "n_b",	     "median_a", "median_b",
		"shift", "shift_lo", "shift_hi", "bound_lo", "bound_hi", "superiority",
		"p",	 "p_holm",   "test",	 "needs",    "verdict",	 "longer"};
	const struct comparison *comparison;
	const struct compare_pair *pair;
	struct table table = {0};

	table_column(&table, "metric", false);
	for (size_t f = 0; f < report->grouping.names.n; f++)
		if (!report->of.is_compared[f])
			table_column(&table, report->grouping.names.v[f], false);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		table_column(&table, heads[i], false);
	vec_each (comparison, &report->of.all)
		vec_each (pair, &comparison->pairs)
			add_line(&table, report, comparison, pair);
	table_print_csv(&table, ret_text);
	table_done(&table);
}
