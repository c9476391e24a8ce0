#include "lib/str.h"
#include "report/sheet.h"
#include "report/summary.h"
#include "report/witness.h"

static void write_study(struct sheet *sheet, size_t i)
{
	const struct model *model = sheet->book->model;
	const struct model_study *study = &model->studies.v[i];
	char *clusters = summary_clusters(model, i);
	char *trials = summary_trials(model, i, sheet->book->grouping->include_warmup);
	char *incidents = summary_incidents(study);
	char *witness = witness_text(study);

	sheet_pair(sheet, "Study", study->label);
	sheet_pair(sheet, "Objective", study->objective);
	sheet_pair(sheet, "Clusters", clusters);
	sheet_pair(sheet, "Trials", trials);
	sheet_text(sheet, 0, "Incidents", STYLE_KEY);
	sheet_text(sheet, 1, incidents, study->n_incidents ? STYLE_WARN : STYLE_TEXT);
	sheet->row++;
	if (witness) {
		sheet_text(sheet, 0, "Witness", STYLE_KEY);
		sheet_text(sheet, 1, witness, study->n_early ? STYLE_WARN : STYLE_TEXT);
		sheet->row++;
	}
	if (!study->is_finished)
		sheet_pair(sheet, "Note", "the schedule of this study is not through");
	free(clusters);
	free(trials);
	free(incidents);
	free(witness);
}

static void add_title(sheet_columns *columns, enum metric metric, const char *quantity)
{
	/* a space that does not break: a unit never stands on a line alone */
	char *title = mem_printf("%s %s\u00a0[s]", sheet_metric_name(metric), quantity);

	sheet_column(columns, title, 12, STYLE_SECONDS);
	free(title);
}

static void head_headline(struct sheet *sheet)
{
	static const char *const counts[] = {"trials", "recovered", "censored",
					     "failed", "aborted",   "contested"};
	const struct model *model = sheet->book->model;
	sheet_columns columns = {0};

	sheet_factor_columns(sheet->book->grouping, &columns);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		sheet_column(&columns, counts[i], 10, STYLE_WHOLE);
	if (model->has_writes) {
		sheet_column(&columns, "acknowledged writes", 12, STYLE_WHOLE);
		sheet_column(&columns, "lost writes", 10, STYLE_WHOLE);
	}
	if (model->has_noop)
		sheet_column(&columns, "false changes", 10, STYLE_WHOLE);
	for (size_t i = 0; i < N_HEADLINE; i++) {
		add_title(&columns, model_metrics[i], "median");
		add_title(&columns, model_metrics[i], "min");
		add_title(&columns, model_metrics[i], "max");
	}
	worksheet_set_row(sheet->ws, sheet->row, 48, NULL);
	sheet_head(sheet, &columns, true);
	sheet_columns_done(&columns);
}

static void write_headline(struct sheet *sheet, const struct group *g)
{
	lxw_col_t col = (lxw_col_t)sheet->book->grouping->names.n;
	const size_t counts[] = {g->n_trials, g->n_of[OUTCOME_RECOVERED], g->n_censored,
				 g->n_failed, g->n_of[OUTCOME_ABORTED],	  g->n_contested};

	sheet_levels(sheet, g, 0, false);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		sheet_number(sheet, col++, (double)counts[i], STYLE_WHOLE);
	if (sheet->book->model->has_writes) {
		sheet_number(sheet, col++, (double)g->n_acknowledged, STYLE_WHOLE);
		sheet_number(sheet, col++, (double)g->n_lost, STYLE_WHOLE);
	}
	if (sheet->book->model->has_noop)
		sheet_number(sheet, col++, (double)g->n_false_changes, STYLE_WHOLE);
	for (size_t i = 0; i < N_HEADLINE; i++) {
		const struct estimate *e = &g->estimates[model_metrics[i]];

		sheet_number(sheet, col++, e->of[STATS_P50].value, STYLE_SECONDS);
		sheet_number(sheet, col++, e->of[STATS_MIN].value, STYLE_SECONDS);
		sheet_number(sheet, col++, e->of[STATS_MAX].value, STYLE_SECONDS);
	}
	sheet->row++;
}

static size_t head_figures(struct sheet *sheet)
{
	sheet_columns columns = {0};
	size_t n;

	sheet_factor_columns(sheet->book->grouping, &columns);
	sheet_column(&columns, "metric", 0, STYLE_TEXT);
	sheet_column(&columns, "n", 0, STYLE_WHOLE);
	sheet_column(&columns, "censored", 0, STYLE_WHOLE);
	for (int f = 0; f < N_STATS; f++) {
		char *title = mem_printf("%s [s]", f == STATS_P50 ? "median" : stats_names[f]);

		sheet_column(&columns, title, 0, STYLE_SECONDS);
		if (f == STATS_P50)
			sheet_column(&columns, "± [s]", 0, STYLE_PLUS_MINUS);
		free(title);
	}
	worksheet_set_row(sheet->ws, sheet->row, 32, NULL);
	sheet_head(sheet, &columns, false);
	n = columns.n;
	sheet_columns_done(&columns);
	return n;
}

