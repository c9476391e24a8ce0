/* The sheet Trials: every trial that was chosen, warm-ups included. Its columns have names, by
 * which the other sheets' formulas find the trials of a group (trace.h). */
#include "lib/str.h"
#include "report/sheet.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct marks {
	int64_t trial;
	char *text; /* "late_polls 2, gap 1" */
};

struct trials {
	struct sheet sheet;
	VEC(struct marks) incidents; /* trial ids ascending */
	size_t *group_of;	     /* of each trial: 1 + its group; 0: none */
	lxw_row_t first, last;
	lxw_col_t outcome, terms, incident, end; /* columns */
	lxw_col_t col;				 /* where the next column goes */
};

static int load_incident(void *arg, const struct store_row *row, struct err *err)
{
	struct trials *t = arg;
	char *text = mem_printf("%s %" PRId64, store_text(row, 1), store_int(row, 2)), *both;
	size_t n = t->incidents.n;

	(void)err;
	if (n && t->incidents.v[n - 1].trial == store_int(row, 0)) {
		both = mem_printf("%s, %s", t->incidents.v[n - 1].text, text);
		free(t->incidents.v[n - 1].text);
		free(text);
		t->incidents.v[n - 1].text = both;
	} else {
		vec_push(&t->incidents, (struct marks){store_int(row, 0), text});
	}
	return 0;
}

static int compare_marks(const void *a, const void *b)
{
	const struct marks *x = a, *y = b;

	return (x->trial > y->trial) - (x->trial < y->trial);
}

static const char *incidents_of(const struct trials *t, int64_t id)
{
	const struct marks key = {.trial = id};
	const struct marks *found = t->incidents.n ? bsearch(&key, t->incidents.v, t->incidents.n,
							     sizeof key, compare_marks)
						   : NULL;

	return found ? found->text : NULL;
}

static void find_groups(struct trials *t, const struct book *book)
{
	t->group_of = mem_alloc((book->model->trials.n + 1) * sizeof *t->group_of);
	for (size_t g = 0; g < book->grouping->groups.n; g++) {
		const struct group *group = &book->grouping->groups.v[g];

		for (size_t i = 0; i < group->trials.n; i++)
			t->group_of[group->trials.v[i]] = g + 1;
	}
}

/* A column of the table; name NULL: no formula asks for it. */
static lxw_col_t column(struct trials *t, sheet_columns *columns, const char *title, double width,
			enum style style, const char *name)
{
	lxw_col_t col = (lxw_col_t)columns->n;
	char *whole = name ? mem_printf("t_%s", name) : NULL;

	sheet_column(columns, title, width, style);
	if (whole)
		sheet_name_range(&t->sheet, whole, t->first, t->last, col);
	free(whole);
	return col;
}

static void metric_columns(struct trials *t, sheet_columns *columns)
{
	const struct model *model = t->sheet.book->model;

	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];
		char *title, *name;

		if (!model->has[m])
			continue;
		title = sheet_metric_title(m);
		name = mem_printf("%s_pm", metric_names[m]);
		column(t, columns, title, 13, STYLE_SECONDS, metric_names[m]);
		column(t, columns, "± [s]", 9, STYLE_PLUS_MINUS, name);
		free(title);
		free(name);
	}
}

