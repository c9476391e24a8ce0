#include "report/export_to.h"
#include "lib/mem.h"
#include "report/bulk.h"
#include "report/export_key.h"
#include "report/interrupt.h"
#include "report/rows.h"
#include <stdlib.h>
#include <string.h>

/* Texts are keywords; ns are long and *_s double, whatever the first document holds. */
static const char template[] =
	"{\"index_patterns\":[\"rejoin-trial\",\"rejoin-metric\",\"rejoin-master-change\","
	"\"rejoin-log-event\",\"rejoin-witness\",\"rejoin-sample\",\"rejoin-write\","
	"\"rejoin-step\",\"rejoin-node\",\"rejoin-incident\",\"rejoin-study\","
	"\"rejoin-session\",\"rejoin-setting\",\"rejoin-sign-off\"],"
	"\"priority\":200,\"template\":{\"mappings\":{\"date_detection\":false,\"dynamic_"
	"templates\":["
	"{\"seconds\":{\"match\":\"*_s\",\"mapping\":{\"type\":\"double\"}}},"
	"{\"ns\":{\"match\":\"*_ns\",\"mapping\":{\"type\":\"long\"}}},"
	"{\"utc\":{\"match\":\"*_utc\",\"mapping\":{\"type\":\"date\"}}},"
	"{\"text\":{\"match_mapping_type\":\"string\",\"mapping\":{\"type\":\"keyword\","
	"\"ignore_above\":8191}}}],"
	"\"properties\":{\"@timestamp\":{\"type\":\"date\"}}}}}";

/* What the documents of a trial have in common. */
struct trial {
	int64_t id;
	char *key;     /* "STUDY:POSITION:BASE_NS": the same in every file */
	char *study;   /* its uuid */
	char *started; /* JSON */
};

struct job {
	const struct store_view *view;
	const struct export_key *key;
	struct bulk bulk;
	VEC(struct trial) trials; /* that have ended, by id */
	char *index;
	struct str line, scratch;
};

