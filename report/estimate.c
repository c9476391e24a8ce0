#include "report/estimate.h"
#include "lib/mem.h"
#include "report/stats_survival.h"
#include <math.h>
#include <stdlib.h>

const char *const estimate_methods[N_ESTIMATE_METHODS] = {"type 7", "Kaplan-Meier"};

/* The trials of a group taken apart: what is observed in order, and all of them as times. */
struct sample {
	double *observed[3]; /* values, lower ends, upper ends; ascending each */
	struct stats_time *times[3];
	size_t n, n_observed;
	double resolution; /* mean width of the observed intervals */
};

enum { VALUE, LOWER, UPPER };

static double part_of(const struct estimate_trial *trial, int part)
{
	return part == VALUE ? trial->value : part == LOWER ? trial->lo : trial->hi;
}

static void take_apart(const struct estimate_trial *trials, size_t n, struct sample *ret)
{
	*ret = (struct sample){.n = n};
	for (int part = VALUE; part <= UPPER; part++) {
		double *v = mem_resize(NULL, n + 1, sizeof *v);
		struct stats_time *times = mem_resize(NULL, n + 1, sizeof *times);
		size_t n_observed = 0;

		for (size_t i = 0; i < n; i++) {
			double x = trials[i].censored ? trials[i].lo : part_of(&trials[i], part);

			times[i] = (struct stats_time){x, trials[i].censored};
			if (!trials[i].censored)
				v[n_observed++] = x;
		}
		stats_sort(v, n_observed);
		ret->n_observed = n_observed;
		ret->observed[part] = v;
		ret->times[part] = times;
	}
	for (size_t i = 0; i < n; i++)
		if (!trials[i].censored)
			ret->resolution += (trials[i].hi - trials[i].lo) / (double)ret->n_observed;
}

static void sample_done(struct sample *sample)
{
	for (int part = VALUE; part <= UPPER; part++) {
		free(sample->observed[part]);
		free(sample->times[part]);
	}
}

static void set_part(struct estimate_figure *figure, int part, double x)
{
	*(part == VALUE ? &figure->value : part == LOWER ? &figure->lo : &figure->hi) = x;
}

static void fill_type7(const struct sample *sample, struct estimate *ret)
{
	for (int part = VALUE; part <= UPPER; part++) {
		struct stats stats;

		stats_compute(sample->observed[part], sample->n, 0, &stats);
		for (int f = 0; f < (part == VALUE ? N_STATS : N_BOUNDED_STATS); f++)
			set_part(&ret->of[f], part, stats.of[f]);
	}
	for (int f = 0; f < N_STATS; f++) {
		struct stats_interval interval;

		if (isnan(stats_share_of[f]))
			continue;
		stats_interval_quantile(sample->observed[VALUE], sample->n, sample->n,
					stats_share_of[f], ESTIMATE_CONFIDENCE, &interval);
		ret->of[f].ci_lo = interval.lo_value;
		ret->of[f].ci_hi = interval.hi_value;
	}
}

/* Below so many trials no interval of order statistics has its confidence; log-log limits exist,
 * but rest on an approximation that nobody should trust there. */
static bool supports_interval(const struct sample *sample, enum stats_figure f)
{
	return sample->n >= stats_interval_needs(stats_share_of[f], ESTIMATE_CONFIDENCE);
}

/* The shortest trial is known unless one was given up before it ended. */
static double least_of(const struct sample *sample, int part)
{
	if (!sample->n_observed)
		return NAN;
	for (size_t i = 0; i < sample->n; i++)
		if (sample->times[part][i].censored &&
		    sample->times[part][i].time < sample->observed[part][0])
			return NAN;
	return sample->observed[part][0];
}

