/* Study: what was run, where, by whom, and how the instrument did. */
#include "report/page_impl.h"
#include "report/session_facts.h"
#include "report/study_record.h"
#include "report/witness.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <string.h>

/* What the row callbacks share: rows of other studies are passed over. */
struct part {
	struct page *page;
	int64_t study_id;
	size_t n_rows;
};

static void add_facts(struct page *page, size_t i)
{
	const struct model_study *study = &page->recording->model.studies.v[i];
	const struct study_fact *fact;
	study_facts facts;
	char *seed = mem_printf("%" PRId64, study->seed);
	char *witness = witness_text(study);

	study_facts_make(&page->recording->model, i, &facts);
	page_pairs(page);
	page_pair(page, "name", study->name);
	page_pair(page, "uuid", study->uuid);
	vec_each (fact, &facts)
		page_pair(page, fact->label, fact->text);
	study_facts_done(&facts);
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
	static const char *const heads[] = {"sign-off", "by",	"at [UTC]", "account",
					    "host",	"seal", "comment"};
	const struct study_sign_off *s;

	if (!record->sign_offs.n)
		return;
	page_table(page, "Sign-offs");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		page_head(page, heads[i]);
	page_body(page);
	vec_each (s, &record->sign_offs) {
		page_row(page);
		html_add(page->out, "<th scope=\"row\">%s</th>",
			 s->decision ? s->decision : "comment");
		page_cell(page, s->name);
		page_cell(page, s->signed_utc);
		page_cell(page, s->account);
		page_cell(page, s->host);
		html_add(page->out, "<td class=\"code\">%s</td>", s->head ? s->head : "not sealed");
		page_cell(page, s->comment);
	}
	page_table_end(page);
}

static int add_incident(void *arg, const struct store_row *row, struct err *err)
{
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	if (!part->n_rows++) {
		page_table(page, "Incidents of the instrument");
		page_head_nr(page, "trial position");
		page_head(page, "incident");
		page_head_nr(page, "how often");
		page_head(page, "detail");
		page_body(page);
	}
	page_row(page);
	page_cell_count(page, store_is_null(row, 1) ? -1 : store_int(row, 1));
	html_add(page->out, "<th scope=\"row\">%s</th>", store_text(row, 2));
	page_cell_count(page, store_int(row, 3));
	page_cell(page, store_text(row, 4));
	return 0;
}

static void add_clusters(struct page *page, size_t study)
{
	const struct model_cluster *c;

	page_table(page, "Clusters");
	page_head(page, "cluster");
	page_head(page, "product and version");
	page_head(page, "driver");
	page_head(page, "uuid");
	page_head(page, "settings");
	page_body(page);
	vec_each (c, &page->recording->model.clusters) {
		if (c->study != study)
			continue;
		page_row(page);
		html_add(page->out, "<th scope=\"row\">%s</th><td>%s %s</td>", c->label,
			 c->product ? c->product : "not seen", c->version ? c->version : "");
		html_add(page->out, "<td>%s%s</td>", c->driver,
			 c->insecure ? " (certificates were not checked)" : "");
		page_cell(page, c->uuid);
		html_add(page->out, "<td class=\"code\">%s</td>", c->settings);
	}
	page_table_end(page);
}

static int add_node(void *arg, const struct store_row *row, struct err *err)
{
	static const char *const heads[] = {"cluster", "node",	"master-eligible", "version",
					    "JVM",     "roles", "node id"};
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	if (!part->n_rows++) {
		html_add(page->out, "<details><summary>The nodes</summary>\n");
		page_table(page, "Nodes, as they said of themselves");
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			page_head(page, heads[i]);
		page_body(page);
	}
	page_row(page);
	page_cell(page, store_text(row, 1));
	html_add(page->out, "<th scope=\"row\">%s</th>", store_text(row, 2));
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
	static const char *const heads[] = {"due",	 "sent",       "skipped",
					    "answered",	 "HTTP error", "network error",
					    "timed out", "reconnects"};
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	if (!part->n_rows++) {
		page_table(page,
			   "Polls: due = sent + skipped; sent = answered + errors + timed out");
		page_head(page, "cluster");
		page_head(page, "node");
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			page_head_nr(page, heads[i]);
		page_body(page);
	}
	page_row(page);
	page_cell(page, store_text(row, 1));
	html_add(page->out, "<th scope=\"row\">%s</th>", store_text(row, 2));
	for (int col = 3; col <= 10; col++)
		page_cell_count(page, store_int(row, col));
	return 0;
}

static int add_setting(void *arg, const struct store_row *row, struct err *err)
{
	struct part *part = arg;
	struct page *page = part->page;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	if (!part->n_rows++) {
		page_table(page, "Settings in force, as the nodes say");
		page_head(page, "setting");
		page_head(page, "value");
		page_head(page, "source");
		page_head(page, "cluster");
		page_head(page, "nodes");
		page_body(page);
	}
	page_row(page);
	html_add(page->out, "<th scope=\"row\">%s</th><td class=\"code\">%s</td><td>%s</td>",
		 store_text(row, 1), store_text(row, 2), store_text(row, 3));
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