static void columns_of(struct trials *t, sheet_columns *columns)
{
	const struct model *model = t->sheet.book->model;

	if (model->studies.n > 1)
		column(t, columns, "study", 18, STYLE_TEXT, NULL);
	column(t, columns, "trial", 8, STYLE_WHOLE, NULL);
	column(t, columns, "group", 7, STYLE_WHOLE, "group");
	column(t, columns, "in figures", 8, STYLE_WHOLE, "measured");
	column(t, columns, "position", 9, STYLE_WHOLE, NULL);
	column(t, columns, "block", 9, STYLE_WHOLE, NULL);
	column(t, columns, "warm-up", 10, STYLE_TEXT, NULL);
	column(t, columns, "master-eligible", 10, STYLE_WHOLE, NULL);
	column(t, columns, "fault", 12, STYLE_TEXT, NULL);
	column(t, columns, "target", 10, STYLE_TEXT, NULL);
	t->outcome = column(t, columns, "outcome", 15, STYLE_TEXT, "outcome");
	column(t, columns, "reason", 12, STYLE_TEXT, NULL);
	t->incident = column(t, columns, "incidents", 12, STYLE_TEXT, NULL);
	column(t, columns, "victim", 12, STYLE_TEXT, NULL);
	column(t, columns, "old master", 12, STYLE_TEXT, NULL);
	column(t, columns, "new master", 12, STYLE_TEXT, NULL);
	t->terms = column(t, columns, "new terms", 8, STYLE_WHOLE, "terms");
	metric_columns(t, columns);
	if (model->has_witness)
		column(t, columns, "polled after log [s]", 12, STYLE_SECONDS, NULL);
	if (model->has_writes) {
		column(t, columns, "acknowledged writes", 13, STYLE_WHOLE, "acknowledged");
		column(t, columns, "lost writes", 8, STYLE_WHOLE, "lost");
	}
	if (model->has_noop)
		column(t, columns, "false changes", 9, STYLE_WHOLE, "false_changes");
	column(t, columns, "took [s]", 10, STYLE_SECONDS, NULL);
	t->end = column(t, columns, "started [UTC]", 24, STYLE_TEXT, NULL);
}

static void number(struct trials *t, double value, enum style style)
{
	/* no cell at all where there is nothing: of the rows there are many */
	if (isfinite(value))
		sheet_number(&t->sheet, t->col, value, style);
	t->col++;
}

static void count(struct trials *t, int64_t n)
{
	number(t, n < 0 ? NAN : (double)n, STYLE_WHOLE);
}

static void name(struct trials *t, const char *s)
{
	if (s && *s)
		sheet_fitted(&t->sheet, t->col, s, SHEET_NAME_CHARS, STYLE_TEXT);
	t->col++;
}

static void text(struct trials *t, const char *s, enum style style)
{
	if (s && *s)
		sheet_text(&t->sheet, t->col, s, style);
	t->col++;
}

/* Two cells. A censored duration is a text: nobody shall take an average over limits. */
static void write_value(struct trials *t, const struct model_value *value)
{
	char *limit;

	if (!value->present) {
		t->col += 2;
	} else if (value->censored <= 0) {
		number(t, model_value_s(value), STYLE_SECONDS);
		number(t, model_half_width_s(value), STYLE_PLUS_MINUS);
	} else {
		limit = mem_printf("> %.3f", (double)value->lo_ns / 1e9);
		text(t, limit, STYLE_CENSORED);
		t->col++;
		free(limit);
	}
}

static void write_what(struct trials *t, const struct model_trial *trial, size_t group)
{
	const struct model *model = t->sheet.book->model;
	const struct model_arm *arm = &model->arms.v[trial->arm];

	if (model->studies.n > 1)
		name(t, model->studies.v[trial->study].label);
	count(t, trial->id);
	count(t, group ? (int64_t)group : -1);
	count(t, group && outcome_is_measured(trial->outcome));
	count(t, trial->position);
	count(t, trial->block);
	text(t, trial->warmup ? "warm-up" : "", STYLE_TEXT);
	count(t, arm->master_eligible);
	name(t, arm->fault);
	name(t, arm->target);
	text(t, outcome_names[trial->outcome],
	     trial->outcome == OUTCOME_RECOVERED ? STYLE_TEXT : STYLE_WARN);
	name(t, trial->reason);
	name(t, incidents_of(t, trial->id));
	name(t, trial->victim);
	name(t, trial->old_master);
	name(t, trial->new_master);
	count(t, trial->terms);
}

static void write_trial(struct trials *t, size_t place)
{
	const struct model *model = t->sheet.book->model;
	const struct model_trial *trial = &model->trials.v[place];

	t->col = 0;
	write_what(t, trial, t->group_of[place]);
	for (size_t i = 0; i < model_n_metrics; i++)
		if (model->has[model_metrics[i]])
			write_value(t, &trial->values[model_metrics[i]]);
	if (model->has_witness)
		number(t, trial->witness_s, STYLE_SECONDS);
	if (model->has_writes) {
		count(t, trial->lost < 0 ? -1 : trial->acknowledged);
		count(t, trial->lost);
	}
	if (model->has_noop)
		count(t, trial->false_changes);
	number(t, trial->took_s, STYLE_SECONDS);
	text(t, trial->started, STYLE_TEXT);
	sheet_end_row(&t->sheet);
}

