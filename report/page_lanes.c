/* Lanes: whom each node named as master over time, what was done to which node, its health. */
#include "report/page_timeline.h"
#include "report/text.h"
#include <math.h>
#include <string.h>

enum { LEFT = 8, RIGHT = 392, LANE = 16, ROW = 38, FLAG_ROW = 13, MAX_FLAG_ROWS = 3, CHAR = 6 };

/* One drawing: a part of the trial's time. */
struct lanes {
	const struct timeline *timeline;
	struct svg_axis x;
	double top, bottom; /* of the lanes */
};

char *page_span_text(const struct timeline_span *span)
{
	switch (span->state) {
	case TIMELINE_MASTER:
		if (span->term >= 0)
			return mem_printf("%s, term %lld", span->master, (long long)span->term);
		return mem_strdup(span->master);
	case TIMELINE_NONE:
		return mem_strdup("no master");
	case TIMELINE_SILENT:
		break;
	}
	return mem_strdup("no answer");
}

static bool is_outside(const struct svg_axis *x, double from, double to)
{
	return to <= x->from || from >= x->to;
}

/* Where the change was seen only later than it happened: from the last old answer to the first new
 * one. */
static void add_edge(struct str *out, const struct lanes *l, const struct timeline_edge *edge,
		     double y)
{
	double from = svg_place(&l->x, edge->lo_s), to = svg_place(&l->x, edge->hi_s);

	if (to - from >= 1.5)
		html_add(out, "<path class=\"edge\" d=\"M%.1f %.1fh%.1fv%dh%.1fz\"/>", from, y,
			 to - from, LANE, from - to);
}

static void add_span(struct str *out, const struct lanes *l, const struct timeline_node *node,
		     const struct timeline_span *span, double y)
{
	double from = svg_place(&l->x, span->from_s), to = svg_place(&l->x, span->to_s);
	size_t place = timeline_place(l->timeline, span->master);
	char *text = page_span_text(span);

	html_add(out, "<g");
	if (span->state == TIMELINE_MASTER)
		html_add(out, " class=\"s%zu\"", place % 8);
	html_add(out,
		 "><rect class=\"m span state%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		 "height=\"%d\"><title>%s: %s, from %.3f to %.3f s</title></rect>",
		 span->state, from, y, fmax(0.6, to - from), LANE, node->name, text, span->from_s,
		 span->to_s);
	if (span->master && to - from > 12 + CHAR * (double)text_width(span->master))
		svg_text(out, from + 4, y + 12, "who", span->master);
	else if (span->state == TIMELINE_NONE && to - from > 60)
		svg_text(out, from + 4, y + 12, "who", "no master");
	html_add(out, "</g>");
	free(text);
}

/* A thin line below the lane, the thicker the worse. */
static void add_healths(struct str *out, const struct lanes *l, const struct timeline_node *node,
			double y)
{
	for (size_t i = 0; i < node->healths.n; i++) {
		const struct timeline_health *health = &node->healths.v[i];
		double from = (health->at.lo_s + health->at.hi_s) / 2;
		double to = i + 1 < node->healths.n ? (node->healths.v[i + 1].at.lo_s +
						       node->healths.v[i + 1].at.hi_s) /
							      2
						    : l->timeline->to_s;
		double height = strcmp(health->status, "green") == 0	? 1.5
				: strcmp(health->status, "yellow") == 0 ? 3
									: 4.5;

		if (strcmp(health->status, "none") == 0 || is_outside(&l->x, from, to))
			continue;
		html_add(out,
			 "<rect class=\"m health %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			 "height=\"%.1f\"><title>%s: health %s, from %.3f to %.3f s</title></rect>",
			 health->status, svg_place(&l->x, from), y,
			 fmax(0.6, svg_place(&l->x, to) - svg_place(&l->x, from)), height,
			 node->name, health->status, from, to);
	}
}

static void add_lane(struct str *out, const struct lanes *l, size_t i)
{
	const struct timeline_node *node = &l->timeline->nodes.v[i];
	double y = l->top + (double)i * ROW;
	const struct timeline_span *span;

	vec_each (span, &node->spans)
		if (!is_outside(&l->x, span->from_s, span->to_s))
			add_span(out, l, node, span, y + 14);
	vec_each (span, &node->spans)
		if (!is_outside(&l->x, span->from.lo_s, span->from.hi_s))
			add_edge(out, l, &span->from, y + 14);
	add_healths(out, l, node, y + 14 + LANE + 1);
	html_add(out, "\n");
}

