/* The figures for programs that read tables. Columns are only ever added, at the end. */
#include "report/summary_impl.h"
#include <math.h>

static const char *const counts[] = {"contested", "elections", "failed", "trials"};

static void column(struct table *table, const char *stem, const char *end)
{
	char *name = mem_printf("%s%s", stem, end);

	table_column(table, name, true);
	free(name);
}

static void add_columns(struct table *table)
{
	static const char *const last[] = {"last", "outside", "far_out", "modes", "modes_at"};

	for (int f = 0; f < N_STATS; f++)
		table_column(table, stats_names[f], true);
	for (int f = 0; f < N_BOUNDED_STATS; f++) {
		column(table, stats_names[f], "_lo");
		column(table, stats_names[f], "_hi");
	}
	table_column(table, "origin", false);
	table_column(table, "left_censored", true);
	table_column(table, "method", false);
	for (int f = STATS_P25; f <= STATS_P99; f++) {
		column(table, stats_names[f], "_ci_lo");
		column(table, stats_names[f], "_ci_hi");
		column(table, stats_names[f], "_ci_needs");
	}
	for (int f = 0; f < N_STATS; f++)
		column(table, stats_names[f], "_needs");
	for (size_t i = 0; i < sizeof last / sizeof *last; i++)
		table_column(table, last[i], true);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		table_column(table, counts[i], true);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i += 2) {
		column(table, counts[i], "_lo");
		column(table, counts[i], "_hi");
	}
	table_column(table, "not_recovered", true);
	column(table, "not_recovered", "_lo");
	column(table, "not_recovered", "_hi");
}

static void add_needs(struct table *table, size_t needs)
{
	if (needs)
		table_addf(table, "%zu", needs);
	else
		table_add(table, "");
}

static void add_modes(struct table *table, const struct stats_modes *modes)
{
	struct str places = STR_INIT;

	str_add(&places, "");
	for (size_t i = 0; i < modes->n; i++)
		str_addf(&places, "%s%.12g", i ? ";" : "", modes->of[i].at);
	table_addf(table, "%zu", modes->n);
	table_add_take(table, str_take(&places));
}

static void add_estimate(struct table *table, const struct estimate *e, const char *origin)
{
	for (int f = 0; f < N_STATS; f++)
		table_add_figure(table, e->of[f].value);
	for (int f = 0; f < N_BOUNDED_STATS; f++) {
		table_add_figure(table, e->of[f].lo);
		table_add_figure(table, e->of[f].hi);
	}
	table_add(table, origin);
	table_addf(table, "%zu", e->n_left_censored);
	table_add(table, estimate_methods[e->method]);
	for (int f = STATS_P25; f <= STATS_P99; f++) {
		table_add_figure(table, e->of[f].ci_lo);
		table_add_figure(table, e->of[f].ci_hi);
		add_needs(table, e->of[f].ci_needs);
	}
	for (int f = 0; f < N_STATS; f++)
		add_needs(table, e->of[f].needs);
	table_add_figure(table, e->last_s);
	table_addf(table, "%zu", e->n_outside);
	table_addf(table, "%zu", e->n_far_out);
	add_modes(table, &e->modes);
}

static void add_shares(struct table *table, const struct group *g)
{
	const struct estimate_share *shares[] = {&g->contested, &g->failed};

	for (size_t i = 0; i < 2; i++) {
		table_addf(table, "%zu", shares[i]->k);
		table_addf(table, "%zu", shares[i]->n);
	}
	for (size_t i = 0; i < 2; i++) {
		table_add_figure(table, shares[i]->lo);
		table_add_figure(table, shares[i]->hi);
	}
	table_addf(table, "%zu", g->not_recovered.k);
	table_add_figure(table, g->not_recovered.lo);
	table_add_figure(table, g->not_recovered.hi);
}

void summary_print_csv(const struct summary *summary, struct str *ret_text)
{
	const struct recording *recording = summary->recording;
	const struct grouping *grouping = &recording->grouping;
	struct table table = {0};
	const struct group *g;

	summary_factor_columns(&table, grouping, false);
	table_column(&table, "metric", false);
	table_column(&table, "unit", false);
	table_column(&table, "n", true);
	table_column(&table, "censored", true);
	add_columns(&table);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];

		vec_each (g, &grouping->groups) {
			if (!summary->metrics[m])
				continue;
			summary_levels(&table, grouping, g);
			table_add(&table, metric_names[m]);
			table_add(&table, "s");
			table_addf(&table, "%zu", g->estimates[m].n);
			table_addf(&table, "%zu", g->estimates[m].n_censored);
			add_estimate(&table, &g->estimates[m],
				     origin_names[metric_origin(m, recording->model.from)]);
			add_shares(&table, g);
		}
	}
	table_print_csv(&table, ret_text);
	table_done(&table);
}
