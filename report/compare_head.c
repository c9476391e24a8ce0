/* What stands before the figures of a comparison: what is compared, and what else is not alike. */
#include "report/compare_report.h"
#include "report/phrase.h"
#include "report/text.h"
#include <string.h>

enum { MIN_VALUE = 12 };

static void print_fact(struct str *out, bool md, const char *name, const char *text)
{
	if (md) {
		str_addf(out, "- %s: ", name);
		table_add_md_text(out, text);
		str_add(out, "\n");
	} else {
		char *mark = mem_printf("%-10s ", name);

		text_add_wrapped(out, mark, text);
		free(mark);
	}
}

void compare_print_table(const struct table *table, size_t n_keys, bool markdown,
			 struct str *ret_text)
{
	str_add(ret_text, "\n");
	if (markdown)
		table_print_md(table, ret_text);
	else
		table_print_within(table, n_keys, TEXT_COLUMNS, ret_text);
}

/* "size, within the same fault and heap" */
static char *compared_text(const struct compare_report *report)
{
	char *factors = compare_factors(&report->of, &report->grouping);
	struct str text = STR_INIT;
	size_t n = 0, i = 0;

	if (report->n_files > 1)
		str_addf(&text, "%s with %s", compare_file_labels[0], compare_file_labels[1]);
	else
		str_add(&text, *factors ? factors : "nothing");
	for (size_t f = 0; f < report->grouping.names.n; f++)
		n += compare_makes_strata(report, f);
	for (size_t f = 0; f < report->grouping.names.n; f++) {
		if (!compare_makes_strata(report, f))
			continue;
		str_addf(&text, "%s%s", i ? phrase_joint(i, n) : ", within the same ",
			 report->grouping.names.v[f]);
		i++;
	}
	free(factors);
	return str_take(&text);
}

/* The study of a file, or how many there are. */
static void add_studies(struct str *text, const struct model *model, size_t first, size_t n)
{
	if (n != 1) {
		str_addf(text, "%zu studies", n);
		return;
	}
	str_addf(text, "study %s", model->studies.v[first].label);
	if (model->studies.v[first].created)
		str_addf(text, ", begun %s UTC", model->studies.v[first].created);
}

static size_t n_studies_of_first(const struct compare_report *report)
{
	const struct model *model = &report->recordings[0].model;
	const struct model_arm *arm;
	size_t n = 0;

	vec_each (arm, &model->arms) {
		const char *file = json_string_value(json_object_get(arm->factors, "file"));

		if (file && strcmp(file, compare_file_labels[0]) == 0 && arm->study >= n)
			n = arm->study + 1;
	}
	return n;
}

static void print_files(struct str *out, const struct compare_report *report, bool md)
{
	const struct model *model = &report->recordings[0].model;
	size_t n_first = report->n_files > 1 ? n_studies_of_first(report) : model->studies.n;

	for (size_t i = 0; i < report->n_files; i++) {
		struct str text = STR_INIT;
		size_t first = i ? n_first : 0, n = i ? model->studies.n - n_first : n_first;

		if (report->n_files > 1)
			str_addf(&text, "%s: ", report->files[i]);
		add_studies(&text, model, first, n);
		print_fact(out, md, report->n_files > 1 ? compare_file_labels[i] : "file", text.s);
		str_done(&text);
	}
}

static void print_subject(struct str *out, const struct compare_report *report, bool md)
{
	char *compared = compared_text(report);

	if (md)
		str_add(out, "## Comparison\n\n");
	print_files(out, report, md);
	print_fact(out, md, "compared", compared);
	if (report->recordings[0].chosen)
		print_fact(out, md, "only", report->recordings[0].chosen);
	free(compared);
}

/* Columns that a value may take for all to stand side by side. */
static size_t room_of(const struct compare_report *report)
{
	const struct condition *condition;
	size_t widest = 0, n = report->n_labels;

	vec_each (condition, &report->differences)
		if (text_width(condition->what) > widest)
			widest = text_width(condition->what);
	return widest + n * (2 + MIN_VALUE) < TEXT_COLUMNS ? (TEXT_COLUMNS - widest) / n - 2
							   : MIN_VALUE;
}

