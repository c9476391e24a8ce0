/* Comparison: groups against each other, metric by metric (compare.h). */
#include "report/compare.h"
#include "report/page_impl.h"
#include <math.h>
#include <string.h>

enum { LEFT = 12, RIGHT = 388, TOP = 6, ROW = 34, MAX_ROWS = 24 };

/* What the comparisons of one metric share. */
struct section {
	struct page *page;
	const struct comparisons *all;
	enum metric metric;
};

/* "fault stop: 4 against 3". The caller frees it. */
static char *pair_label(const struct section *s, const struct comparison *c,
			const struct compare_pair *pair)
{
	const struct grouping *grouping = &s->page->recording->grouping;
	char *stratum = compare_stratum(s->all, grouping, c);
	char *a = compare_label(s->all, grouping, &grouping->groups.v[pair->a]);
	char *b = compare_label(s->all, grouping, &grouping->groups.v[pair->b]);
	char *label = mem_printf("%s%s%s against %s", stratum, *stratum ? ": " : "", b, a);

	free(stratum);
	free(a);
	free(b);
	return label;
}

/* The pairs of the metric, one after another: calls fn until it says false. */
typedef bool pair_fn(void *arg, const struct comparison *c, const struct compare_pair *pair);
static void each_pair(const struct section *s, pair_fn *fn, void *arg)
{
	const struct comparison *c;
	const struct compare_pair *pair;

	vec_each (c, &s->all->all)
		if (c->metric == s->metric)
			vec_each (pair, &c->pairs)
				if (!fn(arg, c, pair))
					return;
}

/* ---- the chart: shifts with their intervals ---- */

struct forest {
	const struct section *s;
	struct svg_axis x;
	size_t n, n_drawn;
	bool has_intervals; /* some pair has one */
};

static bool is_drawn(const struct compare_pair *pair)
{
	return isfinite(pair->shift_s);
}

static bool widen(void *arg, const struct comparison *c, const struct compare_pair *pair)
{
	struct forest *f = arg;

	(void)c;
	if (!is_drawn(pair))
		return true;
	f->n++;
	f->has_intervals |= isfinite(pair->shift_lo_s) && isfinite(pair->shift_hi_s);
	f->x.from = fmin(f->x.from, fmin(pair->shift_s, pair->shift_lo_s));
	f->x.to = fmax(f->x.to, fmax(pair->shift_s, pair->shift_hi_s));
	return f->n < MAX_ROWS;
}

static bool add_shift(void *arg, const struct comparison *c, const struct compare_pair *pair)
{
	struct forest *f = arg;
	struct str *out = f->s->page->out;
	bool shown = pair->verdict == COMPARE_SHOWN;
	char *label;
	double y = TOP + (double)f->n_drawn * ROW + 22;

	if (!is_drawn(pair))
		return true;
	label = pair_label(f->s, c, pair);
	svg_text(out, LEFT, y - 12, "row", label);
	html_add(out, shown ? "<g class=\"s0\">" : "<g class=\"s4\">");
	if (isfinite(pair->shift_lo_s) && isfinite(pair->shift_hi_s))
		html_add(out, "<path class=\"whisker\" d=\"M%.1f %.1fH%.1fm0 -4v8M%.1f %.1fv8\"/>",
			 svg_place(&f->x, pair->shift_lo_s), y, svg_place(&f->x, pair->shift_hi_s),
			 svg_place(&f->x, pair->shift_lo_s), y - 4);
	html_add(out, "<circle class=\"m dot%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"><title>",
		 shown ? "" : " hole", svg_place(&f->x, pair->shift_s), y);
	html_add(out, "%s: shift %+.3f s", label, pair->shift_s);
	if (isfinite(pair->shift_lo_s) && isfinite(pair->shift_hi_s))
		html_add(out, " (95 %%: %+.3f to %+.3f)", pair->shift_lo_s, pair->shift_hi_s);
	html_add(out, ", difference: %s</title></circle></g>\n", compare_difference(pair));
	free(label);
	return ++f->n_drawn < MAX_ROWS;
}

static void draw(const struct section *s)
{
	struct forest f = {.s = s, .x = {.at = LEFT, .length = RIGHT - LEFT}};
	double bottom, room;

	each_pair(s, widen, &f);
	if (!f.n)
		return;
	room = fmax(1e-3, (f.x.to - f.x.from) * 0.04);
	f.x.from -= room;
	f.x.to += room;
	f.x.title = "seconds longer";
	svg_ticks(&f.x, 6);
	bottom = TOP + (double)f.n * ROW;
	html_add(s->page->out, "<div class=\"plots\">\n");
	page_plot(s->page, bottom + 38,
		  f.has_intervals ? "Shift between groups, with 95 % interval"
				  : "Shift between groups; too few trials for intervals",
		  "Points, with intervals where there are any, one a pair of groups: by how many "
		  "seconds the first took longer. Filled where a difference is shown. The numbers "
		  "stand in the table below.");
	svg_axis_x(s->page->out, &f.x, TOP, bottom);
	html_add(s->page->out, "<path class=\"zero\" d=\"M%.1f %dV%.1f\"/>", svg_place(&f.x, 0),
		 TOP, bottom);
	each_pair(s, add_shift, &f);
	page_plot_end(s->page);
	html_add(s->page->out, "</div>\n");
}

/* ---- the table ---- */

static void add_p(struct page *page, double p)
{
	if (isnan(p))
		html_add(page->out, "<td class=\"nr\"></td>");
	else if (p < 0.0001)
		html_add(page->out, "<td class=\"nr\">&lt; 0.0001</td>");
	else
		html_add(page->out, "<td class=\"nr\">%.4f</td>", p);
}

