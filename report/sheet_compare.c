/* The sheet Compare: groups against each other, stratum by stratum. */
#include "report/compare.h"
#include "report/sheet.h"
#include <math.h>
#include <string.h>

enum { PARAGRAPH_COLS = 15, PARAGRAPH_CHARS = 150, MAX_SENTENCES = 40 };

static void head(struct sheet *sheet, const struct sheet_column *heads, size_t n, bool set_widths)
{
	sheet_columns columns = {0};

	for (size_t i = 0; i < n; i++)
		sheet_column(&columns, heads[i].title, heads[i].width, heads[i].style);
	worksheet_set_row(sheet->ws, sheet->row, 48, NULL);
	sheet_head(sheet, &columns, set_widths);
	sheet_columns_done(&columns);
}

static void write_pair(struct sheet *sheet, const struct comparisons *all,
		       const struct comparison *c, const struct compare_pair *pair)
{
	const struct grouping *grouping = sheet->book->grouping;
	char *stratum = compare_stratum(all, grouping, c);
	char *a = compare_label(all, grouping, &grouping->groups.v[pair->a]);
	char *b = compare_label(all, grouping, &grouping->groups.v[pair->b]);
	lxw_col_t col = 0;

	sheet_text(sheet, col++, phrase_metric_within(c->metric), STYLE_TEXT);
	sheet_fitted(sheet, col++, stratum, SHEET_LEVEL_CHARS, STYLE_TEXT);
	sheet_fitted(sheet, col++, a, SHEET_LEVEL_CHARS, STYLE_TEXT);
	sheet_fitted(sheet, col++, b, SHEET_LEVEL_CHARS, STYLE_TEXT);
	sheet_number(sheet, col++, (double)pair->n_a, STYLE_WHOLE);
	sheet_number(sheet, col++, (double)pair->n_b, STYLE_WHOLE);
	sheet_text(sheet, col++, compare_difference(pair),
		   pair->verdict == COMPARE_SHOWN ? STYLE_STRONG : STYLE_TEXT);
	sheet_number(sheet, col++, pair->shift_s, STYLE_SIGNED);
	sheet_number(sheet, col++, pair->shift_lo_s, STYLE_SIGNED);
	sheet_number(sheet, col++, pair->shift_hi_s, STYLE_SIGNED);
	sheet_number(sheet, col++, pair->superiority, STYLE_SHARE);
	sheet_number(sheet, col++, pair->p, STYLE_P);
	sheet_number(sheet, col++, pair->p_holm, STYLE_P);
	sheet_text(sheet, col++,
		   c->censored	 ? "log-rank"
		   : pair->exact ? "Mann-Whitney, exact"
				 : "Mann-Whitney",
		   STYLE_TEXT);
	sheet_number(sheet, col++, pair->n_needed ? (double)pair->n_needed : NAN, STYLE_WHOLE);
	sheet_end_row(sheet);
	free(stratum);
	free(a);
	free(b);
}

static void write_pairs(struct sheet *sheet, const struct comparisons *all)
{
	static const struct sheet_column heads[] = {
		{(char *)"metric", 16, STYLE_TEXT},
		{(char *)"where", 8, STYLE_TEXT},
		{(char *)"a", 9, STYLE_TEXT},
		{(char *)"b", 9, STYLE_TEXT},
		{(char *)"n of a", 8, STYLE_WHOLE},
		{(char *)"n of b", 8, STYLE_WHOLE},
		{(char *)"difference", 16, STYLE_TEXT},
		{(char *)"b longer by\u00a0[s]", 11, STYLE_SIGNED},
		{(char *)"from (95\u00a0%)\u00a0[s]", 12, STYLE_SIGNED},
		{(char *)"to (95\u00a0%)\u00a0[s]", 12, STYLE_SIGNED},
		{(char *)"chance that b is longer", 12, STYLE_SHARE},
		{(char *)"p", 9, STYLE_P},
		{(char *)"p (Holm)", 9, STYLE_P},
		{(char *)"test", 20, STYLE_TEXT},
		{(char *)"trials of each for 80 % power", 14, STYLE_WHOLE},
	};
	const struct comparison *c;
	const struct compare_pair *pair;
	lxw_row_t first;

	sheet_line(sheet, "Pairs", STYLE_SECTION);
	head(sheet, heads, sizeof heads / sizeof *heads, true);
	first = sheet->row;
	vec_each (c, &all->all)
		vec_each (pair, &c->pairs)
			write_pair(sheet, all, c, pair);
	if (sheet->row == first)
		sheet_line(sheet, "none: too many groups, or too few", STYLE_FAINT);
	else
		worksheet_autofilter(sheet->ws, first - 1, 0, sheet->row - 1,
				     sizeof heads / sizeof *heads - 1);
}