static bool fits(const struct condition *condition, size_t n, size_t room)
{
	for (size_t i = 0; i < n; i++)
		if (text_width(condition->values.v[i]) > room)
			return false;
	return true;
}

/* "JVM: A OpenJDK 64-Bit Server VM 17.0.15, B 17.0.9" */
static void print_long(struct str *out, const struct compare_report *report,
		       const struct condition *condition)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s:", condition->what);
	for (size_t i = 0; i < report->n_labels; i++)
		str_addf(&text, "%s %s %s", i ? "," : "", report->labels[i],
			 condition->values.v[i]);
	text_add_wrapped(out, "  * ", text.s);
	str_done(&text);
}

/* A few long values would part all others: on a terminal they stand below the table. */
static void print_unlike(struct str *out, const struct compare_report *report, bool md)
{
	size_t room = md ? SIZE_MAX : room_of(report);
	const struct condition *condition;
	struct str below = STR_INIT;
	struct table table = {0};

	table_column(&table, "recorded", false);
	for (size_t i = 0; i < report->n_labels; i++)
		table_column(&table, report->labels[i], false);
	vec_each (condition, &report->differences) {
		if (!fits(condition, report->n_labels, room)) {
			print_long(&below, report, condition);
			continue;
		}
		table_add(&table, condition->what);
		for (size_t i = 0; i < report->n_labels; i++)
			table_add(&table, condition->values.v[i]);
	}
	if (table.cells.n)
		compare_print_table(&table, 1, md, out);
	if (below.n)
		str_addf(out, "\n%s", below.s);
	table_done(&table);
	str_done(&below);
}

static void print_differences(struct str *out, const struct compare_report *report, bool md)
{
	if (report->n_labels < 2)
		return;
	if (!report->differences.n) {
		str_add(out, "\nProduct, version, settings, nodes, polls and host are alike in all "
			     "that is recorded.\n");
		return;
	}
	str_add(out, "\nNot alike beside what is compared; a difference may come from any of "
		     "these:\n");
	print_unlike(out, report, md);
}

/* Each level once: a label has one level of such a factor, or few. */
static void add_joined_levels(struct str *out, const struct compare_report *report, size_t factor)
{
	struct str said = STR_INIT;

	str_add(&said, "\n");
	for (size_t g = 0; g < report->grouping.groups.n; g++) {
		const struct group *group = &report->grouping.groups.v[g];
		char *level = group_level_text(&report->grouping, group, factor);
		char *label = compare_label(&report->of, &report->grouping, group);
		char *line = mem_printf("\n%s %s\n", label, level);

		if (!strstr(said.s, line)) {
			str_addf(out, "%s %s %s", said.n > 1 ? "," : "", label, level);
			str_add(&said, line + 1);
		}
		free(level);
		free(label);
		free(line);
	}
	str_done(&said);
}

/* Factors that go with the file. Product and version stand among the differences already. */
static void print_joined(struct str *out, const struct compare_report *report)
{
	static const char *const told[] = {"study", "product", "version"};

	for (size_t i = 0; i < report->grouping.names.n; i++) {
		const char *name = report->grouping.names.v[i];
		bool is_told = !report->of.is_joined[i] || report->of.varies[i];

		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			is_told |= strcmp(name, told[k]) == 0;
		if (is_told)
			continue;
		str_addf(out,
			 "\nThe %s differs as well, and cannot be told apart from the file:", name);
		add_joined_levels(out, report, i);
		str_add(out, ".\n");
	}
}

void compare_print_head(const struct compare_report *report, bool markdown, struct str *ret_text)
{
	print_subject(ret_text, report, markdown);
	print_differences(ret_text, report, markdown);
	print_joined(ret_text, report);
}
