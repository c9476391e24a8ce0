#include "report/trace.h"
#include <math.h>
#include <string.h>

static void add_curve(struct book *book, enum metric metric, size_t g, lxw_row_t *row)
{
	const struct group *group = &book->grouping->groups.v[g];
	struct trace_curve curve = {.metric = metric, .group = g, .first = *row};
	group_trials trials = {0};
	VEC(struct stats_time) times = {0};

	group_collect(book->model, group, metric, &trials);
	for (size_t i = 0; i < trials.n; i++)
		vec_push(&times, (struct stats_time){trials.v[i].value, trials.v[i].censored});
	stats_survival(&(struct stats_times){times.v, times.n}, ESTIMATE_CONFIDENCE, &curve.curve);
	if (curve.first + curve.curve.n + 1 < SHEET_ROWS) {
		*row += curve.curve.n ? (lxw_row_t)curve.curve.n : 1;
		curve.last = *row - 1;
		vec_push(&book->curves, curve);
	} else {
		stats_survival_done(&curve.curve);
	}
	vec_done(&times);
	vec_done(&trials);
}

/* Of very many trials only the curves that the Summary and the charts need: each has a row for
 * every trial. */
static bool is_wanted(const struct book *book, enum metric metric)
{
	enum { MANY = 5000 };

	return book->model->trials.n <= MANY || book->recording->metrics[metric] ||
	       metric == METRIC_REELECTION || metric == METRIC_REJOIN;
}

void trace_prepare(struct book *book)
{
	lxw_row_t row = TRACE_FIRST_ROW;

	for (size_t i = 0; i < model_n_metrics; i++)
		for (size_t g = 0; g < book->grouping->groups.n; g++) {
			const struct estimate *e =
				&book->grouping->groups.v[g].estimates[model_metrics[i]];

			if (e->n && e->method == ESTIMATE_KAPLAN_MEIER &&
			    is_wanted(book, model_metrics[i]))
				add_curve(book, model_metrics[i], g, &row);
		}
}

void trace_done(struct book *book)
{
	for (size_t i = 0; i < book->curves.n; i++)
		stats_survival_done(&book->curves.v[i].curve);
	vec_done(&book->curves);
}

const struct trace_curve *trace_curve(const struct book *book, enum metric metric, size_t group)
{
	const struct trace_curve *curve;

	vec_each (curve, &book->curves)
		if (curve->metric == metric && curve->group == group)
			return curve;
	return NULL;
}

bool trace_is_quick(const struct book *book, size_t n_formulas)
{
	return (double)n_formulas * (double)book->model->trials.n <= 2e7;
}

/* IF(the trial counts in the group, what of it, ""): texts are passed over by all functions. */
static char *chosen(const char *key, enum metric metric, const char *what)
{
	return mem_printf("IF((t_group=%s)*(t_measured=1)*ISNUMBER(t_%s),%s,\"\")", key,
			  metric_names[metric], what);
}

static char *type7_formula(const char *rows, enum stats_figure figure)
{
	static const char *const functions[N_STATS] = {
		[STATS_MIN] = "MIN",
		[STATS_MAX] = "MAX",
		[STATS_MEAN] = "AVERAGE",
		[STATS_SD] = "STDEV",
	};

	if (functions[figure])
		return mem_printf("%s(%s)", functions[figure], rows);
	return mem_printf("PERCENTILE(%s,%.2f)", rows, stats_share_of[figure]);
}

/* The cells of a column of a curve. */
static char *cells(const struct trace_curve *curve, enum trace_column column)
{
	const char *letters = sheet_col_name((lxw_col_t)column);

	return mem_printf("Survival!$%s$%u:$%s$%u", letters, curve->first + 1, letters,
			  curve->last + 1);
}

/* When the column first is at or below 1 - p; where it runs on 1 - p, the middle of that stretch
 * (as stats_survival_quantile). */
static char *curve_formula(const struct trace_curve *curve, enum trace_column column, double p)
{
	char *times = cells(curve, TRACE_TIME), *heights = cells(curve, column);
	char *below = mem_printf("IF(%s<%.10f,%s)", heights, 1 - p - 1.5e-8, times);
	char *formula = mem_printf(
		"(MIN(IF(%s<=%.10f,%s,\"\"))+IF(COUNT(%s)=0,Survival!$%s$%u,MIN(%s)))/2", heights,
		1 - p + 1.5e-8, times, below, sheet_col_name(TRACE_LAST), curve->first + 1, below);

	free(times);
	free(heights);
	free(below);
	return formula;
}

static char *formula_of(struct sheet *sheet, const char *key, size_t g, enum metric metric,
			enum stats_figure figure)
{
	const struct estimate *e = &sheet->book->grouping->groups.v[g].estimates[metric];
	const struct trace_curve *curve;
	char *what, *rows, *formula;

	if (e->method == ESTIMATE_KAPLAN_MEIER && !isnan(stats_share_of[figure])) {
		curve = trace_curve(sheet->book, metric, g);
		return curve && curve->curve.n
			       ? curve_formula(curve, TRACE_SHARE, stats_share_of[figure])
			       : NULL;
	}
	what = mem_printf("t_%s", metric_names[metric]);
	rows = chosen(key, metric, what);
	formula = type7_formula(rows, figure);
	free(what);
	free(rows);
	return formula;
}

