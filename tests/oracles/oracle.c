/* oracle: what our statistics say of cases on stdin, for check.py to compare with others.
 *
 * A case is a line "KIND number... | number... | number...": arguments, then arrays. The answer is
 * a line of numbers with all their digits; nan and inf as such. An array that says who is censored
 * holds 0 and 1. A kind that is not known, or a line that is no case, ends the program. */
#include "lib/vec.h"
#include "report/stats.h"
#include "report/stats_compare.h"
#include "report/stats_dist.h"
#include "report/stats_interval.h"
#include "report/stats_modes.h"
#include "report/stats_trend.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ARRAYS = 12 };

typedef VEC(double) numbers;

struct one_case {
	const char *kind;
	numbers args;
	numbers arrays[MAX_ARRAYS];
	size_t n_arrays;
};

static void fail(const char *what)
{
	fprintf(stderr, "oracle: %s\n", what);
	exit(2);
}

static void parse(char *line, struct one_case *c)
{
	char *word, *rest = line;
	numbers *to = &c->args;

	c->kind = strsep(&rest, " \n");
	while ((word = strsep(&rest, " \n"))) {
		char *end;

		if (strcmp(word, "|") == 0) {
			if (c->n_arrays == MAX_ARRAYS)
				fail("too many arrays");
			to = &c->arrays[c->n_arrays++];
		} else if (*word) {
			vec_push(to, strtod(word, &end));
			if (*end)
				fail("not a number");
		}
	}
}

static void clear(struct one_case *c)
{
	vec_done(&c->args);
	for (size_t i = 0; i < c->n_arrays; i++)
		vec_done(&c->arrays[i]);
}

static void say(double x)
{
	printf(" %.17g", x);
}

static double arg(const struct one_case *c, size_t i)
{
	if (i >= c->args.n)
		fail("too few arguments");
	return c->args.v[i];
}

