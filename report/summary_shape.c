/* The times of each metric and group: how they are spread, which stand apart, how many humps. */
#include "report/phrase.h"
#include "report/summary_impl.h"
#include <math.h>
#include <string.h>

enum { MAX_NAMED = 3 };

struct outlier {
	int64_t trial;
	double away; /* from the median */
};

static int by_distance(const void *a, const void *b)
{
	const struct outlier *x = a, *y = b;

	if (x->away != y->away)
		return x->away > y->away ? -1 : 1;
	return (x->trial > y->trial) - (x->trial < y->trial);
}

/* "2: trials 17, 4"; those furthest away first, the others counted only. */
static char *outliers_text(const struct model *model, const struct group *g, enum metric metric)
{
	const struct estimate *e = &g->estimates[metric];
	size_t n = e->n_outside + e->n_far_out;
	VEC(struct outlier) all = {0};
	group_trials trials = {0};
	struct str text = STR_INIT;

	if (!stats_known(e->fences.inner_lo))
		return mem_strdup("-");
	if (!n)
		return mem_strdup("0");
	group_collect(model, g, metric, &trials);
	for (size_t i = 0; i < trials.n; i++)
		if (estimate_place(e, &trials.v[i]) != STATS_INSIDE)
			vec_push(&all, (struct outlier){
					       model->trials.v[trials.v[i].place].id,
					       fabs(trials.v[i].value - e->of[STATS_P50].value)});
	qsort(all.v, all.n, sizeof *all.v, by_distance);
	str_addf(&text, "%zu: trial%s ", n, n > 1 ? "s" : "");
	for (size_t i = 0; i < all.n && i < MAX_NAMED; i++)
		str_addf(&text, "%s%lld", i ? ", " : "", (long long)all.v[i].trial);
	str_add(&text, n > MAX_NAMED ? ", ..." : "");
	vec_done(&all);
	vec_done(&trials);
	return str_take(&text);
}

/* "2 humps: 0.26 s (60 %), 0.75 s (40 %)": the share of the trials that belong to each. */
static char *humps_text(const struct estimate *e, int digits)
{
	const struct stats_modes *modes = &e->modes;
	struct str text = STR_INIT;

	if (!modes->n)
		return mem_strdup("-");
	if (modes->n == 1)
		return mem_strdup("1 hump");
	str_addf(&text, "%zu humps: ", modes->n);
	for (size_t i = 0; i < modes->n; i++) {
		str_addf(&text, "%s%.*f s (", i ? ", " : "", digits < 3 ? digits : 2,
			 modes->of[i].at);
		phrase_add_percent(&text, (double)modes->of[i].n / (double)e->n);
		str_add(&text, " %)");
	}
	return str_take(&text);
}

void summary_shape(struct str *out, const struct summary *summary, bool markdown)
{
	static const char *const heads[] = {"mean", "sd", "±"};
	const struct model *model = &summary->recording->model;
	const struct grouping *grouping = &summary->recording->grouping;
	struct table table = {.part_blocks = grouping->groups.n > 1};
	const struct group *g;

	table_column(&table, "seconds", false);
	summary_factor_columns(&table, grouping, true);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		table_column(&table, heads[i], true);
	table_column(&table, "outliers", false);
	table_column(&table, "shape", false);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];
		int digits = summary_digits(grouping, m);

		vec_each (g, &grouping->groups) {
			const struct estimate *e = &g->estimates[m];

			if (!summary->metrics[m] || !summary_has(grouping, m))
				continue;
			table_add(&table, metric_names[m]);
			summary_levels(&table, grouping, g);
			table_add_take(&table, summary_time(e->of[STATS_MEAN].value, digits));
			table_add_take(&table, summary_time(e->of[STATS_SD].value, digits));
			table_add_take(&table, summary_time(estimate_half_width(e, STATS_P50), 3));
			table_add_take(&table, outliers_text(model, g, m));
			table_add_take(&table, humps_text(e, digits));
		}
	}
	summary_put_table(out, &table, markdown);
	table_done(&table);
}
