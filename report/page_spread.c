#include "report/page_spread.h"
#include <math.h>
#include <string.h>

static bool level_varies(const struct grouping *grouping, const char *name)
{
	const json_t *first = json_object_get(grouping->groups.v[0].factors, name);

	for (size_t i = 1; i < grouping->groups.n; i++)
		if (!json_equal(first, json_object_get(grouping->groups.v[i].factors, name)))
			return true;
	return false;
}

/* The factor whose levels share a panel: the size where there are several, else the last one that
 * varies. NULL: none does. */
static const char *compared_factor(const struct grouping *grouping)
{
	const char *last = NULL;

	for (size_t i = 0; i < grouping->names.n; i++) {
		const char *name = grouping->names.v[i];

		if (!level_varies(grouping, name))
			continue;
		if (strcmp(name, "master_eligible") == 0)
			return name;
		last = name;
	}
	return last ? last : grouping->names.n ? grouping->names.v[0] : NULL;
}

static void name_series(const struct page *page, const char *compared, struct series *s)
{
	const struct grouping *grouping = &page->recording->grouping;
	struct str title = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++) {
		char *text = page_level_label(page, s->group, i);

		if (compared && strcmp(grouping->names.v[i], compared) == 0)
			s->label = mem_strdup(text);
		else
			str_addf(&title, "%s%s", title.n ? ", " : "", text);
		free(text);
	}
	if (!s->label)
		s->label = mem_strdup("all trials");
	s->title = title.n ? str_take(&title) : mem_strdup("");
	str_done(&title);
}

/* A full panel goes on in another one. */
static void place_series(struct spread *d, struct series *s)
{
	s->panel = d->n_panels;
	for (size_t i = 0; i < d->series.n; i++)
		if (strcmp(d->series.v[i].title, s->title) == 0) {
			s->panel = d->series.v[i].panel;
			s->place = d->series.v[i].place + 1;
		}
	if (s->place == PAGE_MAX_SERIES) {
		s->place = 0;
		s->panel = d->n_panels;
	}
	d->n_panels += s->panel == d->n_panels;
}

static void make_curve(struct series *s)
{
	VEC(struct stats_time) times = {0};
	const struct estimate_trial *trial;

	vec_each (trial, &s->trials)
		vec_push(&times, (struct stats_time){trial->value, trial->censored});
	stats_survival(&(struct stats_times){times.v, times.n}, ESTIMATE_CONFIDENCE, &s->curve);
	vec_done(&times);
}

/* A few trials that took fifty times as long as the quick half would press it into the margin. */
static void choose_axis(struct spread *d)
{
	group_values all = {0};
	const struct series *s;
	double low, high, finest = INFINITY;

	vec_each (s, &d->series) {
		finest = fmin(finest, 2 * estimate_half_width(s->estimate, STATS_P50));
		for (size_t i = 0; i < s->values.n; i++)
			vec_push(&all, s->values.v[i]);
	}
	if (all.n) {
		stats_sort(all.v, all.n);
		low = all.v[0];
		high = all.v[all.n - 1];
		d->longest = high;
		d->bins = bins_choose(all.v, all.n, isfinite(finest) ? finest : 0);
		d->log = low > 1e-4 && high / stats_quantile(all.v, all.n, all.n, 0.5) > 30;
		d->from = d->log ? low * 0.9 : low < (high - low) ? 0 : d->bins.from;
		d->to = high + (d->log ? high * 0.1 : (high - d->from) * 0.03);
		if (!d->log)
			d->to = fmax(d->to, bins_edge(&d->bins, BINS_MIN));
	}
	vec_done(&all);
}

void spread_make(const struct page *page, enum metric metric, struct spread *ret)
{
	const struct recording *r = page->recording;
	const struct group *group;
	const char *compared;

	*ret = (struct spread){.metric = metric};
	if (!r->grouping.groups.n)
		return;
	compared = compared_factor(&r->grouping);
	vec_each (group, &r->grouping.groups) {
		struct series s = {.group = group, .estimate = &group->estimates[metric]};
		size_t n_censored;

		if (!s.estimate->n)
			continue;
		group_collect(&r->model, group, metric, &s.trials);
		group_observed(&r->model, group, metric, &s.values, &n_censored);
		ret->has_censored |= n_censored > 0;
		name_series(page, compared, &s);
		place_series(ret, &s);
		make_curve(&s);
		vec_push(&ret->series, s);
	}
	choose_axis(ret);
}

void spread_done(struct spread *d)
{
	struct series *s;

	vec_each (s, &d->series) {
		free(s->label);
		free(s->title);
		vec_done(&s->trials);
		vec_done(&s->values);
		stats_survival_done(&s->curve);
	}
	vec_done(&d->series);
}

void spread_axis(const struct spread *d, double left, double right, struct svg_axis *ret)
{
	*ret = (struct svg_axis){.from = d->from,
				 .to = d->to,
				 .at = left,
				 .length = right - left,
				 .title = d->log ? "seconds (logarithmic)" : "seconds"};
	if (d->log)
		svg_ticks_log(ret);
	else
		svg_ticks(ret, 6);
}

size_t spread_panel(const struct spread *d, size_t panel, const struct series *ret[PAGE_MAX_SERIES])
{
	size_t n = 0;

	for (size_t i = 0; i < d->series.n && n < PAGE_MAX_SERIES; i++)
		if (d->series.v[i].panel == panel)
			ret[n++] = &d->series.v[i];
	return n;
}
