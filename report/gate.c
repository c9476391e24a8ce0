#include "report/gate.h"
#include "report/compare.h"
#include "report/phrase.h"
#include <math.h>
#include <string.h>

const char *const gate_verdict_names[N_GATE_VERDICTS] = {"pass", "fail", "undecided"};

/* What is known of a figure, before it is held against the limit. */
struct known {
	double value, lo, hi;
	size_t n, needs;
	char *reason; /* why nothing is known */
};

static struct known unknown(size_t n, size_t needs, char *reason)
{
	return (struct known){NAN, NAN, NAN, n, needs, reason};
}

/* Observed, so a fact, to within what was polled. A trial that was given up took longer than its
 * limit: it may be the longest, or still the shortest, but what ended bounds the least above. */
static struct known know_extreme(const struct model *model, const struct group *group,
				 const struct requirement *r)
{
	const struct estimate *e = &group->estimates[r->metric];
	bool max = r->figure == STATS_MAX;
	double lo = max ? 0 : INFINITY, hi = max ? 0 : INFINITY;
	group_trials trials = {0};

	group_collect(model, group, r->metric, &trials);
	for (size_t i = 0; i < trials.n; i++) {
		const struct estimate_trial *trial = &trials.v[i];
		double upper = trial->censored ? INFINITY : trial->hi;

		lo = max ? fmax(lo, trial->lo) : fmin(lo, trial->lo);
		hi = max ? fmax(hi, upper) : fmin(hi, upper);
	}
	vec_done(&trials);
	return (struct known){e->of[r->figure].value, lo, hi, e->n, 0, NULL};
}

static struct known know_quantile(const struct model *model, const struct group *group,
				  const struct requirement *r)
{
	const struct estimate *e = &group->estimates[r->metric];
	const struct estimate_figure *f = &e->of[r->figure];
	struct known known = {f->value, f->ci_lo, f->ci_hi, e->n, 0, NULL};

	if (f->ci_needs)
		return unknown(e->n, f->ci_needs,
			       mem_printf("an interval of %s needs %zu trials",
					  stats_names[r->figure], f->ci_needs));
	if (e->n_censored == e->n) {
		known.lo = group_least_limit(model, group, r->metric);
		known.hi = INFINITY;
	} else if (isnan(f->ci_lo)) {
		known.lo = 0; /* some ended, but too few for the curve to have limits there */
		known.hi = INFINITY;
	} else if (!isnan(f->value)) {
		known.lo = fmax(0, f->ci_lo - (f->value - f->lo));
		known.hi = f->ci_hi + (f->hi - f->value);
	}
	return known;
}

static struct known know_figure(const struct model *model, const struct group *group,
				const struct requirement *r)
{
	const struct estimate *e = &group->estimates[r->metric];

	if (!e->n)
		return unknown(0, 0, mem_strdup("no trial measured it"));
	if (r->figure == STATS_MIN || r->figure == STATS_MAX)
		return know_extreme(model, group, r);
	return know_quantile(model, group, r);
}

static struct known know_number(double value, size_t n)
{
	return (struct known){value, value, value, n, 0, NULL};
}

/* Without one that counts, of how many trials would a share be below the limit? 0: never, or the
 * trials there are would do. */
static size_t share_needs(const struct requirement *r, size_t n)
{
	double tail = (1 - ESTIMATE_CONFIDENCE) / 2, needs;

	if ((r->op != GATE_LESS && r->op != GATE_AT_MOST) || r->limit <= 0 || r->limit >= 1)
		return 0;
	needs = ceil(log(tail) / log1p(-r->limit));
	return needs > (double)n ? (size_t)needs : 0;
}

static struct known know_share(const struct requirement *r, size_t k, size_t n)
{
	struct estimate_share share = estimate_share(k, n);

	if (!n)
		return unknown(0, 0, mem_strdup("no election was seen"));
	return (struct known){share.share, share.lo, share.hi, n, k ? 0 : share_needs(r, n), NULL};
}

/* Writes that nobody could look for may all be lost. */
static struct known know_lost(const struct model *model, const struct group *group)
{
	struct known known = know_number((double)group->n_lost, group->n_trials);
	size_t n_probed = 0;

	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *trial = &model->trials.v[group->trials.v[i]];

		n_probed += trial->acknowledged >= 0;
		if (trial->acknowledged > 0 && trial->lost < 0)
			known.hi += (double)trial->acknowledged;
	}
	if (!n_probed)
		return unknown(0, 0, mem_strdup("no trial had a write probe"));
	return known;
}

static double count_incidents(const struct model *model, const struct group *group)
{
	double n = 0;

	for (size_t s = 0; s < model->studies.n; s++)
		for (size_t i = 0; i < group->trials.n; i++)
			if (model->trials.v[group->trials.v[i]].study == s) {
				n += (double)model->studies.v[s].n_incidents;
				break;
			}
	return n;
}

static struct known know_trials(const struct requirement *r, size_t k, size_t n)
{
	return r->is_share ? know_share(r, k, n) : know_number((double)k, n);
}

