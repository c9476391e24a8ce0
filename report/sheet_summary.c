/* The sheet Summary: to be read in a minute. What was done, what it says in words, and one row of
 * headline figures for each group, every one a formula over the sheets behind it. */
#include "report/findings.h"
#include "report/summary.h"
#include "report/text.h"
#include "report/trace.h"
#include "report/witness.h"
#include <math.h>

/* How many figures of a metric the headline shows. */
enum { KEY_CHARS = 11 };
enum detail { D_MEDIAN = 1, D_LIMITS = 2, D_P95 = 4, D_MAX = 8 };
static const struct {
	enum metric metric;
	int detail;
} usual[] = {
	{METRIC_REELECTION, D_MEDIAN | D_LIMITS | D_P95 | D_MAX},
	{METRIC_AGREEMENT, D_MEDIAN},
	{METRIC_REJOIN, D_MEDIAN | D_P95 | D_MAX},
	{METRIC_REDUNDANCY, D_MEDIAN},
	{METRIC_DOWNTIME, D_MEDIAN | D_MAX},
};

/* Sentences stand across the columns of the headline, over so many characters at least. */
enum { FINDING_CHARS = 140 };

/* Rows of the headline that surely stand on the first page. */
enum { ONE_PAGE = 20 };

/* Columns of the headline. */
struct headline {
	struct sheet *sheet;
	sheet_columns columns;
	lxw_col_t censored, failed, contested; /* where the rules look */
	bool marked;			       /* count: writes no cells, only columns */
	lxw_col_t across;		       /* sentences stand in columns 1 to this one, */
	double across_chars;		       /* which are so wide at least */
	lxw_col_t col;
	char *key; /* "$A$12" */
	size_t g;
};

static int detail_of(const struct recording *recording, enum metric metric)
{
	if (recording->metrics_asked)
		return recording->metrics[metric] ? D_MEDIAN | D_LIMITS | D_P95 | D_MAX : 0;
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (usual[i].metric == metric)
			return usual[i].detail;
	return 0;
}

/* In lines where it is too long for one. */
static void write_pair(struct headline *h, const char *key, const char *text)
{
	sheet_pair_over(h->sheet, key, text, h->across, h->across_chars);
}

static void write_study(struct headline *h, size_t i)
{
	struct sheet *sheet = h->sheet;
	const struct model *model = sheet->book->model;
	const struct model_study *study = &model->studies.v[i];
	char *clusters = summary_clusters(model, i);
	char *trials = summary_trials(model, i, sheet->book->grouping->include_warmup);
	char *incidents = summary_incidents(study);
	char *witness = witness_text(study);

	write_pair(h, "Study", study->label);
	write_pair(h, "Objective", study->record.texts[STUDY_OBJECTIVE]);
	write_pair(h, "Clusters", clusters);
	write_pair(h, "Trials", trials);
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

/* ---- columns -------------------------------------------------------------------------------- */

static lxw_col_t add(struct headline *h, const char *title, double width, enum style style)
{
	sheet_column(&h->columns, title, width, style);
	return (lxw_col_t)(h->columns.n - 1);
}

static void add_figure(struct headline *h, enum metric metric, const char *quantity)
{
	/* a space that does not break: a unit never stands on a line alone */
	const char *name = phrase_metric_within(metric), *hyphen = strrchr(name, '-');
	char *title = mem_printf("%s %s\u00a0[s]", name, quantity);
	/* the longest word of the head, or "1,234.567"; a head breaks at a hyphen, too */
	double width = (double)text_width(hyphen ? hyphen : name) + 1;

	add(h, title, fmax(width, 9.5), STYLE_SECONDS);
	free(title);
}

static void add_columns(struct headline *h)
{
	const struct book *book = h->sheet->book;

	add(h, "group", KEY_CHARS, STYLE_WHOLE);
	sheet_factor_columns(book->grouping, &h->columns);
	add(h, "trials", 7, STYLE_WHOLE);
	add(h, "recovered", 9.5, STYLE_WHOLE);
	h->censored = add(h, "censored", 8.5, STYLE_WHOLE);
	h->failed = add(h, "not measured", 8.5, STYLE_WHOLE);
	add(h, "aborted", 8, STYLE_WHOLE);
	h->contested = add(h, "contested", 9.5, STYLE_WHOLE);
	add(h, "share contested", 9.5, STYLE_SHARE);
	if (book->model->has_writes) {
		add(h, "acknowledged writes", 14, STYLE_WHOLE);
		add(h, "lost writes", 10, STYLE_WHOLE);
	}
	if (book->model->has_noop)
		add(h, "false changes", 10, STYLE_WHOLE);
	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];
		int detail = detail_of(book->recording, m);

		if (detail & D_MEDIAN)
			add_figure(h, m, "median");
		if (detail & D_LIMITS) {
			add_figure(h, m, "from (95\u00a0%)");
			add_figure(h, m, "to (95\u00a0%)");
		}
		if (detail & D_P95)
			add_figure(h, m, "p95");
		if (detail & D_MAX)
			add_figure(h, m, "max");
	}
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void count(struct headline *h, double value, const char *criteria)
{
	sheet_formula(h->sheet, h->col++, value, STYLE_WHOLE, "COUNTIFS(t_group,%s%s)", h->key,
		      criteria);
}

