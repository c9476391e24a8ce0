#include "lib/mem.h"
#include "report/stats_dist.h"
#include "report/stats_survival.h"
#include <math.h>
#include <stdlib.h>

struct member {
	double time;
	size_t group;
	bool censored;
};

struct logrank {
	struct member *v; /* by time */
	size_t n, n_groups;
	size_t *at_risk, *events; /* of each group, at the present time */
	double *excess;		  /* O - E of each group */
	double *expected;	  /* E of each group */
	double *covariance;	  /* n_groups x n_groups */
};

static int by_time(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

static void gather(struct logrank *l, const struct stats_times *groups)
{
	size_t k = l->n_groups;

	for (size_t g = 0; g < k; g++)
		l->n += groups[g].n;
	l->v = mem_resize(NULL, l->n + 1, sizeof *l->v);
	l->at_risk = mem_alloc((k + 1) * sizeof *l->at_risk);
	l->events = mem_alloc((k + 1) * sizeof *l->events);
	l->excess = mem_alloc((k + 1) * sizeof *l->excess);
	l->expected = mem_alloc((k + 1) * sizeof *l->expected);
	l->covariance = mem_alloc((k * k + 1) * sizeof *l->covariance);
	l->n = 0;
	for (size_t g = 0; g < k; g++) {
		l->at_risk[g] = groups[g].n;
		for (size_t i = 0; i < groups[g].n; i++) {
			const struct stats_time *t = &groups[g].v[i];

			if (!isfinite(t->time))
				abort();
			l->v[l->n++] = (struct member){t->time, g, t->censored};
		}
	}
	qsort(l->v, l->n, sizeof *l->v, by_time);
}

/* One event time with r at risk and d events among them. */
static void add_time(struct logrank *l, double r, double d)
{
	size_t k = l->n_groups;
	double spread = r > 1 ? d * (r - d) / (r - 1) : 0;

	for (size_t g = 0; g < k; g++) {
		double share = (double)l->at_risk[g] / r;

		l->excess[g] += (double)l->events[g] - d * share;
		l->expected[g] += d * share;
		if (share == 0)
			continue;
		l->covariance[g * k + g] += spread * share;
		for (size_t h = 0; h < k; h++)
			l->covariance[g * k + h] -= spread * share * (double)l->at_risk[h] / r;
	}
}

static void walk(struct logrank *l)
{
	for (size_t i = 0; i < l->n;) {
		size_t first = i, n_events = 0;

		for (; i < l->n && l->v[i].time == l->v[first].time; i++)
			if (!l->v[i].censored) {
				n_events++;
				l->events[l->v[i].group]++;
			}
		if (n_events)
			add_time(l, (double)(l->n - first), (double)n_events);
		for (size_t j = first; j < i; j++) {
			l->at_risk[l->v[j].group]--;
			l->events[l->v[j].group] = 0;
		}
	}
}

/* x' A^-1 x by elimination without pivots, which a positive definite A does not need. A and x, of
 * n_kept rows with the given distance, are used up. NAN: A is singular. */
static double quadratic(double *a, double *x, size_t n, size_t distance)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double *row = a + i * distance;

		if (!(row[i] > 1e-12))
			return NAN;
		sum += x[i] * x[i] / row[i];
		for (size_t j = i + 1; j < n; j++) {
			double factor = a[j * distance + i] / row[i];

			for (size_t m = i; m < n; m++)
				a[j * distance + m] -= factor * row[m];
			x[j] -= factor * x[i];
		}
	}
	return sum;
}

/* Moves the groups that could have an event to the front; how many. */
static size_t keep_expected(struct logrank *l)
{
	size_t k = l->n_groups, kept = 0;

	for (size_t g = 0; g < k; g++) {
		if (!(l->expected[g] > 0))
			continue;
		for (size_t h = 0; h < k; h++)
			l->covariance[kept * k + h] = l->covariance[g * k + h];
		for (size_t row = 0; row < k; row++)
			l->covariance[row * k + kept] = l->covariance[row * k + g];
		l->excess[kept++] = l->excess[g];
	}
	return kept;
}

void stats_logrank(const struct stats_times *groups, size_t n_groups, struct stats_test *ret)
{
	struct logrank l = {.n_groups = n_groups};
	double excess;
	size_t kept;

	*ret = (struct stats_test){.statistic = NAN, .p = NAN, .excess = NAN};
	gather(&l, groups);
	walk(&l);
	excess = n_groups ? l.excess[n_groups - 1] : NAN; /* used up below */
	kept = keep_expected(&l);
	if (kept >= 2) {
		ret->df = kept - 1;
		ret->statistic = quadratic(l.covariance, l.excess, kept - 1, n_groups);
		ret->p = stats_chi2_sf(ret->statistic, (double)ret->df);
		ret->excess = isnan(ret->p) ? NAN : excess;
	}
	free(l.v);
	free(l.at_risk);
	free(l.events);
	free(l.excess);
	free(l.expected);
	free(l.covariance);
}
