#include "report/group.h"
#include "report/factor.h"
#include <math.h>
#include <string.h>

static bool asked(const struct grouping *grouping, const char *name)
{
	for (size_t i = 0; i < grouping->names.n; i++)
		if (strcmp(grouping->names.v[i], name) == 0)
			return true;
	return false;
}

static void ask(struct grouping *grouping, const char *name)
{
	if (!asked(grouping, name))
		vec_push(&grouping->names, mem_strdup(name));
}

/* An arm not yet run has no cluster: that does not make the cluster's version vary. */
static bool is_open(const struct model_arm *arm, const char *name)
{
	return arm->cluster == MODEL_NO_CLUSTER &&
	       (strcmp(name, "product") == 0 || strcmp(name, "version") == 0);
}

static bool varies(const struct model *model, const char *name)
{
	const struct model_arm *arm, *first = NULL;
	bool differs = false;

	vec_each (arm, &model->arms) {
		json_t *a, *b;

		if (is_open(arm, name))
			continue;
		first = first ? first : arm;
		a = model_level(model, first, name);
		b = model_level(model, arm, name);
		differs |= (a || b) && !json_equal(a, b);
		json_decref(a);
		json_decref(b);
	}
	return differs;
}

static int ask_by(struct grouping *grouping, const char *by, const factor_names *known,
		  struct err *err)
{
	char *list = mem_strdup(by), *rest = list, *word;

	while (!err->code && (word = strsep(&rest, ","))) {
		const char *name = factor_find(known, word, "--by", err);

		if (name)
			ask(grouping, name);
	}
	free(list);
	return err->code;
}

/* A noise floor is no figure of a fault. */
static bool mixes_noop(const struct model *model)
{
	size_t n_noop = 0;
	const struct model_arm *arm;

	vec_each (arm, &model->arms)
		n_noop += strcmp(arm->fault, "noop") == 0;
	return n_noop && n_noop < model->arms.n;
}

static int choose_factors(const struct model *model, struct grouping *grouping, const char *by,
			  struct err *err)
{
	factor_names known;
	int r = 0;

	factor_known(model, &known);
	if (model->studies.n > 1)
		ask(grouping, "study");
	if (by) {
		r = ask_by(grouping, by, &known, err);
	} else {
		ask(grouping, "master_eligible");
		ask(grouping, "fault");
		/* A label stands for the cluster of a size: no factor of its own. */
		for (size_t i = 0; i < known.n; i++)
			if (strcmp(known.v[i], "cluster") != 0 && varies(model, known.v[i]))
				ask(grouping, known.v[i]);
	}
	if (!r && mixes_noop(model))
		ask(grouping, "fault");
	vec_done(&known);
	return r;
}

static json_t *key_of(const struct model *model, const struct grouping *grouping,
		      const struct model_arm *arm)
{
	json_t *key = json_object();

	for (size_t i = 0; i < grouping->names.n; i++) {
		json_t *level = model_level(model, arm, grouping->names.v[i]);

		json_object_set_new(key, grouping->names.v[i], level ? level : json_null());
	}
	return key;
}

/* Below 0: a comes first. Numbers by value; anything else stays in the order it came in. */
static int compare_keys(const struct grouping *grouping, const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < grouping->names.n; i++) {
		const json_t *x = json_object_get(a, grouping->names.v[i]);
		const json_t *y = json_object_get(b, grouping->names.v[i]);
		size_t place = 0;

		if (json_equal(x, y))
			continue;
		if (json_is_number(x) && json_is_number(y))
			return json_number_value(x) < json_number_value(y) ? -1 : 1;
		for (;; place++) {
			const json_t *z = json_object_get(grouping->groups.v[place].factors,
							  grouping->names.v[i]);

			if (json_equal(z, x))
				return -1;
			if (json_equal(z, y))
				return 1;
		}
	}
	return 0;
}

/* Makes a group of each distinct key. Returns the key of each arm, as places of groups before
 * sorting. */
static size_t *group_arms(const struct model *model, struct grouping *grouping)
{
	size_t *group_of = mem_alloc((model->arms.n + 1) * sizeof *group_of);

	for (size_t i = 0; i < model->arms.n; i++) {
		json_t *key = key_of(model, grouping, &model->arms.v[i]);
		size_t g = 0;

		while (g < grouping->groups.n && !json_equal(grouping->groups.v[g].factors, key))
			g++;
		group_of[i] = g;
		if (g == grouping->groups.n)
			vec_push(&grouping->groups, (struct group){.factors = key});
		else
			json_decref(key);
	}
	return group_of;
}

