#include "report/summary.h"
#include "report/factor.h"
#include "report/table.h"
#include "report/witness.h"
#include <inttypes.h>
#include <string.h>

/* Adds text unless the comma-separated list holds it already. */
static void add_distinct(struct str *list, const char *text)
{
	size_t n = strlen(text);

	for (const char *p = list->n ? list->s : NULL; p; p = strstr(p, ", ")) {
		p += *p == ',' ? 2 : 0;
		if (strncmp(p, text, n) == 0 && (!p[n] || p[n] == ','))
			return;
	}
	str_addf(list, "%s%s", list->n ? ", " : "", text);
}

static void add_number(struct str *list, int64_t number)
{
	char *text = mem_printf("%" PRId64, number);

	add_distinct(list, text);
	free(text);
}

char *summary_clusters(const struct model *model, size_t study)
{
	struct str products = STR_INIT, nodes = STR_INIT, sizes = STR_INIT, text = STR_INIT;
	const struct model_cluster *c;
	bool insecure = false;

	vec_each (c, &model->clusters) {
		char *product;

		if (c->study != study)
			continue;
		product = mem_printf("%s %s", c->product ? c->product : "product",
				     c->version ? c->version : "not seen");
		add_distinct(&products, product);
		free(product);
		add_number(&nodes, c->n_nodes);
		add_number(&sizes, c->master_eligible);
		insecure = insecure || c->insecure;
	}
	if (products.n)
		str_addf(&text, "%s; %s nodes, %s of them master-eligible", products.s, nodes.s,
			 sizes.s);
	else
		str_add(&text, "none yet");
	if (insecure)
		str_add(&text, "; INSECURE: certificates were not checked");
	str_done(&products);
	str_done(&nodes);
	str_done(&sizes);
	return str_take(&text);
}

char *summary_trials(const struct model *model, size_t study, bool include_warmup)
{
	size_t n_of[N_OUTCOMES] = {0}, n = 0, n_warmup = 0;
	const struct model_trial *trial;
	struct str text = STR_INIT;
	const char *before = ": ";

	vec_each (trial, &model->trials) {
		if (trial->study != study)
			continue;
		n++;
		n_warmup += trial->warmup;
		n_of[trial->outcome] += !trial->warmup || include_warmup;
	}
	str_addf(&text, "%zu recorded, %" PRId64 " planned", n + model->studies.v[study].n_left_out,
		 model->studies.v[study].trials_planned);
	if (model->is_chosen)
		str_addf(&text, ", %zu chosen", n);
	for (int o = 0; o < N_OUTCOMES; o++) {
		if (!n_of[o])
			continue;
		str_addf(&text, "%s%zu %s", before, n_of[o], outcome_names[o]);
		before = ", ";
	}
	if (n_warmup)
		str_addf(&text, "; %zu warm-up%s %s", n_warmup, n_warmup > 1 ? "s" : "",
			 include_warmup ? "included" : "left out");
	return str_take(&text);
}

char *summary_incidents(const struct model_study *study)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < study->incidents.n; i++)
		str_addf(&text, "%s%s %" PRId64, i ? ", " : "", study->incidents.v[i].kind,
			 study->incidents.v[i].n);
	return text.n ? str_take(&text) : mem_strdup("none");
}

static void print_fact(struct str *out, bool md, const char *name, const char *text)
{
	if (md)
		str_addf(out, "- %s: %s\n", name, text);
	else
		str_addf(out, "%-10s %s\n", name, text);
}

static void print_sign_offs(struct str *out, const struct study_record *record, bool md)
{
	const struct study_sign_off *s;

	vec_each (s, &record->sign_offs) {
		char *text = study_sign_off_text(s);

		print_fact(out, md, "sign-off", text);
		free(text);
	}
}

static void print_study(struct str *out, const struct summary *summary, size_t i, bool md)
{
	const struct model_study *study = &summary->recording->model.studies.v[i];
	char *clusters = summary_clusters(&summary->recording->model, i);
	char *trials = summary_trials(&summary->recording->model, i,
				      summary->recording->grouping.include_warmup);
	char *incidents = summary_incidents(study);
	char *witness = witness_text(study);
	char *rto = study_rto_text(&summary->recording->model, i);

	if (md)
		str_addf(out, "%s## Study %s\n\n", i ? "\n" : "", study->label);
	else
		str_addf(out, "%s%-10s %s\n", i ? "\n" : "", "study", study->label);
	if (study->objective)
		print_fact(out, md, "objective", study->objective);
	if (rto)
		print_fact(out, md, "RTO", rto);
	print_fact(out, md, "clusters", clusters);
	print_fact(out, md, "trials", trials);
	if (summary->recording->chosen)
		print_fact(out, md, "only", summary->recording->chosen);
	print_fact(out, md, "incidents", incidents);
	if (witness)
		print_fact(out, md, "witness", witness);
	print_sign_offs(out, &study->record, md);
	if (!study->is_finished)
		print_fact(out, md, "note", "the schedule of this study is not through");
	free(clusters);
	free(trials);
	free(incidents);
	free(witness);
	free(rto);
}

