/* Seals as they are written: schema/seal.h. */
#include "schema/seal.h"
#include "lib/clock.h"
#include "schema/store_impl.h"
#include <string.h>

static int64_t now_utc_us(void)
{
	return clock_anchor_read().utc_ns / NS_PER_US;
}

/* In one transaction, or not at all. */
static int finish(struct store *store, int rc, struct err *err)
{
	if (!rc)
		rc = store_commit_durable(store, err);
	if (rc)
		store_rollback(store);
	return rc;
}

/* ---- the chain so far ---- */

struct chain {
	int64_t n; /* trials in it */
	unsigned char value[HASH_SIZE];
};

static int copy_hash(const struct store_row *row, int column, unsigned char ret_hash[HASH_SIZE])
{
	size_t n = 0;
	const void *bytes = store_blob(row, column, &n);

	if (n != HASH_SIZE)
		return -1;
	memcpy(ret_hash, bytes, HASH_SIZE);
	return 0;
}

static int on_last(void *arg, const struct store_row *row, struct err *err)
{
	struct chain *chain = arg;

	chain->n = store_int(row, 0);
	if (copy_hash(row, 1, chain->value))
		return err_set(err, ERR_ENV, "the seal of a trial is damaged");
	return 0;
}

static int on_uuid(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	seal_begin(store_text(row, 0), arg);
	return 0;
}

static int read_chain(struct store *store, int64_t study_id, struct chain *ret_chain,
		      struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id)};
	int rc;

	*ret_chain = (struct chain){0};
	rc = store_query(store, SQL_SEAL_UUID, binds, 1, on_uuid, ret_chain->value, err);
	return rc ? rc : store_query(store, SQL_SEAL_LAST, binds, 1, on_last, ret_chain, err);
}

/* ---- trials ---- */

struct open_trial {
	int64_t trial_id, position;
};
typedef VEC(struct open_trial) open_trials;

static int on_open_trial(void *arg, const struct store_row *row, struct err *err)
{
	open_trials *trials = arg;

	(void)err;
	vec_push(trials, (struct open_trial){store_int(row, 0), store_int(row, 1)});
	return 0;
}

static int add_seal(struct store *store, struct seal_study *study, const struct open_trial *trial,
		    struct chain *chain, struct err *err)
{
	struct seal_link link = {.ordinal = chain->n + 1,
				 .position = trial->position,
				 .sealed_utc_us = now_utc_us()};
	int rc = seal_hash_trial(study, trial->trial_id, NULL, NULL, link.hash, err);

	if (rc)
		return rc;
	seal_add(chain->value, &link);
	chain->n++;
	const struct store_bind binds[] = {STORE_INT(trial->trial_id), STORE_INT(link.ordinal),
					   STORE_BLOB(link.hash, HASH_SIZE),
					   STORE_BLOB(chain->value, HASH_SIZE),
					   STORE_INT(link.sealed_utc_us)};

	return STORE_RUN(store, SQL_SEAL_ADD, binds, NULL, err);
}

/* Inside of a transaction. all: also those without an outcome. ret_chain: the chain after it. */
static int seal_rest(struct store *store, struct seal_study *study, int64_t study_id, bool all,
		     struct chain *ret_chain, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id), STORE_INT(all)};
	open_trials trials = {0};
	int rc = read_chain(store, study_id, ret_chain, err);

	if (!rc)
		rc = store_query(store, SQL_SEAL_TO_DO, binds, 2, on_open_trial, &trials, err);
	for (size_t i = 0; !rc && i < trials.n; i++)
		rc = add_seal(store, study, &trials.v[i], ret_chain, err);
	vec_done(&trials);
	return rc;
}

int seal_trials(struct store *store, int64_t study_id, struct err *err)
{
	struct seal_study *study = NULL;
	struct chain chain;
	int rc = store_begin(store, err);

	if (!rc)
		rc = seal_study_open(store, study_id, &study, err);
	if (!rc)
		rc = seal_rest(store, study, study_id, false, &chain, err);
	seal_study_free(study);
	return finish(store, rc, err);
}

/* ---- the head ---- */

static void sign_head(const unsigned char head[HASH_SIZE], const struct sign_key *key,
		      unsigned char ret_public[SIGN_PUBLIC_SIZE],
		      unsigned char ret_signature[SIGN_SIZE])
{
	unsigned char text[SEAL_SIGNED_SIZE];

	seal_signed_text(head, text);
	sign_key_public(key, ret_public);
	sign_make(key, text, sizeof text, ret_signature);
}

static int add_head(struct store *store, int64_t study_id, const struct chain *chain,
		    const unsigned char study_hash[HASH_SIZE], const struct sign_key *key,
		    unsigned char head[HASH_SIZE], struct err *err)
{
	unsigned char half[SIGN_PUBLIC_SIZE], signature[SIGN_SIZE];
	int64_t closed_utc_us = now_utc_us();

	seal_head(chain->value, study_hash, chain->n, closed_utc_us, head);
	if (key)
		sign_head(head, key, half, signature);
	const struct store_bind binds[] = {
		STORE_INT(study_id),
		STORE_BLOB(head, HASH_SIZE),
		STORE_INT(chain->n),
		STORE_INT(closed_utc_us),
		key ? STORE_BLOB(half, SIGN_PUBLIC_SIZE) : STORE_TEXT(NULL),
		key ? STORE_BLOB(signature, SIGN_SIZE) : STORE_TEXT(NULL),
	};

	return STORE_RUN(store, SQL_SEAL_CLOSE, binds, NULL, err);
}

int seal_open_again(struct store *store, int64_t study_id, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id)};

	return STORE_RUN(store, SQL_SEAL_OPEN_AGAIN, binds, NULL, err);
}

