/* The comparisons of one metric, stratum by stratum. */
#include "report/compare.h"
#include "report/compare_impl.h"
#include <math.h>
#include <string.h>

/* The groups of a stratum that have the metric, with their trials. */
struct entry {
	size_t place;
	struct compare_sample sample;
};

struct entries {
	struct entry *v;
	size_t n, cap;
	bool censored;
};

static void entries_done(struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		compare_sample_done(&entries->v[i].sample);
	vec_done(entries);
}

bool compare_is_noop(const struct model *model, const struct group *group)
{
	if (!group->trials.n)
		return false;
	return strcmp(model->arms.v[model->trials.v[group->trials.v[0]].arm].fault, "noop") == 0;
}

/* Those of the stratum of the group at first. */
static void collect(const struct comparisons *c, const struct model *model,
		    const struct grouping *grouping, enum metric metric, size_t first,
		    struct entries *ret)
{
	*ret = (struct entries){0};
	for (size_t g = first; g < grouping->groups.n; g++) {
		struct entry entry = {.place = g};

		if (!compare_same_stratum(c, grouping, first, g) ||
		    compare_is_noop(model, &grouping->groups.v[g]))
			continue;
		compare_collect(model, &grouping->groups.v[g], metric, &entry.sample);
		if (entry.sample.n) {
			ret->censored |= entry.sample.n_censored > 0;
			vec_push(ret, entry);
		} else
			compare_sample_done(&entry.sample);
	}
}

static void test_survival(const struct entries *entries, struct stats_test *ret)
{
	struct stats_times *times = mem_alloc((entries->n + 1) * sizeof *times);

	for (size_t i = 0; i < entries->n; i++)
		times[i] = (struct stats_times){entries->v[i].sample.times, entries->v[i].sample.n};
	stats_logrank(times, entries->n, ret);
	free(times);
}

static void test_ranks(const struct entries *entries, struct stats_test *ret)
{
	struct stats_sample *samples = mem_alloc((entries->n + 1) * sizeof *samples);

	for (size_t i = 0; i < entries->n; i++)
		samples[i] =
			(struct stats_sample){entries->v[i].sample.sorted, entries->v[i].sample.n};
	stats_kruskal(samples, entries->n, ret);
	free(samples);
}

/* Two groups: what the pair says. */
static void test_all(struct comparison *comparison, const struct entries *entries)
{
	const struct compare_pair *pair = comparison->pairs.v;
	struct stats_test test = {0};

	if (comparison->censored)
		test_survival(entries, &test);
	else if (entries->n > 2)
		test_ranks(entries, &test);
	else
		test = (struct stats_test){.statistic = pair->statistic, .p = pair->p};
	comparison->test = comparison->censored ? "log-rank"
			   : entries->n > 2	? "Kruskal-Wallis"
						: "Mann-Whitney";
	comparison->statistic = test.statistic;
	comparison->p = test.p;
	comparison->df = test.df;
}

double compare_least_p(size_t n_a, size_t n_b)
{
	double least = 2;

	for (size_t i = 1; i <= n_a && least > 0; i++)
		least *= (double)i / (double)(n_b + i);
	return fmin(1, least);
}

size_t compare_n_tested(const struct comparison *comparison)
{
	const struct compare_pair *pair;
	size_t n = 0;

	vec_each (pair, &comparison->pairs)
		n += !isnan(pair->p);
	return n;
}

size_t compare_fewest(size_t n_tested)
{
	size_t n = 1;

	while (compare_least_p(n, n) * (double)n_tested >= COMPARE_ALPHA)
		n++;
	return n;
}

int compare_longer(const struct compare_pair *pair)
{
	int by_rank = (pair->superiority > 0.5) - (pair->superiority < 0.5);
	int by_events = (pair->excess < 0) - (pair->excess > 0);

	if (pair->verdict != COMPARE_SHOWN || isnan(pair->superiority))
		return 0;
	return isnan(pair->excess) || by_rank == by_events ? by_rank : 0;
}

/* least_p: by Holm's method, as p_holm is. */
static enum compare_verdict verdict_of(const struct compare_pair *pair, bool censored,
				       double least_p)
{
	if (isnan(pair->p))
		return censored ? COMPARE_UNKNOWN : COMPARE_EQUAL;
	if (least_p >= COMPARE_ALPHA)
		return COMPARE_TOO_FEW;
	return pair->p_holm < COMPARE_ALPHA ? COMPARE_SHOWN : COMPARE_NOT_SHOWN;
}

