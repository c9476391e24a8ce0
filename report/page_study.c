/* Study: what was run, where, by whom, and how the instrument did. */
#include "report/page_impl.h"
#include "report/session_facts.h"
#include "report/study_record.h"
#include "report/witness.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <string.h>

struct table {
	const char *caption;
	const char *fold; /* what it is folded behind; NULL: it is not */
	struct head {
		const char *title; /* NULL: no more */
		bool is_number;
	} heads[11];
};
#define TEXT(title)                                                                                \
	{                                                                                          \
		title, false                                                                       \
	}
#define NUMBER(title)                                                                              \
	{                                                                                          \
		title, true                                                                        \
	}

static void begin_table(struct page *page, const struct table *table)
{
	if (table->fold)
		html_add(page->out, "<details><summary>%s</summary>\n", table->fold);
	page_table(page, table->caption);
	for (const struct head *head = table->heads; head->title; head++)
		if (head->is_number)
			page_head_nr(page, head->title);
		else
			page_head(page, head->title);
	page_body(page);
}

static void row_head(struct page *page, const char *text)
{
	html_add(page->out, "<th scope=\"row\">%s</th>", text);
}

static void cell_code(struct page *page, const char *text)
{
	html_add(page->out, "<td class=\"code\">%s</td>", text);
}

/* What the row callbacks share: rows of other studies are passed over. */
struct part {
	struct page *page;
	int64_t study_id;
	size_t n_rows;
};

/* Begins a row, with the first also the table. False: it is of another study. */
static bool begin_row(struct part *part, const struct store_row *row, const struct table *table)
{
	if (store_int(row, 0) != part->study_id)
		return false;
	if (!part->n_rows++)
		begin_table(part->page, table);
	page_row(part->page);
	return true;
}

static void add_facts(struct page *page, size_t i)
{
	const struct model_study *study = &page->recording->model.studies.v[i];
	char *seed = mem_printf("%" PRId64, study->seed);
	char *witness = witness_text(study);

	page_pairs(page);
	page_pair(page, "name", study->name);
	page_pair(page, "uuid", study->uuid);
	for (int f = 0; f < N_STUDY_FACTS; f++) {
		char *text = study_fact_text(&page->recording->model, i, f);

		page_pair(page, study_fact_names[f], text);
		free(text);
	}
	page_pair(page, "created [UTC]", study->created);
	page_pair(page, "finished [UTC]", study->finished ? study->finished : "not finished");
	page_pair(page, "plan file", study->plan_file);
	page_pair(page, "plan SHA-256", study->plan_sha256);
	page_pair(page, "seed", seed);
	page_pair(page, "log witness", witness ? witness : "no log lines");
	page_pairs_end(page);
	free(seed);
	free(witness);
}

static void add_sign_offs(struct page *page, const struct study_record *record)
{
	static const struct table table = {.caption = "Sign-offs",
					   .heads = {TEXT("sign-off"), TEXT("by"), TEXT("at [UTC]"),
						     TEXT("account"), TEXT("host"), TEXT("seal"),
						     TEXT("comment")}};
	const struct study_sign_off *s;

	if (!record->sign_offs.n)
		return;
	begin_table(page, &table);
	vec_each (s, &record->sign_offs) {
		page_row(page);
		row_head(page, s->decision ? s->decision : "comment");
		page_cell(page, s->name);
		page_cell(page, s->signed_utc);
		page_cell(page, s->account);
		page_cell(page, s->host);
		cell_code(page, s->head ? s->head : "not sealed");
		page_cell(page, s->comment);
	}
	page_table_end(page);
}

static int add_incident(void *arg, const struct store_row *row, struct err *err)
{
	static const struct table table = {.caption = "Incidents of the instrument",
					   .heads = {NUMBER("trial position"), TEXT("incident"),
						     NUMBER("how often"), TEXT("detail")}};
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (!begin_row(part, row, &table))
		return 0;
	page_cell_count(page, store_is_null(row, 1) ? -1 : store_int(row, 1));
	row_head(page, store_text(row, 2));
	page_cell_count(page, store_int(row, 3));
	page_cell(page, store_text(row, 4));
	return 0;
}

static void add_clusters(struct page *page, size_t study)
{
	static const struct table table = {.caption = "Clusters",
					   .heads = {TEXT("cluster"), TEXT("product and version"),
						     TEXT("driver"), TEXT("uuid"),
						     TEXT("settings")}};
	const struct model_cluster *c;

	begin_table(page, &table);
	vec_each (c, &page->recording->model.clusters) {
		if (c->study != study)
			continue;
		page_row(page);
		row_head(page, c->label);
		html_add(page->out, "<td>%s %s</td><td>%s%s</td>",
			 c->product ? c->product : "not seen", c->version ? c->version : "",
			 c->driver, c->insecure ? " (certificates were not checked)" : "");
		page_cell(page, c->uuid);
		cell_code(page, c->settings);
	}
	page_table_end(page);
}

