/* What became of the trials. */
#include "report/findings_impl.h"
#include <math.h>
#include <string.h>

/* Trials that count, over all groups; of one outcome, or of all. */
static size_t count_trials(const struct telling *t)
{
	const struct group *group;
	size_t n = 0;

	vec_each (group, &t->r->grouping.groups)
		n += group->n_trials;
	return n;
}

static size_t count_of(const struct telling *t, enum model_outcome outcome)
{
	const struct group *group;
	size_t n = 0;

	vec_each (group, &t->r->grouping.groups)
		n += group->n_of[outcome];
	return n;
}

/* "within 180 s" of the trials that ended so; "within 60 s to 180 s" where limits differ. */
static void add_limit(struct str *text, const struct telling *t, enum model_outcome outcome,
		      enum metric metric)
{
	double least = INFINITY, most = -INFINITY;
	const struct group *group;

	vec_each (group, &t->r->grouping.groups)
		for (size_t i = 0; i < group->trials.n; i++) {
			const struct model_trial *trial = &t->r->model.trials.v[group->trials.v[i]];
			const struct model_value *value = &trial->values[metric];

			if (trial->outcome != outcome || !value->present || value->censored <= 0)
				continue;
			least = fmin(least, (double)value->lo_ns / 1e9);
			most = fmax(most, (double)value->lo_ns / 1e9);
		}
	if (isinf(least)) {
		str_add(text, " within the limit");
		return;
	}
	str_add(text, " within ");
	phrase_add_time(text, least);
	if (most > least * 1.02) {
		str_add(text, " to ");
		phrase_add_time(text, most);
	}
}

/* ": 1 with 3 masters, 2 with 4 masters" */
static void add_where(struct str *text, const struct telling *t, enum model_outcome outcome)
{
	const struct group *group;
	size_t n = 0;

	if (t->r->grouping.groups.n < 2)
		return;
	vec_each (group, &t->r->grouping.groups) {
		char *name;

		if (!group->n_of[outcome] || n++ >= FINDINGS_EACH)
			continue;
		name = findings_group_short(t, group);
		str_add(text, n == 1 ? ": " : findings_joint(t, n));
		phrase_add_integer(text, group->n_of[outcome]);
		str_addf(text, " with %s", name);
		free(name);
	}
	if (n > FINDINGS_EACH)
		str_addf(text, "; and in %zu more set-ups", n - FINDINGS_EACH);
}

static void say_censored(struct telling *t, enum model_outcome outcome, enum metric metric,
			 const char *what)
{
	size_t n = count_of(t, outcome);
	struct str text = STR_INIT;

	if (!n)
		return;
	phrase_add_integer(&text, n);
	str_add(&text, " of ");
	phrase_add_count(&text, count_trials(t), "trial", "trials");
	str_addf(&text, " %s", what);
	add_limit(&text, t, outcome, metric);
	add_where(&text, t, outcome);
	str_add(&text, ".");
	findings_add(t, FINDING_CAUTION, &text);
}

static void say_failed(struct telling *t, enum model_outcome outcome, const char *one,
		       const char *many)
{
	size_t n = count_of(t, outcome);
	struct str text = STR_INIT;

	if (!n)
		return;
	phrase_add_count(&text, n, one, many);
	add_where(&text, t, outcome);
	str_add(&text, ".");
	findings_add(t, FINDING_CAUTION, &text);
}

static void say_outcomes(struct telling *t)
{
	size_t n = count_trials(t), n_recovered = count_of(t, OUTCOME_RECOVERED);
	struct str text = STR_INIT;

	if (n == n_recovered) {
		if (n == 1)
			str_add(&text, "The one trial recovered.");
		else {
			str_add(&text, "All ");
			phrase_add_count(&text, n, "trial", "trials");
			str_add(&text, " recovered.");
		}
		findings_add(t, FINDING_FACT, &text);
		return;
	}
	say_censored(t, OUTCOME_NO_REELECTION, METRIC_REELECTION, "had no new master");
	say_censored(t, OUTCOME_NO_REJOIN, METRIC_REJOIN, "did not rejoin");
	say_failed(t, OUTCOME_DISTURBED,
		   "trial was disturbed: something changed though nothing was done",
		   "trials were disturbed: something changed though nothing was done");
	say_failed(t, OUTCOME_GATE_FAILED,
		   "trial was not begun, as the cluster was not whole (gate_failed)",
		   "trials were not begun, as the cluster was not whole (gate_failed)");
	say_failed(t, OUTCOME_INSTRUMENT_ERROR, "trial was lost by the instrument itself",
		   "trials were lost by the instrument itself");
}

static bool has_elections(const struct telling *t, const struct group *group)
{
	return group->contested.n && group->estimates[METRIC_REELECTION].n &&
	       !findings_is_noop(t, group);
}

static void add_share(struct str *text, const struct telling *t, const struct group *group,
		      bool named)
{
	const struct estimate_share *share = &group->contested;
	char *name = findings_group_short(t, group);

	phrase_add_integer(text, share->k);
	str_add(text, " of ");
	phrase_add_integer(text, share->n);
	if (named)
		str_addf(text, " with %s", name);
	str_add(text, " (");
	phrase_add_percent(text, share->share);
	str_add(text, " %, 95 %: ");
	phrase_add_percent(text, share->lo);
	str_add(text, " to ");
	phrase_add_percent(text, share->hi);
	str_add(text, ")");
	free(name);
}

