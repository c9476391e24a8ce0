/* Timeline: the best, the median and the worst trial of each group, as each node saw it. */
#include "report/page_timeline.h"
#include <inttypes.h>
#include <math.h>

enum { MAX_GROUPS = 8, N_CHOSEN = 3 };

struct ranked {
	const struct model_trial *trial;
	double value; /* of the metric; INFINITY: not reached */
};
typedef VEC(struct ranked) ranking;

static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->value > y->value || x->value < y->value)
		return x->value > y->value ? 1 : -1;
	return (x->trial->id > y->trial->id) - (x->trial->id < y->trial->id);
}

static void rank(const struct model *model, const struct group *group, enum metric metric,
		 ranking *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *trial = &model->trials.v[group->trials.v[i]];
		const struct model_value *value = &trial->values[metric];

		if (value->present && outcome_is_measured(trial->outcome))
			vec_push(ret, (struct ranked){trial, value->censored > 0
								     ? INFINITY
								     : model_value_s(value)});
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof *ret->v, by_value);
}

static void add_spans(struct page *page, const struct timeline *t)
{
	const struct timeline_node *node;
	const struct timeline_span *span;

	html_add(page->out, "<details><summary>The numbers of this timeline</summary>\n");
	page_table(page, "What each node showed [s]");
	page_head(page, "node");
	page_head_nr(page, "from, after");
	page_head_nr(page, "from, at the latest");
	page_head(page, "named as master");
	page_body(page);
	vec_each (node, &t->nodes)
		vec_each (span, &node->spans) {
			char *text = page_span_text(span);

			page_row(page);
			html_add(page->out, "<th scope=\"row\">%s</th>", node->name);
			page_cell_seconds(page, span->from.lo_s);
			page_cell_seconds(page, span->from.hi_s);
			page_cell(page, text);
			free(text);
		}
	page_table_end(page);
	html_add(page->out, "</details>\n");
}

static void add_summary(struct page *page, const char *label, const char *rank_name,
			const struct ranked *r, enum metric metric, bool open)
{
	html_add(page->out, "<details class=\"pick\" name=\"timeline\"");
	html_add(page->out, open ? " open>" : ">");
	html_add(page->out, "<summary><b>%s</b>, %s: trial %" PRId64 " <span class=\"note\">%s ",
		 label, rank_name, r->trial->id, phrase_metric(metric));
	if (isinf(r->value))
		html_add(page->out, "not reached");
	else
		html_add(page->out, "%.3f s", r->value);
	if (r->trial->terms >= 0)
		html_add(page->out, ", %" PRId64 " new term%s", r->trial->terms,
			 r->trial->terms == 1 ? "" : "s");
	html_add(page->out, "</span></summary>\n");
}

static int add_trial(struct page *page, const struct ranked *r, struct err *err)
{
	struct timeline timeline;

	if (timeline_load(page->recording->store, r->trial, &timeline, err))
		return err->code;
	page_lanes(page, &timeline);
	if (!timeline.has_samples)
		page_note(page, "The recording holds no polls of this trial: the lanes are made of "
				"its changes of master alone.");
	add_spans(page, &timeline);
	timeline_done(&timeline);
	return 0;
}

/* The best, the median and the worst; of fewer trials all there are. */
static int add_group(struct page *page, const struct group *group, enum metric metric,
		     size_t *n_shown, struct err *err)
{
	static const char *const names[N_CHOSEN] = {"best", "median", "worst"};
	static const char *const places[N_CHOSEN] = {"first", "one in the middle", "last"};
	char *label = page_group_label(page, group);
	ranking all = {0};

	rank(&page->recording->model, group, metric, &all);
	for (size_t i = 0; i < N_CHOSEN && i < all.n && !err->code; i++) {
		/* of two: the best and the worst */
		size_t rank_of = all.n == 2 ? 2 * i : i;
		size_t place = rank_of == 0 ? 0 : rank_of == 1 ? (all.n - 1) / 2 : all.n - 1;

		/* none is better than another where none reached it */
		add_summary(page, label,
			    all.n == 1		    ? "the only trial"
			    : isinf(all.v[0].value) ? places[rank_of]
						    : names[rank_of],
			    &all.v[place], metric, !(*n_shown)++);
		add_trial(page, &all.v[place], err);
		html_add(page->out, "</details>\n");
	}
	vec_done(&all);
	free(label);
	return err->code;
}

int page_timeline(struct page *page, struct err *err)
{
	const struct recording *r = page->recording;
	const struct group *group;
	struct str *out = page->out, body = STR_INIT;
	enum metric metric = r->model.has[METRIC_REELECTION] ? METRIC_REELECTION : METRIC_REJOIN;
	size_t n_shown = 0, n_groups = 0;
	bool some_without = false;

	page->out = &body;
	vec_each (group, &r->grouping.groups)
		if (group->estimates[metric].n && n_groups++ < MAX_GROUPS) {
			const struct estimate *estimate = &group->estimates[metric];

			some_without |= estimate->n > 1 && estimate->n == estimate->n_censored;
			add_group(page, group, metric, &n_shown, err);
		}
	page->out = out;
	if (n_shown) {
		html_add(out,
			 "<p>Whom each node named as master: choose a trial. Here are the "
			 "best, the median and the worst of each group, by %s.",
			 metric == METRIC_REELECTION ? "re-election" : "rejoin");
		if (some_without)
			html_add(out, " Where none reached it: the first, one in the middle and "
				      "the last.");
		if (n_groups > MAX_GROUPS)
			html_add(out,
				 " Only the first %d of %zu groups are here; --where chooses "
				 "others.",
				 MAX_GROUPS, n_groups);
		html_add(out, " Shaded edges: the change was in that stretch, between the last old "
			      "answer and the first new one. Below a lane, the node's view of the "
			      "cluster's health: the thicker the line, the worse.</p>\n");
		str_add_n(out, body.s, body.n);
	}
	str_done(&body);
	return err->code;
}
