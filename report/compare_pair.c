/* Two groups against each other. */
#include "report/compare_impl.h"
#include <math.h>

static double *numbers(size_t n)
{
	return mem_alloc((n + 1) * sizeof(double));
}

static void add(struct compare_sample *s, const struct model_trial *trial,
		const struct model_value *value)
{
	bool censored = value->censored > 0;
	double watched_s = (double)value->lo_ns / 1e9;

	s->in_order[s->n] = censored ? INFINITY : model_value_s(value);
	s->sorted[s->n] = s->in_order[s->n];
	s->lower[s->n] = censored ? INFINITY : watched_s;
	s->upper[s->n] = censored ? INFINITY : (double)value->hi_ns / 1e9;
	s->positions[s->n] = (double)trial->position;
	s->times[s->n] = (struct stats_time){censored ? watched_s : s->in_order[s->n], censored};
	if (censored)
		s->limit_s = fmin(s->limit_s, watched_s);
	else
		s->longest_s = fmax(s->longest_s, s->in_order[s->n]);
	s->n_censored += censored;
	s->study = trial->study;
	s->n++;
}

void compare_collect(const struct model *model, const struct group *group, enum metric metric,
		     struct compare_sample *ret)
{
	size_t n = group->trials.n;
	double **to_sort[] = {&ret->sorted, &ret->lower, &ret->upper, &ret->positions};

	*ret = (struct compare_sample){.in_order = numbers(n),
				       .sorted = numbers(n),
				       .lower = numbers(n),
				       .upper = numbers(n),
				       .positions = numbers(n),
				       .times = mem_alloc((n + 1) * sizeof *ret->times),
				       .longest_s = -INFINITY,
				       .limit_s = INFINITY};
	for (size_t i = 0; i < n; i++) {
		const struct model_trial *trial = &model->trials.v[group->trials.v[i]];

		if (trial->values[metric].present && outcome_is_measured(trial->outcome))
			add(ret, trial, &trial->values[metric]);
	}
	for (size_t i = 0; i < sizeof to_sort / sizeof *to_sort; i++)
		stats_sort(*to_sort[i], ret->n);
}

void compare_sample_done(struct compare_sample *s)
{
	free(s->in_order);
	free(s->sorted);
	free(s->lower);
	free(s->upper);
	free(s->positions);
	free(s->times);
}

static struct stats_sample all_of(const double *sorted, const struct compare_sample *s)
{
	return (struct stats_sample){sorted, s->n};
}

/* Every censored trial was watched for longer than any other took: then it ranks above them. Where
 * no trial ended there is nothing to rank. */
static bool can_rank(const struct compare_sample *a, const struct compare_sample *b)
{
	double longest_s = fmax(a->longest_s, b->longest_s);

	return isfinite(longest_s) && longest_s <= fmin(a->limit_s, b->limit_s);
}

static double shift_of(const double *a, size_t n_a, const double *b, size_t n_b)
{
	struct stats_sample x = {a, n_a}, y = {b, n_b};
	struct stats_shift shift;

	stats_shift(&x, &y, 1 - COMPARE_ALPHA, &shift);
	return shift.shift;
}

static void test_ranks(const struct compare_sample *a, const struct compare_sample *b,
		       struct compare_pair *ret)
{
	struct stats_sample x = all_of(a->sorted, a), y = all_of(b->sorted, b);
	struct stats_mann_whitney test;
	struct stats_shift shift;

	stats_mann_whitney(&x, &y, &test);
	stats_shift(&x, &y, 1 - COMPARE_ALPHA, &shift);
	ret->statistic = test.u;
	ret->p = test.p;
	ret->exact = test.exact;
	ret->superiority = test.superiority;
	ret->shift_s = shift.shift;
	ret->shift_lo_s = shift.lo;
	ret->shift_hi_s = shift.hi;
	ret->bound_lo_s = shift_of(a->upper, a->n, b->lower, b->n);
	ret->bound_hi_s = shift_of(a->lower, a->n, b->upper, b->n);
}

static void test_survival(const struct compare_sample *a, const struct compare_sample *b,
			  struct compare_pair *ret)
{
	struct stats_sample x = all_of(a->sorted, a), y = all_of(b->sorted, b);
	struct stats_times times[] = {{a->times, a->n}, {b->times, b->n}};
	struct stats_mann_whitney ranks;
	struct stats_test test;

	stats_logrank(times, 2, &test);
	stats_mann_whitney(&x, &y, &ranks);
	ret->statistic = test.statistic;
	ret->excess = test.excess;
	ret->p = test.p;
	ret->superiority = can_rank(a, b) ? ranks.superiority : NAN;
}

static double run_after(const struct compare_sample *a, const struct compare_sample *b)
{
	struct stats_sample x = all_of(a->positions, a), y = all_of(b->positions, b);
	struct stats_mann_whitney ranks;

	if (a->study != b->study)
		return NAN;
	stats_mann_whitney(&x, &y, &ranks);
	return ranks.superiority;
}

void compare_two(const struct compare_sample *a, const struct compare_sample *b, bool censored,
		 struct compare_pair *ret)
{
	*ret = (struct compare_pair){.n_a = a->n,
				     .n_b = b->n,
				     .n_ended = a->n + b->n - a->n_censored - b->n_censored,
				     .shift_s = NAN,
				     .shift_lo_s = NAN,
				     .shift_hi_s = NAN,
				     .bound_lo_s = NAN,
				     .bound_hi_s = NAN,
				     .excess = NAN,
				     .after = run_after(a, b)};
	if (censored)
		test_survival(a, b, ret);
	else
		test_ranks(a, b, ret);
}