static void fill_quantiles(const struct sample *sample, int part,
			   const struct stats_survival *curve, struct estimate *ret)
{
	for (int f = 0; f < N_STATS; f++) {
		struct stats_survival_quantile q;

		if (isnan(stats_share_of[f]) || sample->n < stats_needs[f])
			continue;
		stats_survival_quantile(curve, stats_share_of[f], &q);
		if (isfinite(q.at))
			set_part(&ret->of[f], part, q.at);
		if (part == VALUE && isfinite(q.lo) && supports_interval(sample, f)) {
			ret->of[f].ci_lo = q.lo;
			ret->of[f].ci_hi = q.hi;
		}
	}
}

static void fill_kaplan_meier(const struct sample *sample, struct estimate *ret)
{
	for (int part = VALUE; part <= UPPER; part++) {
		const struct stats_times times = {sample->times[part], sample->n};
		struct stats_survival curve;

		stats_survival(&times, ESTIMATE_CONFIDENCE, &curve);
		fill_quantiles(sample, part, &curve, ret);
		set_part(&ret->of[STATS_MIN], part, least_of(sample, part));
		stats_survival_done(&curve);
	}
	/* A bound of what is not given would only puzzle. */
	for (int f = 0; f < N_STATS; f++)
		if (isnan(ret->of[f].value))
			ret->of[f].lo = ret->of[f].hi = NAN;
}

static void set_needs(struct estimate *ret)
{
	for (int f = 0; f < N_STATS; f++) {
		size_t ci = stats_interval_needs(stats_share_of[f], ESTIMATE_CONFIDENCE);

		ret->of[f].needs = ret->n < stats_needs[f] ? stats_needs[f] : 0;
		ret->of[f].ci_needs = ret->n < ci ? ci : 0;
	}
}

static void find_outliers(const struct sample *sample, struct estimate *ret)
{
	stats_fences_of(ret->of[STATS_P25].value, ret->of[STATS_P75].value, &ret->fences);
	for (size_t i = 0; i < sample->n_observed; i++) {
		enum stats_place place = stats_place(&ret->fences, sample->observed[VALUE][i]);

		ret->n_outside += place == STATS_OUTSIDE;
		ret->n_far_out += place == STATS_FAR_OUT;
	}
}

void estimate_make(const struct estimate_trial *trials, size_t n, struct estimate *ret)
{
	struct sample sample;

	take_apart(trials, n, &sample);
	*ret = (struct estimate){.n = n, .n_censored = n - sample.n_observed, .last_s = NAN};
	for (int f = 0; f < N_STATS; f++)
		ret->of[f] = (struct estimate_figure){NAN, NAN, NAN, NAN, NAN, 0, 0};
	for (size_t i = 0; i < n; i++) {
		ret->n_left_censored += trials[i].left_censored;
		ret->last_s =
			fmax(ret->last_s, sample.times[VALUE][i].time); /* not NAN if it can */
	}
	ret->method = ret->n_censored ? ESTIMATE_KAPLAN_MEIER : ESTIMATE_TYPE7;
	if (ret->n_censored)
		fill_kaplan_meier(&sample, ret);
	else
		fill_type7(&sample, ret);
	set_needs(ret);
	find_outliers(&sample, ret);
	stats_modes(sample.observed[VALUE], sample.n_observed, sample.resolution, &ret->modes);
	sample_done(&sample);
}

bool estimate_is_beyond(const struct estimate *estimate, enum stats_figure figure)
{
	return estimate->n && !isnan(stats_share_of[figure]) && isnan(estimate->of[figure].value) &&
	       !estimate->of[figure].needs;
}

double estimate_half_width(const struct estimate *estimate, enum stats_figure figure)
{
	return (estimate->of[figure].hi - estimate->of[figure].lo) / 2;
}

enum stats_place estimate_place(const struct estimate *estimate, const struct estimate_trial *trial)
{
	return trial->censored ? STATS_INSIDE : stats_place(&estimate->fences, trial->value);
}

struct estimate_share estimate_share(size_t k, size_t n)
{
	struct estimate_share share = {k, n, n ? (double)k / (double)n : NAN, 0, 1};

	if (n)
		stats_interval_share(k, n, ESTIMATE_CONFIDENCE, &share.lo, &share.hi);
	return share;
}