/* After all lines, so that none goes through a name. */
static void add_names(struct str *out, const struct lanes *l)
{
	for (size_t i = 0; i < l->timeline->nodes.n; i++) {
		const struct timeline_node *node = &l->timeline->nodes.v[i];
		char *label = mem_printf("%s%s%s", node->name,
					 node->master_eligible ? "" : " (not master-eligible)",
					 node->is_victim ? " – taken" : "");

		svg_text(out, LEFT, l->top + (double)i * ROW + 10, "row", label);
		free(label);
	}
}

/* What was done to the nodes: a line through the lanes with a flag above. */
struct flag {
	const struct timeline_step *step;
	char *text;
	double x, at; /* of the line, and where the text begins */
	int row;      /* flags make room for each other */
};
typedef VEC(struct flag) flags;

static int place_flags(const struct lanes *l, flags *ret)
{
	double ends[MAX_FLAG_ROWS] = {0};
	const struct timeline_step *step;
	int n_rows = 0;

	vec_each (step, &l->timeline->steps) {
		struct flag flag = {.step = step, .x = svg_place(&l->x, step->issued_s)};
		double width;

		if (isnan(step->issued_s) ||
		    is_outside(&l->x, step->issued_s, step->issued_s + 1e-9))
			continue;
		flag.text =
			mem_printf("%s %s", step->action, l->timeline->nodes.v[step->node].name);
		width = CHAR * (double)text_width(flag.text) + 8;
		flag.at = fmax(LEFT, fmin(flag.x + 3, RIGHT - width));
		while (flag.row + 1 < MAX_FLAG_ROWS && ends[flag.row] > flag.at)
			flag.row++;
		ends[flag.row] = flag.at + width;
		n_rows = flag.row + 1 > n_rows ? flag.row + 1 : n_rows;
		vec_push(ret, flag);
	}
	return n_rows;
}

static void add_flags(struct str *out, const struct lanes *l, const flags *all)
{
	const struct flag *flag;

	vec_each (flag, all) {
		double y = l->top - 4 - (double)flag->row * FLAG_ROW;

		html_add(out,
			 "<path class=\"m step\" d=\"M%.1f %.1fV%.1f\"><title>%s, asked at %.3f "
			 "s%s%s</title></path>",
			 flag->x, y - 8, l->bottom, flag->text, flag->step->issued_s,
			 flag->step->error ? ": " : "", flag->step->error);
	}
	vec_each (flag, all)
		svg_text(out, flag->at, l->top - 4 - (double)flag->row * FLAG_ROW, "flag",
			 flag->text);
}

static void flags_done(flags *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->v[i].text);
	vec_done(all);
}

static void draw(struct page *page, const struct timeline *t, double from, double to,
		 const char *name)
{
	struct lanes l = {.timeline = t};
	flags all = {0};
	char *text = mem_printf("A lane for each of %zu nodes shows whom it named as master from "
				"%.3f to %.3f s; the table below says the same.",
				t->nodes.n, from, to);

	l.x = (struct svg_axis){.from = from,
				.to = to,
				.at = LEFT,
				.length = RIGHT - LEFT,
				.title = t->has_fault ? "seconds from the fault"
						      : "seconds from the start"};
	svg_ticks(&l.x, 7);
	l.top = 8 + place_flags(&l, &all) * FLAG_ROW;
	l.bottom = l.top + (double)t->nodes.n * ROW;
	page_plot(page, l.bottom + 38, name, text);
	svg_axis_x(page->out, &l.x, l.top, l.bottom);
	for (size_t i = 0; i < t->nodes.n; i++)
		add_lane(page->out, &l, i);
	add_flags(page->out, &l, &all);
	add_names(page->out, &l);
	page_plot_end(page);
	flags_done(&all);
	free(text);
}

/* When the last node that was not taken came to name a master after the fault; NAN: none did. */
static double agreed_at(const struct timeline *t)
{
	const struct timeline_node *node;
	double at = NAN;

	vec_each (node, &t->nodes) {
		bool lost = false, found = false;

		for (size_t i = 0; i < node->spans.n && !node->is_victim && !found; i++) {
			const struct timeline_span *span = &node->spans.v[i];

			found = span->state == TIMELINE_MASTER && span->from_s > 0 &&
				(lost || i > 0);
			lost |= span->from_s > 0;
			if (found)
				at = fmax(at, span->from.hi_s);
		}
	}
	return at;
}

void page_lanes(struct page *page, const struct timeline *t)
{
	double agreed = agreed_at(t);
	double end = agreed * 1.3 + 0.05, start = -0.12 * end;

	html_add(page->out, "<div class=\"plots\">\n");
	if (t->has_fault && end < 0.7 * t->to_s)
		draw(page, t, fmax(start, t->from_s), end, "Around the election");
	draw(page, t, t->from_s, t->to_s, "The whole trial");
	html_add(page->out, "</div>\n");
}