static bool add_pair(void *arg, const struct comparison *c, const struct compare_pair *pair)
{
	const struct section *s = *(struct section *const *)arg;
	struct page *page = s->page;
	char *label = pair_label(s, c, pair);

	page_row(page);
	html_add(page->out, "<th scope=\"row\">%s</th><td class=\"nr\">%zu, %zu</td>", label,
		 pair->n_b, pair->n_a);
	html_add(page->out, pair->verdict == COMPARE_SHOWN ? "<td><b>%s</b></td>" : "<td>%s</td>",
		 compare_difference(pair));
	html_add(page->out, "<td class=\"nr\">");
	if (isfinite(pair->shift_s))
		html_add(page->out, "%+.3f", pair->shift_s);
	if (isfinite(pair->shift_lo_s) && isfinite(pair->shift_hi_s))
		html_add(page->out, "<small>%+.3f to %+.3f</small>", pair->shift_lo_s,
			 pair->shift_hi_s);
	html_add(page->out, "</td><td class=\"nr\">");
	if (isfinite(pair->superiority))
		html_add(page->out, "%.0f %%", 100 * pair->superiority);
	html_add(page->out, "</td>");
	add_p(page, pair->p);
	add_p(page, pair->p_holm);
	page_cell_count(page, pair->n_needed ? (int64_t)pair->n_needed : -1);
	free(label);
	return true;
}

static void add_tests(const struct section *s)
{
	const struct grouping *grouping = &s->page->recording->grouping;
	const struct comparison *c;

	vec_each (c, &s->all->all) {
		char *stratum;

		if (c->metric != s->metric || isnan(c->p))
			continue;
		stratum = compare_stratum(s->all, grouping, c);
		html_add(s->page->out, "<p>%s%s%s of %zu groups: p ", stratum, *stratum ? ": " : "",
			 c->test, c->groups.n);
		if (c->p < 0.0001)
			html_add(s->page->out, "&lt; 0.0001");
		else
			html_add(s->page->out, "= %.4f", c->p);
		html_add(s->page->out, "%s.</p>\n",
			 c->censored ? " (some trials are censored, so times cannot be subtracted)"
				     : "");
		free(stratum);
	}
}

static void add_drifts(const struct section *s)
{
	const struct grouping *grouping = &s->page->recording->grouping;
	const struct comparison *c;
	const struct compare_group *group;

	vec_each (c, &s->all->all)
		vec_each (group, &c->groups) {
			char *text = c->metric == s->metric
					     ? compare_drift(s->all, grouping, c, group)
					     : NULL;

			if (text)
				html_add(s->page->out, "<p class=\"caution\"><b>Drift</b> %s</p>\n",
					 text);
			free(text);
		}
}

static bool has_pairs(const struct section *s)
{
	const struct comparison *c;

	vec_each (c, &s->all->all)
		if (c->metric == s->metric && c->pairs.n)
			return true;
	return false;
}

static bool has_any(const struct section *s)
{
	const struct comparison *c;

	vec_each (c, &s->all->all)
		if (c->metric == s->metric)
			return true;
	return false;
}

static void add_metric(struct page *page, const struct comparisons *all, enum metric metric)
{
	struct section section = {.page = page, .all = all, .metric = metric}, *s = &section;
	char *caption;

	if (!has_any(s))
		return;
	html_add(page->out, "<h3>%s</h3>\n", phrase_metric(metric));
	add_tests(s);
	if (!has_pairs(s)) {
		html_add(page->out, "<p>So many groups are not compared in pairs.</p>\n");
		add_drifts(s);
		return;
	}
	draw(s);
	caption = mem_printf("%s, pair by pair [s]", phrase_metric(metric));
	page_table(page, caption);
	page_head(page, "pair");
	page_head_nr(page, "n");
	page_head(page, "difference");
	page_head_nr(page, "shift");
	page_head_nr(page, "longer in");
	page_head_nr(page, "p");
	page_head_nr(page, "p, Holm");
	page_head_nr(page, "trials needed");
	page_body(page);
	each_pair(s, add_pair, &s);
	page_table_end(page);
	add_drifts(s);
	free(caption);
}

int page_compare(struct page *page, struct err *err)
{
	const struct recording *r = page->recording;
	struct comparisons all;
	char *factors, *order;

	(void)err;
	if (r->grouping.groups.n < 2)
		return 0;
	compare_init(&all, &r->grouping, NULL);
	for (size_t i = 0; i < model_n_metrics; i++)
		if (r->metrics[model_metrics[i]] && r->model.has[model_metrics[i]])
			compare_add(&all, &r->model, &r->grouping, model_metrics[i]);
	factors = compare_factors(&all, &r->grouping);
	if (all.all.n)
		html_add(
			page->out,
			"<p>By %s; groups are compared with those that differ in nothing else. "
			"Shift: by how much the first of a pair takes longer (Hodges and Lehmann). "
			"Longer in: of two trials, one of each, the share in which the first's "
			"takes longer. p by Mann and Whitney (log-rank where trials are censored), "
			"shared among the pairs by Holm's method. Trials needed: of each group, to "
			"show a difference like the one seen four times out of five, by Noether's "
			"formula (Schoenfeld's for log-rank).</p>\n",
			strcmp(factors, "master_eligible") == 0 ? "number of master-eligible nodes"
								: factors);
	order = compare_order(&all, N_METRICS);
	if (order)
		html_add(page->out, "<p class=\"caution\"><b>Order</b> %s</p>\n", order);
	for (size_t i = 0; i < model_n_metrics; i++)
		add_metric(page, &all, model_metrics[i]);
	free(factors);
	free(order);
	compare_done(&all);
	return 0;
}
