/* How many trials ended how, which shares that suggests, and which losses were survived. */
#include "report/factor.h"
#include "report/phrase.h"
#include "report/summary_impl.h"
#include "report/text.h"
#include <inttypes.h>

void summary_factor_columns(struct table *table, const struct grouping *grouping, bool titles)
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

void summary_levels(struct table *table, const struct grouping *grouping, const struct group *group)
{
	for (size_t i = 0; i < grouping->names.n; i++)
		table_add_take(table, group_level_text(grouping, group, i));
}

void summary_put_table(struct str *out, const struct summary *summary, const struct table *table,
		       size_t n_keys, bool markdown)
{
	size_t width = summary->columns > TEXT_COLUMNS ? summary->columns : TEXT_COLUMNS;

	str_add(out, "\n");
	if (markdown)
		table_print_md(table, out);
	else
		table_print_within(table, n_keys, width, out);
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

void summary_outcomes(struct str *out, const struct summary *summary, bool markdown)
{
	static const char *const heads[] = {"trials",	    "recovered", "censored",
					    "not measured", "aborted",	 "contested"};
	const struct model *model = &summary->recording->model;
	const struct grouping *grouping = &summary->recording->grouping;
	struct table table = {0};
	const struct group *g;

	summary_factor_columns(&table, grouping, true);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		table_column(&table, heads[i], true);
	add_more_columns(&table, model);
	vec_each (g, &grouping->groups) {
		summary_levels(&table, grouping, g);
		table_addf(&table, "%zu", g->n_trials);
		table_addf(&table, "%zu", g->n_of[OUTCOME_RECOVERED]);
		table_addf(&table, "%zu", g->n_censored);
		table_addf(&table, "%zu", g->n_failed);
		table_addf(&table, "%zu", g->n_of[OUTCOME_ABORTED]);
		table_addf(&table, "%zu", g->n_contested);
		add_more_counts(&table, model, g);
	}
	summary_put_table(out, summary, &table, grouping->names.n, markdown);
	table_done(&table);
}

static void add_share(struct table *table, const struct estimate_share *share)
{
	struct str percent = STR_INIT;
	int digits = share->n && share->hi < 0.0995 ? 1 : 0; /* "0–0 %" would say nothing */

	if (!share->n) {
		for (int i = 0; i < 3; i++)
			table_add(table, "-");
		return;
	}
	phrase_add_percent(&percent, share->share);
	str_add(&percent, " %");
	table_addf(table, "%zu of %zu", share->k, share->n);
	table_add_take(table, str_take(&percent));
	table_addf(table, "%.*f–%.*f %%", digits, share->lo * 100, digits, share->hi * 100);
}

static void add_share_columns(struct table *table, const char *head)
{
	table_column(table, head, true);
	table_column(table, "share", true);
	table_stays(table);
	table_column(table, "95 % CI", true);
	table_stays(table);
}

void summary_shares(struct str *out, const struct summary *summary, bool markdown)
{
	const struct grouping *grouping = &summary->recording->grouping;
	struct table table = {0};
	const struct group *g;

	summary_factor_columns(&table, grouping, true);
	add_share_columns(&table, "contested");
	add_share_columns(&table, "not recovered");
	vec_each (g, &grouping->groups) {
		summary_levels(&table, grouping, g);
		add_share(&table, &g->contested);
		add_share(&table, &g->not_recovered);
	}
	summary_put_table(out, summary, &table, grouping->names.n, markdown);
	table_done(&table);
}

void summary_tolerance(struct str *out, const struct summary *summary, bool markdown)
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
	summary_put_table(out, summary, &table, 1, markdown);
	table_done(&table);
}