static void write_figures(struct sheet *sheet, const struct group *g, enum metric metric, bool last)
{
	const struct estimate *e = &g->estimates[metric];
	lxw_col_t col = (lxw_col_t)sheet->book->grouping->names.n;
	enum style text = STYLE_TEXT, whole = STYLE_WHOLE, seconds = STYLE_SECONDS;

	if (last) {
		text = style_last(text);
		whole = style_last(whole);
		seconds = style_last(seconds);
	}
	sheet_levels(sheet, g, 0, last);
	sheet_text(sheet, col++, sheet_metric_name(metric), text);
	sheet_number(sheet, col++, (double)e->n, whole);
	sheet_number(sheet, col++, (double)e->n_censored, whole);
	for (int f = 0; f < N_STATS; f++) {
		sheet_number(sheet, col++, e->of[f].value, seconds);
		if (f == STATS_P50)
			sheet_number(sheet, col++, estimate_half_width(e, f), seconds);
	}
	sheet->row++;
}

static void write_figure_table(struct sheet *sheet)
{
	const struct grouping *grouping = sheet->book->grouping;
	lxw_row_t head = sheet->row + 1;
	size_t n_columns;

	sheet_line(sheet, "Figures, metric by metric (times in seconds)", STYLE_SECTION);
	n_columns = head_figures(sheet);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];

		for (size_t g = 0; g < grouping->groups.n; g++)
			if (i < N_HEADLINE || sheet->book->model->has[m])
				write_figures(sheet, &grouping->groups.v[g], m,
					      g + 1 == grouping->groups.n);
	}
	worksheet_autofilter(sheet->ws, head, 0, sheet->row - 1, (lxw_col_t)(n_columns - 1));
}

static void write_meanings(struct sheet *sheet)
{
	sheet->row++;
	sheet_line(sheet, "How to read it", STYLE_SECTION);
	for (size_t i = 0; i < model_n_metrics; i++)
		if (i < N_HEADLINE || sheet->book->model->has[model_metrics[i]])
			sheet_pair(sheet, sheet_metric_name(model_metrics[i]),
				   metric_meanings[model_metrics[i]]);
	sheet_pair(sheet, "censored",
		   "ran into its limit: counts as longer than every observed trial");
	sheet_pair(sheet, "failed", "the gate or the instrument failed: not in the figures");
	sheet_pair(sheet, "aborted", "cut off and run again: not among the trials");
	sheet_pair(sheet, "contested", "the election took more than one new term");
	sheet_pair(sheet, "±",
		   "half the width of the interval in which the median lies, by what was polled");
	if (sheet->book->model->has_writes)
		sheet_pair(sheet, "lost writes",
			   "acknowledged to the client, and not there after the trial");
	if (model_has_fault(sheet->book->model, "watched"))
		sheet_pair(
			sheet, "watched",
			"nobody told what was done or when: its times count from the first sign");
	if (sheet->book->model->has_noop) {
		sheet_pair(sheet, "noop",
			   "nothing was done: its times are the noise floor, below which the "
			   "others say "
			   "nothing");
		sheet_pair(sheet, "false changes", "of master, though nothing was done");
	}
	sheet_pair(
		sheet, "blank",
		"the trials cannot support the figure: p25 and p75 need 4 trials, p90 10, p95 20, "
		"p99 100, sd 2;");
	sheet_pair(sheet, "",
		   "max, mean and sd need every trial to be observed, a quantile those "
		   "below it");
	sheet_pair(sheet, "quantiles",
		   "type 7 (linear between order statistics; R's, NumPy's and "
		   "Excel's PERCENTILE.INC)");
}

int sheet_summary(struct book *book, struct err *err)
{
	const struct grouping *grouping = book->grouping;
	struct sheet sheet;

	(void)err;
	sheet_open(&sheet, book, "Summary", "Failover drill: summary");
	for (size_t i = 0; i < book->model->studies.n; i++)
		write_study(&sheet, i);
	if (!book->model->trials.n) {
		sheet.row++;
		sheet_line(&sheet, "No trial has been recorded yet: there are no figures.",
			   STYLE_WARN);
		worksheet_set_column(sheet.ws, 0, 0, 16, NULL);
		return 0;
	}
	sheet_pair(&sheet, "Origin", model_from_text(book->model));
	sheet.row++;
	sheet_line(&sheet, "Headline (times in seconds; blank: see the end of this sheet)",
		   STYLE_SECTION);
	head_headline(&sheet);
	worksheet_freeze_panes(sheet.ws, 0, (lxw_col_t)grouping->names.n);
	for (size_t g = 0; g < grouping->groups.n; g++)
		write_headline(&sheet, &grouping->groups.v[g]);
	sheet.row++;
	write_figure_table(&sheet);
	write_meanings(&sheet);
	return 0;
}
