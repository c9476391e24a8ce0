/* Which trial stands for the recording on the sheet Timeline. */
#include "report/timeline.h"
#include <inttypes.h>

struct candidate {
	double value_s;
	size_t trial;
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->value_s < y->value_s || x->value_s > y->value_s)
		return x->value_s < y->value_s ? -1 : 1;
	return (x->trial > y->trial) - (x->trial < y->trial);
}

/* The median of those that reached re-election; the lower one of two. */
static bool choose_median(const struct model *model, const struct group *group,
			  struct timeline_choice *ret)
{
	VEC(struct candidate) all = {0};
	bool found;

	ret->n_beyond = 0;
	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *t = &model->trials.v[group->trials.v[i]];
		const struct model_value *value = &t->values[METRIC_REELECTION];

		if (!value->present || !outcome_is_measured(t->outcome))
			continue;
		if (value->censored > 0)
			ret->n_beyond++;
		else
			vec_push(&all,
				 (struct candidate){model_value_s(value), group->trials.v[i]});
	}
	found = all.n;
	if (found) {
		qsort(all.v, all.n, sizeof *all.v, compare_candidates);
		ret->trial = &model->trials.v[all.v[(all.n - 1) / 2].trial];
	}
	vec_done(&all);
	return found;
}

/* NULL: no measured trial among those that may be taken. */
static const struct model_trial *first_measured(const struct model *model, bool warmups)
{
	const struct model_trial *trial;

	vec_each (trial, &model->trials)
		if (outcome_is_measured(trial->outcome) && (warmups || !trial->warmup))
			return trial;
	return NULL;
}

int timeline_choose(const struct model *model, const struct grouping *grouping, int64_t id,
		    struct timeline_choice *ret, struct err *err)
{
	const struct model_trial *trial;

	*ret = (struct timeline_choice){.why = TIMELINE_ASKED};
	if (id) {
		vec_each (trial, &model->trials)
			if (trial->id == id)
				ret->trial = trial;
		return ret->trial
			       ? 0
			       : err_set(err, ERR_USAGE, "--trial: there is no trial %" PRId64, id);
	}
	ret->why = TIMELINE_MEDIAN;
	for (ret->group = 0; ret->group < grouping->groups.n; ret->group++)
		if (choose_median(model, &grouping->groups.v[ret->group], ret))
			return 0;
	ret->why = TIMELINE_FIRST;
	ret->trial = first_measured(model, grouping->include_warmup);
	if (!ret->trial) {
		ret->why = TIMELINE_WARMUP;
		ret->trial = first_measured(model, true);
	}
	return 0;
}
