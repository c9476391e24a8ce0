/* The times of each metric and group: quantiles with their intervals. */
#include "report/summary_impl.h"
#include <math.h>

/* What a column shows of a figure. */
enum part { VALUE, INTERVAL };

struct column {
	enum stats_figure figure;
	enum part part;
	const char *head;
};

static const struct column columns[] = {
	{STATS_MIN, VALUE, "min"},    {STATS_P25, VALUE, "p25"},
	{STATS_P50, VALUE, "median"}, {STATS_P50, INTERVAL, "95 % CI"},
	{STATS_P75, VALUE, "p75"},    {STATS_P90, VALUE, "p90"},
	{STATS_P95, VALUE, "p95"},    {STATS_P95, INTERVAL, "95 % CI"},
	{STATS_P99, VALUE, "p99"},    {STATS_MAX, VALUE, "max"},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

bool summary_has(const struct grouping *grouping, enum metric metric)
{
	const struct group *g;

	vec_each (g, &grouping->groups)
		if (g->estimates[metric].n)
			return true;
	return false;
}

bool summary_has_any(const struct summary *summary)
{
	for (int m = 0; m < N_METRICS; m++)
		if (summary->metrics[m] &&
		    summary_has(&summary->recording->grouping, (enum metric)m))
			return true;
	return false;
}

/* The figure nearest to the middle that is known. */
static double middle_of(const struct estimate *e)
{
	static const enum stats_figure figures[] = {STATS_P50, STATS_P25, STATS_MIN};

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		if (stats_known(e->of[figures[i]].value))
			return e->of[figures[i]].value;
	return e->last_s;
}

int summary_digits(const struct grouping *grouping, enum metric metric)
{
	const struct group *g;
	double most = 0;

	/* By the middle: one trial that took minutes must not blur all the others. */
	vec_each (g, &grouping->groups)
		most = fmax(most, middle_of(&g->estimates[metric])); /* NAN: passed over */
	return most < 9.9995 ? 3 : most < 99.995 ? 2 : 1;
}

char *summary_time(double seconds, int digits)
{
	return stats_known(seconds) ? mem_printf("%.*f", digits, seconds) : mem_strdup("-");
}

static char *value_text(const struct estimate *e, enum stats_figure figure, int digits)
{
	if (estimate_is_beyond(e, figure))
		return mem_printf("> %.*f", digits, e->last_s);
	return summary_time(e->of[figure].value, digits);
}

static char *interval_text(const struct estimate_figure *figure, int digits)
{
	if (!stats_known(figure->ci_lo))
		return mem_strdup("-");
	if (isinf(figure->ci_hi))
		return mem_printf("> %.*f", digits, figure->ci_lo);
	return mem_printf("%.*f–%.*f", digits, figure->ci_lo, digits, figure->ci_hi);
}

static bool is_given(const struct estimate *e, const struct column *column)
{
	if (column->part == INTERVAL)
		return stats_known(e->of[column->figure].ci_lo);
	return stats_known(e->of[column->figure].value) || estimate_is_beyond(e, column->figure);
}

/* A column that is empty in every row is left out; the notes say what it would need. */
static bool is_shown(const struct summary *summary, const struct column *column)
{
	const struct group *g;

	vec_each (g, &summary->recording->grouping.groups)
		for (int m = 0; m < N_METRICS; m++)
			if (summary->metrics[m] && is_given(&g->estimates[m], column))
				return true;
	return false;
}

static void add_row(struct table *table, const struct estimate *e, const bool *shown, int digits)
{
	table_addf(table, "%zu", e->n);
	table_addf(table, "%zu", e->n_censored);
	for (size_t c = 0; c < N_COLUMNS; c++)
		if (shown[c])
			table_add_take(table,
				       columns[c].part == INTERVAL
					       ? interval_text(&e->of[columns[c].figure], digits)
					       : value_text(e, columns[c].figure, digits));
}

void summary_figures(struct str *out, const struct summary *summary, bool markdown)
{
	const struct grouping *grouping = &summary->recording->grouping;
	struct table table = {.part_blocks = grouping->groups.n > 1};
	const struct group *g;
	bool shown[N_COLUMNS];

	table_column(&table, "seconds", false);
	summary_factor_columns(&table, grouping, true);
	table_column(&table, "n", true);
	table_column(&table, "cens", true);
	for (size_t c = 0; c < N_COLUMNS; c++) {
		shown[c] = is_shown(summary, &columns[c]);
		if (!shown[c])
			continue;
		table_column(&table, columns[c].head, true);
		if (columns[c].part == INTERVAL)
			table_stays(&table);
	}
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];
		int digits = summary_digits(grouping, m);

		vec_each (g, &grouping->groups) {
			if (!summary->metrics[m] || !summary_has(grouping, m))
				continue;
			table_add(&table, metric_names[m]);
			summary_levels(&table, grouping, g);
			add_row(&table, &g->estimates[m], shown, digits);
		}
	}
	summary_put_table(out, summary, &table, grouping->names.n + 1, markdown);
	table_done(&table);
}