static void write_formula(struct sheet *sheet, lxw_col_t col, double value, enum style style,
			  char *formula)
{
	if (formula)
		sheet_array(sheet, col, value, style, "%s", formula);
	else
		sheet_number(sheet, col, value, style);
	free(formula);
}

/* "> 180.000", of the longest time that stands with the curve. FIXED: what TEXT takes for a point
 * depends on the reader's language. */
static bool write_beyond(struct sheet *sheet, lxw_col_t col, size_t g, enum metric metric,
			 enum stats_figure figure)
{
	const struct estimate *e = &sheet->book->grouping->groups.v[g].estimates[metric];
	const struct trace_curve *curve;
	char *text;

	if (!estimate_is_beyond(e, figure))
		return false;
	curve = trace_curve(sheet->book, metric, g);
	if (!curve)
		return false;
	text = mem_printf("> %.3f", e->last_s);
	sheet_formula_text(sheet, col, text, STYLE_CENSORED, "\"> \"&FIXED(Survival!$%s$%u,3,TRUE)",
			   sheet_col_name(TRACE_LAST), curve->first + 1);
	free(text);
	return true;
}

void trace_figure(struct sheet *sheet, lxw_col_t col, enum style style, bool as_formula,
		  const char *key, size_t g, enum metric metric, enum stats_figure figure)
{
	const struct estimate *e = &sheet->book->grouping->groups.v[g].estimates[metric];

	if (as_formula && write_beyond(sheet, col, g, metric, figure))
		return;
	if (!sheet_instead(sheet, col, e, figure))
		write_formula(sheet, col, e->of[figure].value, style,
			      as_formula ? formula_of(sheet, key, g, metric, figure) : NULL);
}

/* Which of the trials, in order of their times, is the limit. */
static char *limit_formula(struct sheet *sheet, const char *key, size_t g, enum metric metric,
			   enum stats_figure figure, bool upper)
{
	const struct estimate *e = &sheet->book->grouping->groups.v[g].estimates[metric];
	double p = stats_share_of[figure];
	struct stats_interval interval;
	const struct trace_curve *curve;
	group_values values = {0};
	size_t n_censored;
	char *what, *rows, *formula;

	if (e->method == ESTIMATE_KAPLAN_MEIER) {
		curve = trace_curve(sheet->book, metric, g);
		return curve && curve->curve.n
			       ? curve_formula(curve, upper ? TRACE_HI : TRACE_LO, p)
			       : NULL;
	}
	group_observed(sheet->book->model, &sheet->book->grouping->groups.v[g], metric, &values,
		       &n_censored);
	stats_interval_quantile(values.v, values.n, values.n, p, ESTIMATE_CONFIDENCE, &interval);
	vec_done(&values);
	what = mem_printf("t_%s", metric_names[metric]);
	rows = chosen(key, metric, what);
	formula = mem_printf("SMALL(%s,%zu)", rows, upper ? interval.hi : interval.lo);
	free(what);
	free(rows);
	return formula;
}

void trace_limit(struct sheet *sheet, lxw_col_t col, enum style style, bool as_formula,
		 const char *key, size_t g, enum metric metric, enum stats_figure figure,
		 bool upper)
{
	const struct estimate *e = &sheet->book->grouping->groups.v[g].estimates[metric];
	const struct estimate_figure *f = &e->of[figure];
	double value = upper ? f->ci_hi : f->ci_lo;
	char *text;

	if (isfinite(value)) {
		write_formula(sheet, col, value, style,
			      as_formula ? limit_formula(sheet, key, g, metric, figure, upper)
					 : NULL);
		return;
	}
	text = isinf(value)	     ? mem_strdup("no limit")
	       : e->n && f->ci_needs ? mem_printf("n ≥ %zu", f->ci_needs)
				     : mem_strdup(e->n ? "–" : "");
	sheet_text(sheet, col, text, STYLE_NEEDS);
	free(text);
}

void trace_half_width(struct sheet *sheet, lxw_col_t col, enum style style, bool as_formula,
		      const char *key, size_t g, enum metric metric, enum stats_figure figure)
{
	const struct estimate *e = &sheet->book->grouping->groups.v[g].estimates[metric];
	char *upper, *lower, *high, *low, *formula;
	const char *name = metric_names[metric];

	if (!as_formula || e->method != ESTIMATE_TYPE7) {
		sheet_number(sheet, col, estimate_half_width(e, figure), style);
		return;
	}
	upper = mem_printf("t_%s+t_%s_pm", name, name);
	lower = mem_printf("t_%s-t_%s_pm", name, name);
	high = chosen(key, metric, upper);
	low = chosen(key, metric, lower);
	formula = mem_printf("(PERCENTILE(%s,%.2f)-PERCENTILE(%s,%.2f))/2", high,
			     stats_share_of[figure], low, stats_share_of[figure]);
	write_formula(sheet, col, estimate_half_width(e, figure), style, formula);
	free(upper);
	free(lower);
	free(high);
	free(low);
}
