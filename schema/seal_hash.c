/* The canonical form of a study's rows: schema/SEAL.md. */
#include "lib/mem.h"
#include "schema/seal.h"
#include "schema/seal_value.h"
#include "schema/store_impl.h"
#include <string.h>

enum { KEY_TRIAL_SHIFT = 42, KEY_DUE_SHIFT = 7, KEY_NODE_MASK = 127 };
#define KEY_MASK ((INT64_C(1) << KEY_TRIAL_SHIFT) - 1)

typedef VEC(int64_t) id_list;

/* What "@..." columns refer to. */
enum ref { REF_SESSION, REF_CLUSTER, REF_NODE, REF_ARM, REF_TRIAL, REF_STEP, N_REFS, REF_NONE };

static const struct {
	const char *column;
	int ids;
} refs[N_REFS] = {
	[REF_SESSION] = {"@session", SQL_SEAL_SESSION_IDS},
	[REF_CLUSTER] = {"@cluster", SQL_SEAL_CLUSTER_IDS},
	[REF_NODE] = {"@node", SQL_SEAL_NODE_IDS},
	[REF_ARM] = {"@arm", SQL_SEAL_ARM_IDS},
	[REF_TRIAL] = {"@trial", SQL_SEAL_TRIAL_IDS},
	[REF_STEP] = {"@step", SQL_SEAL_STEP_IDS},
};

/* The snapshots of a trial, numbered as its samples first show them. */
struct numbering {
	id_list ids;		 /* by number - 1 */
	VEC(uint32_t) number_of; /* by snapshot_id: 0 none */
};

struct seal_study {
	struct store *store;
	int64_t study_id;
	id_list ids[N_REFS];   /* ascending: a row's place is where its id stands */
	int64_t last_snapshot; /* the largest number that one can have */
	struct numbering snapshots;
	struct hash hash;
};

/* ---- places ---- */

static int on_id(void *arg, const struct store_row *row, struct err *err)
{
	id_list *ids = arg;

	(void)err;
	vec_push(ids, store_int(row, 0));
	return 0;
}

int seal_study_open(struct store *store, int64_t study_id, struct seal_study **ret_study,
		    struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id)};
	struct seal_study *study = mem_alloc(sizeof *study);
	int rc = 0;

	study->store = store;
	study->study_id = study_id;
	for (int i = 0; !rc && i < N_REFS; i++)
		rc = store_query(store, refs[i].ids, binds, 1, on_id, &study->ids[i], err);
	if (!rc)
		rc = store_query_int(store, SQL_SEAL_LAST_SNAPSHOT, NULL, 0, &study->last_snapshot,
				     err);
	if (rc) {
		seal_study_free(study);
		study = NULL;
	}
	*ret_study = study;
	return rc;
}

void seal_study_free(struct seal_study *study)
{
	if (!study)
		return;
	for (int i = 0; i < N_REFS; i++)
		vec_done(&study->ids[i]);
	vec_done(&study->snapshots.ids);
	vec_done(&study->snapshots.number_of);
	free(study);
}

/* 1, 2, ...; 0: it is no row of this study. */
static uint64_t place_of(const id_list *ids, int64_t id)
{
	size_t lo = 0, hi = ids->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ids->v[mid] < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < ids->n && ids->v[lo] == id ? lo + 1 : 0;
}

/* ---- values ---- */

static void begin_section(struct hash *hash, const char *name)
{
	seal_add_bytes(hash, SEAL_SECTION, name, strlen(name));
}

static void add_ref(struct seal_study *study, enum ref ref, int64_t id)
{
	uint64_t place = place_of(&study->ids[ref], id);

	if (place)
		seal_add_integer(&study->hash, (int64_t)place);
	else
		hash_add_byte(&study->hash, SEAL_ELSEWHERE);
}

static void add_value(struct seal_study *study, sqlite3_stmt *stmt, int column, enum ref ref)
{
	struct hash *hash = &study->hash;
	int type = sqlite3_column_type(stmt, column);

	if (type == SQLITE_NULL)
		hash_add_byte(hash, SEAL_NULL);
	else if (ref != REF_NONE)
		add_ref(study, ref, sqlite3_column_int64(stmt, column));
	else if (type == SQLITE_INTEGER)
		seal_add_integer(hash, sqlite3_column_int64(stmt, column));
	else if (type == SQLITE_TEXT)
		seal_add_bytes(hash, SEAL_TEXT, sqlite3_column_text(stmt, column),
			       (size_t)sqlite3_column_bytes(stmt, column));
	else /* STRICT tables without REAL columns hold nothing else */
		seal_add_bytes(hash, SEAL_BLOB, sqlite3_column_blob(stmt, column),
			       (size_t)sqlite3_column_bytes(stmt, column));
}