static size_t whole(const struct one_case *c, size_t i)
{
	return (size_t)arg(c, i);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct stats_sample sorted(struct one_case *c, size_t i)
{
	if (c->arrays[i].n)
		qsort(c->arrays[i].v, c->arrays[i].n, sizeof(double), by_value);
	return (struct stats_sample){c->arrays[i].v, c->arrays[i].n};
}

/* Times from array i, marks from i + 1. The caller frees v. */
static struct stats_times times_of(const struct one_case *c, size_t i)
{
	struct stats_time *v = mem_alloc((c->arrays[i].n + 1) * sizeof *v);

	if (c->arrays[i].n != c->arrays[i + 1].n)
		fail("times without marks");
	for (size_t k = 0; k < c->arrays[i].n; k++)
		v[k] = (struct stats_time){c->arrays[i].v[k], c->arrays[i + 1].v[k] > 0.5};
	return (struct stats_times){v, c->arrays[i].n};
}

/* ---- kinds ---- */

static void distributions(struct one_case *c)
{
	const double *a = c->args.v;

	if (c->args.n != 4) /* z, x, a, p */
		fail("distributions takes z, x, a, p");
	say(stats_normal_cdf(a[0]));
	say(stats_normal_sf(a[0]));
	say(stats_normal_quantile(a[3]));
	say(stats_gamma_cdf(a[1], a[2]));
	say(stats_gamma_sf(a[1], a[2]));
	say(stats_gamma_quantile(a[3], a[2]));
	say(stats_chi2_sf(a[1], a[2]));
	say(stats_t_two_sided(a[0], a[2]));
}

static void beta(struct one_case *c)
{
	say(stats_beta_cdf(arg(c, 0), arg(c, 1), arg(c, 2)));
	say(stats_beta_quantile(arg(c, 3), arg(c, 1), arg(c, 2)));
}

static void binomial(struct one_case *c)
{
	say(stats_binomial_cdf(arg(c, 0), whole(c, 1), arg(c, 2)));
	say(stats_binomial_sf(arg(c, 0), whole(c, 1), arg(c, 2)));
}

/* n_censored | observed */
static void figures(struct one_case *c)
{
	struct stats_sample x = sorted(c, 0);
	struct stats_fences fences;
	struct stats stats;

	stats_compute(x.sorted, x.n, whole(c, 0), &stats);
	for (int f = 0; f < N_STATS; f++)
		say(stats.of[f]);
	stats_fences(x.sorted, x.n, x.n + whole(c, 0), &fences);
	say(fences.inner_lo);
	say(fences.inner_hi);
	say(fences.outer_lo);
	say(fences.outer_hi);
}

/* n_censored p confidence | observed */
static void interval(struct one_case *c)
{
	struct stats_sample x = sorted(c, 0);
	struct stats_interval i;

	stats_interval_quantile(x.sorted, x.n, x.n + whole(c, 0), arg(c, 1), arg(c, 2), &i);
	say((double)i.lo);
	say((double)i.hi);
	say(i.coverage);
	say((double)i.needs);
	say(i.lo_value);
	say(i.hi_value);
}

/* k n confidence */
static void share(struct one_case *c)
{
	double lo, hi;

	stats_interval_share(whole(c, 0), whole(c, 1), arg(c, 2), &lo, &hi);
	say(lo);
	say(hi);
}

/* p... | times | marks: quantiles, and the curve's steps */
static void survival(struct one_case *c)
{
	struct stats_times times = times_of(c, 0);
	struct stats_survival s;

	stats_survival(&times, 0.95, &s);
	for (size_t i = 0; i < c->args.n; i++) {
		struct stats_survival_quantile q;

		stats_survival_quantile(&s, c->args.v[i], &q);
		say(q.at);
		say(q.lo);
		say(q.hi);
	}
	for (size_t i = 0; i < s.n; i++) {
		say(s.v[i].time);
		say((double)s.v[i].n_at_risk);
		say((double)s.v[i].n_events);
		say(s.v[i].s);
		say(s.v[i].greenwood);
		say(s.v[i].lo);
		say(s.v[i].hi);
	}
	stats_survival_done(&s);
	free((void *)times.v);
}

/* | times | marks | times | marks ... */
static void logrank(struct one_case *c)
{
	struct stats_times groups[MAX_ARRAYS];
	struct stats_test test;

	for (size_t i = 0; i < c->n_arrays / 2; i++)
		groups[i] = times_of(c, 2 * i);
	stats_logrank(groups, c->n_arrays / 2, &test);
	say(test.statistic);
	say((double)test.df);
	say(test.p);
	say(test.excess);
	for (size_t i = 0; i < c->n_arrays / 2; i++)
		free((void *)groups[i].v);
}

static void kruskal(struct one_case *c)
{
	struct stats_sample groups[MAX_ARRAYS];
	struct stats_test test;

	for (size_t i = 0; i < c->n_arrays; i++)
		groups[i] = sorted(c, i);
	stats_kruskal(groups, c->n_arrays, &test);
	say(test.statistic);
	say((double)test.df);
	say(test.p);
}

static void pair(struct one_case *c)
{
	struct stats_sample x = sorted(c, 0), y = sorted(c, 1);
	struct stats_mann_whitney m;
	struct stats_shift s;

	stats_mann_whitney(&x, &y, &m);
	stats_shift(&x, &y, 0.95, &s);
	say(m.u);
	say(m.p);
	say(m.superiority);
	say(m.exact);
	say(s.shift);
	say(s.lo);
	say(s.hi);
	say(s.coverage);
}

/* superiority alpha power */
static void needed(struct one_case *c)
{
	say((double)stats_trials_needed(arg(c, 0), arg(c, 1), arg(c, 2)));
}

/* log_hazard_ratio p_ended alpha power */
static void schoenfeld(struct one_case *c)
{
	say((double)stats_trials_needed_logrank(arg(c, 0), arg(c, 1), arg(c, 2), arg(c, 3)));
}

static void holm(struct one_case *c)
{
	numbers *p = &c->arrays[0];

	stats_holm(p->v, p->n);
	for (size_t i = 0; i < p->n; i++)
		say(p->v[i]);
}

static void trend(struct one_case *c)
{
	struct stats_trend t;

	stats_trend(c->arrays[0].v, c->arrays[0].n, &t);
	say(t.s);
	say(t.tau);
	say(t.kendall_p);
	say(t.rho);
	say(t.spearman_p);
}

static void modes(struct one_case *c)
{
	struct stats_sample x = sorted(c, 0);
	struct stats_modes m;

	stats_modes(x.sorted, x.n, 0, &m);
	say(m.bandwidth);
	for (size_t i = 0; i < m.n; i++)
		say(m.of[i].at);
}

static const struct {
	const char *name;
	void (*fn)(struct one_case *c);
	size_t n_arrays; /* at least */
} kinds[] = {
	{"distributions", distributions, 0},
	{"beta", beta, 0},
	{"binomial", binomial, 0},
	{"figures", figures, 1},
	{"interval", interval, 1},
	{"share", share, 0},
	{"survival", survival, 2},
	{"logrank", logrank, 2},
	{"kruskal", kruskal, 2},
	{"pair", pair, 2},
	{"needed", needed, 0},
	{"schoenfeld", schoenfeld, 0},
	{"holm", holm, 1},
	{"trend", trend, 1},
	{"modes", modes, 1},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static void answer(char *line)
{
	struct one_case c = {0};
	size_t k = 0;

	parse(line, &c);
	while (k < N_KINDS && strcmp(kinds[k].name, c.kind) != 0)
		k++;
	if (k == N_KINDS || c.n_arrays < kinds[k].n_arrays)
		fail(c.kind);
	kinds[k].fn(&c);
	putchar('\n');
	clear(&c);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0)
		answer(line);
	free(line);
	return 0;
}
