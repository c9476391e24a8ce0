/* The sheet Phases: where the time of a failover goes. */
#include "report/chart.h"
#include "report/phases.h"
#include "report/trace.h"
#include <math.h>

enum { MAX_BARS = 40 };

struct sheet_phases {
	struct sheet sheet;
	lxw_row_t head, last; /* of the table of medians */
	lxw_col_t first_col;  /* of the medians */
	lxw_col_t label_col;
	bool has[N_PHASES];
};

static bool has_any(const struct sheet_phases *p, size_t first, size_t n)
{
	for (size_t i = first; i < first + n; i++)
		if (p->has[i])
			return true;
	return false;
}

static double median(const group_values *values)
{
	return stats_quantile(values->v, values->n, values->n, 0.5);
}

static char *rows_formula(const struct phase *phase, const char *key)
{
	const char *to = metric_names[phase->to];

	if (phase->from < 0)
		return mem_printf("IF((t_group=%s)*(t_measured=1)*ISNUMBER(t_%s),t_%s,\"\")", key,
				  to, to);
	return mem_printf("IF((t_group=%s)*(t_measured=1)*ISNUMBER(t_%s)*ISNUMBER(t_%s),t_%s-t_%s,"
			  "\"\")",
			  key, to, metric_names[phase->from], to, metric_names[phase->from]);
}

static void head_medians(struct sheet_phases *p)
{
	const struct grouping *grouping = p->sheet.book->grouping;
	sheet_columns columns = {0};

	sheet_column(&columns, "group", 13, STYLE_WHOLE);
	sheet_factor_columns(grouping, &columns);
	p->label_col = (lxw_col_t)columns.n;
	sheet_column(&columns, "in the charts", SHEET_LABEL_LEAST, STYLE_TEXT);
	p->first_col = (lxw_col_t)columns.n;
	for (size_t i = 0; i < N_PHASES; i++) {
		char *title = mem_printf("%s median\u00a0[s]", phases[i].name);

		sheet_column(&columns, title, 12, STYLE_SECONDS);
		free(title);
	}
	worksheet_set_row(p->sheet.ws, p->sheet.row, 34, NULL);
	p->head = p->sheet.row;
	sheet_head(&p->sheet, &columns, true);
	sheet_columns_done(&columns);
}

static void write_medians(struct sheet_phases *p)
{
	const struct book *book = p->sheet.book;
	bool quick = trace_is_quick(book, book->grouping->groups.n * N_PHASES);
	group_values values = {0};

	head_medians(p);
	for (size_t g = 0; g < book->grouping->groups.n; g++) {
		const struct group *group = &book->grouping->groups.v[g];
		char *label = sheet_group_label(book->grouping, group);
		char *key = mem_printf("$A$%u", p->sheet.row + 1);

		sheet_number(&p->sheet, 0, (double)g + 1, STYLE_WHOLE);
		sheet_levels(&p->sheet, group, 1, false);
		sheet_fitted(&p->sheet, p->label_col, label, SHEET_LABEL_CHARS, STYLE_TEXT);
		for (size_t i = 0; i < N_PHASES; i++) {
			lxw_col_t col = p->first_col + (lxw_col_t)i;
			char *rows = rows_formula(&phases[i], key);

			phases_collect(book->model, group, &phases[i], &values);
			p->has[i] |= values.n > 0;
			if (values.n && quick)
				sheet_array(&p->sheet, col, median(&values), STYLE_SECONDS,
					    "MEDIAN(%s)", rows);
			else if (values.n)
				sheet_number(&p->sheet, col, median(&values), STYLE_SECONDS);
			free(rows);
		}
		sheet_end_row(&p->sheet);
		free(label);
		free(key);
	}
	p->last = p->sheet.row - 1;
	vec_done(&values);
}

static void head_spread(struct sheet *sheet, enum stats_figure const *figures, size_t n)
{
	sheet_columns columns = {0};

	sheet_column(&columns, "group", 0, STYLE_WHOLE);
	sheet_factor_columns(sheet->book->grouping, &columns);
	sheet_column(&columns, "phase", 0, STYLE_TEXT);
	sheet_column(&columns, "trials", 0, STYLE_WHOLE);
	for (size_t i = 0; i < n; i++) {
		const char *name = figures[i] == STATS_P50 ? "median" : stats_names[figures[i]];
		char *title = mem_printf("%s [s]", name);

		sheet_column(&columns, title, 0, STYLE_SECONDS);
		free(title);
	}
	worksheet_set_row(sheet->ws, sheet->row, 34, NULL);
	sheet_head(sheet, &columns, false);
	sheet_columns_done(&columns);
}

