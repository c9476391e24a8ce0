/* The times of each metric and group: how they are spread, which stand apart, how many humps. */
#include "report/phrase.h"
#include "report/spark.h"
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
	if (all.n)
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

/* What the rows of one metric share. */
struct block {
	enum metric metric;
	int digits;
	double from_s, to_s; /* the shortest and the longest observed time of all groups */
};

static struct block block_of(const struct recording *recording, enum metric metric)
{
	struct block block = {metric, summary_digits(&recording->grouping, metric), NAN, NAN};
	group_values values = {0};
	const struct group *g;
	size_t n_censored;

	vec_each (g, &recording->grouping.groups) {
		group_observed(&recording->model, g, metric, &values, &n_censored);
		if (!values.n)
			continue;
		block.from_s = fmin(block.from_s, values.v[0]);
		block.to_s = fmax(block.to_s, values.v[values.n - 1]);
	}
	vec_done(&values);
	return block;
}

/* "0.14 ▁▂▅▇███ 1.62": what share was over at each time between the two. */
static char *spark_text(const struct model *model, const struct group *g, const struct block *block)
{
	group_trials trials = {0};
	VEC(struct stats_time) times = {0};
	struct str text = STR_INIT;

	if (!g->estimates[block->metric].n || !(block->from_s < block->to_s))
		return mem_strdup("-");
	group_collect(model, g, block->metric, &trials);
	for (size_t i = 0; i < trials.n; i++)
		vec_push(&times, (struct stats_time){trials.v[i].censored ? trials.v[i].lo
									  : trials.v[i].value,
						     trials.v[i].censored});
	str_addf(&text, "%.2f ", block->from_s);
	spark_add(&text, &(struct stats_times){times.v, times.n}, block->from_s, block->to_s);
	str_addf(&text, " %.2f", block->to_s);
	vec_done(&times);
	vec_done(&trials);
	return str_take(&text);
}

/* Which columns a table has. */
struct shown {
	bool figures, outliers, humps, sparklines;
};

/* Those that some row can fill. */
static struct shown choose_columns(const struct summary *summary)
{
	struct shown shown = {.figures = true, .sparklines = summary->columns};
	const struct group *g;

	vec_each (g, &summary->recording->grouping.groups)
		for (int m = 0; m < N_METRICS; m++) {
			const struct estimate *e = &g->estimates[m];

			shown.outliers |= summary->metrics[m] && stats_known(e->fences.inner_lo);
			shown.humps |= summary->metrics[m] && e->modes.n;
		}
	return shown;
}

static void add_row(struct table *table, const struct model *model, const struct group *g,
		    const struct block *block, const struct shown *shown)
{
	const struct estimate *e = &g->estimates[block->metric];

	if (shown->figures) {
		table_add_take(table, summary_time(e->of[STATS_MEAN].value, block->digits));
		table_add_take(table, summary_time(e->of[STATS_SD].value, block->digits));
		table_add_take(table, summary_time(estimate_half_width(e, STATS_P50), 3));
	}
	if (shown->sparklines)
		table_add_take(table, spark_text(model, g, block));
	if (shown->outliers)
		table_add_take(table, outliers_text(model, g, block->metric));
	if (shown->humps)
		table_add_take(table, humps_text(e, block->digits));
}

static void add_heads(struct table *table, const struct grouping *grouping,
		      const struct shown *shown)
{
	table_column(table, "seconds", false);
	summary_factor_columns(table, grouping, true);
	if (shown->figures) {
		table_column(table, "mean", true);
		table_column(table, "sd", true);
		table_column(table, "±", true);
	}
	if (shown->sparklines)
		table_column(table, "share over within", true);
	if (shown->outliers)
		table_column(table, "outliers", false);
	if (shown->humps)
		table_column(table, "shape", false);
}

static void make_table(const struct summary *summary, const struct shown *shown, struct table *ret)
{
	const struct recording *recording = summary->recording;
	const struct grouping *grouping = &recording->grouping;
	const struct group *g;

	*ret = (struct table){.part_blocks = grouping->groups.n > 1};
	add_heads(ret, grouping, shown);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];
		struct block block;

		if (!summary->metrics[m] || !summary_has(grouping, m))
			continue;
		block = block_of(recording, m);
		vec_each (g, &grouping->groups) {
			table_add(ret, metric_names[m]);
			summary_levels(ret, grouping, g);
			add_row(ret, &recording->model, g, &block, shown);
		}
	}
}

/* Sparklines stand beside the figures where the terminal is wide enough, else below them. */
void summary_shape(struct str *out, const struct summary *summary, bool markdown)
{
	const struct shown sparklines = {.sparklines = true};
	struct shown shown = choose_columns(summary);
	size_t n_keys = summary->recording->grouping.names.n + 1;
	struct table table;

	make_table(summary, &shown, &table);
	if (shown.sparklines && table_width(&table) > summary->columns) {
		table_done(&table);
		shown.sparklines = false;
		make_table(summary, &shown, &table);
		summary_put_table(out, summary, &table, n_keys, markdown);
		table_done(&table);
		make_table(summary, &sparklines, &table);
	}
	summary_put_table(out, summary, &table, n_keys, markdown);
	table_done(&table);
}