static void write_tests(struct sheet *sheet, const struct comparisons *all)
{
	static const struct sheet_column heads[] = {
		{(char *)"metric", 0, STYLE_TEXT},
		{(char *)"where", 0, STYLE_TEXT},
		{(char *)"test of all at once", 0, STYLE_TEXT},
		{(char *)"", 0, STYLE_TEXT},
		{(char *)"groups", 0, STYLE_WHOLE},
		{(char *)"degrees of freedom", 0, STYLE_WHOLE},
		{(char *)"statistic", 0, STYLE_NUMBER},
		{(char *)"p", 0, STYLE_P},
	};
	const struct comparison *c;

	sheet->row++;
	sheet_line(sheet, "All groups at once", STYLE_SECTION);
	head(sheet, heads, sizeof heads / sizeof *heads, false);
	vec_each (c, &all->all) {
		char *stratum = compare_stratum(all, sheet->book->grouping, c);

		sheet_text(sheet, 0, phrase_metric_within(c->metric), STYLE_TEXT);
		sheet_fitted(sheet, 1, stratum, SHEET_LEVEL_CHARS, STYLE_TEXT);
		sheet_text(sheet, 2, c->test, STYLE_TEXT);
		sheet_number(sheet, 4, (double)c->groups.n, STYLE_WHOLE);
		sheet_number(sheet, 5, c->df ? (double)c->df : NAN, STYLE_WHOLE);
		sheet_number(sheet, 6, c->statistic, STYLE_NUMBER);
		sheet_number(sheet, 7, c->p, STYLE_P);
		sheet_end_row(sheet);
		free(stratum);
	}
}

static void write_drift_row(struct sheet *sheet, const struct comparisons *all,
			    const struct comparison *c, const struct compare_group *g)
{
	const struct grouping *grouping = sheet->book->grouping;
	char *stratum = compare_stratum(all, grouping, c);
	char *label = compare_label(all, grouping, &grouping->groups.v[g->place]);

	sheet_text(sheet, 0, phrase_metric_within(c->metric), STYLE_TEXT);
	sheet_fitted(sheet, 1, stratum, SHEET_LEVEL_CHARS, STYLE_TEXT);
	sheet_fitted(sheet, 2, label, SHEET_LEVEL_CHARS, STYLE_TEXT);
	sheet_number(sheet, 4, (double)g->n, STYLE_WHOLE);
	sheet_number(sheet, 6, g->trend.tau, STYLE_NUMBER);
	sheet_number(sheet, 7, g->trend.kendall_p, STYLE_P);
	sheet_number(sheet, 8, g->trend_p_holm, STYLE_P);
	sheet_end_row(sheet);
	free(stratum);
	free(label);
}

