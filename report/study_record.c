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
	record->hypothesis = text_column(row, 1);
	record->rto_ns = store_int(row, 2);
	record->scope = text_column(row, 3);
	record->environment = text_column(row, 4);
	record->approver = text_column(row, 5);
	record->ticket = text_column(row, 6);
	record->remarks = text_column(row, 7);
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

	free(record->hypothesis);
	free(record->scope);
	free(record->environment);
	free(record->approver);
	free(record->ticket);
	free(record->remarks);
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

static void add_fact(study_facts *facts, const char *label, const char *text)
{
	if (text)
		vec_push(facts, (struct study_fact){label, mem_strdup(text)});
}

void study_facts_make(const struct model *model, size_t study, study_facts *ret_facts)
{
	const struct model_study *s = &model->studies.v[study];
	const struct study_record *record = &s->record;
	char *rto = study_rto_text(model, study);

	*ret_facts = (study_facts){0};
	add_fact(ret_facts, "objective", s->objective);
	add_fact(ret_facts, "hypothesis", record->hypothesis);
	add_fact(ret_facts, "RTO", rto);
	add_fact(ret_facts, "scope", record->scope);
	add_fact(ret_facts, "environment", record->environment);
	add_fact(ret_facts, "operator", s->operator);
	add_fact(ret_facts, "approver", record->approver);
	add_fact(ret_facts, "ticket", record->ticket);
	add_fact(ret_facts, "remarks", record->remarks);
	free(rto);
}

void study_facts_done(study_facts *facts)
{
	struct study_fact *fact;

	vec_each (fact, facts)
		free(fact->text);
	vec_done(facts);
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
