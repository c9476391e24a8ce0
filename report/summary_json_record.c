/* The study record in the JSON: what the workbook's Study sheet says of a study. */
#include "lib/clock.h"
#include "report/summary_impl.h"

static json_t *rto_of(const struct model *model, size_t study)
{
	int64_t rto_ns = model->studies.v[study].record.rto_ns;
	struct rto_counts counts;

	if (!rto_ns)
		return json_null();
	counts = study_rto_counts(model, study);
	return json_pack("{sf sI sI sI sI}", "limit_s", (double)rto_ns / NS_PER_S, "n",
			 (json_int_t)counts.n, "kept", (json_int_t)counts.kept, "missed",
			 (json_int_t)counts.missed, "undecided",
			 (json_int_t)(counts.n - counts.kept - counts.missed));
}

static json_t *sign_offs_of(const struct study_record *record)
{
	json_t *list = json_array();
	const struct study_sign_off *s;

	vec_each (s, &record->sign_offs) {
		json_t *one = json_object();

		summary_json_text(one, "name", s->name);
		summary_json_text(one, "decision", s->decision);
		summary_json_text(one, "signed_utc", s->signed_utc);
		summary_json_text(one, "comment", s->comment);
		summary_json_text(one, "account", s->account);
		summary_json_text(one, "host", s->host);
		summary_json_text(one, "head", s->head);
		json_array_append_new(list, one);
	}
	return list;
}

void summary_json_record(json_t *object, const struct model *model, size_t study)
{
	const struct study_record *record = &model->studies.v[study].record;

	for (int f = 0; f < N_STUDY_FACTS; f++)
		if (f == STUDY_RTO)
			json_object_set_new(object, "rto", rto_of(model, study));
		else
			summary_json_text(object, study_fact_names[f], record->texts[f]);
	json_object_set_new(object, "sign_offs", sign_offs_of(record));
}