static struct known know_count(const struct model *model, const struct group *group,
			       const struct requirement *r)
{
	size_t n = group->n_trials;

	if (!n)
		return unknown(0, 0, mem_strdup("no trial"));
	switch (r->count) {
	case GATE_FAILED:
		return know_trials(r, group->not_recovered.k, n);
	case GATE_CENSORED:
		return know_trials(r, group->n_censored, n);
	case GATE_CONTESTED:
		if (!group->n_elections)
			return unknown(0, 0, mem_strdup("no election was seen"));
		return know_trials(r, group->n_contested, group->n_elections);
	case GATE_LOST_WRITES:
		return know_lost(model, group);
	case GATE_N:
		return know_number((double)n, n);
	case GATE_INCIDENTS:
		return know_number(count_incidents(model, group), n);
	default:
		return know_number((double)group->n_false_changes, n);
	}
}

static enum gate_verdict decide(bool surely, bool surely_not)
{
	return surely ? GATE_PASS : surely_not ? GATE_FAIL : GATE_UNDECIDED;
}

/* NAN decides nothing: every comparison with it is false. */
static enum gate_verdict judge(const struct known *k, const struct requirement *r)
{
	switch (r->op) {
	case GATE_LESS:
		return decide(k->hi < r->limit, k->lo >= r->limit);
	case GATE_AT_MOST:
		return decide(k->hi <= r->limit, k->lo > r->limit);
	case GATE_MORE:
		return decide(k->lo > r->limit, k->hi <= r->limit);
	case GATE_AT_LEAST:
		return decide(k->lo >= r->limit, k->hi < r->limit);
	default:
		return decide(k->lo == r->limit && k->hi == r->limit,
			      k->lo > r->limit || k->hi < r->limit);
	}
}

/* "2: 1 no_rejoin, 1 gate_failed" */
static char *failed_text(const struct group *group)
{
	struct str text = STR_INIT;

	for (int o = 0; o < N_OUTCOMES; o++)
		if (o != OUTCOME_RECOVERED && o != OUTCOME_ABORTED && o != OUTCOME_UNFINISHED &&
		    group->n_of[o])
			str_addf(&text, "%s%zu %s", text.n ? ", " : "", group->n_of[o],
				 outcome_names[o]);
	return text.n ? str_take(&text) : mem_strdup("");
}

static char *reason_of(const struct known *k, const struct gate_result *result,
		       const struct group *group)
{
	const struct requirement *r = result->requirement;

	if (result->verdict == GATE_PASS || !group)
		return mem_strdup("");
	if (result->verdict == GATE_FAIL)
		return r->is_count && r->count == GATE_FAILED
			       ? failed_text(group)
			       : mem_strdup(k->lo == k->hi ? ""
							   : "the whole interval is beyond it");
	if (k->needs)
		return mem_printf("needs %zu trials of which none counts", k->needs);
	if (r->is_count && r->count == GATE_LOST_WRITES)
		return mem_strdup("some writes could not be looked for");
	return mem_strdup("the limit lies within the interval");
}

static void add(struct gate *gate, const struct requirement *r, size_t place,
		const struct group *group, struct known known)
{
	struct gate_result result = {.requirement = r,
				     .group = place,
				     .verdict = judge(&known, r),
				     .n = known.n,
				     .value = known.value,
				     .lo = known.lo,
				     .hi = known.hi};

	result.needs = result.verdict == GATE_UNDECIDED ? known.needs : 0;
	result.reason = known.reason ? known.reason : reason_of(&known, &result, group);
	gate->n_of[result.verdict]++;
	vec_push(&gate->results, result);
}

/* Whether a requirement is about such a group at all. */
static bool applies(const struct requirement *r, bool noop)
{
	if (r->is_count && r->count == GATE_FALSE_CHANGES)
		return noop;
	return !noop || (r->is_count && r->count != GATE_CONTESTED);
}

void gate_make(const struct recording *recording, const struct requirement *requirements, size_t n,
	       struct gate *ret)
{
	const struct model *model = &recording->model;

	*ret = (struct gate){0};
	for (size_t i = 0; i < n; i++) {
		const struct requirement *r = &requirements[i];
		size_t before = ret->results.n;

		for (size_t g = 0; g < recording->grouping.groups.n; g++) {
			const struct group *group = &recording->grouping.groups.v[g];

			if (applies(r, compare_is_noop(model, group)))
				add(ret, r, g, group,
				    r->is_count ? know_count(model, group, r)
						: know_figure(model, group, r));
		}
		if (ret->results.n == before)
			add(ret, r, GATE_NO_GROUP, NULL,
			    unknown(0, 0, mem_strdup("no trial that it is about")));
	}
}

bool gate_holds(const struct gate *gate)
{
	return gate->results.n && gate->n_of[GATE_PASS] == gate->results.n;
}

void gate_done(struct gate *gate)
{
	struct gate_result *result;

	vec_each (result, &gate->results)
		free(result->reason);
	vec_done(&gate->results);
}
