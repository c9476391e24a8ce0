/* The sheet Timeline: one trial as each node saw it, drawn and listed. */
#include "report/timeline_chart.h"
#include <inttypes.h>
#include <math.h>

static const char *const state_names[] = {
	[TIMELINE_MASTER] = "master",
	[TIMELINE_NONE] = "no master",
	[TIMELINE_SILENT] = "no answer",
};

static void pair_value(struct sheet *sheet, const struct model_trial *t, enum metric metric)
{
	const struct model_value *value = &t->values[metric];
	char *text;

	if (!value->present)
		return;
	text = value->censored > 0 ? mem_printf("> %.3f s", (double)value->lo_ns / 1e9)
				   : mem_printf("%.3f s ± %.4f", model_value_s(value),
						model_half_width_s(value));
	sheet_pair(sheet, phrase_metric_within(metric), text);
	free(text);
}

/* The caller frees it. */
static char *why_text(const struct grouping *grouping, const struct timeline_choice *choice)
{
	char *group, *text;

	switch (choice->why) {
	case TIMELINE_ASKED:
		return mem_strdup("by --trial");
	case TIMELINE_FIRST:
		return mem_strdup("the first measured trial; none reached re-election (another: "
				  "--trial N)");
	case TIMELINE_WARMUP:
		return mem_strdup("the first measured trial; all are warm-ups (another: --trial "
				  "N)");
	default:
		break;
	}
	group = sheet_group_label(grouping, &grouping->groups.v[choice->group]);
	text = mem_printf("its re-election is the median of %s%s (another: --trial N)", group,
			  choice->n_beyond ? ", of the trials that reached it" : "");
	free(group);
	return text;
}

static void write_facts(struct sheet *sheet, const struct timeline *timeline,
			const struct timeline_choice *choice)
{
	const struct model *model = sheet->book->model;
	const struct model_trial *t = timeline->trial;
	const struct model_arm *arm = &model->arms.v[t->arm];
	char *what = mem_printf(
		"%" PRId64 " of %s: %" PRId64 " master-eligible, %s, target %s; %s%s", t->id,
		model->studies.v[t->study].label, arm->master_eligible, arm->fault, arm->target,
		outcome_names[t->outcome], t->warmup ? ", warm-up" : "");
	char *why = why_text(sheet->book->grouping, choice);
	char *masters = mem_printf("%s, then %s", t->old_master ? t->old_master : "none",
				   t->new_master ? t->new_master : "none");

	sheet_pair(sheet, "trial", what);
	sheet_pair(sheet, "chosen", why);
	sheet_pair(sheet, "master", masters);
	if (t->terms >= 0) {
		char *terms = mem_printf("%" PRId64, t->terms);

		sheet_pair(sheet, "new terms", terms);
		free(terms);
	}
	pair_value(sheet, t, METRIC_REELECTION);
	pair_value(sheet, t, METRIC_AGREEMENT);
	pair_value(sheet, t, METRIC_REJOIN);
	sheet_line(sheet,
		   timeline->has_fault
			   ? "Times are seconds from the fault; before it they are "
			     "negative. A change lies in an interval: its middle, ± half "
			     "its width."
			   : "Nothing was done in this trial: times are seconds from "
			     "the start of its recording.",
		   STYLE_NOTE);
	free(what);
	free(why);
	free(masters);
}

static void head(struct sheet *sheet, const char *title, const struct sheet_column *heads, size_t n)
{
	sheet->row++;
	sheet_line(sheet, title, STYLE_SECTION);
	for (size_t i = 0; i < n; i++)
		sheet_text(sheet, (lxw_col_t)i, heads[i].title,
			   heads[i].style == STYLE_TEXT ? STYLE_HEAD : STYLE_HEAD_NR);
	sheet->row++;
}

static void write_edge(struct sheet *sheet, lxw_col_t col, const struct timeline_edge *edge)
{
	sheet_number(sheet, col, (edge->lo_s + edge->hi_s) / 2, STYLE_SECONDS);
	sheet_number(sheet, col + 1, (edge->hi_s - edge->lo_s) / 2, STYLE_PLUS_MINUS);
}

static void write_spans(struct sheet *sheet, const struct timeline *timeline)
{
	static const struct sheet_column heads[] = {
		{(char *)"node", 0, STYLE_TEXT},	  {(char *)"showed", 0, STYLE_TEXT},
		{(char *)"master", 0, STYLE_TEXT},	  {(char *)"term", 0, STYLE_WHOLE},
		{(char *)"from [s]", 0, STYLE_SECONDS},	  {(char *)"± [s]", 0, STYLE_SECONDS},
		{(char *)"to [s]", 0, STYLE_SECONDS},	  {(char *)"± [s]", 0, STYLE_SECONDS},
		{(char *)"lasted [s]", 0, STYLE_SECONDS},
	};
	const struct timeline_node *node;

	head(sheet, "What each node showed", heads, sizeof heads / sizeof *heads);
	vec_each (node, &timeline->nodes)
		for (size_t i = 0; i < node->spans.n; i++) {
			const struct timeline_span *span = &node->spans.v[i];

			sheet_fitted(sheet, 0, node->name, SHEET_NAME_CHARS, STYLE_TEXT);
			sheet_text(sheet, 1, state_names[span->state],
				   span->state == TIMELINE_MASTER ? STYLE_TEXT : STYLE_FAINT);
			sheet_fitted(sheet, 2, span->master, SHEET_NAME_CHARS, STYLE_TEXT);
			sheet_number(sheet, 3, span->term < 0 ? NAN : (double)span->term,
				     STYLE_WHOLE);
			write_edge(sheet, 4, &span->from);
			write_edge(sheet, 6, &span->to);
			sheet_number(sheet, 8, span->to_s - span->from_s, STYLE_SECONDS);
			sheet_end_row(sheet);
		}
}

