/* The canonical form of a study's rows: schema/SEAL.md. */
#include "lib/mem.h"
#include "schema/seal_impl.h"
#include <string.h>

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
	seal_numbering_done(&study->snapshots);
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
	seal_begin_section(&study->hash, name);
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
		rc = seal_hash_samples(study, trial_id, fn, arg, err);
	if (!rc)
		rc = seal_hash_snapshots(study, err);
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
