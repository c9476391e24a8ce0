#include "report/merge_study.h"
#include "lib/hash.h"
#include "schema/seal.h"
#include "schema/sql.h"
#include <string.h>

void merge_study_done(struct merge_study *study)
{
	for (size_t i = 0; i < study->hashes.n; i++)
		free(study->hashes.v[i]);
	for (size_t i = 0; i < study->sign_offs.n; i++)
		free(study->sign_offs.v[i]);
	vec_done(&study->hashes);
	vec_done(&study->sign_offs);
	free(study->rows);
	free(study->uuid);
	free(study->name);
}

struct hashing {
	struct merge_study *study;
	struct seal_study *seal;
};

static char *as_hex(const unsigned char hash[HASH_SIZE])
{
	char hex[HASH_HEX_SIZE];

	hash_hex(hash, hex);
	return mem_strdup(hex);
}

static int take_trial(void *arg, const struct store_row *row, struct err *err)
{
	struct hashing *hashing = arg;
	unsigned char hash[HASH_SIZE];

	if (seal_hash_trial(hashing->seal, store_int(row, 0), NULL, NULL, hash, err))
		return err->code;
	vec_push(&hashing->study->hashes, as_hex(hash));
	return 0;
}

static int take_sign_off(void *arg, const struct store_row *row, struct err *err)
{
	struct merge_study *study = arg;

	(void)err;
	vec_push(&study->sign_offs, mem_strdup(store_text(row, 0)));
	return 0;
}

int merge_study_hash(struct merge_study *study, struct store *store, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, study->id, NULL}};
	struct hashing hashing = {.study = study};
	unsigned char hash[HASH_SIZE];

	if (!seal_study_open(store, study->id, &hashing.seal, err) &&
	    !store_query(store, SQL_MERGE_TRIALS, binds, 1, take_trial, &hashing, err) &&
	    !store_query(store, SQL_MERGE_SIGN_OFFS, binds, 1, take_sign_off, study, err) &&
	    !seal_hash_study(hashing.seal, hash, err))
		study->rows = as_hex(hash);
	seal_study_free(hashing.seal);
	return err->code;
}

/* How many of the first texts are the same. */
static size_t common(char *const *a, size_t n_a, char *const *b, size_t n_b)
{
	size_t n = 0;

	while (n < n_a && n < n_b && strcmp(a[n], b[n]) == 0)
		n++;
	return n;
}

static enum merge_same by_length(size_t n_a, size_t n_b)
{
	return n_a < n_b ? MERGE_LONGER : n_a > n_b ? MERGE_SHORTER : MERGE_SAME;
}

enum merge_same merge_study_compare(const struct merge_study *a, const struct merge_study *b,
				    size_t *ret_trial)
{
	size_t n_a = a->hashes.n, n_b = b->hashes.n;
	size_t n = common(a->hashes.v, n_a, b->hashes.v, n_b);

	*ret_trial = 0;
	if (n < n_a && n < n_b) {
		*ret_trial = n + 1;
		return MERGE_DIFFERENT;
	}
	if (n_a != n_b)
		return by_length(n_a, n_b);
	/* sessions end, and with them the study's own rows change */
	if (a->closed != b->closed)
		return b->closed ? MERGE_LONGER : MERGE_SHORTER;
	if (strcmp(a->rows, b->rows) != 0)
		return MERGE_DIFFERENT;
	n_a = a->sign_offs.n;
	n_b = b->sign_offs.n;
	n = common(a->sign_offs.v, n_a, b->sign_offs.v, n_b);
	return n < n_a && n < n_b ? MERGE_DIFFERENT : by_length(n_a, n_b);
}