static void print_table(struct str *out, const struct table *table, bool md)
{
	str_add(out, "\n");
	if (md)
		table_print_md(table, out);
	else
		table_print(table, out);
}

static void add_factor_columns(struct table *table, const struct grouping *grouping, bool titles)
{
	for (size_t i = 0; i < grouping->names.n; i++) {
		const char *name = grouping->names.v[i];
		bool number = grouping->groups.n > 0;

		for (size_t g = 0; g < grouping->groups.n; g++)
			number &= json_is_number(
				json_object_get(grouping->groups.v[g].factors, name));
		table_column(table, titles ? factor_title(name) : name, number);
	}
}

static void add_levels(struct table *table, const struct grouping *grouping,
		       const struct group *group)
{
	for (size_t i = 0; i < grouping->names.n; i++)
		table_add_take(table, group_level_text(grouping, group, i));
}

/* Only where there is something to count. */
static void add_more_columns(struct table *table, const struct model *model)
{
	if (model->has_writes) {
		table_column(table, "acked", true);
		table_column(table, "lost", true);
	}
	if (model->has_noop)
		table_column(table, "false changes", true);
}

static void add_more_counts(struct table *table, const struct model *model, const struct group *g)
{
	if (model->has_writes) {
		table_addf(table, "%" PRId64, g->n_acknowledged);
		table_addf(table, "%" PRId64, g->n_lost);
	}
	if (model->has_noop)
		table_addf(table, "%" PRId64, g->n_false_changes);
}

static void print_outcomes(struct str *out, const struct model *model,
			   const struct grouping *grouping, bool md)
{
	static const char *const heads[] = {"trials", "recovered", "censored",
					    "failed", "aborted",   "contested"};
	struct table table = {0};
	const struct group *g;

	add_factor_columns(&table, grouping, true);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		table_column(&table, heads[i], true);
	add_more_columns(&table, model);
	vec_each (g, &grouping->groups) {
		add_levels(&table, grouping, g);
		table_addf(&table, "%zu", g->n_trials);
		table_addf(&table, "%zu", g->n_of[OUTCOME_RECOVERED]);
		table_addf(&table, "%zu", g->n_censored);
		table_addf(&table, "%zu", g->n_failed);
		table_addf(&table, "%zu", g->n_of[OUTCOME_ABORTED]);
		table_addf(&table, "%zu", g->n_contested);
		add_more_counts(&table, model, g);
	}
	print_table(out, &table, md);
	table_done(&table);
}

static void add_number_or(struct table *table, double v, const char *none, bool every_digit)
{
	if (!stats_known(v))
		table_add(table, none);
	else if (every_digit)
		table_addf(table, "%.12g", v);
	else
		table_addf(table, v >= 1000 ? "%.1f" : "%.3f", v);
}

/* For people, the median's bound stands beside it. */
static void add_figures(struct table *table, const struct group *group, enum metric metric,
			const char *none, bool every_digit)
{
	const struct estimate *estimate = &group->estimates[metric];

	table_addf(table, "%zu", estimate->n);
	table_addf(table, "%zu", estimate->n_censored);
	for (int f = 0; f < N_STATS; f++) {
		add_number_or(table, estimate->of[f].value, none, every_digit);
		if (f == STATS_P50 && !every_digit)
			add_number_or(table, estimate_half_width(estimate, f), none, false);
	}
}

static void print_figures(struct str *out, const struct summary *summary, bool md)
{
	struct table table = {.part_blocks = summary->recording->grouping.groups.n > 1};
	const struct group *g;

	table_column(&table, "seconds", false);
	add_factor_columns(&table, &summary->recording->grouping, true);
	table_column(&table, "n", true);
	table_column(&table, "cens", true);
	for (int f = 0; f < N_STATS; f++) {
		table_column(&table, f == STATS_P50 ? "median" : stats_names[f], true);
		if (f == STATS_P50)
			table_column(&table, "±", true);
	}
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];

		vec_each (g, &summary->recording->grouping.groups) {
			if (!summary->metrics[m])
				continue;
			table_add(&table, metric_names[m]);
			add_levels(&table, &summary->recording->grouping, g);
			add_figures(&table, g, m, "-", false);
		}
	}
	print_table(out, &table, md);
	table_done(&table);
}

