#include "report/sheet_record.h"
#include "schema/sql.h"
#include <string.h>

void sheet_record_facts(struct sheet *sheet, size_t i)
{
	study_facts facts;
	const struct study_fact *fact;

	study_facts_make(sheet->book->model, i, &facts);
	vec_each (fact, &facts)
		sheet_pair(sheet, fact->label, fact->text);
	study_facts_done(&facts);
}

static void section(struct sheet *sheet, const char *title)
{
	sheet->row++;
	sheet_line(sheet, title, STYLE_SECTION);
}

static void heads(struct sheet *sheet, const char *const *titles, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sheet_text(sheet, (lxw_col_t)i, titles[i], STYLE_HEAD);
	sheet->row++;
}

void sheet_record_sign_offs(struct sheet *sheet, size_t i)
{
	static const char *const titles[] = {"sign-off", "by",	 "at [UTC]", "account",
					     "host",	 "seal", "comment"};
	const struct study_record *record = &sheet->book->model->studies.v[i].record;
	const struct study_sign_off *s;

	section(sheet, "Sign-offs");
	if (!record->sign_offs.n)
		sheet_line(sheet, "none: rejoin-collector sign", STYLE_TEXT);
	else
		heads(sheet, titles, sizeof titles / sizeof *titles);
	vec_each (s, &record->sign_offs) {
		const char *texts[] = {s->decision ? s->decision : "comment",
				       s->name,
				       s->signed_utc,
				       s->account,
				       s->host,
				       s->head ? s->head : "not sealed",
				       s->comment};

		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			sheet_text(sheet, (lxw_col_t)k, texts[k], STYLE_TEXT);
		sheet->row++;
	}
}

struct settings_part {
	struct sheet *sheet;
	int64_t study_id;
	size_t n;
};

static int write_setting(void *arg, const struct store_row *row, struct err *err)
{
	static const char *const titles[] = {"setting in force", "value", "source", "cluster",
					     "nodes"};
	struct settings_part *part = arg;

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	if (!part->n++)
		heads(part->sheet, titles, sizeof titles / sizeof *titles);
	for (int col = 1; col <= 5; col++)
		sheet_text(part->sheet, (lxw_col_t)(col - 1), store_text(row, col), STYLE_TEXT);
	part->sheet->row++;
	return 0;
}

int sheet_record_settings(struct sheet *sheet, size_t i, struct err *err)
{
	struct settings_part part = {.sheet = sheet,
				     .study_id = sheet->book->model->studies.v[i].id};
	int r;

	section(sheet, "Settings in force");
	r = store_query(sheet->book->store, SQL_REPORT_SETTINGS_IN_FORCE, NULL, 0, write_setting,
			&part, err);
	if (!r && !part.n)
		sheet_line(sheet, "not recorded", STYLE_TEXT);
	return r;
}
