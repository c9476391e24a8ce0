#include "lib/str.h"
#include "report/session_facts.h"
#include "report/sheet.h"
#include "report/sheet_record.h"
#include "report/summary.h"
#include "report/witness.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <string.h>

/* What the row callbacks share: only rows of one study are written. */
struct part {
	struct sheet *sheet;
	int64_t study_id;
	double due, sent, skipped, ok, errors; /* polls of the study */
};

static void pair_number(struct sheet *sheet, const char *key, double value)
{
	sheet_text(sheet, 0, key, STYLE_KEY);
	sheet_number(sheet, 1, value, STYLE_FACT);
	sheet->row++;
}

static void section(struct sheet *sheet, const char *title)
{
	sheet->row++;
	sheet_line(sheet, title, STYLE_SECTION);
}

static void heads(struct sheet *sheet, const char *const *titles, size_t n, size_t n_texts)
{
	for (size_t i = 0; i < n; i++)
		sheet_text(sheet, (lxw_col_t)i, titles[i],
			   i < n_texts ? STYLE_HEAD : STYLE_HEAD_NR);
	sheet->row++;
}

static void write_facts(struct sheet *sheet, size_t i)
{
	const struct model *model = sheet->book->model;
	const struct model_study *study = &model->studies.v[i];
	char *seed = mem_printf("%" PRId64, study->seed);

	sheet_record_pair(sheet, "name", study->name);
	sheet_pair(sheet, "uuid", study->uuid);
	sheet_record_facts(sheet, i);
	sheet_pair(sheet, "created [UTC]", study->created);
	sheet_pair(sheet, "finished [UTC]", study->finished ? study->finished : "not finished");
	sheet_pair(sheet, "plan file", study->plan_file);
	sheet_pair(sheet, "plan SHA-256", study->plan_sha256);
	sheet_pair(sheet, "seed", seed);
	free(seed);
}

static void write_outcomes(struct sheet *sheet, size_t i)
{
	const struct model *model = sheet->book->model;
	int64_t n_of[N_OUTCOMES] = {0}, n = 0, n_warmup = 0;
	const struct model_trial *trial;

	vec_each (trial, &model->trials) {
		if (trial->study != i)
			continue;
		n++;
		n_warmup += trial->warmup;
		n_of[trial->outcome]++;
	}
	section(sheet, "Trials by outcome (warm-ups included)");
	pair_number(sheet, "planned", (double)model->studies.v[i].trials_planned);
	pair_number(sheet, "recorded", (double)n);
	pair_number(sheet, "warm-ups", (double)n_warmup);
	for (int o = 0; o < N_OUTCOMES; o++)
		if (n_of[o])
			pair_number(sheet, outcome_names[o], (double)n_of[o]);
}

static void write_clusters(struct sheet *sheet, size_t i)
{
	static const char *const titles[] = {"cluster", "product and version", "driver", "uuid",
					     "settings"};
	const struct model_cluster *c;

	section(sheet, "Clusters");
	heads(sheet, titles, sizeof titles / sizeof *titles, sizeof titles / sizeof *titles);
	vec_each (c, &sheet->book->model->clusters) {
		char *product;

		if (c->study != i)
			continue;
		product = mem_printf("%s %s%s", c->product ? c->product : "not seen",
				     c->version ? c->version : "",
				     c->insecure ? "; certificates were not checked" : "");
		sheet_text(sheet, 0, c->label, STYLE_TEXT);
		sheet_text(sheet, 1, product, c->insecure ? STYLE_WARN : STYLE_TEXT);
		sheet_text(sheet, 2, c->driver, STYLE_TEXT);
		sheet_text(sheet, 3, c->uuid, STYLE_TEXT);
		sheet_text(sheet, 4, c->settings, STYLE_TEXT);
		sheet->row++;
		free(product);
	}
}

static int write_session(void *arg, const struct store_row *row, struct err *err)
{
	struct part *part = arg;
	const struct session_fact *fact;
	session_facts facts;
	char *title;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	title = mem_printf("Session %" PRId64, store_int(row, 1));
	section(part->sheet, title);
	session_facts_make(row, &facts);
	vec_each (fact, &facts) {
		if (fact->text)
			sheet_record_pair(part->sheet, fact->label, fact->text);
		else
			pair_number(part->sheet, fact->label, fact->number);
	}
	session_facts_done(&facts);
	free(title);
	return 0;
}

static int write_incident(void *arg, const struct store_row *row, struct err *err)
{
	struct part *part = arg;
	const char *texts[] = {store_text(row, 2), store_text(row, 4)};
	double lines;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	lines = sheet_record_cells(part->sheet, texts, 2);
	sheet_number(part->sheet, 2, (double)store_int(row, 3), STYLE_WHOLE);
	if (!store_is_null(row, 1))
		sheet_number(part->sheet, 3, (double)store_int(row, 1), STYLE_WHOLE);
	sheet_row_of(part->sheet, lines);
	return 0;
}