static int add_node(void *arg, const struct store_row *row, struct err *err)
{
	static const struct table table = {.caption = "Nodes, as they said of themselves",
					   .fold = "The nodes",
					   .heads = {TEXT("cluster"), TEXT("node"),
						     TEXT("master-eligible"), TEXT("version"),
						     TEXT("JVM"), TEXT("roles"), TEXT("node id")}};
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (!begin_row(part, row, &table))
		return 0;
	page_cell(page, store_text(row, 1));
	row_head(page, store_text(row, 2));
	page_cell(page, store_int(row, 7) ? "yes" : "no");
	for (int col = 3; col <= 6; col++)
		page_cell(page, store_is_null(row, col) ? "not seen" : store_text(row, col));
	return 0;
}

static int add_session(void *arg, const struct store_row *row, struct err *err)
{
	struct part *part = arg;
	const struct session_fact *fact;
	session_facts facts;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	html_add(part->page->out, "<h4>Session %" PRId64 "</h4>\n", store_int(row, 1));
	page_pairs(part->page);
	session_facts_make(row, &facts);
	vec_each (fact, &facts) {
		char *number = fact->text ? NULL : mem_printf("%.0f", fact->number);

		page_pair(part->page, fact->label, number ? number : fact->text);
		free(number);
	}
	session_facts_done(&facts);
	page_pairs_end(part->page);
	return 0;
}

static int add_polls(void *arg, const struct store_row *row, struct err *err)
{
	static const struct table table = {
		.caption = "Polls: due = sent + skipped; sent = answered + errors + timed out",
		.heads = {TEXT("cluster"), TEXT("node"), NUMBER("due"), NUMBER("sent"),
			  NUMBER("skipped"), NUMBER("answered"), NUMBER("HTTP error"),
			  NUMBER("network error"), NUMBER("timed out"), NUMBER("reconnects")}};
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (!begin_row(part, row, &table))
		return 0;
	page_cell(page, store_text(row, 1));
	row_head(page, store_text(row, 2));
	for (int col = 3; col <= 10; col++)
		page_cell_count(page, store_int(row, col));
	return 0;
}

static int add_setting(void *arg, const struct store_row *row, struct err *err)
{
	static const struct table table = {.caption = "Settings in force, as the nodes say",
					   .heads = {TEXT("setting"), TEXT("value"), TEXT("source"),
						     TEXT("cluster"), TEXT("nodes")}};
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (!begin_row(part, row, &table))
		return 0;
	row_head(page, store_text(row, 1));
	cell_code(page, store_text(row, 2));
	page_cell(page, store_text(row, 3));
	if (store_int(row, 6) > 1 && store_int(row, 6) == store_int(row, 7))
		html_add(page->out, "<td>all %" PRId64 "</td>", store_int(row, 7));
	else
		html_add(page->out, "<td class=\"names\">%s</td>", store_text(row, 4));
	html_add(page->out, "<td class=\"names\">%s</td>", store_text(row, 5));
	return 0;
}

/* Rows of one query as a table; returns how many. */
static size_t add_rows(struct page *page, size_t i, int sql, store_row_fn *fn, struct err *err)
{
	struct part part = {.page = page, .study_id = page->recording->model.studies.v[i].id};

	if (!err->code)
		store_query(page->recording->store, sql, NULL, 0, fn, &part, err);
	if (part.n_rows)
		page_table_end(page);
	return part.n_rows;
}

static void add_plan(struct page *page, const char *plan)
{
	html_add(page->out,
		 "<details><summary>The plan as it was read</summary>\n<pre tabindex=\"0\">");
	while (*plan) {
		size_t n = strcspn(plan, "\n");
		char *line = mem_strndup(plan, n);

		html_add(page->out, "%s\n", line);
		free(line);
		plan += n + (plan[n] == '\n');
	}
	html_add(page->out, "</pre></details>\n");
}

static int add_study(struct page *page, size_t i, struct err *err)
{
	const struct model_study *study = &page->recording->model.studies.v[i];
	struct part part = {.page = page, .study_id = study->id};

	html_add(page->out, "<h3>%s</h3>\n", study->label);
	add_facts(page, i);
	add_sign_offs(page, &study->record);
	if (!add_rows(page, i, SQL_REPORT_INCIDENTS, add_incident, err))
		page_note(page, "No incident of the instrument was recorded.");
	add_clusters(page, i);
	if (add_rows(page, i, SQL_REPORT_STUDY_NODES, add_node, err))
		html_add(page->out, "</details>\n");
	add_rows(page, i, SQL_REPORT_SETTINGS_IN_FORCE, add_setting, err);
	add_rows(page, i, SQL_REPORT_POLL_COUNTS, add_polls, err);
	if (!err->code)
		store_query(page->recording->store, SQL_REPORT_SESSIONS, NULL, 0, add_session,
			    &part, err);
	add_plan(page, study->plan_text);
	return err->code;
}

int page_study(struct page *page, struct err *err)
{
	const struct model *model = &page->recording->model;

	if (!model->studies.n)
		html_add(page->out, "<p class=\"empty\">The recording holds no study.</p>\n");
	for (size_t i = 0; i < model->studies.n && !err->code; i++)
		add_study(page, i, err);
	return err->code;
}
