#include "report/study_record.h"
#include "lib/clock.h"
#include "lib/str.h"
#include "report/model.h"
#include "report/text.h"
#include "schema/sql.h"
#include <string.h>

static struct study_record *record_of(struct model *model, int64_t study_id)
{
	struct model_study *study;

	vec_each (study, &model->studies)
		if (study->id == study_id)
			return &study->record;
	return NULL;
}

static int load_record(void *arg, const struct store_row *row, struct err *err)
{
	struct study_record *record = record_of(arg, store_int(row, 0));

	(void)err;
	if (!record)
		return 0;
	for (int f = 0; f < N_STUDY_FACTS; f++)
		if (f == STUDY_RTO)
			record->rto_ns = store_int(row, 1 + f);
		else
			record->texts[f] = text_column(row, 1 + f);
	return 0;
}

static int load_sign_off(void *arg, const struct store_row *row, struct err *err)
{
	struct study_record *record = record_of(arg, store_int(row, 0));

	(void)err;
	if (record)
		vec_push(&record->sign_offs, (struct study_sign_off){
						     .name = text_column(row, 1),
						     .decision = text_column(row, 2),
						     .comment = text_column(row, 3),
						     .signed_utc = text_column(row, 4),
						     .account = text_column(row, 5),
						     .host = text_column(row, 6),
						     .head = text_column(row, 7),
					     });
	return 0;
}

int study_record_load(struct store *store, struct model *model, struct err *err)
{
	int r = store_query(store, SQL_REPORT_STUDY_RECORDS, NULL, 0, load_record, model, err);

	return r ? r : store_query(store, SQL_REPORT_SIGN_OFFS, NULL, 0, load_sign_off, model, err);
}

void study_record_done(struct study_record *record)
{
	struct study_sign_off *s;

	for (int f = 0; f < N_STUDY_FACTS; f++)
		free(record->texts[f]);
	vec_each (s, &record->sign_offs) {
		free(s->name);
		free(s->decision);
		free(s->comment);
		free(s->signed_utc);
		free(s->account);
		free(s->host);
		free(s->head);
	}
	vec_done(&record->sign_offs);
}

/* ---- facts ---- */

const char *const study_fact_names[N_STUDY_FACTS] = {[STUDY_OBJECTIVE] = "objective",
						     [STUDY_HYPOTHESIS] = "hypothesis",
						     [STUDY_RTO] = "RTO",
						     [STUDY_SCOPE] = "scope",
						     [STUDY_ENVIRONMENT] = "environment",
						     [STUDY_OPERATOR] = "operator",
						     [STUDY_APPROVER] = "approver",
						     [STUDY_TICKET] = "ticket",
						     [STUDY_REMARKS] = "remarks"};

char *study_fact_text(const struct model *model, size_t study, enum study_fact fact)
{
	return fact == STUDY_RTO ? study_rto_text(model, study)
				 : mem_strdup(model->studies.v[study].record.texts[fact]);
}

/* ---- the RTO ---- */

struct rto_counts study_rto_counts(const struct model *model, size_t study)
{
	int64_t rto_ns = model->studies.v[study].record.rto_ns;
	struct rto_counts counts = {0};
	const struct model_trial *trial;

	vec_each (trial, &model->trials) {
		const struct model_value *value = &trial->values[METRIC_AGREEMENT];

		if (trial->study != study || trial->warmup || !value->present ||
		    !outcome_is_measured(trial->outcome))
			continue;
		counts.n++;
		counts.kept += value->censored <= 0 && value->hi_ns <= rto_ns;
		counts.missed += value->lo_ns > rto_ns;
	}
	return counts;
}

char *study_rto_text(const struct model *model, size_t study)
{
	int64_t rto_ns = model->studies.v[study].record.rto_ns;
	struct rto_counts counts;
	size_t n_open;
	struct str text = STR_INIT;

	if (!rto_ns)
		return NULL;
	counts = study_rto_counts(model, study);
	n_open = counts.n - counts.kept - counts.missed;
	str_addf(&text, "%.10g s: kept in %zu of %zu trials", (double)rto_ns / NS_PER_S,
		 counts.kept, counts.n);
	if (counts.missed)
		str_addf(&text, ", missed in %zu", counts.missed);
	if (n_open)
		str_addf(&text, ", not decided in %zu", n_open);
	if (model->from != ORIGIN_FAULT_ISSUED)
		str_addf(&text, ", counted from %s", origin_names[model->from]);
	return str_take(&text);
}

char *study_sign_off_text(const struct study_sign_off *sign_off)
{
	return mem_printf("%s by %s on %s UTC%s%s",
			  sign_off->decision ? sign_off->decision : "commented", sign_off->name,
			  sign_off->signed_utc, sign_off->comment ? ": " : "",
			  sign_off->comment ? sign_off->comment : "");
}