/* The order is worked out on the side: compare_keys reads it while it is made. */
static void sort_groups(struct grouping *grouping)
{
	size_t n = grouping->groups.n;
	size_t *order = mem_alloc((n + 1) * sizeof *order);
	struct group *sorted = mem_alloc((n + 1) * sizeof *sorted);

	for (size_t i = 0; i < n; i++) {
		const json_t *key = grouping->groups.v[i].factors;
		size_t j = i;

		for (;
		     j && compare_keys(grouping, key, grouping->groups.v[order[j - 1]].factors) < 0;
		     j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	for (size_t i = 0; i < n; i++)
		sorted[i] = grouping->groups.v[order[i]];
	if (n)
		memcpy(grouping->groups.v, sorted, n * sizeof *sorted);
	free(order);
	free(sorted);
}

static void count_trial(struct group *group, const struct model_trial *trial, size_t place)
{
	enum model_outcome o = trial->outcome;

	vec_push(&group->trials, place);
	group->n_of[o]++;
	group->n_trials += o != OUTCOME_ABORTED && o != OUTCOME_UNFINISHED;
	group->n_censored += o == OUTCOME_NO_REELECTION || o == OUTCOME_NO_REJOIN;
	group->n_failed +=
		o == OUTCOME_DISTURBED || o == OUTCOME_GATE_FAILED || o == OUTCOME_INSTRUMENT_ERROR;
	if (trial->lost >= 0) {
		group->n_acknowledged += trial->acknowledged;
		group->n_lost += trial->lost;
	}
	group->n_false_changes += trial->false_changes > 0 ? trial->false_changes : 0;
	group->n_elections += outcome_is_measured(o) && trial->terms >= 0;
	group->n_contested += outcome_is_measured(o) && model_is_contested(trial);
}

void group_collect(const struct model *model, const struct group *group, enum metric metric,
		   group_trials *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *trial = &model->trials.v[group->trials.v[i]];
		const struct model_value *value = &trial->values[metric];
		struct estimate_trial *last;

		if (!value->present || !outcome_is_measured(trial->outcome))
			continue;
		vec_push(ret, (struct estimate_trial){.lo = (double)value->lo_ns / 1e9,
						      .place = group->trials.v[i]});
		last = &ret->v[ret->n - 1];
		last->censored = value->censored > 0;
		last->left_censored = value->censored < 0;
		last->value = last->censored ? last->lo : model_value_s(value);
		last->hi = last->censored ? last->lo : (double)value->hi_ns / 1e9;
	}
}

static void estimate_all(const struct model *model, struct grouping *grouping)
{
	group_trials trials = {0};
	struct group *group;

	vec_each (group, &grouping->groups) {
		for (int m = 0; m < N_METRICS; m++) {
			group_collect(model, group, m, &trials);
			estimate_make(trials.v, trials.n, &group->estimates[m]);
		}
		group->contested = estimate_share(group->n_contested, group->n_elections);
		group->failed = estimate_share(group->n_failed, group->n_trials);
		group->not_recovered =
			estimate_share(group->n_censored + group->n_failed, group->n_trials);
	}
	vec_done(&trials);
}

int grouping_make(const struct model *model, const char *by, bool include_warmup,
		  struct grouping *ret, struct err *err)
{
	size_t *group_of;

	*ret = (struct grouping){.include_warmup = include_warmup};
	if (choose_factors(model, ret, by, err)) {
		grouping_done(ret);
		return err->code;
	}
	group_of = group_arms(model, ret);
	for (size_t i = 0; i < model->trials.n; i++) {
		const struct model_trial *trial = &model->trials.v[i];

		if (trial->warmup && !include_warmup)
			ret->n_warmup++;
		else
			count_trial(&ret->groups.v[group_of[trial->arm]], trial, i);
	}
	free(group_of);
	sort_groups(ret);
	estimate_all(model, ret);
	return 0;
}

void grouping_done(struct grouping *grouping)
{
	for (size_t i = 0; i < grouping->names.n; i++)
		free(grouping->names.v[i]);
	for (size_t i = 0; i < grouping->groups.n; i++) {
		json_decref(grouping->groups.v[i].factors);
		vec_done(&grouping->groups.v[i].trials);
	}
	vec_done(&grouping->names);
	vec_done(&grouping->groups);
}

void group_observed(const struct model *model, const struct group *group, enum metric metric,
		    group_values *ret_values, size_t *ret_n_censored)
{
	group_trials trials = {0};

	ret_values->n = 0;
	*ret_n_censored = 0;
	group_collect(model, group, metric, &trials);
	for (size_t i = 0; i < trials.n; i++)
		if (trials.v[i].censored)
			++*ret_n_censored;
		else
			vec_push(ret_values, trials.v[i].value);
	stats_sort(ret_values->v, ret_values->n);
	vec_done(&trials);
}

double group_least_limit(const struct model *model, const struct group *group, enum metric metric)
{
	double least = INFINITY;

	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *trial = &model->trials.v[group->trials.v[i]];
		const struct model_value *value = &trial->values[metric];

		if (value->present && value->censored > 0 && outcome_is_measured(trial->outcome))
			least = fmin(least, (double)value->lo_ns / 1e9);
	}
	return least;
}

char *group_level_text(const struct grouping *grouping, const struct group *group, size_t i)
{
	return factor_level_text(json_object_get(group->factors, grouping->names.v[i]));
}

void group_count_terms(const struct model *model, const struct group *group,
		       size_t ret_n[GROUP_TERMS])
{
	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *t = &model->trials.v[group->trials.v[i]];
		int64_t terms = t->terms < GROUP_TERMS - 1 ? t->terms : GROUP_TERMS - 1;

		if (outcome_is_measured(t->outcome) && terms >= 0)
			ret_n[terms]++;
	}
}