/* Phase by phase, so that sizes stand beneath each other. */
static void write_spread(struct sheet_phases *p)
{
	static const enum stats_figure figures[] = {STATS_MIN, STATS_P25, STATS_P50,
						    STATS_P75, STATS_P90, STATS_MAX};
	const struct book *book = p->sheet.book;
	size_t n_figures = sizeof figures / sizeof *figures, n_groups = book->grouping->groups.n;
	group_values values = {0};

	sheet_line(&p->sheet, "How each phase is spread", STYLE_SECTION);
	head_spread(&p->sheet, figures, n_figures);
	for (size_t i = 0; i < N_PHASES; i++)
		for (size_t g = 0; g < n_groups && p->has[i]; g++) {
			const struct group *group = &book->grouping->groups.v[g];
			lxw_col_t col = (lxw_col_t)book->grouping->names.n + 1;
			bool last = g + 1 == n_groups;
			enum style seconds = last ? STYLE_LAST_SECONDS : STYLE_SECONDS;
			enum style whole = last ? STYLE_LAST_WHOLE : STYLE_WHOLE;
			struct stats stats;

			phases_collect(book->model, group, &phases[i], &values);
			stats_compute(values.v, values.n, 0, &stats);
			sheet_number(&p->sheet, 0, (double)g + 1, whole);
			sheet_levels(&p->sheet, group, 1, last);
			sheet_text(&p->sheet, col++, phases[i].name,
				   last ? STYLE_LAST_TEXT : STYLE_TEXT);
			sheet_number(&p->sheet, col++, (double)values.n, whole);
			for (size_t f = 0; f < n_figures; f++)
				sheet_number(&p->sheet, col++, stats.of[figures[f]], seconds);
			sheet_end_row(&p->sheet);
		}
	if (!has_any(p, 0, N_PHASES))
		sheet_line(&p->sheet, "none", STYLE_FAINT);
	vec_done(&values);
}

static void draw(struct sheet_phases *p, size_t first, size_t n, const char *title, lxw_row_t row,
		 int place, int n_rows)
{
	lxw_chart *chart = chart_new(p->sheet.book, LXW_CHART_BAR_STACKED, title,
				     "median of the phase [s]", NULL);
	lxw_row_t last = p->head + MAX_BARS < p->last ? p->head + MAX_BARS : p->last;

	for (size_t i = first; i < first + n; i++) {
		struct chart_cells cells = {p->sheet.name, p->head + 1, last,
					    sheet_bar_names(&p->sheet, p->label_col),
					    p->first_col + (lxw_col_t)i};

		if (p->has[i])
			chart_bars(chart, cells, phases[i].name, style_series[i]);
	}
	chart_set_series_gap(chart, 60);
	chart_axis_set_reverse(chart->y_axis); /* the first group on top */
	chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_HIGH);
	chart_axis_set_num_format(chart->x_axis, "General");
	chart_axis_set_min(chart->x_axis, 0);
	chart_put(&p->sheet, chart, row, (lxw_col_t)place, CHART_COLS, n_rows);
}

/* Room for the charts between the notes and the tables. */
static int chart_height(size_t n_groups)
{
	size_t n = n_groups < MAX_BARS ? n_groups : MAX_BARS;

	return 10 + (int)(n * 3 / 2);
}

int sheet_phases(struct book *book, struct err *err)
{
	struct sheet_phases p = {0};
	int n_rows = chart_height(book->grouping->groups.n);
	lxw_row_t row;

	(void)err;
	sheet_open(&p.sheet, book, "Phases", "Where the time goes");
	for (size_t i = 0; i < N_PHASES; i++)
		sheet_pair(&p.sheet, phases[i].name, phases[i].meaning);
	sheet_line(&p.sheet,
		   "Medians over the trials in which both ends of a phase were seen; they need not "
		   "add up to the median of the whole. Between agreement and start lies what the "
		   "drill itself takes.",
		   STYLE_NOTE);
	p.sheet.row++;
	write_medians(&p);
	sheet_fit(&p.sheet);
	p.sheet.row++;
	row = p.sheet.row;
	if (has_any(&p, 0, N_PHASES))
		p.sheet.row += (lxw_row_t)n_rows + 1;
	if (has_any(&p, 0, N_PHASES_OUTAGE))
		draw(&p, 0, N_PHASES_OUTAGE, "from the fault until all survivors agree", row, 0,
		     n_rows);
	if (has_any(&p, N_PHASES_OUTAGE, N_PHASES - N_PHASES_OUTAGE))
		draw(&p, N_PHASES_OUTAGE, N_PHASES - N_PHASES_OUTAGE,
		     "from the start until it is whole again", row, 6, n_rows);
	write_spread(&p);
	return 0;
}