/* ---- sections ---- */

static enum ref ref_of(const char *column)
{
	for (int i = 0; column[0] == '@' && i < N_REFS; i++)
		if (strcmp(column, refs[i].column) == 0)
			return (enum ref)i;
	return REF_NONE;
}

enum { MAX_COLUMNS = 40 };

/* The rows of a statement whose ?1 is id, and ?2, where it has one, the study. */
static int add_section(struct seal_study *study, const char *name, int sql_id, int64_t id,
		       struct err *err)
{
	enum ref of[MAX_COLUMNS];
	sqlite3_stmt *stmt = NULL;
	int step = SQLITE_OK, n, rc = store_statement(study->store, sql_id, &stmt, err);

	if (rc)
		return rc;
	n = sqlite3_column_count(stmt);
	for (int i = 0; i < n && i < MAX_COLUMNS; i++)
		of[i] = ref_of(sqlite3_column_name(stmt, i));
	begin_section(&study->hash, name);
	sqlite3_bind_int64(stmt, 1, id);
	if (sqlite3_bind_parameter_count(stmt) > 1)
		sqlite3_bind_int64(stmt, 2, study->study_id);
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
		hash_add_byte(&study->hash, SEAL_ROW);
		for (int i = 0; i < n && i < MAX_COLUMNS; i++)
			add_value(study, stmt, i, of[i]);
	}
	hash_add_byte(&study->hash, SEAL_END);
	sqlite3_reset(stmt);
	return step == SQLITE_DONE ? 0
				   : store_fail(study->store, step, sql_texts[sql_id].name, err);
}

struct section {
	const char *name;
	int sql_id;
};

static int add_sections(struct seal_study *study, const struct section *sections, size_t n,
			int64_t id, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < n; i++)
		rc = add_section(study, sections[i].name, sections[i].sql_id, id, err);
	return rc;
}

/* ---- samples ---- */

/* 0: none. */
static uint32_t number_of(struct numbering *n, int64_t snapshot_id)
{
	uint32_t *number;

	if (!snapshot_id)
		return 0;
	if ((size_t)snapshot_id >= n->number_of.n) {
		size_t old = n->number_of.n;

		vec_reserve(&n->number_of, (size_t)snapshot_id + 1);
		n->number_of.n = (size_t)snapshot_id + 1;
		memset(n->number_of.v + old, 0, (n->number_of.n - old) * sizeof *n->number_of.v);
	}
	number = &n->number_of.v[snapshot_id];
	if (!*number) {
		vec_push(&n->ids, snapshot_id);
		*number = (uint32_t)n->ids.n;
	}
	return *number;
}

static void forget_numbers(struct numbering *n)
{
	for (size_t i = 0; i < n->ids.n; i++)
		n->number_of.v[n->ids.v[i]] = 0;
	n->ids.n = 0;
}

static void add_sample(struct seal_study *study, int64_t key, const struct seal_sample *s)
{
	struct hash *hash = &study->hash;

	hash_add_byte(hash, s->strange ? SEAL_ELSEWHERE : SEAL_ROW);
	hash_add_varint(hash, (uint64_t)(key & KEY_MASK));
	hash_add_varint(hash, (uint64_t)s->late_us);
	hash_add_varint(hash, (uint64_t)s->took_us);
	hash_add_varint(hash, (uint64_t)s->outcome);
	hash_add_varint(hash, number_of(&study->snapshots, s->snapshot_id));
}

/* Where STRICT was taken off a table for a while, its columns hold what reads as an integer and is
 * none. The value is asked for once, for its type and itself: this is the hot loop of verify. (No
 * mutex: an sqlite3_value of a row is as good as a protected one.) */
static int64_t take_integer(sqlite3_value *value, struct seal_sample *s)
{
	s->strange |= sqlite3_value_type(value) != SQLITE_INTEGER;
	return sqlite3_value_int64(value);
}

static void take_snapshot(const struct seal_study *study, sqlite3_stmt *stmt, struct seal_sample *s)
{
	sqlite3_value *value = sqlite3_column_value(stmt, 4);

	if (sqlite3_value_type(value) == SQLITE_NULL)
		return;
	s->snapshot_id = take_integer(value, s);
	if (s->snapshot_id >= 1 && s->snapshot_id <= study->last_snapshot)
		return;
	s->strange = true;
	s->snapshot_id = 0;
}

