/* The sections sample and snapshot of a trial's canonical form: schema/SEAL.md. */
#include "schema/seal_impl.h"
#include <string.h>

enum { KEY_TRIAL_SHIFT = 42, KEY_DUE_SHIFT = 7, KEY_NODE_MASK = 127 };
#define KEY_MASK ((INT64_C(1) << KEY_TRIAL_SHIFT) - 1)

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

void seal_numbering_done(struct numbering *n)
{
	vec_done(&n->ids);
	vec_done(&n->number_of);
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

int seal_hash_samples(struct seal_study *study, int64_t trial_id, seal_sample_fn *fn, void *arg,
		      struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int step = SQLITE_OK, rc = store_statement(study->store, SQL_SEAL_SAMPLE, &stmt, err);

	if (rc)
		return rc;
	seal_begin_section(&study->hash, "sample");
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

/* ---- what they showed ---- */

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
int seal_hash_snapshots(struct seal_study *study, struct err *err)
{
	const id_list *ids = &study->snapshots.ids;
	int rc = 0;

	seal_begin_section(&study->hash, "snapshot");
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
