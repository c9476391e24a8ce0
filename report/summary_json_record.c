/* The study record in the JSON: what the workbook's Study sheet says of a study. */
#include "lib/clock.h"
#include "report/summary_impl.h"

static void set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, text ? json_string(text) : json_null());
}

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

		set_text(one, "name", s->name);
		set_text(one, "decision", s->decision);
		set_text(one, "signed_utc", s->signed_utc);
		set_text(one, "comment", s->comment);
		set_text(one, "account", s->account);
		set_text(one, "host", s->host);
		set_text(one, "head", s->head);
		json_array_append_new(list, one);
	}
	return list;
}

void summary_json_record(json_t *object, const struct model *model, size_t study)
{
	const struct model_study *s = &model->studies.v[study];
	const struct study_record *record = &s->record;

	set_text(object, "objective", s->objective);
	set_text(object, "hypothesis", record->hypothesis);
	json_object_set_new(object, "rto", rto_of(model, study));
	set_text(object, "scope", record->scope);
	set_text(object, "environment", record->environment);
	set_text(object, "operator", s->operator);
	set_text(object, "approver", record->approver);
	set_text(object, "ticket", record->ticket);
	set_text(object, "remarks", record->remarks);
	json_object_set_new(object, "sign_offs", sign_offs_of(record));
}