static int by_id(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int on_trial(void *arg, const struct store_row *row, struct err *err)
{
	struct job *job = arg;
	const struct store_view *view = job->view;
	struct str started = STR_INIT;
	int study = export_key_column(view, "study_uuid");
	int at = export_key_column(view, "started_utc"), end = export_key_column(view, "end_ns");
	int base = export_key_column(view, "base_ns"),
	    position = export_key_column(view, "position");

	if (study < 0 || at < 0 || end < 0 || base < 0 || position < 0)
		return err_set(err, ERR_ENV, "v_trial has other columns than this program knows");
	if (store_type(row, end) == STORE_NULL)
		return 0;
	rows_json_value(row, at, &started);
	struct trial trial = {.id = store_int(row, export_key_column(view, "trial_id")),
			      .study = mem_strdup(store_text(row, study)),
			      .started = str_take(&started)};
	trial.key = mem_printf("%s:%lld:%lld", trial.study, (long long)store_int(row, position),
			       (long long)store_int(row, base));
	vec_push(&job->trials, trial);
	return 0;
}

/* ---- documents ------------------------------------------------------------------------------ */

/* Ids that are given by the file, and are others in a merged one. */
static bool is_local(const char *column)
{
	static const char *const local[] = {"trial_id",	   "step_id",	 "incident_id",
					    "snapshot_id", "session_id", "sign_off_id"};

	for (size_t i = 0; i < sizeof local / sizeof *local; i++)
		if (strcmp(column, local[i]) == 0)
			return true;
	return false;
}

static void make_line(struct job *job, const struct store_row *row, int first,
		      const struct trial *trial, const char *study)
{
	const struct store_view *view = job->view;

	str_clear(&job->line);
	str_add(&job->line, "{");
	for (int i = 0; i < (int)view->columns.n; i++) {
		if (is_local(view->columns.v[i].name))
			continue;
		str_add(&job->line, job->line.n > 1 ? "," : "");
		rows_json_text(view->columns.v[i].name, &job->line);
		str_add(&job->line, ":");
		rows_json_value(row, first + i, &job->line);
	}
	if (trial) {
		str_addf(&job->line, ",\"@timestamp\":%s,\"trial\":", trial->started);
		rows_json_text(trial->key, &job->line);
	}
	if (study && export_key_column(view, "study_uuid") < 0) {
		str_add(&job->line, ",\"study_uuid\":");
		rows_json_text(study, &job->line);
	}
	str_add(&job->line, "}");
}

static const struct trial *find_trial(const struct job *job, int64_t id)
{
	struct trial key = {.id = id};

	return job->trials.n ? bsearch(&key, job->trials.v, job->trials.n, sizeof key, by_id)
			     : NULL;
}

static int on_row(void *arg, const struct store_row *row, struct err *err)
{
	struct job *job = arg;
	int first = job->key->sql_id >= 0 ? 2 : 0;
	int column = export_key_column(job->view, "trial_id");
	int study_column = export_key_column(job->view, "study_uuid");
	const struct trial *trial = NULL;
	const char *study;
	char id[HASH_HEX_SIZE];

	if (column >= 0 && store_type(row, first + column) != STORE_NULL) {
		trial = find_trial(job, store_int(row, first + column));
		if (!trial)
			return interrupt_check(err); /* not ended */
	}
	study = trial		    ? trial->study
		: first		    ? store_text(row, 0)
		: study_column >= 0 ? store_text(row, study_column)
				    : NULL;
	make_line(job, row, first, trial, study);
	export_key_id(job->key, job->view, row, first,
		      trial   ? trial->key
		      : study ? study
			      : "",
		      &job->scratch, id);
	if (bulk_add(&job->bulk, job->index, id, job->line.s, job->key->final, err))
		return err->code;
	return interrupt_check(err);
}

static void name_index(struct job *job)
{
	free(job->index);
	job->index = mem_printf("rejoin-%s", job->view->name + strlen("v_"));
	for (char *c = job->index; *c; c++)
		if (*c == '_')
			*c = '-';
}

static int send_views(struct store *store, const struct store_views *views, struct job *job,
		      struct err *err)
{
	struct store_view *view;

	vec_each (view, views) {
		job->view = view;
		name_index(job);
		if (err->code || export_key_find(view->name, &job->key, err))
			break;
		if (job->key->sql_id >= 0)
			store_query(store, job->key->sql_id, NULL, 0, on_row, job, err);
		else
			store_view_rows(store, view, on_row, job, err);
	}
	return err->code ? err->code : bulk_send(&job->bulk, err);
}

static void job_done(struct job *job)
{
	struct trial *trial;

	vec_each (trial, &job->trials) {
		free(trial->key);
		free(trial->study);
		free(trial->started);
	}
	vec_done(&job->trials);
	bulk_done(&job->bulk);
	str_done(&job->line);
	str_done(&job->scratch);
	free(job->index);
}

static int load_trials(struct store *store, struct job *job, struct err *err)
{
	struct store_views all = {0};
	struct store_view *view;

	if (!store_views_load(store, &all, err))
		vec_each (view, &all)
			if (strcmp(view->name, "v_trial") == 0) {
				job->view = view;
				store_view_rows(store, view, on_trial, job, err);
			}
	store_views_done(&all);
	if (job->trials.n)
		qsort(job->trials.v, job->trials.n, sizeof *job->trials.v, by_id);
	return err->code;
}

int export_to(struct store *store, const struct store_views *views, struct cluster *cluster,
	      struct export_count *ret_count, struct err *err)
{
	struct job job = {.bulk = {.cluster = cluster, .count = ret_count}};
	const char *ignored;

	*ret_count = (struct export_count){0};
	if (!load_trials(store, &job, err) &&
	    !cluster_ask(cluster, "PUT", "/_index_template/rejoin", template, &ignored, err))
		send_views(store, views, &job, err);
	job_done(&job);
	return err->code;
}