/* The elections of all groups, and the group that was contested most often. */
struct contest {
	const struct group *worst;
	size_t n_groups, n_worst; /* groups with elections; of these: contested as often as worst */
	size_t k, n;		  /* contested of all elections */
};

static struct contest count_contested(const struct telling *t)
{
	struct contest all = {0};
	const struct group *group;

	vec_each (group, &t->r->grouping.groups) {
		const struct estimate_share *share = &group->contested, *most;

		if (!has_elections(t, group))
			continue;
		all.n_groups++;
		all.k += share->k;
		all.n += share->n;
		most = all.worst ? &all.worst->contested : NULL;
		if (!most || share->k * most->n > most->k * share->n) {
			all.worst = group;
			all.n_worst = 1;
		} else
			all.n_worst += share->k * most->n == most->k * share->n;
	}
	return all;
}

/* "285 of 315, most often 7 of 7 with 3 masters (...)". Of several that are as high none is named:
 * whichever came first would seem to be the worst. */
static void add_most(struct str *text, const struct telling *t, const struct contest *all)
{
	const struct estimate_share *most = &all->worst->contested;

	phrase_add_integer(text, all->k);
	str_add(text, " of ");
	phrase_add_integer(text, all->n);
	if (all->k == all->n)
		return;
	if (all->n_worst == 1) {
		str_add(text, ", most often ");
		add_share(text, t, all->worst, true);
		return;
	}
	if (most->k == most->n)
		str_add(text, "; all of them contested");
	else {
		str_add(text, ", at most ");
		phrase_add_percent(text, most->share);
		str_add(text, " %,");
	}
	str_addf(text, " in %zu of %zu set-ups", all->n_worst, all->n_groups);
}

static void say_contested(struct telling *t)
{
	struct contest all = count_contested(t);
	const struct group *group;
	struct str text = STR_INIT;

	if (!all.n)
		return;
	if (!all.k) {
		str_add(&text, "None of ");
		phrase_add_count(&text, all.n, "election", "elections");
		str_add(&text, " was contested.");
		findings_add(t, FINDING_FACT, &text);
		return;
	}
	str_add(&text, "Contested elections (more than one new term): ");
	if (all.n_groups > FINDINGS_EACH) {
		add_most(&text, t, &all);
	} else {
		size_t i = 0;

		vec_each (group, &t->r->grouping.groups)
			if (has_elections(t, group)) {
				str_add(&text, i++ ? "; " : ""); /* shares hold commas */
				add_share(&text, t, group, all.n_groups > 1);
			}
	}
	str_add(&text, ".");
	findings_add(t, FINDING_FACT, &text);
}

/* Certain: the shortest that the polls allow is above 0. */
static void say_two_masters(struct telling *t)
{
	const struct group *group;
	size_t n = 0, n_certain = 0, n_possible = 0;
	double longest = 0;
	struct str text = STR_INIT;

	vec_each (group, &t->r->grouping.groups)
		for (size_t i = 0; i < group->trials.n; i++) {
			const struct model_trial *trial = &t->r->model.trials.v[group->trials.v[i]];
			const struct model_value *value = &trial->values[METRIC_DUAL_MASTER];

			if (!value->present || !outcome_is_measured(trial->outcome))
				continue;
			n++;
			n_certain += value->lo_ns > 0;
			n_possible += value->lo_ns == 0 && value->hi_ns > 0;
			if (value->lo_ns > 0)
				longest = fmax(longest, value->censored > 0
								? (double)value->lo_ns / 1e9
								: (double)value->hi_ns / 1e9);
		}
	if (!n_certain && !n_possible)
		return;
	str_add(&text, n_certain ? "Two nodes named different masters at once in " : "In ");
	phrase_add_integer(&text, n_certain ? n_certain : n_possible);
	str_add(&text, " of ");
	phrase_add_count(&text, n, "trial", "trials");
	if (n_certain) {
		str_add(&text, ", for up to ");
		phrase_add_time(&text, longest);
		if (n_possible) {
			str_add(&text, ", and may have in ");
			phrase_add_integer(&text, n_possible);
			str_add(&text, " more");
		}
	} else
		str_add(&text, " two nodes may have named different masters at once, for less time "
			       "than the polls can tell");
	str_add(&text, ".");
	findings_add(t, n_certain ? FINDING_CAUTION : FINDING_FACT, &text);
}

static void say_rto(struct telling *t)
{
	const struct model *model = &t->r->model;

	for (size_t i = 0; i < model->studies.n; i++) {
		char *rto = study_rto_text(model, i);
		struct str text = STR_INIT;

		if (rto && model->studies.n > 1)
			str_addf(&text, "%s: recovery time objective %s.",
				 model->studies.v[i].label, rto);
		else if (rto)
			str_addf(&text, "Recovery time objective %s.", rto);
		findings_add(t, rto && strstr(rto, "missed in") ? FINDING_CAUTION : FINDING_FACT,
			     &text);
		free(rto);
	}
}

void findings_outcomes(struct telling *t)
{
	say_rto(t);
	say_outcomes(t);
	say_contested(t);
	say_two_masters(t);
}
