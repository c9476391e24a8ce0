/* How long everything took. */
#include "report/findings_impl.h"
#include <math.h>

static const struct estimate *estimate_of(const struct group *group, enum metric metric)
{
	return &group->estimates[metric];
}

/* Groups with the metric in which something was done. */
static size_t count_groups(const struct telling *t, enum metric metric)
{
	const struct group *group;
	size_t n = 0;

	vec_each (group, &t->r->grouping.groups)
		n += estimate_of(group, metric)->n && !findings_is_noop(t, group);
	return n;
}

/* "(median; 95 %: 0.55 to 0.80; 30 trials)" */
static void add_support(struct str *text, const struct estimate *e, struct phrase_unit unit)
{
	const struct estimate_figure *median = &e->of[STATS_P50];

	if (e->n == 1) {
		str_add(text, " (1 trial)");
		return;
	}
	str_add(text, " (median; ");
	if (!isnan(median->ci_lo)) {
		str_add(text, "95 %: ");
		phrase_add_number(text, unit, median->ci_lo, false);
		str_add(text, isinf(median->ci_hi) ? " and more" : " to ");
		if (!isinf(median->ci_hi))
			phrase_add_number(text, unit, median->ci_hi, false);
		str_add(text, "; ");
	}
	phrase_add_count(text, e->n, "trial", "trials");
	if (median->ci_needs)
		str_addf(text, ", an interval needs %zu", median->ci_needs);
	str_add(text, ")");
}

static void add_worst(struct str *text, const struct estimate *e)
{
	if (e->n == 1)
		return;
	str_add(text, e->n_censored ? ", at worst later than " : ", at the latest after ");
	phrase_add_time(text, e->last_s);
}

/* Nobody told when anything was done to a watched cluster. */
static bool is_watched(const struct telling *t)
{
	return model_has_fault(&t->r->model, "watched");
}

static const char *since(const struct telling *t)
{
	return is_watched(t) ? "first sign" : "fault";
}

static bool all_censored(const struct group *group, enum metric metric)
{
	const struct estimate *e = estimate_of(group, metric);

	return e->n && e->n_censored == e->n;
}

/* Of a median that is not reached: what it is longer than. Some trials may have been given up
 * earlier than others: that none ended is known of all only up to the first such limit. */
static double beyond_s(const struct telling *t, const struct group *group, enum metric metric)
{
	return all_censored(group, metric) ? group_least_limit(&t->r->model, group, metric)
					   : estimate_of(group, metric)->last_s;
}

static void add_none(struct str *text, const struct telling *t, const struct group *group)
{
	size_t n = estimate_of(group, METRIC_REELECTION)->n;

	if (n == 1)
		str_add(text, "the only trial had no new master within ");
	else {
		str_add(text, "none of ");
		phrase_add_count(text, n, "trial", "trials");
		str_add(text, " had a new master within ");
	}
	phrase_add_time(text, beyond_s(t, group, METRIC_REELECTION));
	if (is_watched(t))
		str_addf(text, " of the %s", since(t));
}

static void add_half(struct str *text, const struct telling *t, const struct group *group)
{
	const struct estimate *e = estimate_of(group, METRIC_REELECTION);

	str_addf(text, "the median time from the %s to a new master is above ", since(t));
	phrase_add_time(text, beyond_s(t, group, METRIC_REELECTION));
	str_add(text, " by Kaplan-Meier: ");
	phrase_add_integer(text, e->n - e->n_censored);
	str_add(text, " of ");
	phrase_add_count(text, e->n, "trial", "trials");
	str_add(text, " had one");
}

static void add_seen(struct str *text, const struct telling *t, const struct group *group)
{
	const struct estimate *e = estimate_of(group, METRIC_REELECTION);
	double median = e->of[STATS_P50].value;

	str_add(text, "a new master was seen ");
	phrase_add_time(text, median);
	str_addf(text, " after the %s", since(t));
	add_support(text, e, phrase_unit(median));
	add_worst(text, e);
}

static void say_headline(struct telling *t, const struct group *group)
{
	bool none = all_censored(group, METRIC_REELECTION);
	char *name = findings_group(t, group);
	struct str text = STR_INIT;

	str_addf(&text, "With %s ", name);
	if (none)
		add_none(&text, t, group);
	else if (isnan(estimate_of(group, METRIC_REELECTION)->of[STATS_P50].value))
		add_half(&text, t, group);
	else
		add_seen(&text, t, group);
	str_add(&text, ".");
	free(name);
	findings_add(t, none ? FINDING_CAUTION : FINDING_FACT, &text);
}

/* A median that is not reached is longer than all that are. */
static double median_or_more(const struct group *group, enum metric metric)
{
	double median = estimate_of(group, metric)->of[STATS_P50].value;

	return isnan(median) ? INFINITY : median;
}

/* Medians that are near each other are written alike; others each in its own unit. */
static struct phrase_unit common_unit(const struct telling *t, enum metric metric)
{
	double least = INFINITY, most = 0;
	const struct group *group;

	vec_each (group, &t->r->grouping.groups) {
		double median = estimate_of(group, metric)->of[STATS_P50].value;

		if (isnan(median) || findings_is_noop(t, group))
			continue;
		least = fmin(least, median);
		most = fmax(most, median);
	}
	return most < 10 * least ? phrase_unit(most) : (struct phrase_unit){0};
}

static void add_time(struct str *text, struct phrase_unit unit, double seconds)
{
	if (!unit.name)
		unit = phrase_unit(seconds);
	phrase_add_number(text, unit, seconds, false);
	str_addf(text, " %s", unit.name);
}