int seal_open_session_again(struct store *store, int64_t session_id, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(session_id)};

	return STORE_RUN(store, SQL_SEAL_OPEN_SESSION_AGAIN, binds, NULL, err);
}

int seal_close(struct store *store, int64_t study_id, const struct sign_key *key,
	       char ret_head[HASH_HEX_SIZE], struct err *err)
{
	unsigned char study_hash[HASH_SIZE], head[HASH_SIZE];
	struct seal_study *study = NULL;
	struct chain chain;
	int rc = store_begin(store, err);

	if (!rc)
		rc = seal_study_open(store, study_id, &study, err);
	if (!rc)
		rc = seal_rest(store, study, study_id, true, &chain, err);
	if (!rc)
		rc = seal_hash_study(study, study_hash, err);
	if (!rc)
		rc = seal_open_again(store, study_id, err);
	if (!rc)
		rc = add_head(store, study_id, &chain, study_hash, key, head, err);
	seal_study_free(study);
	if (!rc && ret_head)
		hash_hex(head, ret_head);
	return finish(store, rc, err);
}

typedef VEC(int64_t) study_list;

static int on_study(void *arg, const struct store_row *row, struct err *err)
{
	study_list *studies = arg;

	(void)err;
	vec_push(studies, store_int(row, 0));
	return 0;
}

int seal_close_all(struct store *store, bool older, int *ret_n, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(older)};
	study_list studies = {0};
	int rc = store_query(store, SQL_SEAL_OPEN_STUDIES, binds, 1, on_study, &studies, err);

	*ret_n = (int)studies.n;
	for (size_t i = 0; !rc && i < studies.n; i++)
		rc = seal_close(store, studies.v[i], NULL, NULL, err);
	vec_done(&studies);
	return rc;
}

/* ---- signatures and sign-offs ---- */

struct head {
	bool closed, is_signed;
	unsigned char value[HASH_SIZE];
	unsigned char key[SIGN_PUBLIC_SIZE]; /* zeros where it is damaged: nobody's */
};

static int on_head(void *arg, const struct store_row *row, struct err *err)
{
	struct head *head = arg;

	if (copy_hash(row, 0, head->value))
		return err_set(err, ERR_ENV, "the head of the study's seal is damaged");
	head->closed = true;
	head->is_signed = !store_is_null(row, 3);
	if (head->is_signed)
		copy_hash(row, 3, head->key);
	return 0;
}

static int read_head(struct store *store, int64_t study_id, struct head *ret_head, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id)};

	*ret_head = (struct head){0};
	return store_query(store, SQL_SEAL_HEAD, binds, 1, on_head, ret_head, err);
}

int seal_sign(struct store *store, int64_t study_id, const struct sign_key *key, struct err *err)
{
	unsigned char half[SIGN_PUBLIC_SIZE], signature[SIGN_SIZE];
	struct head head;
	int rc = store_begin(store, err);

	if (!rc)
		rc = read_head(store, study_id, &head, err);
	if (!rc && !head.closed)
		rc = err_set(err, ERR_ENV, "the study is not closed: there is no head to sign");
	if (!rc) {
		sign_head(head.value, key, half, signature);
		if (head.is_signed && memcmp(head.key, half, sizeof half) != 0)
			rc = err_set(err, ERR_ENV, "the study is signed with another key already");
	}
	if (!rc) {
		const struct store_bind binds[] = {STORE_INT(study_id),
						   STORE_BLOB(half, SIGN_PUBLIC_SIZE),
						   STORE_BLOB(signature, SIGN_SIZE)};

		rc = STORE_UPDATE(store, SQL_SEAL_SIGN, binds, err);
	}
	return finish(store, rc, err);
}

static int on_sign_off(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	copy_hash(row, 0, arg); /* NULL: of a study that was not sealed then */
	return 0;
}

static int add_sign_off(struct store *store, int64_t study_id, const struct seal_sign_off *s,
			const struct head *head, const unsigned char hash[HASH_SIZE],
			struct err *err)
{
	const struct store_bind row[] = {
		STORE_INT(study_id),
		STORE_TEXT(s->name),
		STORE_TEXT(s->decision),
		STORE_TEXT(s->comment),
		STORE_INT(s->signed_utc_us),
		STORE_TEXT(s->account),
		STORE_TEXT(s->host),
		STORE_TEXT(s->tool_version),
		head->closed ? STORE_BLOB(head->value, HASH_SIZE) : STORE_TEXT(NULL),
		STORE_BLOB(hash, HASH_SIZE),
	};
	const struct store_bind last[] = {STORE_INT(study_id), STORE_BLOB(hash, HASH_SIZE)};
	int rc = STORE_RUN(store, SQL_SEAL_ADD_SIGN_OFF, row, NULL, err);

	return rc ? rc : STORE_RUN(store, SQL_SEAL_LAST_SIGN_OFF, last, NULL, err);
}

int seal_sign_off(struct store *store, int64_t study_id, const struct seal_sign_off *sign_off,
		  struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id)};
	unsigned char chain[HASH_SIZE];
	struct head head;
	int rc = store_begin(store, err);

	if (!rc)
		rc = read_head(store, study_id, &head, err);
	if (!rc)
		rc = store_query(store, SQL_SEAL_UUID, binds, 1, on_uuid, chain, err);
	if (!rc)
		rc = store_query(store, SQL_SEAL_SIGN_OFF_BEFORE, binds, 1, on_sign_off, chain,
				 err);
	if (!rc) {
		seal_add_sign_off(chain, sign_off, head.closed ? head.value : NULL);
		rc = add_sign_off(store, study_id, sign_off, &head, chain, err);
	}
	return finish(store, rc, err);
}