/* By either formula, but not so few that no order of them could show anything. */
static size_t needed(const struct compare_pair *pair, bool censored, size_t n_pairs)
{
	double p_ended = (double)pair->n_ended / (double)(pair->n_a + pair->n_b);
	double alpha = COMPARE_ALPHA / (double)n_pairs;
	double log_hazard_ratio = pair->statistic / pair->excess; /* (O - E)^2 / V by O - E */
	size_t fewest = compare_fewest(n_pairs), n;

	n = censored ? stats_trials_needed_logrank(log_hazard_ratio, p_ended, alpha, COMPARE_POWER)
		     : stats_trials_needed(pair->superiority, alpha, COMPARE_POWER);
	return n && n < fewest ? fewest : n;
}

static void share_level(struct comparison *comparison)
{
	size_t n = comparison->pairs.n;
	double *p = mem_alloc((n + 1) * sizeof *p), *least = mem_alloc((n + 1) * sizeof *least);

	for (size_t i = 0; i < n; i++) {
		const struct compare_pair *pair = &comparison->pairs.v[i];

		p[i] = pair->p;
		least[i] = isnan(pair->p) ? NAN : compare_least_p(pair->n_a, pair->n_b);
	}
	stats_holm(p, n);
	stats_holm(least, n);
	for (size_t i = 0; i < n; i++) {
		struct compare_pair *pair = &comparison->pairs.v[i];

		pair->p_holm = p[i];
		pair->verdict = verdict_of(pair, comparison->censored, least[i]);
		pair->n_needed = needed(pair, comparison->censored, n);
	}
	free(p);
	free(least);
}

static void make_pairs(struct comparison *comparison, const struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		for (size_t k = i + 1; k < entries->n; k++) {
			struct compare_pair pair;

			compare_two(&entries->v[i].sample, &entries->v[k].sample,
				    comparison->censored, &pair);
			pair.a = entries->v[i].place;
			pair.b = entries->v[k].place;
			vec_push(&comparison->pairs, pair);
		}
	share_level(comparison);
}

static void make_groups(struct comparison *comparison, const struct entries *entries)
{
	double *p = mem_alloc((entries->n + 1) * sizeof *p);

	for (size_t i = 0; i < entries->n; i++) {
		const struct compare_sample *s = &entries->v[i].sample;
		struct compare_group group = {
			.place = entries->v[i].place, .n = s->n, .n_censored = s->n_censored};

		stats_trend(s->in_order, s->n, &group.trend);
		p[i] = s->n < COMPARE_DRIFT_NEEDS ? NAN : group.trend.kendall_p;
		vec_push(&comparison->groups, group);
	}
	stats_holm(p, entries->n);
	for (size_t i = 0; i < entries->n; i++)
		comparison->groups.v[i].trend_p_holm = p[i];
	free(p);
}

static bool is_first_of_stratum(const struct comparisons *c, const struct grouping *grouping,
				size_t group)
{
	for (size_t g = 0; g < group; g++)
		if (compare_same_stratum(c, grouping, g, group))
			return false;
	return true;
}

/* The comparison of the stratum that begins at the group first. */
static void add_stratum(struct comparisons *c, const struct model *model,
			const struct grouping *grouping, enum metric metric, size_t first)
{
	struct comparison comparison = {.metric = metric, .test = "", .statistic = NAN, .p = NAN};
	struct entries entries;

	collect(c, model, grouping, metric, first, &entries);
	comparison.censored = entries.censored;
	make_groups(&comparison, &entries);
	if (entries.n >= 2) {
		if (entries.n <= COMPARE_MAX_GROUPS)
			make_pairs(&comparison, &entries);
		test_all(&comparison, &entries);
		vec_push(&c->all, comparison);
	} else if (entries.n)
		vec_push(&c->alone, comparison);
	else
		vec_done(&comparison.groups);
	entries_done(&entries);
}

void compare_add(struct comparisons *c, const struct model *model, const struct grouping *grouping,
		 enum metric metric)
{
	for (size_t g = 0; g < grouping->groups.n; g++)
		if (is_first_of_stratum(c, grouping, g))
			add_stratum(c, model, grouping, metric, g);
}

static void free_all(struct comparison *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		vec_done(&v[i].groups);
		vec_done(&v[i].pairs);
	}
}

void compare_done(struct comparisons *c)
{
	free_all(c->all.v, c->all.n);
	free_all(c->alone.v, c->alone.n);
	vec_done(&c->all);
	vec_done(&c->alone);
	free(c->is_compared);
	free(c->is_joined);
	free(c->varies);
}
