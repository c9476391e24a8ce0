/* A comparison for people: one table, one sentence a pair. */
#include "report/compare_report.h"
#include "report/phrase.h"
#include "report/text.h"
#include <math.h>

/* Of more pairs, only those that show something get a sentence. */
enum { MAX_SENTENCES = 12 };

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

static void print_pairs(struct str *out, const struct compare_report *report, bool md)
{
	struct table table = {.part_blocks = true};

	compare_add_pairs(report, &table);
	if (table.cells.n)
		compare_print_table(&table, compare_n_keys(report), md, out);
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
	bool many = count_pairs(report) > MAX_SENTENCES;
	const struct comparison *comparison;
	const struct compare_pair *pair;

	vec_each (comparison, &report->of.all) {
		if (!many && compare_is_too_few(comparison)) {
			print_sentence(out, md,
				       compare_too_few(&report->of, &report->grouping, comparison));
			continue;
		}
		vec_each (pair, &comparison->pairs)
			if (!many || pair->verdict == COMPARE_SHOWN)
				print_sentence(out, md,
					       compare_sentence(&report->of, &report->grouping,
								comparison, pair));
	}
	print_sentence(out, md, many ? compare_rest(&report->of) : NULL);
}

/* Of many strata, those that show something. */
static void print_tests(struct str *out, const struct compare_report *report, bool md)
{
	const struct comparison *comparison;
	bool many = report->of.all.n > MAX_SENTENCES;

	vec_each (comparison, &report->of.all)
		if (!many || compare_is_shown_of_all(comparison))
			print_sentence(
				out, md,
				compare_all_at_once(&report->of, &report->grouping, comparison));
	print_sentence(out, md, many ? compare_rest_of_all(&report->of) : NULL);
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
	str_add(out, "\n");
	if (count_pairs(report))
		str_add(out,
			"b - a: Hodges-Lehmann shift with its 95 % interval.\n"
			"b > a: share of pairs of trials in which that of b is the longer one.\n"
			"p (Holm): Mann-Whitney, by Holm's method over the pairs of a block.\n"
			"needs: trials of each that would show such a difference with 80 % power, "
			"by Noether's formula.\n");
	str_add(out, "Not shown is not shown to be equal: the interval says what is still "
		     "possible.\n");
	if (report->of.all.n >= 5)
		str_add(out, "Each block is tested at 5 %: among many, some show a difference by "
			     "chance alone.\n");
	if (censored)
		str_add(out,
			"Where trials ran into a limit the test is the log-rank test, needs is by "
			"Schoenfeld's formula, and\nthere is no shift: it would need their "
			"times.\n");
	str_addf(out, "Times after a fault count from %s.\n",
		 model_from_text(&report->recordings[0].model));
}

void compare_print(const struct compare_report *report, bool markdown, struct str *ret_text)
{
	compare_print_head(report, markdown, ret_text);
	if (!report->of.all.n) {
		str_add(ret_text, "\nThere is nothing to compare: no two groups of measured trials "
				  "differ in this alone.\n");
		return;
	}
	print_pairs(ret_text, report, markdown);
	str_add(ret_text, "\n");
	print_sentences(ret_text, report, markdown);
	print_tests(ret_text, report, markdown);
	print_drifts_of(ret_text, report, report->of.all.v, report->of.all.n, markdown);
	print_drifts_of(ret_text, report, report->of.alone.v, report->of.alone.n, markdown);
	print_sentence(ret_text, markdown, compare_order(&report->of, N_METRICS));
	print_notes(ret_text, report);
}