static int write_polls(void *arg, const struct store_row *row, struct err *err)
{
	struct part *part = arg;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	sheet_text(part->sheet, 0, store_text(row, 1), STYLE_TEXT);
	sheet_text(part->sheet, 1, store_text(row, 2), STYLE_TEXT);
	for (int col = 3; col <= 10; col++)
		sheet_number(part->sheet, (lxw_col_t)(col - 1), (double)store_int(row, col),
			     STYLE_WHOLE);
	part->sheet->row++;
	part->due += store_double(row, 3);
	part->sent += store_double(row, 4);
	part->skipped += store_double(row, 5);
	part->ok += store_double(row, 6);
	part->errors += store_double(row, 7) + store_double(row, 8) + store_double(row, 9);
	return 0;
}

/* Whole numbers below 2^53: the doubles are exact. */
static void write_accounting(struct part *part)
{
	bool holds = !(part->due > part->sent + part->skipped) &&
		     !(part->due < part->sent + part->skipped) &&
		     !(part->sent > part->ok + part->errors) &&
		     !(part->sent < part->ok + part->errors);
	char *text =
		mem_printf("%s: due %.0f = sent %.0f + skipped %.0f; sent %.0f = answered %.0f "
			   "+ failed %.0f",
			   holds ? "holds" : "DOES NOT HOLD", part->due, part->sent, part->skipped,
			   part->sent, part->ok, part->errors);

	sheet_text(part->sheet, 0, "accounting", STYLE_KEY);
	sheet_text(part->sheet, 1, text, holds ? STYLE_TEXT : STYLE_WARN);
	part->sheet->row++;
	free(text);
}

static void write_witness(struct sheet *sheet, const struct model_study *study)
{
	char *text = witness_text(study);

	sheet_text(sheet, 0, "log witness", STYLE_KEY);
	sheet_text(sheet, 1, text ? text : "no log lines",
		   study->n_early ? STYLE_WARN : STYLE_TEXT);
	sheet->row++;
	free(text);
}

static void write_plan(struct sheet *sheet, const char *plan)
{
	section(sheet, "Plan");
	while (*plan) {
		size_t n = strcspn(plan, "\n");
		char *line = mem_strndup(plan, n);

		sheet_line(sheet, line, STYLE_CODE);
		free(line);
		plan += n + (plan[n] == '\n');
	}
}

static int write_study(struct sheet *sheet, size_t i, struct err *err)
{
	static const char *const incident_heads[] = {"incident", "detail", "how often",
						     "trial position"};
	static const char *const poll_heads[] = {
		"cluster",  "node",	  "due",	   "sent",	"skipped",
		"answered", "HTTP error", "network error", "timed out", "reconnects"};
	const struct model_study *study = &sheet->book->model->studies.v[i];
	struct part part = {.sheet = sheet, .study_id = study->id};
	struct store *store = sheet->book->store;
	int r;

	write_facts(sheet, i);
	sheet_record_sign_offs(sheet, i);
	write_outcomes(sheet, i);
	section(sheet, "Incidents of the instrument");
	heads(sheet, incident_heads, 4, 2);
	if (!study->n_incidents)
		sheet_line(sheet, "none", STYLE_TEXT);
	r = store_query(store, SQL_REPORT_INCIDENTS, NULL, 0, write_incident, &part, err);
	write_clusters(sheet, i);
	if (!r)
		r = store_query(store, SQL_REPORT_SESSIONS, NULL, 0, write_session, &part, err);
	if (!r)
		r = sheet_record_settings(sheet, i, err);
	section(sheet, "Polls");
	heads(sheet, poll_heads, 10, 2);
	if (!r)
		r = store_query(store, SQL_REPORT_POLL_COUNTS, NULL, 0, write_polls, &part, err);
	write_accounting(&part);
	write_witness(sheet, study);
	write_plan(sheet, study->plan_text);
	return r;
}

int sheet_study(struct book *book, struct err *err)
{
	struct sheet sheet;
	int r = 0;

	sheet_open(&sheet, book, "Study", "Study");
	worksheet_freeze_panes(sheet.ws, 1, 0);
	for (int i = 0; i < STUDY_COLUMNS; i++)
		worksheet_set_column(sheet.ws, (lxw_col_t)i, (lxw_col_t)i, study_widths[i], NULL);
	for (size_t i = 0; i < book->model->studies.n && !r; i++) {
		if (i)
			section(&sheet, book->model->studies.v[i].label);
		r = write_study(&sheet, i, err);
	}
	if (!book->model->studies.n)
		sheet_line(&sheet, "The recording holds no study.", STYLE_TEXT);
	return r;
}
