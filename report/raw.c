#include "report/raw.h"
#include "report/output.h"
#include "report/sheet.h"
#include "report/text.h"
#include "report/workbook_impl.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <string.h>

enum { N_ORDINALS = 128, N_OUTCOMES_OF_POLL = 4 };
static const char *const outcomes[N_OUTCOMES_OF_POLL] = {"ok", "http_error", "net_error",
							 "timeout"};

/* What the rows of samples and those of writes differ in. */
struct kind {
	const char *sheet;
	int sql_id;
	const char *last_head; /* of the query's last column */
};
static const struct kind kinds[] = {
	{"Samples", SQL_WORKBOOK_SAMPLES, "snapshot"},
	{"Writes", SQL_WORKBOOK_WRITES, "document"},
};

struct raw {
	struct book *book;
	const struct kind *kind;
	lxw_worksheet *ws; /* NULL: none begun */
	lxw_row_t row;
	unsigned n_sheets;
	lxw_format *whole, *seconds; /* texts have none: a twentieth of the file */
	/* Of the present trial: */
	double trial;
	double base_s; /* its base, after the fault */
	char *names[N_ORDINALS];
};

char *raw_path(const char *workbook_path)
{
	size_t n = strlen(workbook_path);

	if (n > 5 && strcmp(workbook_path + n - 5, ".xlsx") == 0)
		n -= 5;
	return mem_printf("%.*s-raw.xlsx", (int)n, workbook_path);
}

/* ---- one trial ------------------------------------------------------------------------------ */

static int load_base(void *arg, const struct store_row *row, struct err *err)
{
	struct raw *raw = arg;

	(void)err;
	raw->base_s =
		store_is_null(row, 2) ? 0 : (double)(store_int(row, 0) - store_int(row, 2)) / 1e9;
	return 0;
}

static int load_name(void *arg, const struct store_row *row, struct err *err)
{
	struct raw *raw = arg;
	int64_t ordinal = store_int(row, 0);

	(void)err;
	if (ordinal < 0 || ordinal >= N_ORDINALS)
		return 0;
	free(raw->names[ordinal]);
	raw->names[ordinal] = text_column(row, 1);
	return 0;
}

static void begin_sheet(struct raw *raw)
{
	const char *const heads[] = {"trial",	 "node",    "due [s]",		 "sent [s]",
				     "took [s]", "outcome", raw->kind->last_head};
	char *name = raw->n_sheets ? mem_printf("%s %u", raw->kind->sheet, raw->n_sheets + 1)
				   : mem_strdup(raw->kind->sheet);

	raw->ws = workbook_add_worksheet(raw->book->workbook, name);
	raw->n_sheets++;
	worksheet_freeze_panes(raw->ws, 1, 0);
	worksheet_set_column(raw->ws, 0, 6, 12, NULL);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		worksheet_write_string(
			raw->ws, 0, i, heads[i],
			raw->book->styles[i == 1 || i == 5 ? STYLE_HEAD : STYLE_HEAD_NR]);
	raw->row = 1;
	free(name);
}

static int write_poll(void *arg, const struct store_row *row, struct err *err)
{
	struct raw *raw = arg;
	int64_t ordinal = store_int(row, 0), due_us = store_int(row, 1),
		outcome = store_int(row, 4);
	int64_t sent_us = due_us + store_int(row, 2);
	const char *name = ordinal >= 0 && ordinal < N_ORDINALS ? raw->names[ordinal] : NULL;

	if (!raw->ws || raw->row == SHEET_ROWS)
		begin_sheet(raw);
	if (!raw->ws)
		return err_set(err, ERR_ENV, "a temporary file cannot be made");
	worksheet_write_number(raw->ws, raw->row, 0, raw->trial, raw->whole);
	if (name && *name)
		worksheet_write_string(raw->ws, raw->row, 1, name, NULL);
	worksheet_write_number(raw->ws, raw->row, 2, raw->base_s + (double)due_us / 1e6,
			       raw->seconds);
	worksheet_write_number(raw->ws, raw->row, 3, raw->base_s + (double)sent_us / 1e6,
			       raw->seconds);
	worksheet_write_number(raw->ws, raw->row, 4, (double)store_int(row, 3) / 1e6, raw->seconds);
	if (outcome >= 0 && outcome < N_OUTCOMES_OF_POLL)
		worksheet_write_string(raw->ws, raw->row, 5, outcomes[outcome], NULL);
	if (!store_is_null(row, 5))
		worksheet_write_number(raw->ws, raw->row, 6, (double)store_int(row, 5), raw->whole);
	raw->row++;
	return 0;
}

static int write_trial(struct raw *raw, const struct model_trial *trial, struct err *err)
{
	struct store *store = raw->book->store;
	const struct store_bind id = {.type = STORE_BIND_INT, .i = trial->id};

	raw->trial = (double)trial->id;
	if (store_query(store, SQL_TIMELINE_TRIAL, &id, 1, load_base, raw, err) ||
	    store_query(store, SQL_TIMELINE_NODES, &id, 1, load_name, raw, err))
		return err->code;
	return store_query(store, raw->kind->sql_id, &id, 1, write_poll, raw, err);
}

static int write_kind(struct book *book, const struct kind *kind, struct err *err)
{
	struct raw raw = {
		.book = book,
		.kind = kind,
		.whole = book->styles[STYLE_PLAIN],
		.seconds = book->styles[STYLE_MICROSECONDS],
	};

	for (size_t i = 0; i < book->model->trials.n && !err->code; i++)
		write_trial(&raw, &book->model->trials.v[i], err);
	if (raw.ws)
		worksheet_autofilter(raw.ws, 0, 0, raw.row - 1, 6);
	for (size_t i = 0; i < N_ORDINALS; i++)
		free(raw.names[i]);
	return err->code;
}

/* ---- the workbook --------------------------------------------------------------------------- */

static void write_about(struct book *book)
{
	struct sheet sheet;
	const struct model_study *study;

	sheet_open(&sheet, book, "About", "Every poll and every write");
	worksheet_set_column(sheet.ws, 0, 0, 18, NULL);
	vec_each (study, &book->model->studies) {
		sheet_pair(&sheet, "study", study->label);
		sheet_pair(&sheet, "uuid", study->uuid);
	}
	sheet_pair(&sheet, "chosen", book->recording->chosen);
	sheet_pair(&sheet, "Samples", "one row a poll, by trial and the instant it was due");
	sheet_pair(&sheet, "Writes", "one row a write of the write probe, where there was one");
	sheet_pair(&sheet, "Snapshots", "the cluster states that the polls saw");
	sheet_pair(&sheet, "due, sent [s]",
		   "from the fault of the trial; from the start of its recording where there was "
		   "none");
	sheet_pair(&sheet, "took [s]", "from sent to the answer, or to the failure");
	sheet_pair(&sheet, "document", "number, and id, of the document written");
	sheet_pair(&sheet, "rows",
		   "a sheet holds 1,048,576; the next ones go on: Samples 2, Samples 3, ...");
}

static int write_sheets(struct book *book, struct err *err)
{
	write_about(book);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !err->code; i++)
		write_kind(book, &kinds[i], err);
	if (!err->code)
		sheet_snapshots(book, err);
	return err->code;
}

static int fill(void *arg, const char *temp, const char *folder, struct err *err)
{
	return book_fill(arg, 0, true, write_sheets, temp, folder, err);
}

int raw_write(const char *path, const struct recording *recording, struct err *err)
{
	return output_write(path, fill, (void *)recording, err);
}