static int add_samples(struct seal_study *study, int64_t trial_id, seal_sample_fn *fn, void *arg,
		       struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int step = SQLITE_OK, rc = store_statement(study->store, SQL_SEAL_SAMPLE, &stmt, err);

	if (rc)
		return rc;
	begin_section(&study->hash, "sample");
	sqlite3_bind_int64(stmt, 1, trial_id);
	while (!rc && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
		int64_t key = sqlite3_column_int64(stmt, 0);
		struct seal_sample s = {
			.due_us = (key & KEY_MASK) >> KEY_DUE_SHIFT,
			.node = (int)(key & KEY_NODE_MASK),
		};

		s.late_us = take_integer(sqlite3_column_value(stmt, 1), &s);
		s.took_us = take_integer(sqlite3_column_value(stmt, 2), &s);
		s.outcome = take_integer(sqlite3_column_value(stmt, 3), &s);
		take_snapshot(study, stmt, &s);
		add_sample(study, key, &s);
		if (fn)
			rc = fn(arg, &s, err);
	}
	hash_add_byte(&study->hash, SEAL_END);
	sqlite3_reset(stmt);
	if (!rc && step != SQLITE_DONE)
		rc = store_fail(study->store, step, sql_texts[SQL_SEAL_SAMPLE].name, err);
	return rc;
}

struct digest {
	struct hash *hash;
	bool found;
};

static int on_digest(void *arg, const struct store_row *row, struct err *err)
{
	struct digest *digest = arg;

	size_t n;
	const char *text = store_text_bytes(row, 0, &n);

	(void)err;
	if (text)
		seal_add_bytes(digest->hash, SEAL_TEXT, text, n);
	digest->found = text != NULL;
	return 0;
}

/* What the samples showed, in the order of their numbers. */
static int add_snapshots(struct seal_study *study, struct err *err)
{
	const id_list *ids = &study->snapshots.ids;
	int rc = 0;

	begin_section(&study->hash, "snapshot");
	for (size_t i = 0; !rc && i < ids->n; i++) {
		const struct store_bind binds[] = {STORE_INT(ids->v[i])};
		struct digest digest = {.hash = &study->hash};

		hash_add_byte(&study->hash, SEAL_ROW);
		rc = store_query(study->store, SQL_SEAL_DIGEST, binds, 1, on_digest, &digest, err);
		if (!digest.found)
			hash_add_byte(&study->hash, SEAL_NULL);
	}
	hash_add_byte(&study->hash, SEAL_END);
	forget_numbers(&study->snapshots);
	return rc;
}

/* ---- all of a trial, and all of a study ---- */

int seal_hash_trial(struct seal_study *study, int64_t trial_id, seal_sample_fn *fn, void *arg,
		    unsigned char ret_hash[HASH_SIZE], struct err *err)
{
	static const struct section before[] = {{"trial", SQL_SEAL_TRIAL},
						{"step", SQL_SEAL_TRIAL_STEP},
						{"loss", SQL_SEAL_LOSS},
						{"poll_count", SQL_SEAL_POLL_COUNT}};
	static const struct section after[] = {{"write_probe", SQL_SEAL_WRITE_PROBE},
					       {"write_count", SQL_SEAL_WRITE_COUNT},
					       {"health_change", SQL_SEAL_HEALTH_CHANGE},
					       {"master_change", SQL_SEAL_MASTER_CHANGE},
					       {"metric", SQL_SEAL_METRIC},
					       {"log_event", SQL_SEAL_LOG_EVENT},
					       {"log_chunk", SQL_SEAL_LOG_CHUNK},
					       {"incident", SQL_SEAL_TRIAL_INCIDENT}};
	int rc;

	hash_begin(&study->hash);
	rc = add_sections(study, before, STORE_COUNT(before), trial_id, err);
	if (!rc)
		rc = add_samples(study, trial_id, fn, arg, err);
	if (!rc)
		rc = add_snapshots(study, err);
	if (!rc)
		rc = add_sections(study, after, STORE_COUNT(after), trial_id, err);
	hash_end(&study->hash, ret_hash);
	return rc;
}

int seal_hash_study(struct seal_study *study, unsigned char ret_hash[HASH_SIZE], struct err *err)
{
	static const struct section sections[] = {
		{"study", SQL_SEAL_STUDY},     {"session", SQL_SEAL_SESSION},
		{"cluster", SQL_SEAL_CLUSTER}, {"node", SQL_SEAL_NODE},
		{"arm", SQL_SEAL_ARM},	       {"effective_setting", SQL_SEAL_SETTING},
		{"step", SQL_SEAL_STEP},       {"incident", SQL_SEAL_INCIDENT}};
	int rc;

	hash_begin(&study->hash);
	rc = add_sections(study, sections, STORE_COUNT(sections), study->study_id, err);
	hash_end(&study->hash, ret_hash);
	return rc;
}
