/* The one table of a comparison: a line for each pair. */
#include "report/compare_report.h"
#include "report/factor.h"
#include <math.h>

bool compare_makes_strata(const struct compare_report *report, size_t factor)
{
	return !report->of.is_compared[factor] && report->of.varies[factor];
}

size_t compare_n_keys(const struct compare_report *report)
{
	size_t n = 3; /* metric, a, b */

	for (size_t f = 0; f < report->grouping.names.n; f++)
		n += compare_makes_strata(report, f);
	return n;
}

static char *seconds_text(double v)
{
	return isfinite(v) ? mem_printf("%.3f", fabs(v) < 0.0005 ? 0.0 : v) : mem_strdup("-");
}

static void add_p(struct table *table, double p)
{
	if (isnan(p))
		table_add(table, "-");
	else if (p < 0.001)
		table_add(table, "<0.001");
	else
		table_addf(table, "%.3f", p);
}

static double median_of(const struct compare_report *report, const struct comparison *comparison,
			size_t place)
{
	return report->grouping.groups.v[place].estimates[comparison->metric].of[STATS_P50].value;
}

static void add_pair(struct table *table, const struct compare_report *report,
		     const struct comparison *comparison, const struct compare_pair *pair)
{
	const struct group *a = &report->grouping.groups.v[pair->a];
	const struct group *b = &report->grouping.groups.v[pair->b];
	char *of_a = seconds_text(median_of(report, comparison, pair->a));
	char *of_b = seconds_text(median_of(report, comparison, pair->b));

	table_add(table, metric_names[comparison->metric]);
	for (size_t f = 0; f < report->grouping.names.n; f++)
		if (compare_makes_strata(report, f))
			table_add_take(table, group_level_text(&report->grouping, a, f));
	table_add_take(table, compare_label(&report->of, &report->grouping, a));
	table_add_take(table, compare_label(&report->of, &report->grouping, b));
	table_addf(table, "%zu, %zu", pair->n_a, pair->n_b);
	table_addf(table, "%s, %s", of_a, of_b);
	table_add_take(table, seconds_text(pair->shift_s));
	free(of_a);
	free(of_b);
	if (isfinite(pair->shift_lo_s))
		table_addf(table, "%.3f to %.3f", pair->shift_lo_s, pair->shift_hi_s);
	else
		table_add(table, "-");
	add_p(table, pair->p_holm);
	table_add(table, compare_difference(pair));
	if (isnan(pair->superiority))
		table_add(table, "-");
	else
		table_addf(table, "%.0f %%", pair->superiority * 100);
	if (pair->n_needed)
		table_addf(table, "%zu", pair->n_needed);
	else
		table_add(table, "-");
}

void compare_add_pairs(const struct compare_report *report, struct table *to)
{
	/* what there may be no room for comes last */
	static const struct {
		const char *name;
		bool right, stays;
	} heads[] = {{"n", true, false},     {"medians", true, false},	{"b - a", true, false},
		     {"95 %", true, true},   {"p (Holm)", true, false}, {"difference", false, true},
		     {"b > a", true, false}, {"needs", true, false}};
	const struct comparison *comparison;
	const struct compare_pair *pair;

	table_column(to, "seconds", false);
	for (size_t f = 0; f < report->grouping.names.n; f++)
		if (compare_makes_strata(report, f))
			table_column(to, factor_title(report->grouping.names.v[f]), false);
	table_column(to, "a", false);
	table_column(to, "b", false);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		table_column(to, heads[i].name, heads[i].right);
		if (heads[i].stays)
			table_stays(to);
	}
	vec_each (comparison, &report->of.all)
		vec_each (pair, &comparison->pairs)
			add_pair(to, report, comparison, pair);
}