static void write_drift(struct sheet *sheet, const struct comparisons *all)
{
	static const struct sheet_column heads[] = {
		{(char *)"metric", 0, STYLE_TEXT},
		{(char *)"where", 0, STYLE_TEXT},
		{(char *)"group", 0, STYLE_TEXT},
		{(char *)"", 0, STYLE_TEXT},
		{(char *)"n", 0, STYLE_WHOLE},
		{(char *)"", 0, STYLE_TEXT},
		{(char *)"Kendall's tau with the order", 0, STYLE_NUMBER},
		{(char *)"p", 0, STYLE_P},
		{(char *)"p (Holm)", 0, STYLE_P},
	};
	const struct comparison *c;
	const struct compare_group *g;
	size_t n_few = 0;

	sheet->row++;
	sheet_line(sheet, "Did it change while the drill ran?", STYLE_SECTION);
	head(sheet, heads, sizeof heads / sizeof *heads, false);
	vec_each (c, &all->all)
		vec_each (g, &c->groups) {
			if (g->n >= COMPARE_DRIFT_NEEDS)
				write_drift_row(sheet, all, c, g);
			else
				n_few++;
		}
	if (n_few) {
		char *text = mem_printf("%zu left out: n ≥ %d needed", n_few, COMPARE_DRIFT_NEEDS);

		sheet_line(sheet, text, STYLE_FAINT);
		free(text);
	}
}

static void say(struct sheet *sheet, char *taken, enum style style)
{
	if (taken)
		sheet_paragraph(sheet, 0, PARAGRAPH_COLS - 1, taken, PARAGRAPH_CHARS, style);
	free(taken);
}

static void write_sentences(struct sheet *sheet, const struct comparisons *all)
{
	const struct grouping *grouping = sheet->book->grouping;
	const struct comparison *c;
	const struct compare_pair *pair;
	const struct compare_group *g;
	size_t n = 0, n_pairs = 0;

	sheet_line(sheet, "In words", STYLE_SECTION);
	vec_each (c, &all->all) {
		n_pairs += c->pairs.n;
		if (compare_is_too_few(c)) {
			if (n++ < MAX_SENTENCES)
				say(sheet, compare_too_few(all, grouping, c), STYLE_TEXT_WRAP);
		} else {
			vec_each (pair, &c->pairs)
				if (n++ < MAX_SENTENCES)
					say(sheet, compare_sentence(all, grouping, c, pair),
					    STYLE_TEXT_WRAP);
		}
		vec_each (g, &c->groups)
			say(sheet, compare_drift(all, grouping, c, g), STYLE_CAUTION);
	}
	if (n > MAX_SENTENCES)
		sheet_line(sheet, "The other pairs are in the table only.", STYLE_NOTE);
	say(sheet, compare_order(all, N_METRICS), STYLE_CAUTION);
	if (!n_pairs)
		sheet_line(sheet,
			   "So many groups are not compared in pairs: see all at once below, or "
			   "choose some with --where.",
			   STYLE_TEXT);
	sheet->row++;
}

static void add_all(struct comparisons *all, const struct recording *recording)
{
	for (size_t i = 0; i < model_n_metrics; i++)
		if (recording->metrics[model_metrics[i]])
			compare_add(all, &recording->model, &recording->grouping, model_metrics[i]);
}

int sheet_compare(struct book *book, struct err *err)
{
	struct comparisons all;
	struct sheet sheet;
	char *factors, *title;

	(void)err;
	compare_init(&all, book->grouping, NULL);
	add_all(&all, book->recording);
	factors = compare_factors(&all, book->grouping);
	title = mem_printf("Comparison by %s", !*factors ? "factor"
					       : strcmp(factors, "master_eligible") == 0
						       ? "master-eligible nodes"
						       : factors);
	sheet_open(&sheet, book, "Compare", title);
	sheet_line(
		&sheet,
		"Groups that differ in this and in nothing else. A difference is shown where p, "
		"after Holm's correction, is below 5 %; \"not shown\" does not say that there is "
		"none.",
		STYLE_NOTE);
	if (all.all.n) {
		write_sentences(&sheet, &all);
		write_pairs(&sheet, &all);
		write_tests(&sheet, &all);
		write_drift(&sheet, &all);
	} else {
		sheet_line(&sheet, "There are no two groups with times to compare.", STYLE_TEXT);
	}
	sheet_fit(&sheet);
	worksheet_freeze_panes(sheet.ws, 1, 0);
	free(factors);
	free(title);
	compare_done(&all);
	return 0;
}