static void write_steps(struct sheet *sheet, const struct timeline *timeline)
{
	static const struct sheet_column heads[] = {
		{(char *)"node", 0, STYLE_TEXT},
		{(char *)"done to it", 0, STYLE_TEXT},
		{(char *)"driver said", 0, STYLE_TEXT},
		{(char *)"", 0, STYLE_TEXT},
		{(char *)"issued [s]", 0, STYLE_SECONDS},
		{(char *)"returned [s]", 0, STYLE_SECONDS},
		{(char *)"process gone after [s]", 0, STYLE_SECONDS},
		{(char *)"and by [s]", 0, STYLE_SECONDS},
		{(char *)"undone [s]", 0, STYLE_SECONDS},
	};
	const struct timeline_step *step;

	head(sheet, "What was done", heads, sizeof heads / sizeof *heads);
	vec_each (step, &timeline->steps) {
		sheet_fitted(sheet, 0, timeline->nodes.v[step->node].name, SHEET_NAME_CHARS,
			     STYLE_TEXT);
		sheet_text(sheet, 1, step->action, STYLE_TEXT);
		sheet_text(sheet, 2, step->error ? step->error : "",
			   step->error ? STYLE_WARN : STYLE_TEXT);
		sheet_number(sheet, 4, step->issued_s, STYLE_SECONDS);
		sheet_number(sheet, 5, step->done_s, STYLE_SECONDS);
		sheet_number(sheet, 6, step->gone_lo_s, STYLE_SECONDS);
		sheet_number(sheet, 7, step->gone_hi_s, STYLE_SECONDS);
		sheet_number(sheet, 8, step->undone_s, STYLE_SECONDS);
		sheet_end_row(sheet);
	}
	if (!timeline->steps.n)
		sheet_line(sheet, "nothing", STYLE_FAINT);
}

static void write_healths(struct sheet *sheet, const struct timeline *timeline)
{
	static const struct sheet_column heads[] = {
		{(char *)"node", 0, STYLE_TEXT},
		{(char *)"said of health", 0, STYLE_TEXT},
		{(char *)"", 0, STYLE_TEXT},
		{(char *)"", 0, STYLE_TEXT},
		{(char *)"from [s]", 0, STYLE_SECONDS},
		{(char *)"± [s]", 0, STYLE_SECONDS},
	};
	const struct timeline_node *node;

	head(sheet, "What each node said of the cluster's health", heads,
	     sizeof heads / sizeof *heads);
	vec_each (node, &timeline->nodes)
		for (size_t i = 0; i < node->healths.n; i++) {
			sheet_fitted(sheet, 0, node->name, SHEET_NAME_CHARS, STYLE_TEXT);
			sheet_text(sheet, 1, node->healths.v[i].status, STYLE_TEXT);
			write_edge(sheet, 4, &node->healths.v[i].at);
			sheet_end_row(sheet);
		}
}

static void write_timeline(struct sheet *sheet, const struct timeline *timeline,
			   const struct timeline_choice *choice)
{
	static const double widths[] = {16, 14, 16, 8, 11, 10, 11, 10, 11};

	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		worksheet_set_column(sheet->ws, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL);
		sheet->least[i] = widths[i];
	}
	write_facts(sheet, timeline, choice);
	timeline_draw(sheet, timeline);
	write_spans(sheet, timeline);
	write_steps(sheet, timeline);
	write_healths(sheet, timeline);
	sheet_fit(sheet);
	worksheet_print_area(sheet->ws, 0, 0, sheet->row, TIMELINE_DATA_COL - 2);
}

int sheet_timeline(struct book *book, struct err *err)
{
	struct timeline_choice choice;
	struct timeline timeline = {0};
	struct sheet sheet;

	if (timeline_choose(book->model, book->grouping, book->timeline_trial, &choice, err))
		return err->code;
	if (choice.trial && timeline_load(book->store, choice.trial, &timeline, err))
		return err->code;
	sheet_open(&sheet, book, "Timeline", "Timeline of one trial");
	if (choice.trial)
		write_timeline(&sheet, &timeline, &choice);
	else
		sheet_line(&sheet, "No trial has been measured: there is nothing to show.",
			   STYLE_WARN);
	timeline_done(&timeline);
	return 0;
}
