#include "report/sheet_record.h"
#include "schema/sql.h"
#include <math.h>

const double study_widths[STUDY_COLUMNS] = {50, 54, 12, 32, 18, 10, 12, 14, 11, 12};

double sheet_record_cells(struct sheet *sheet, const char *const *texts, size_t n)
{
	double lines = 1;

	for (size_t i = 0; i < n; i++)
		lines = fmax(lines, sheet_wrapped(sheet, (lxw_col_t)i, texts[i], study_widths[i]));
	return lines;
}

void sheet_record_pair(struct sheet *sheet, const char *key, const char *text)
{
	enum { LAST = 4 };
	double width = 0;

	for (int i = 1; i <= LAST; i++)
		width += study_widths[i];
	sheet_pair_over(sheet, key, text, LAST, width);
}

void sheet_record_facts(struct sheet *sheet, size_t i)
{
	for (int f = 0; f < N_STUDY_FACTS; f++) {
		char *text = study_fact_text(sheet->book->model, i, f);

		if (text)
			sheet_record_pair(sheet, study_fact_names[f], text);
		free(text);
	}
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
	/* The comment where there is room, the seal where nothing follows. */
	static const char *const titles[] = {"sign-off", "comment", "at [UTC]", "by",
					     "account",	 "host",    "seal"};
	const struct study_record *record = &sheet->book->model->studies.v[i].record;
	const struct study_sign_off *s;

	section(sheet, "Sign-offs");
	if (!record->sign_offs.n)
		sheet_line(sheet, "none: rejoin-collector sign", STYLE_TEXT);
	else
		heads(sheet, titles, sizeof titles / sizeof *titles);
	vec_each (s, &record->sign_offs) {
		const char *texts[] = {s->decision ? s->decision : "comment",
				       s->comment,
				       s->signed_utc,
				       s->name,
				       s->account,
				       s->host};

		sheet_text(sheet, 6, s->head ? s->head : "not sealed", STYLE_TEXT);
		sheet_row_of(sheet, sheet_record_cells(sheet, texts, 6));
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
	const char *texts[5];

	(void)err;
	if (store_int(row, 0) != part->study_id)
		return 0;
	if (!part->n++)
		heads(part->sheet, titles, sizeof titles / sizeof *titles);
	for (int i = 0; i < 5; i++)
		texts[i] = store_text(row, i + 1);
	sheet_row_of(part->sheet, sheet_record_cells(part->sheet, texts, 5));
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