static void write_counts(struct headline *h, const struct group *g)
{
	sheet_formula(h->sheet, h->col++, (double)g->n_trials, STYLE_WHOLE,
		      "COUNTIFS(t_group,%s)-COUNTIFS(t_group,%s,t_outcome,\"aborted\")-"
		      "COUNTIFS(t_group,%s,t_outcome,\"unfinished\")",
		      h->key, h->key, h->key);
	count(h, (double)g->n_of[OUTCOME_RECOVERED], ",t_outcome,\"recovered\"");
	sheet_formula(h->sheet, h->col++, (double)g->n_censored, STYLE_WHOLE,
		      "COUNTIFS(t_group,%s,t_outcome,\"no_reelection\")+"
		      "COUNTIFS(t_group,%s,t_outcome,\"no_rejoin\")",
		      h->key, h->key);
	sheet_formula(h->sheet, h->col++, (double)g->n_failed, STYLE_WHOLE,
		      "COUNTIFS(t_group,%s,t_outcome,\"disturbed\")+"
		      "COUNTIFS(t_group,%s,t_outcome,\"gate_failed\")+"
		      "COUNTIFS(t_group,%s,t_outcome,\"instrument_error\")",
		      h->key, h->key, h->key);
	count(h, (double)g->n_of[OUTCOME_ABORTED], ",t_outcome,\"aborted\"");
	count(h, (double)g->n_contested, ",t_measured,1,t_terms,\">1\"");
	sheet_formula(h->sheet, h->col++, g->contested.share, STYLE_SHARE,
		      "COUNTIFS(t_group,%s,t_measured,1,t_terms,\">1\")/"
		      "COUNTIFS(t_group,%s,t_measured,1,t_terms,\">=0\")",
		      h->key, h->key);
}

static void sum(struct headline *h, double value, const char *name)
{
	sheet_formula(h->sheet, h->col++, value, STYLE_WHOLE, "SUMIFS(%s,t_group,%s)", name,
		      h->key);
}

static void write_client(struct headline *h, const struct group *g)
{
	const struct model *model = h->sheet->book->model;

	if (model->has_writes) {
		sum(h, (double)g->n_acknowledged, "t_acknowledged");
		sum(h, (double)g->n_lost, "t_lost");
	}
	if (model->has_noop)
		sum(h, (double)g->n_false_changes, "t_false_changes");
}

static void figure(struct headline *h, enum metric metric, enum stats_figure f, enum style style)
{
	trace_figure(h->sheet, h->col++, style, h->sheet->book->model->has[metric], h->key, h->g,
		     metric, f);
}

static void write_metric(struct headline *h, enum metric metric, int detail)
{
	if (detail & D_MEDIAN)
		figure(h, metric, STATS_P50, STYLE_HEADLINE);
	for (int upper = 0; detail & D_LIMITS && upper < 2; upper++)
		trace_limit(h->sheet, h->col++, STYLE_SECONDS, h->sheet->book->model->has[metric],
			    h->key, h->g, metric, STATS_P50, upper);
	if (detail & D_P95)
		figure(h, metric, STATS_P95, STYLE_SECONDS);
	if (detail & D_MAX)
		figure(h, metric, STATS_MAX, STYLE_SECONDS);
}

static void write_row(struct headline *h)
{
	const struct book *book = h->sheet->book;
	const struct group *g = &book->grouping->groups.v[h->g];

	h->key = mem_printf("$A$%u", h->sheet->row + 1);
	h->col = (lxw_col_t)(book->grouping->names.n + 1);
	sheet_number(h->sheet, 0, (double)h->g + 1, STYLE_WHOLE);
	sheet_levels(h->sheet, g, 1, false);
	write_counts(h, g);
	write_client(h, g);
	for (size_t i = 0; i < model_n_metrics; i++)
		write_metric(h, model_metrics[i], detail_of(book->recording, model_metrics[i]));
	free(h->key);
	sheet_end_row(h->sheet);
}

