/* Trials: a row each, as many as a page can hold. */
#include "report/page_impl.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MAX_ROWS = 1000 };

/* Of too many trials the first to be kept: those that did not recover, then the slowest. */
static double weight(const struct model_trial *trial)
{
	const struct model_value *value = &trial->values[METRIC_REELECTION];

	if (trial->outcome != OUTCOME_RECOVERED)
		return INFINITY;
	return value->present ? model_value_s(value) : 0;
}

struct place {
	size_t i;
	double weight;
};

static int by_weight(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->weight > y->weight || x->weight < y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->i > y->i) - (x->i < y->i);
}

/* The caller frees it: one flag a trial. */
static bool *choose(const struct model *model)
{
	size_t n = model->trials.n;
	bool *shown = mem_alloc((n + 1) * sizeof *shown);
	struct place *places = mem_alloc((n + 1) * sizeof *places);

	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){i, weight(&model->trials.v[i])};
	if (n > MAX_ROWS)
		qsort(places, n, sizeof *places, by_weight);
	for (size_t i = 0; i < n && i < MAX_ROWS; i++)
		shown[places[i].i] = true;
	free(places);
	return shown;
}

static void add_heads(struct page *page)
{
	static const char *const texts[] = {"masters", "fault",	     "target",	  "outcome",
					    "victim",  "old master", "new master"};
	const struct model *model = &page->recording->model;

	page_head_nr(page, "trial");
	if (model->studies.n > 1)
		page_head(page, "study");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		page_head(page, texts[i]);
	page_head_nr(page, "new terms");
	for (size_t i = 0; i < model_n_metrics; i++)
		if (page->recording->metrics[model_metrics[i]] && model->has[model_metrics[i]]) {
			char *title = mem_printf("%s [s]", phrase_metric(model_metrics[i]));

			page_head_nr(page, title);
			free(title);
		}
	page_head(page, "started [UTC]");
	page_body(page);
}

static void add_value(struct page *page, const struct model_value *value)
{
	if (!value->present)
		html_add(page->out, "<td class=\"nr\"></td>");
	else if (value->censored > 0)
		html_add(page->out, "<td class=\"nr\"><span class=\"beyond\">&gt; %.3f</span></td>",
			 (double)value->lo_ns / 1e9);
	else
		page_cell_seconds(page, model_value_s(value));
}

static void add_outcome(struct page *page, const struct model_trial *t)
{
	html_add(page->out, "<td>");
	if (t->outcome == OUTCOME_RECOVERED)
		html_add(page->out, "%s", outcome_names[t->outcome]);
	else
		html_add(page->out, "<strong>%s</strong>", outcome_names[t->outcome]);
	if (t->warmup)
		html_add(page->out, " <span class=\"tag\">warm-up</span>");
	if (model_is_contested(t))
		html_add(page->out, " <span class=\"tag\">contested</span>");
	if (t->reason)
		html_add(page->out, "<small>%s</small>", t->reason);
	html_add(page->out, "</td>");
}

static void add_row(struct page *page, const struct model_trial *t)
{
	const struct model *model = &page->recording->model;
	const struct model_arm *arm = &model->arms.v[t->arm];

	page_row(page);
	html_add(page->out, "<th scope=\"row\" class=\"nr\">%" PRId64 "</th>", t->id);
	if (model->studies.n > 1)
		page_cell(page, model->studies.v[t->study].label);
	html_add(page->out, "<td>%" PRId64 "</td>", arm->master_eligible);
	page_cell(page, arm->fault);
	page_cell(page, arm->target);
	add_outcome(page, t);
	page_cell(page, t->victim);
	page_cell(page, t->old_master);
	page_cell(page, t->new_master);
	page_cell_count(page, t->terms);
	for (size_t i = 0; i < model_n_metrics; i++)
		if (page->recording->metrics[model_metrics[i]] && model->has[model_metrics[i]])
			add_value(page, &t->values[model_metrics[i]]);
	page_cell(page, t->started);
}

int page_trials(struct page *page, struct err *err)
{
	const struct model *model = &page->recording->model;
	bool *shown;

	(void)err;
	if (!model->trials.n)
		return 0;
	html_add(page->out, "<p>Warm-ups included. A time is the middle of the interval in which "
			    "it lies; “&gt; 180” was not reached within that time.</p>\n");
	if (model->trials.n > MAX_ROWS)
		page_note(page,
			  "Shown are %d of %zu trials: those that did not recover, then those with "
			  "the longest re-election, in the order they were run. The recording and "
			  "the workbook hold all of them.",
			  MAX_ROWS, model->trials.n);
	shown = choose(model);
	page_table(page, "Trials in the order they were run");
	add_heads(page);
	for (size_t i = 0; i < model->trials.n; i++)
		if (shown[i])
			add_row(page, &model->trials.v[i]);
	page_table_end(page);
	free(shown);
	return 0;
}
