/* A comparison for people: one table, one sentence a pair. */
#include "report/compare_report.h"
#include "report/phrase.h"
#include "report/table.h"
#include "report/text.h"
#include <math.h>
#include <string.h>

/* Of more pairs, only those that show something get a sentence. */
enum { MAX_SENTENCES = 12 };

static void print_fact(struct str *out, bool md, const char *name, const char *text)
{
	if (md) {
		str_addf(out, "- %s: ", name);
		table_add_md_text(out, text);
		str_add(out, "\n");
	} else
		str_addf(out, "%-10s %s\n", name, text);
}

/* A sentence of its own: a line, an item of a list. Takes text; NULL: none. */
static void print_sentence(struct str *out, bool md, char *text)
{
	if (text && md) {
		str_add(out, "- ");
		table_add_md_text(out, text);
		str_add(out, "\n");
	} else if (text)
		text_add_wrapped(out, "  * ", text);
	free(text);
}

static void print_table(struct str *out, const struct table *table, bool md)
{
	str_add(out, "\n");
	if (md)
		table_print_md(table, out);
	else
		table_print(table, out);
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

static void print_head(struct str *out, const struct compare_report *report, bool md)
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

static void print_differences(struct str *out, const struct compare_report *report, bool md)
{
	const struct condition *condition;
	struct table table = {0};

	if (report->n_labels < 2)
		return;
	if (!report->differences.n) {
		str_add(out, "\nProduct, version, settings, nodes, polls and host are alike in all "
			     "that is recorded.\n");
		return;
	}
	str_add(out, "\nNot alike beside what is compared; a difference may come from any of "
		     "these:\n");
	table_column(&table, "recorded", false);
	for (size_t i = 0; i < report->n_labels; i++)
		table_column(&table, report->labels[i], false);
	vec_each (condition, &report->differences) {
		table_add(&table, condition->what);
		for (size_t i = 0; i < report->n_labels; i++)
			table_add(&table, condition->values.v[i]);
	}
	print_table(out, &table, md);
	table_done(&table);
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

static void print_pairs(struct str *out, const struct compare_report *report, bool md)
{
	struct table table = {.part_blocks = true};

	compare_add_pairs(report, &table);
	if (table.cells.n)
		print_table(out, &table, md);
	table_done(&table);
}

static size_t count_pairs(const struct compare_report *report)
{
	const struct comparison *comparison;
	size_t n = 0;

	vec_each (comparison, &report->of.all)
		n += comparison->pairs.n;
	return n;
}

static void print_sentences(struct str *out, const struct compare_report *report, bool md)
{
	size_t n_pairs = count_pairs(report), n_silent = 0;
	const struct comparison *comparison;
	const struct compare_pair *pair;

	str_add(out, n_pairs ? "\n" : "");
	vec_each (comparison, &report->of.all)
		vec_each (pair, &comparison->pairs) {
			if (n_pairs > MAX_SENTENCES && pair->verdict != COMPARE_SHOWN) {
				n_silent++;
				continue;
			}
			print_sentence(
				out, md,
				compare_sentence(&report->of, &report->grouping, comparison, pair));
		}
	if (n_silent)
		print_sentence(
			out, md,
			mem_printf("Of the other %zu pairs none shows a difference.", n_silent));
}

/* "Re-election (fault stop): among all 3 no difference is shown (Kruskal-Wallis 4.65, p = 0.10)."
 */
static char *test_text(const struct compare_report *report, const struct comparison *comparison)
{
	char *stratum = compare_stratum(&report->of, &report->grouping, comparison);
	struct str text = STR_INIT;

	str_addf(&text, "%s%s%s%s: among all %zu %s difference is shown (%s %.2f, ",
		 phrase_metric(comparison->metric), *stratum ? " (" : "", stratum,
		 *stratum ? ")" : "", comparison->groups.n,
		 comparison->p < COMPARE_ALPHA ? "a" : "no", comparison->test,
		 comparison->statistic);
	phrase_add_p(&text, comparison->p);
	str_add(&text, comparison->pairs.n ? ")." : "); too many for pairs.");
	free(stratum);
	return str_take(&text);
}

/* Of many strata, those that show something. */
static void print_tests(struct str *out, const struct compare_report *report, bool md)
{
	const struct comparison *comparison;
	bool many = report->of.all.n > MAX_SENTENCES;

	vec_each (comparison, &report->of.all)
		if (comparison->groups.n > 2 && !isnan(comparison->p) &&
		    (!many || comparison->p < COMPARE_ALPHA))
			print_sentence(out, md, test_text(report, comparison));
}

static void print_drifts_of(struct str *out, const struct compare_report *report,
			    const struct comparison *v, size_t n, bool md)
{
	const struct compare_group *group;

	for (size_t i = 0; i < n; i++)
		vec_each (group, &v[i].groups)
			print_sentence(out, md,
				       compare_drift(&report->of, &report->grouping, &v[i], group));
}

static void print_notes(struct str *out, const struct compare_report *report)
{
	const struct comparison *comparison;
	bool censored = false;

	vec_each (comparison, &report->of.all)
		censored |= comparison->censored;
	str_add(out,
		"\nb - a: Hodges-Lehmann shift with its 95 % interval. b longer: share of pairs "
		"of trials.\n"
		"p (Holm): Mann-Whitney, by Holm's method over the pairs of a block.\n"
		"needs: trials of each that would show such a difference with 80 % power.\n"
		"Not shown is not shown to be equal: the interval says what is still possible.\n");
	if (report->of.all.n >= 5)
		str_add(out, "Each block is tested at 5 %: among many, some show a difference by "
			     "chance alone.\n");
	if (censored)
		str_add(out,
			"Where trials ran into a limit the test is the log-rank test, and there "
			"is no shift: it would\nneed their times.\n");
	str_addf(out, "Times after a fault count from %s.\n",
		 model_from_text(&report->recordings[0].model));
}

void compare_print(const struct compare_report *report, bool markdown, struct str *ret_text)
{
	print_head(ret_text, report, markdown);
	print_differences(ret_text, report, markdown);
	print_joined(ret_text, report);
	if (!report->of.all.n) {
		str_add(ret_text, "\nThere is nothing to compare: no two groups of measured trials "
				  "differ in this alone.\n");
		return;
	}
	print_pairs(ret_text, report, markdown);
	print_sentences(ret_text, report, markdown);
	print_tests(ret_text, report, markdown);
	print_drifts_of(ret_text, report, report->of.all.v, report->of.all.n, markdown);
	print_drifts_of(ret_text, report, report->of.alone.v, report->of.alone.n, markdown);
	print_sentence(ret_text, markdown, compare_order(&report->of, N_METRICS));
	print_notes(ret_text, report);
}