static void mark(struct headline *h, lxw_row_t first)
{
	struct sheet *sheet = h->sheet;
	lxw_row_t last = sheet->row - 1;
	lxw_col_t to = (lxw_col_t)(h->columns.n - 1);

	sheet_mark(sheet, first, last, to, STYLE_MARK_CENSORED, "$%s%u>0",
		   sheet_col_name(h->censored), first + 1);
	sheet_mark(sheet, first, last, to, STYLE_MARK_FAILED, "$%s%u>0", sheet_col_name(h->failed),
		   first + 1);
	sheet_mark(sheet, first, last, h->contested + 1, STYLE_MARK_CONTESTED, "$%s%u>0",
		   sheet_col_name(h->contested), first + 1);
}

static void prepare(struct headline *h)
{
	h->across_chars = 0;
	add_columns(h);
	for (h->across = 0; h->across + 1U < h->columns.n && h->across_chars < FINDING_CHARS;)
		h->across_chars += h->columns.v[++h->across].width;
}

static void write_headline(struct headline *h)
{
	struct sheet *sheet = h->sheet;
	lxw_row_t first;

	sheet_line(sheet, "Headline (times in seconds)", STYLE_SECTION);
	worksheet_set_row(sheet->ws, sheet->row, 48, NULL);
	if (sheet->book->grouping->groups.n > ONE_PAGE)
		worksheet_repeat_rows(sheet->ws, sheet->row, sheet->row);
	sheet_head(sheet, &h->columns, true);
	first = sheet->row;
	for (h->g = 0; h->g < sheet->book->grouping->groups.n; h->g++)
		write_row(h);
	mark(h, first);
	sheet_fit(sheet);
}

/* One sentence each, those to be minded marked. */
static void write_findings(struct headline *h)
{
	struct sheet *sheet = h->sheet;
	struct findings findings;
	const struct finding *finding;

	findings_make(sheet->book->recording, &findings);
	if (findings.all.n)
		sheet_line(sheet, "What it says", STYLE_SECTION);
	vec_each (finding, &findings.all) {
		bool caution = finding->severity == FINDING_CAUTION;

		sheet_text(sheet, 0, caution ? "caution" : "",
			   caution ? STYLE_CAUTION : STYLE_TEXT);
		sheet_paragraph(sheet, 1, h->across, finding->text, h->across_chars,
				caution ? STYLE_CAUTION : STYLE_TEXT_WRAP);
	}
	if (findings.all.n)
		sheet->row++;
	findings_done(&findings);
}

static void write_reading(struct sheet *sheet)
{
	sheet_line(sheet, "How to read it", STYLE_SECTION);
	sheet_pair(sheet, "n ≥ 20", "so many trials it would take for this figure");
	sheet_pair(sheet, "> 180",
		   "not reached within this time by so many trials that the figure lies beyond it");
	sheet_pair(sheet, "–",
		   "not known: the longest time where some trials ran into a limit, or an end of "
		   "the interval that the trials do not reach");
	sheet_pair(sheet, "no limit", "so few reached it that the interval has no upper end");
	sheet_pair(sheet, "95 %",
		   "the interval that holds the true median in 95 of 100 such drills");
	sheet_pair(sheet, "censored",
		   "ran into its limit: counts as longer, neither dropped nor at the limit");
	sheet_pair(sheet, "contested", "the election took more than one new term");
	sheet_pair(sheet, "traced",
		   "every figure is a formula: its trials are those on the sheet Trials that have "
		   "its group; where some are censored, its curve is on the sheet Survival");
	sheet_pair(
		sheet, "more",
		"definitions, the clock, calibration, and what the figures do not say: the sheet "
		"Method, the last one");
}

int sheet_summary(struct book *book, struct err *err)
{
	struct sheet sheet;
	struct headline h = {.sheet = &sheet, .across_chars = INFINITY};

	(void)err;
	sheet_open(&sheet, book, "Summary", "Failover drill: summary");
	if (book->model->trials.n)
		prepare(&h);
	for (size_t i = 0; i < book->model->studies.n; i++)
		write_study(&h, i);
	write_pair(&h, "Chosen", book->recording->chosen);
	if (!book->model->trials.n) {
		sheet.row++;
		sheet_line(&sheet, "No trial has been recorded yet: there are no figures.",
			   STYLE_WARN);
		worksheet_set_column(sheet.ws, 0, 0, 16, NULL);
		return 0;
	}
	sheet_pair(&sheet, "Origin", model_from_text(book->model));
	sheet.row++;
	write_findings(&h);
	write_headline(&h);
	sheet_columns_done(&h.columns);
	sheet.row++;
	write_reading(&sheet);
	worksheet_freeze_panes(sheet.ws, 1, 0);
	return 0;
}