static void add_median(struct str *text, const struct telling *t, const struct group *group,
		       enum metric metric, struct phrase_unit unit)
{
	const struct estimate *e = estimate_of(group, metric);

	if (isnan(e->of[STATS_P50].value)) {
		str_add(text, "more than ");
		phrase_add_time(text, beyond_s(t, group, metric));
	} else
		add_time(text, unit, e->of[STATS_P50].value);
}

static void add_named_median(struct str *text, const struct telling *t, const struct group *group,
			     enum metric metric, struct phrase_unit unit)
{
	char *name = findings_group_short(t, group);

	add_median(text, t, group, metric, unit);
	str_addf(text, " (%s)", name);
	free(name);
}

static void add_range(struct str *text, const struct telling *t, enum metric metric)
{
	const struct group *group, *least = NULL, *most = NULL;
	struct phrase_unit unit = common_unit(t, metric);

	vec_each (group, &t->r->grouping.groups) {
		double median = median_or_more(group, metric);

		if (!estimate_of(group, metric)->n || findings_is_noop(t, group))
			continue;
		if (!least || median < median_or_more(least, metric))
			least = group;
		if (!most || median > median_or_more(most, metric))
			most = group;
	}
	if (!least || !most)
		return;
	add_named_median(text, t, least, metric, unit);
	str_add(text, " to ");
	add_named_median(text, t, most, metric, unit);
}

static void add_each(struct str *text, const struct telling *t, enum metric metric, size_t n)
{
	struct phrase_unit unit = common_unit(t, metric);
	const struct group *group;
	size_t i = 0;

	vec_each (group, &t->r->grouping.groups) {
		if (!estimate_of(group, metric)->n || findings_is_noop(t, group))
			continue;
		str_add(text, phrase_joint(i++, n));
		if (n > 1)
			add_named_median(text, t, group, metric, unit);
		else
			add_median(text, t, group, metric, unit);
	}
}

/* Where none is reached, the outcomes have told it. */
static bool any_median(const struct telling *t, enum metric metric)
{
	const struct group *group;

	vec_each (group, &t->r->grouping.groups)
		if (!findings_is_noop(t, group) &&
		    !isnan(estimate_of(group, metric)->of[STATS_P50].value))
			return true;
	return false;
}

/* The trials of the only group: "median of 30 trials". */
static void add_count(struct str *text, const struct telling *t, enum metric metric)
{
	const struct group *group;

	vec_each (group, &t->r->grouping.groups) {
		size_t n = estimate_of(group, metric)->n;

		if (!n || findings_is_noop(t, group))
			continue;
		str_add(text, n > 1 ? "median of " : "");
		phrase_add_count(text, n, "trial", "trials");
	}
}

/* One sentence about the medians of all groups. */
static void say_medians(struct telling *t, enum metric metric, const char *before,
			const char *after)
{
	size_t n = count_groups(t, metric);
	struct str text = STR_INIT;

	if (!any_median(t, metric))
		return;
	str_add(&text, before);
	if (n <= FINDINGS_EACH)
		add_each(&text, t, metric, n);
	else
		add_range(&text, t, metric);
	str_addf(&text, "%s (", after);
	if (n > FINDINGS_EACH)
		str_addf(&text, "medians of %zu set-ups", n);
	else if (n > 1)
		str_add(&text, "medians");
	else
		add_count(&text, t, metric);
	str_add(&text, ").");
	findings_add(t, FINDING_FACT, &text);
}

static void add_modes(struct str *text, const struct telling *t, const struct group *group)
{
	const struct stats_modes *modes = &estimate_of(group, METRIC_REELECTION)->modes;
	char *name = findings_group_short(t, group);

	str_addf(text, "with %s near ", name);
	for (size_t i = 0; i < modes->n; i++) {
		str_add(text, phrase_joint(i, modes->n));
		phrase_add_time(text, modes->of[i].at);
	}
	free(name);
}

static void say_modes(struct telling *t)
{
	const struct group *group;
	struct str text = STR_INIT;
	size_t n = 0;

	vec_each (group, &t->r->grouping.groups) {
		const struct estimate *e = estimate_of(group, METRIC_REELECTION);

		if (e->modes.n < 2 || findings_is_noop(t, group))
			continue;
		if (!n)
			str_add(&text, "Re-election times gather at more than one place, ");
		if (n < FINDINGS_EACH) {
			str_add(&text, n ? "; " : "");
			add_modes(&text, t, group);
		}
		n++;
	}
	if (n > FINDINGS_EACH)
		str_addf(&text, "; and so in %zu more set-ups", n - FINDINGS_EACH);
	if (n)
		str_add(&text, ": a single mean or median does not describe them.");
	findings_add(t, FINDING_CAUTION, &text);
}

void findings_times(struct telling *t)
{
	const struct group *group;
	size_t n = count_groups(t, METRIC_REELECTION);

	vec_each (group, &t->r->grouping.groups)
		if (n <= FINDINGS_EACH && estimate_of(group, METRIC_REELECTION)->n &&
		    !findings_is_noop(t, group))
			say_headline(t, group);
	if (n > FINDINGS_EACH)
		say_medians(t, METRIC_REELECTION, "A new master was seen ",
			    is_watched(t) ? " after the first sign" : " after the fault");
	say_modes(t);
	say_medians(t, METRIC_SPREAD,
		    "From the first survivor that showed the new master to the last it took ", "");
	say_medians(t, METRIC_REJOIN, "The node was back ", " after its start was asked for");
	say_medians(t, METRIC_REDUNDANCY, "Voters and health were as before ",
		    " after that start was asked for");
}