static void print_tolerance(struct str *out, const struct summary *summary, bool md)
{
	static const char *const heads[] = {"losses survived", "at once", "predicted",
					    "one after another", "predicted"};
	const struct model *model = &summary->recording->model;
	const struct tolerance_size *size;
	struct table table = {0};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		table_column(&table, heads[i], i > 0);
	vec_each (size, &summary->recording->tolerance.sizes) {
		if (model->studies.n > 1)
			table_addf(&table, "%s: %lld masters", model->studies.v[size->study].label,
				   (long long)size->master_eligible);
		else
			table_addf(&table, "%lld masters", (long long)size->master_eligible);
		for (int way = 0; way < 2; way++) {
			char *text = tolerance_text(size, way);

			table_add(&table, *text ? text : "-");
			if (size->predicted[way] < 0)
				table_add(&table, "-");
			else
				table_addf(&table, "%lld", (long long)size->predicted[way]);
			free(text);
		}
	}
	print_table(out, &table, md);
	table_done(&table);
}

static bool anything_measured(const struct grouping *grouping)
{
	const struct group *g;

	vec_each (g, &grouping->groups)
		for (int m = 0; m < N_METRICS; m++) {
			if (g->estimates[m].n)
				return true;
		}
	return false;
}

static void print_notes(struct str *out, const struct model *model)
{
	str_addf(out,
		 "\nTimes after a fault count from %s.\n"
		 "±: half the width of the interval in which the median lies.\n",
		 model_from_text(model));
	if (model_has_fault(model, "watched"))
		str_add(out, "watched: nobody told what was done or when; it counts from the first "
			     "sign.\n");
	if (model->has_noop)
		str_add(out, "noop: nothing was done; its figures are the noise floor, below which "
			     "the others say nothing.\n");
}

void summary_print(const struct summary *summary, bool markdown, struct str *ret_text)
{
	if (!summary->recording->model.studies.n)
		str_add(ret_text, "The recording holds no study.\n");
	for (size_t i = 0; i < summary->recording->model.studies.n; i++)
		print_study(ret_text, summary, i, markdown);
	if (summary->recording->grouping.groups.n)
		print_outcomes(ret_text, &summary->recording->model, &summary->recording->grouping,
			       markdown);
	if (summary->recording->tolerance.sizes.n)
		print_tolerance(ret_text, summary, markdown);
	if (anything_measured(&summary->recording->grouping)) {
		print_figures(ret_text, summary, markdown);
		print_notes(ret_text, &summary->recording->model);
	} else if (summary->recording->model.studies.n)
		str_add(ret_text, "\nNo trial has been measured yet: there are no figures.\n");
}

static void add_bound_columns(struct table *table)
{
	for (int f = 0; f < N_BOUNDED_STATS; f++) {
		char *lo = mem_printf("%s_lo", stats_names[f]);
		char *hi = mem_printf("%s_hi", stats_names[f]);

		table_column(table, lo, true);
		table_column(table, hi, true);
		free(lo);
		free(hi);
	}
}

static void add_bounds(struct table *table, const struct group *group, enum metric metric)
{
	for (int f = 0; f < N_BOUNDED_STATS; f++) {
		add_number_or(table, group->estimates[metric].of[f].lo, "", true);
		add_number_or(table, group->estimates[metric].of[f].hi, "", true);
	}
}

void summary_print_csv(const struct summary *summary, struct str *ret_text)
{
	struct table table = {0};
	const struct group *g;

	add_factor_columns(&table, &summary->recording->grouping, false);
	table_column(&table, "metric", false);
	table_column(&table, "unit", false);
	table_column(&table, "n", true);
	table_column(&table, "censored", true);
	for (int f = 0; f < N_STATS; f++)
		table_column(&table, stats_names[f], true);
	add_bound_columns(&table);
	table_column(&table, "origin", false);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];

		vec_each (g, &summary->recording->grouping.groups) {
			if (!summary->metrics[m])
				continue;
			add_levels(&table, &summary->recording->grouping, g);
			table_add(&table, metric_names[m]);
			table_add(&table, "s");
			add_figures(&table, g, m, "", true);
			add_bounds(&table, g, m);
			table_add(&table,
				  origin_names[metric_origin(m, summary->recording->model.from)]);
		}
	}
	table_print_csv(&table, ret_text);
	table_done(&table);
}
