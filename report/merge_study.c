#include "report/merge_study.h"
#include "schema/seal.h"
#include "schema/sql.h"
#include <string.h>

void merge_study_done(struct merge_study *study)
{
	struct merge_link *link;

	for (size_t i = 0; i < study->sign_offs.n; i++)
		free(study->sign_offs.v[i]);
	vec_each (link, &study->seal.links) {
		free(link->hash);
		free(link->chain);
	}
	vec_done(&study->hashes);
	vec_done(&study->sign_offs);
	vec_done(&study->seal.links);
	free(study->seal.head);
	free(study->seal.signature);
	free(study->seal.last_sign_off);
	free(study->uuid);
	free(study->name);
}

struct loading {
	struct merge_study *study;
	struct seal_study *seal;
};

static char *text_or_null(const struct store_row *row, int column)
{
	return store_is_null(row, column) ? NULL : mem_strdup(store_text(row, column));
}

static int take_trial(void *arg, const struct store_row *row, struct err *err)
{
	struct loading *loading = arg;
	struct merge_study *study = loading->study;
	struct merge_hash hash;

	if (seal_hash_trial(loading->seal, store_int(row, 0), NULL, NULL, hash.bytes, err))
		return err->code;
	if (!store_is_null(row, 2))
		vec_push(&study->seal.links,
			 (struct merge_link){.trial = study->hashes.n,
					     .position = store_int(row, 1),
					     .ordinal = store_int(row, 2),
					     .hash = mem_strdup(store_text(row, 3)),
					     .chain = mem_strdup(store_text(row, 4)),
					     .sealed_utc_us = store_int(row, 5)});
	vec_push(&study->hashes, hash);
	return 0;
}

static int take_sign_off(void *arg, const struct store_row *row, struct err *err)
{
	struct merge_study *study = arg;
	const unsigned char *head;

	(void)err;
	study->links_hold &= seal_read_sign_off(study->link.bytes, row, &head);
	vec_push(&study->sign_offs, mem_strdup(store_text(row, 9)));
	return 0;
}

static bool is_signed(const struct store_row *row)
{
	size_t n_head = 0, n_key = 0, n_signature = 0;
	const void *head = store_blob(row, 5, &n_head), *key = store_blob(row, 6, &n_key);
	const void *signature = store_blob(row, 7, &n_signature);
	unsigned char text[SEAL_SIGNED_SIZE];

	if (n_head != HASH_SIZE || n_key != SIGN_PUBLIC_SIZE || n_signature != SIGN_SIZE)
		return false;
	seal_signed_text(head, text);
	return sign_holds(key, text, sizeof text, signature);
}

static int take_head(void *arg, const struct store_row *row, struct err *err)
{
	struct merge_seal *seal = arg;

	(void)err;
	seal->head = mem_strdup(store_text(row, 0));
	seal->n_trials = store_int(row, 1);
	seal->closed_utc_us = store_int(row, 2);
	seal->signature = text_or_null(row, 3);
	seal->last_sign_off = text_or_null(row, 4);
	seal->signature_holds = seal->signature && is_signed(row);
	return 0;
}

int merge_study_load(struct merge_study *study, struct store *store, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, study->id, NULL}};
	struct loading loading = {.study = study};

	seal_begin(study->uuid, study->link.bytes);
	study->links_hold = true;
	if (!seal_study_open(store, study->id, &loading.seal, err) &&
	    !store_query(store, SQL_MERGE_TRIALS, binds, 1, take_trial, &loading, err) &&
	    !store_query(store, SQL_MERGE_SIGN_OFFS, binds, 1, take_sign_off, study, err) &&
	    !store_query(store, SQL_MERGE_HEAD, binds, 1, take_head, &study->seal, err))
		seal_hash_study(loading.seal, study->rows.bytes, err);
	seal_study_free(loading.seal);
	return err->code;
}
