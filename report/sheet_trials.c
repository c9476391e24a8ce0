#include "report/sheet.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

static void columns_of(const struct book *book, sheet_columns *columns)
{
	static const struct sheet_column fixed[] = {
		{(char *)"study", 18, STYLE_TEXT},
		{(char *)"trial", 7, STYLE_WHOLE},
		{(char *)"position", 10, STYLE_WHOLE},
		{(char *)"block", 8, STYLE_WHOLE},
		{(char *)"warm-up", 10, STYLE_TEXT},
		{(char *)"master-eligible", 10, STYLE_WHOLE},
		{(char *)"fault", 10, STYLE_TEXT},
		{(char *)"target", 10, STYLE_TEXT},
		{(char *)"outcome", 15, STYLE_TEXT},
		{(char *)"reason", 30, STYLE_TEXT},
		{(char *)"victim", 12, STYLE_TEXT},
		{(char *)"old master", 12, STYLE_TEXT},
		{(char *)"new master", 12, STYLE_TEXT},
		{(char *)"new terms", 8, STYLE_WHOLE},
	};

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		sheet_column(columns, fixed[i].title, fixed[i].width, fixed[i].style);
	for (size_t i = 0; i < model_n_metrics; i++) {
		char *title;

		if (!book->model->has[model_metrics[i]])
			continue;
		title = sheet_metric_title(model_metrics[i]);
		sheet_column(columns, title, 13, STYLE_SECONDS);
		sheet_column(columns, "± [s]", 9, STYLE_PLUS_MINUS);
		free(title);
	}
	if (book->model->has_witness)
		sheet_column(columns, "polled after log [s]", 12, STYLE_SECONDS);
	if (book->model->has_writes)
		sheet_column(columns, "lost writes", 8, STYLE_WHOLE);
	if (book->model->has_noop)
		sheet_column(columns, "false changes", 9, STYLE_WHOLE);
	sheet_column(columns, "took [s]", 10, STYLE_SECONDS);
	sheet_column(columns, "started [UTC]", 24, STYLE_TEXT);
}

/* Two cells. A censored duration is a text: nobody shall take an average over limits. */
static void write_value(struct sheet *sheet, lxw_col_t col, const struct model_value *value)
{
	char *text;

	if (!value->present)
		return;
	if (value->censored <= 0) {
		sheet_number(sheet, col, model_value_s(value), STYLE_SECONDS);
		sheet_number(sheet, col + 1, model_half_width_s(value), STYLE_PLUS_MINUS);
		return;
	}
	text = mem_printf("> %.3f", (double)value->lo_ns / 1e9);
	sheet_text(sheet, col, text, STYLE_CENSORED);
	free(text);
}

static void write_trial(struct sheet *sheet, const struct model_trial *t)
{
	const struct model *model = sheet->book->model;
	const struct model_arm *arm = &model->arms.v[t->arm];
	lxw_col_t col = 0;

	sheet_text(sheet, col++, model->studies.v[t->study].label, STYLE_TEXT);
	sheet_number(sheet, col++, (double)t->id, STYLE_WHOLE);
	sheet_number(sheet, col++, (double)t->position, STYLE_WHOLE);
	sheet_number(sheet, col++, (double)t->block, STYLE_WHOLE);
	sheet_text(sheet, col++, t->warmup ? "warm-up" : "", STYLE_TEXT);
	sheet_number(sheet, col++, (double)arm->master_eligible, STYLE_WHOLE);
	sheet_text(sheet, col++, arm->fault, STYLE_TEXT);
	sheet_text(sheet, col++, arm->target, STYLE_TEXT);
	sheet_text(sheet, col++, outcome_names[t->outcome],
		   t->outcome == OUTCOME_RECOVERED ? STYLE_TEXT : STYLE_WARN);
	sheet_text(sheet, col++, t->reason, STYLE_TEXT);
	sheet_text(sheet, col++, t->victim, STYLE_TEXT);
	sheet_text(sheet, col++, t->old_master, STYLE_TEXT);
	sheet_text(sheet, col++, t->new_master, STYLE_TEXT);
	if (t->terms >= 0)
		sheet_number(sheet, col, (double)t->terms, STYLE_WHOLE);
	col++;
	for (size_t i = 0; i < model_n_metrics; i++) {
		if (!model->has[model_metrics[i]])
			continue;
		write_value(sheet, col, &t->values[model_metrics[i]]);
		col += 2;
	}
	if (model->has_witness)
		sheet_number(sheet, col++, t->witness_s, STYLE_SECONDS);
	if (model->has_writes)
		sheet_number(sheet, col++, t->lost < 0 ? NAN : (double)t->lost, STYLE_WHOLE);
	if (model->has_noop)
		sheet_number(sheet, col++, t->false_changes < 0 ? NAN : (double)t->false_changes,
			     STYLE_WHOLE);
	sheet_number(sheet, col++, t->took_s, STYLE_SECONDS);
	sheet_text(sheet, col, t->started, STYLE_TEXT);
	sheet->row++;
}

int sheet_trials(struct book *book, struct err *err)
{
	const struct model_trial *trial;
	sheet_columns columns = {0};
	struct sheet sheet;
	lxw_row_t head;
	char *note;

	(void)err;
	note = mem_printf(
		"One row each, warm-ups included. Times are the middle of the interval in which "
		"they lie, ± half its width. \"> 180\": not reached within that time. Those "
		"after a fault count from %s.",
		model_from_text(book->model));
	sheet_open(&sheet, book, "Trials", "Trials");
	sheet_line(&sheet, note, STYLE_NOTE);
	free(note);
	head = sheet.row;
	columns_of(book, &columns);
	worksheet_set_row(sheet.ws, head, 32, NULL);
	sheet_head(&sheet, &columns, true);
	vec_each (trial, &book->model->trials)
		write_trial(&sheet, trial);
	if (book->model->studies.n < 2) {
		lxw_row_col_options options = {.hidden = LXW_TRUE};

		worksheet_set_column_opt(sheet.ws, 0, 0, 18, NULL, &options);
	}
	sheet_is_table(&sheet, head, columns.n, 3);
	worksheet_repeat_columns(sheet.ws, 0, 2);
	worksheet_fit_to_pages(sheet.ws, 2, 0); /* on one they could not be read */
	sheet_columns_done(&columns);
	return 0;
}
