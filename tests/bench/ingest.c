/* ingest: how fast the store takes samples, next to a bare loop of one prepared insert.
 *
 *     ingest FOLDER N_SAMPLES ROUNDS
 *
 * Rounds take turns: the store's API, and a program that does nothing but bind, step and reset the
 * same statement on the same table. Each round is a transaction on a new file, with the store's
 * pragmas. Prints one JSON object: seconds of each round (CPU and wall), bytes a sample on disk. */
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/rng.h"
#include "schema/sql.h"
#include "schema/store.h"
#include "tests/bench/took.h"
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_NODES = 5, N_VIEWS = 20 };

static void must(int code, const struct err *err)
{
	if (!code)
		return;
	fprintf(stderr, "ingest: %s\n", err->text);
	exit(3);
}

static void must_sql(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "ingest: %s\n", sqlite3_errmsg(db));
	exit(3);
}

static struct snapshot *view_new(int term)
{
	struct err err = ERR_INIT;
	char *body =
		mem_printf("{\"cluster_uuid\":\"u\",\"version\":%d,\"master_node\":\"a\","
			   "\"nodes\":{},\"metadata\":{\"cluster_coordination\":{\"term\":%d}}}",
			   term, term);
	struct snapshot *view = snapshot_parse(body, strlen(body), &err);
	must(view ? 0 : err.code, &err);
	free(body);
	return view;
}

/* As a drill gives them: five nodes at 5 ms, a request of half a millisecond, some failures. */
static struct store_sample *samples_new(size_t n, struct snapshot **views)
{
	struct store_sample *samples = mem_alloc(n * sizeof *samples);
	struct rng rng;
	rng_seed(&rng, 1, 0);
	for (size_t i = 0; i < n; i++) {
		bool failed = rng_below(&rng, 50) == 0;
		samples[i] = (struct store_sample){
			.due_us = (int64_t)i * 1000,
			.late_us = (int64_t)(20 + rng_below(&rng, 100)),
			.took_us = (int64_t)(300 + rng_below(&rng, 900)),
			.view = failed ? NULL : views[i * N_VIEWS / n],
			.node = (uint8_t)(i % N_NODES),
			.outcome = failed ? SAMPLE_NET_ERROR : SAMPLE_OK,
		};
	}
	return samples;
}

/* ---- the file, and what a sample refers to ---- */

static int64_t add_frame(struct store *store, struct snapshot **views)
{
	struct err err = ERR_INIT;
	int64_t trial_id = 0;
	struct store_study study = {
		.name = "bench", .plan_text = "", .plan_json = "{}", .plan_sha256 = ""};
	struct store_session session = {.tool_version = "bench",
					.command_line = "[]",
					.libraries = "{}",
					.host = "",
					.kernel = "",
					.cpu = "",
					.sysctls = "{}"};
	struct store_cluster cluster = {.label = "c", .driver = "none", .settings = "{}"};
	struct store_arm arm = {
		.cluster = "c", .fault = "noop", .target = "master", .factors = "{}"};
	struct store_trial trial = {.position = 1, .block = 1};
	must(store_add_study(store, &study, &trial.study_id, &err), &err);
	session.study_id = cluster.study_id = arm.study_id = trial.study_id;
	must(store_add_session(store, &session, &trial.session_id, &err), &err);
	must(store_add_cluster(store, &cluster, &trial.cluster_id, &err), &err);
	must(store_add_arm(store, &arm, &trial.arm_id, &err), &err);
	must(store_add_trial(store, &trial, &trial_id, &err), &err);
	for (int i = 0; i < N_VIEWS; i++) {
		views[i]->id = 0;
		must(store_add_snapshot(store, views[i], &err), &err);
	}
	return trial_id;
}

static struct store *frame_new(const char *path, struct snapshot **views, int64_t *ret_trial_id)
{
	struct err err = ERR_INIT;
	struct store *store;
	unlink(path);
	must(store_open(path, STORE_CREATE, &store, &err), &err);
	*ret_trial_id = add_frame(store, views);
	must(store_checkpoint(store, &err), &err);
	return store;
}

