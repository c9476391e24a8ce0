/* What the tables of a summary do not say by themselves: only what applies to them. */
#include "report/summary_impl.h"
#include <math.h>

/* What some shown figure has or lacks. */
struct facts {
	bool lacks_value[N_STATS], lacks_interval[N_STATS];
	bool censored, left_censored, beyond, interval, open_interval, outliers;
};

static void look(struct facts *facts, const struct estimate *e)
{
	for (int f = 0; f < N_STATS; f++) {
		const struct estimate_figure *figure = &e->of[f];

		facts->lacks_value[f] |= e->n && figure->needs;
		facts->lacks_interval[f] |= e->n && figure->ci_needs;
		facts->beyond |= estimate_is_beyond(e, f);
		facts->interval |= stats_known(figure->ci_lo);
		facts->open_interval |= isinf(figure->ci_hi);
	}
	facts->censored |= e->n_censored > 0;
	facts->left_censored |= e->n_left_censored > 0;
	facts->outliers |= e->n_outside + e->n_far_out > 0;
}

static void look_at_all(struct facts *facts, const struct summary *summary)
{
	const struct group *g;

	*facts = (struct facts){.beyond = false};
	vec_each (g, &summary->recording->grouping.groups)
		for (int m = 0; m < N_METRICS; m++)
			if (summary->metrics[m])
				look(facts, &g->estimates[m]);
}

static bool has_column_of_intervals(int figure)
{
	return figure == STATS_P50 || figure == STATS_P95;
}

static void add_need(struct str *out, size_t *n_added, const char *what, size_t needs)
{
	str_addf(out, *n_added ? ", %s %zu" : "-: %s needs n >= %zu", what, needs);
	++*n_added;
}

/* "-: p90 needs n >= 10, p95 20, its interval 59, p99 100." */
static void add_needs(struct str *out, const struct facts *facts)
{
	size_t n_added = 0;

	for (int f = 0; f < N_STATS; f++) {
		size_t needs = stats_interval_needs(stats_share_of[f], ESTIMATE_CONFIDENCE);
		const char *interval = f == STATS_P50	       ? "the median's interval"
				       : facts->lacks_value[f] ? "its interval"
							       : "p95's interval";

		if (facts->lacks_value[f])
			add_need(out, &n_added, stats_names[f], stats_needs[f]);
		if (facts->lacks_interval[f] && has_column_of_intervals(f))
			add_need(out, &n_added, interval, needs);
	}
	if (n_added)
		str_add(out, ".\n");
}

static void add_unmeasured(struct str *out, const struct summary *summary)
{
	const char *before = "No trial measured ";

	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];

		if (!summary->metrics[m] || summary_has(&summary->recording->grouping, m))
			continue;
		str_addf(out, "%s%s", before, metric_names[m]);
		before = ", ";
	}
	if (*before == ',')
		str_add(out, ".\n");
}

static void add_meanings(struct str *out, const struct facts *facts)
{
	if (facts->interval)
		str_add(out, "95 % CI: with 95 % confidence the true figure lies there, whatever "
			     "the distribution.\n");
	str_add(out, "±: half the width of the interval in which the median lies, by what was "
		     "polled.\n");
	if (facts->censored)
		str_add(out, "cens: ran into the limit, so took longer than could be watched. "
			     "Quantiles are then Kaplan-Meier's,\n"
			     "      and max, mean and sd are not known.\n");
	if (facts->beyond || facts->open_interval)
		str_add(out, ">: longer than that; the trials do not show by how much.\n");
	if (facts->left_censored)
		str_add(out, "Some were over before the first poll: they took between 0 and what "
			     "the poll shows.\n");
	if (facts->outliers)
		str_add(out, "outliers: more than 1.5 interquartile ranges outside the quartiles; "
			     "they count like all others.\n");
}

void summary_notes(struct str *out, const struct summary *summary)
{
	const struct model *model = &summary->recording->model;
	struct facts facts;

	str_add(out, "\n");
	if (summary_has_any(summary)) {
		look_at_all(&facts, summary);
		str_addf(out, "Times after a fault count from %s.\n", model_from_text(model));
		add_meanings(out, &facts);
		add_needs(out, &facts);
	}
	add_unmeasured(out, summary);
	if (model_has_fault(model, "watched"))
		str_add(out, "watched: nobody told what was done or when; it counts from the first "
			     "sign.\n");
	if (model->has_noop)
		str_add(out, "noop: nothing was done; its figures are the noise floor, below which "
			     "the others say nothing.\n");
}
