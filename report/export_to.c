#include "report/export_to.h"
#include "lib/hash.h"
#include "lib/mem.h"
#include "report/bulk.h"
#include "report/interrupt.h"
#include "report/rows.h"
#include <stdlib.h>
#include <string.h>

/* Texts are keywords; ns are long and *_s double, whatever the first document holds. */
static const char template[] =
	"{\"index_patterns\":[\"rejoin-trial\",\"rejoin-metric\",\"rejoin-master-change\","
	"\"rejoin-log-event\",\"rejoin-witness\",\"rejoin-sample\",\"rejoin-write\","
	"\"rejoin-step\",\"rejoin-node\",\"rejoin-incident\"],"
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
	char *key;     /* "STUDY:POSITION:STARTED": the same in every file */
	char *study;   /* its uuid */
	char *started; /* JSON */
};

struct job {
	const struct store_view *view;
	struct bulk bulk;
	VEC(struct trial) trials; /* that have ended, by id */
	char *index;
	struct str line;
	struct seen {
		unsigned char hash[16];
		uint64_t n;
	} * seen; /* how often a row was there, by its hash; n 0: free */
	size_t n_seen, n_slots;
};

static int column_of(const struct store_view *view, const char *name)
{
	for (size_t i = 0; i < view->columns.n; i++)
		if (strcmp(view->columns.v[i].name, name) == 0)
			return (int)i;
	return -1;
}

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
	int study = column_of(view, "study_uuid"), at = column_of(view, "started_utc");
	int end = column_of(view, "end_ns"), position = column_of(view, "position");

	if (study < 0 || at < 0 || end < 0 || position < 0)
		return err_set(err, ERR_ENV, "v_trial has other columns than this program knows");
	if (store_type(row, end) == STORE_NULL)
		return 0;
	rows_json_value(row, at, &started);
	struct trial trial = {.id = store_int(row, column_of(view, "trial_id")),
			      .study = mem_strdup(store_text(row, study)),
			      .started = str_take(&started)};
	trial.key = mem_printf("%s:%lld:%s", trial.study, (long long)store_int(row, position),
			       trial.started);
	vec_push(&job->trials, trial);
	return 0;
}

/* ---- the row's identity --------------------------------------------------------------------- */

static struct seen *find(struct seen *seen, size_t n_slots, const unsigned char *hash)
{
	size_t at;

	memcpy(&at, hash, sizeof at);
	while (seen[at & (n_slots - 1)].n &&
	       memcmp(seen[at & (n_slots - 1)].hash, hash, sizeof seen->hash) != 0)
		at++;
	return &seen[at & (n_slots - 1)];
}

static void grow(struct job *job)
{
	size_t n_slots = job->n_slots ? 2 * job->n_slots : 1024;
	struct seen *seen = mem_alloc(n_slots * sizeof *seen);

	for (size_t i = 0; i < job->n_slots; i++)
		if (job->seen[i].n)
			*find(seen, n_slots, job->seen[i].hash) = job->seen[i];
	free(job->seen);
	job->seen = seen;
	job->n_slots = n_slots;
}

/* Rows that are alike in all are told apart by their number among these. */
static uint64_t count_alike(struct job *job, const unsigned char *hash)
{
	struct seen *seen;

	if (2 * job->n_seen >= job->n_slots)
		grow(job);
	seen = find(job->seen, job->n_slots, hash);
	if (!seen->n)
		job->n_seen++;
	memcpy(seen->hash, hash, sizeof seen->hash);
	return ++seen->n;
}

static void make_id(struct job *job, const char *trial, char ret_hex[HASH_HEX_SIZE])
{
	unsigned char sum[HASH_SIZE];
	struct hash hash = {0};

	hash_begin(&hash);
	hash_add(&hash, job->view->name, strlen(job->view->name) + 1);
	hash_add(&hash, trial, strlen(trial) + 1);
	hash_add(&hash, job->line.s, job->line.n);
	hash_end(&hash, sum);
	hash_begin(&hash);
	hash_add(&hash, sum, sizeof sum);
	hash_add_u64(&hash, count_alike(job, sum));
	hash_end(&hash, sum);
	hash_hex(sum, ret_hex);
	ret_hex[40] = '\0';
}

/* ---- documents ------------------------------------------------------------------------------ */

/* Ids that are given by the file, and are others in a merged one. */
static bool is_local(const char *column)
{
	static const char *const local[] = {"trial_id", "step_id", "incident_id", "snapshot_id"};

	for (size_t i = 0; i < sizeof local / sizeof *local; i++)
		if (strcmp(column, local[i]) == 0)
			return true;
	return false;
}

static void make_line(struct job *job, const struct store_row *row, const struct trial *trial)
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
		rows_json_value(row, i, &job->line);
	}
	if (trial) {
		str_addf(&job->line, ",\"@timestamp\":%s,\"trial\":", trial->started);
		rows_json_text(trial->key, &job->line);
	}
	if (trial && column_of(view, "study_uuid") < 0) {
		str_add(&job->line, ",\"study_uuid\":");
		rows_json_text(trial->study, &job->line);
	}
	str_add(&job->line, "}\n");
}

static int on_row(void *arg, const struct store_row *row, struct err *err)
{
	struct job *job = arg;
	int column = column_of(job->view, "trial_id");
	const struct trial *trial = NULL;
	char id[HASH_HEX_SIZE];

	if (column >= 0 && store_type(row, column) != STORE_NULL) {
		struct trial key = {.id = store_int(row, column)};

		trial = job->trials.n
				? bsearch(&key, job->trials.v, job->trials.n, sizeof key, by_id)
				: NULL;
		if (!trial)
			return interrupt_check(err); /* not ended */
	}
	make_line(job, row, trial);
	make_id(job, trial ? trial->key : "", id);
	if (bulk_add(&job->bulk, job->index, id, job->line.s, err))
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
		if (!err->code)
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
	free(job->index);
	free(job->seen);
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