/* ---- the two ways ---- */

static struct took by_store(struct store *store, int64_t trial_id,
			    const struct store_sample *samples, size_t n)
{
	struct err err = ERR_INIT;
	struct took begin = took_since((struct took){0, 0});
	must(store_begin(store, &err), &err);
	must(store_add_samples(store, trial_id, samples, n, &err), &err);
	must(store_commit(store, &err), &err);
	return took_since(begin);
}

static void insert_all(sqlite3_stmt *stmt, int64_t trial_id, const struct store_sample *samples,
		       size_t n)
{
	for (const struct store_sample *s = samples; s < samples + n; s++) {
		sqlite3_bind_int64(stmt, 1, trial_id << 42 | s->due_us << 7 | s->node);
		sqlite3_bind_int64(stmt, 2, s->late_us);
		sqlite3_bind_int64(stmt, 3, s->took_us);
		sqlite3_bind_int64(stmt, 4, s->outcome);
		if (s->view)
			sqlite3_bind_int64(stmt, 5, s->view->id);
		else
			sqlite3_bind_null(stmt, 5);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			abort();
		sqlite3_reset(stmt);
	}
}

static struct took by_hand(const char *path, int64_t trial_id, const struct store_sample *samples,
			   size_t n)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	must_sql(NULL, sqlite3_open(path, &db));
	must_sql(db, sqlite3_exec(db,
				  "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; "
				  "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0",
				  NULL, NULL, NULL));
	must_sql(db, sqlite3_prepare_v2(db, sql_texts[SQL_INSERT_SAMPLE].text, -1, &stmt, NULL));
	struct took begin = took_since((struct took){0, 0});
	must_sql(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
	insert_all(stmt, trial_id, samples, n);
	must_sql(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	struct took took = took_since(begin);
	sqlite3_finalize(stmt);
	must_sql(db, sqlite3_close(db));
	return took;
}

static int64_t size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* ---- */

struct rounds {
	json_t *store, *bare;
	double bytes_per_sample;
};

static void add(json_t *to, struct took took)
{
	json_array_append_new(to, json_pack("[f,f]", took.wall_s, took.cpu_s));
}

static void run_round(struct rounds *r, const char *folder, struct snapshot **views,
		      const struct store_sample *samples, size_t n)
{
	struct err err = ERR_INIT;
	char *path = mem_printf("%s/ingest.sqlite", folder);
	int64_t trial_id, empty_bytes;
	struct store *store = frame_new(path, views, &trial_id);
	empty_bytes = size_of(path);
	add(r->store, by_store(store, trial_id, samples, n));
	must(store_close(store, &err), &err);
	r->bytes_per_sample = (double)(size_of(path) - empty_bytes) / (double)n;
	store = frame_new(path, views, &trial_id);
	must(store_close(store, &err), &err);
	add(r->bare, by_hand(path, trial_id, samples, n));
	unlink(path);
	free(path);
}

int main(int argc, char **argv)
{
	struct snapshot *views[N_VIEWS];
	size_t n = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	struct rounds rounds = {json_array(), json_array(), 0};
	if (!n) {
		fputs("usage: ingest FOLDER N_SAMPLES ROUNDS\n", stderr);
		return 2;
	}
	for (int i = 0; i < N_VIEWS; i++)
		views[i] = view_new(i + 1);
	struct store_sample *samples = samples_new(n, views);
	for (int i = 0; i < atoi(argv[3]); i++)
		run_round(&rounds, argv[1], views, samples, n);
	json_t *all =
		json_pack("{s:I,s:o,s:o,s:f}", "samples", (json_int_t)n, "store", rounds.store,
			  "bare", rounds.bare, "bytes_per_sample", rounds.bytes_per_sample);
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
	for (int i = 0; i < N_VIEWS; i++)
		snapshot_free(views[i]);
	free(samples);
	return 0;
}
