#include "report/stats_survival.h"
#include "lib/mem.h"
#include "report/stats_dist.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double on_the_line = 1.4901161193847656e-08; /* sqrt(DBL_EPSILON) */

static int by_time(const void *a, const void *b)
{
	const struct stats_time *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

static struct stats_time *sorted_copy(const struct stats_times *times)
{
	struct stats_time *v = mem_resize(NULL, times->n + 1, sizeof *v);

	for (size_t i = 0; i < times->n; i++) {
		if (!isfinite(times->v[i].time))
			abort();
		v[i] = times->v[i];
	}
	qsort(v, times->n, sizeof *v, by_time);
	return v;
}

static void set_limits(struct stats_step *step, double z)
{
	double width = z * sqrt(step->greenwood) / log(step->s);

	step->lo = step->hi = NAN;
	if (step->s > 0) {
		step->lo = pow(step->s, exp(-width)); /* log(s) is negative */
		step->hi = pow(step->s, exp(width));
	}
}

void stats_survival(const struct stats_times *times, double confidence, struct stats_survival *ret)
{
	struct stats_time *v = sorted_copy(times);
	double z = stats_normal_quantile(0.5 + confidence / 2), s = 1, greenwood = 0;

	*ret = (struct stats_survival){.n_trials = times->n, .last = NAN};
	ret->v = mem_resize(NULL, times->n + 1, sizeof *ret->v);
	for (size_t i = 0; i < times->n;) {
		struct stats_step step = {.time = v[i].time, .n_at_risk = times->n - i};
		double r = (double)step.n_at_risk, d;

		for (; i < times->n && v[i].time == step.time; i++)
			if (v[i].censored)
				ret->n_censored++;
			else
				step.n_events++;
		ret->last = step.time;
		if (!step.n_events)
			continue;
		d = (double)step.n_events;
		step.s = s *= 1 - d / r;
		step.greenwood = greenwood += d / (r * (r - d));
		set_limits(&step, z);
		ret->v[ret->n++] = step;
	}
	free(v);
}

void stats_survival_done(struct stats_survival *s)
{
	free(s->v);
	*s = (struct stats_survival){0};
}

enum curve { CURVE, LOWER, UPPER };

static double height(const struct stats_step *step, enum curve curve)
{
	return curve == CURVE ? step->s : curve == LOWER ? step->lo : step->hi;
}

static double reached(const struct stats_survival *s, enum curve curve, double level)
{
	size_t i = 0, end;

	while (i < s->n && !(height(&s->v[i], curve) <= level + on_the_line))
		i++;
	if (i == s->n)
		return INFINITY;
	for (end = i; end < s->n && height(&s->v[end], curve) >= level - on_the_line; end++)
		;
	if (end == i)
		return s->v[i].time;
	return (s->v[i].time + (end < s->n ? s->v[end].time : s->last)) / 2;
}

void stats_survival_quantile(const struct stats_survival *s, double p,
			     struct stats_survival_quantile *ret)
{
	bool none_at_end = s->n && s->v[s->n - 1].s == 0;

	ret->at = ret->lo = ret->hi = NAN;
	if (!s->n_trials || !(p > 0 && p < 1))
		return;
	ret->at = reached(s, CURVE, 1 - p);
	ret->lo = reached(s, LOWER, 1 - p);
	ret->hi = reached(s, UPPER, 1 - p);
	if (none_at_end && isinf(ret->lo))
		ret->lo = NAN;
}