static void mark_rows(struct trials *t)
{
	struct sheet *sheet = &t->sheet;
	lxw_row_t row = t->first + 1; /* as formulas count */
	const char *outcome = sheet_col_name(t->outcome);

	sheet_mark(sheet, t->first, t->last, t->end, STYLE_MARK_CENSORED,
		   "OR($%s%u=\"no_reelection\",$%s%u=\"no_rejoin\")", outcome, row, outcome, row);
	sheet_mark(sheet, t->first, t->last, t->end, STYLE_MARK_FAILED,
		   "AND($%s%u<>\"recovered\",$%s%u<>\"no_reelection\",$%s%u<>\"no_rejoin\")",
		   outcome, row, outcome, row, outcome, row);
	sheet_mark(sheet, t->first, t->last, t->incident, STYLE_MARK_INCIDENT, "$%s%u<>\"\"",
		   sheet_col_name(t->incident), row);
	sheet_mark(sheet, t->first, t->last, t->end, STYLE_MARK_CONTESTED,
		   "AND(ISNUMBER($%s%u),$%s%u>1)", sheet_col_name(t->terms), row,
		   sheet_col_name(t->terms), row);
}

/* Columns that paper shows on every page; a note in them would be cut off there. */
enum { N_REPEATED = 3 };

static void write_notes(struct sheet *sheet)
{
	char *note = mem_printf(
		"Warm-ups included. Times: the middle of the interval in which they lie, ± half "
		"its width; \"> 180\": not reached within that. After a fault they count from "
		"%s.",
		model_from_text(sheet->book->model));

	sheet_text(sheet, N_REPEATED, note, STYLE_NOTE);
	sheet->row++;
	free(note);
	sheet_text(sheet, N_REPEATED, "Marked:", STYLE_NOTE);
	sheet_text(sheet, N_REPEATED + 1, "censored", STYLE_LEGEND_CENSORED);
	sheet_text(sheet, N_REPEATED + 2, "contested", STYLE_LEGEND_CONTESTED);
	sheet_text(sheet, N_REPEATED + 3, "incident", STYLE_LEGEND_INCIDENT);
	sheet_text(sheet, N_REPEATED + 4, "not measured", STYLE_LEGEND_FAILED);
	sheet_text(sheet, N_REPEATED + 6,
		   "Group: the row of the Summary that the trial counts in; in figures: 1 where "
		   "its times do.",
		   STYLE_NOTE);
	sheet->row++;
}

static void write_table(struct trials *t)
{
	const struct model *model = t->sheet.book->model;
	sheet_columns columns = {0};
	lxw_row_t head = t->sheet.row;

	t->first = head + 1;
	t->last = head + (lxw_row_t)model->trials.n;
	columns_of(t, &columns);
	worksheet_set_row(t->sheet.ws, head, 32, NULL);
	sheet_head(&t->sheet, &columns, true);
	for (size_t i = 0; i < model->trials.n; i++)
		write_trial(t, i);
	sheet_is_table(&t->sheet, head, columns.n, model->studies.n > 1 ? 3 : 2);
	sheet_columns_done(&columns);
}

int sheet_trials(struct book *book, struct err *err)
{
	struct trials t = {0};
	int r = store_query(book->store, SQL_WORKBOOK_TRIAL_INCIDENTS, NULL, 0, load_incident, &t,
			    err);

	find_groups(&t, book);
	sheet_open_long(&t.sheet, book, "Trials", "Trials");
	write_notes(&t.sheet);
	write_table(&t);
	if (book->model->trials.n)
		mark_rows(&t);
	sheet_fit(&t.sheet);
	worksheet_repeat_columns(t.sheet.ws, 0, N_REPEATED - 1);
	worksheet_fit_to_pages(t.sheet.ws, 3, 0); /* on one they could not be read */
	for (size_t i = 0; i < t.incidents.n; i++)
		free(t.incidents.v[i].text);
	vec_done(&t.incidents);
	free(t.group_of);
	return r;
}
