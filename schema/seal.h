/* seal: the hash chain over a study's trials, its head, and what is signed. schema/SEAL.md has the
 * canonical form to the byte, so that anybody can compute it again.
 *
 * A trial is sealed when all its rows are in: between trials, never while a fault is open. A study
 * is closed when its session ends, and opened again when it goes on (--resume): the chain stays,
 * the head is another. Numbers of rows are hashed as places in the study, so that a chain still
 * holds after its study was merged into another file.
 *
 * What a seal proves without a key or a head that was noted elsewhere: that nothing was changed by
 * accident, or by somebody who did not compute the chain anew. */
#ifndef REJOIN_SCHEMA_SEAL_H
#define REJOIN_SCHEMA_SEAL_H

#include "lib/hash.h"
#include "lib/sign.h"
#include "schema/store.h"

/* ---- writing: in transactions of their own ---- */

/* Seals every trial of the study that has ended and has no seal. */
int seal_trials(struct store *store, int64_t study_id, struct err *err);
/* Seals what is left, whatever became of it, and writes the head; key: signs it too (NULL: not). A
 * head that is there is replaced, and with it its signature. ret_head: NULL is fine. */
int seal_close(struct store *store, int64_t study_id, const struct sign_key *key,
	       char ret_head[HASH_HEX_SIZE], struct err *err);
/* The study goes on, or a session of it is healed: the head is taken away. Inside of the caller's
 * transaction. */
int seal_open_again(struct store *store, int64_t study_id, struct err *err);
int seal_open_session_again(struct store *store, int64_t session_id, struct err *err);
/* Closes every study that is not closed, as a session that was killed leaves it. older: also those
 * of format 1, which nobody sealed at the time. */
int seal_close_all(struct store *store, bool older, int *ret_n, struct err *err);
/* Signs the head of a study that is closed. ERR_ENV: it is not, or is signed with another key. */
int seal_sign(struct store *store, int64_t study_id, const struct sign_key *key, struct err *err);

/* Somebody stands for a study. The row is tied to the head as it is, and to the sign-off before. */
struct seal_sign_off {
	const char *name, *decision, *comment; /* decision: accepted, rejected; NULL: a comment */
	int64_t signed_utc_us;
	const char *account, *host, *tool_version;
};
int seal_sign_off(struct store *store, int64_t study_id, const struct seal_sign_off *sign_off,
		  struct err *err);

/* ---- computing: what is written is what verify computes again ---- */

/* One row of sample while a trial is hashed. */
struct seal_sample {
	int64_t due_us, late_us, took_us, snapshot_id; /* 0: none */
	int64_t outcome;
	int node;
	bool strange; /* it holds what no sample can, and does not mean what the rest says */
};
/* NULL is fine. Non-zero ends it and is returned. */
typedef int seal_sample_fn(void *arg, const struct seal_sample *sample, struct err *err);

/* The places of a study's rows. */
struct seal_study;
int seal_study_open(struct store *store, int64_t study_id, struct seal_study **ret_study,
		    struct err *err);
void seal_study_free(struct seal_study *study); /* NULL is fine */
/* Everything a trial recorded: one pass over its samples, which fn gets on the way. */
int seal_hash_trial(struct seal_study *study, int64_t trial_id, seal_sample_fn *fn, void *arg,
		    unsigned char ret_hash[HASH_SIZE], struct err *err);
/* What the trials stand on: study, sessions, clusters, nodes, arms, settings, steps, incidents. */
int seal_hash_study(struct seal_study *study, unsigned char ret_hash[HASH_SIZE], struct err *err);

/* The chain before the first trial. */
void seal_begin(const char *study_uuid, unsigned char ret_chain[HASH_SIZE]);
struct seal_link {
	int64_t ordinal, position, sealed_utc_us;
	unsigned char hash[HASH_SIZE];
};
/* chain: the value before; gets the one after. */
void seal_add(unsigned char chain[HASH_SIZE], const struct seal_link *link);
void seal_head(const unsigned char chain[HASH_SIZE], const unsigned char study_hash[HASH_SIZE],
	       int64_t n_trials, int64_t closed_utc_us, unsigned char ret_head[HASH_SIZE]);
/* chain: of the sign-off before, or seal_begin's; gets this one's. head NULL: not closed. */
void seal_add_sign_off(unsigned char chain[HASH_SIZE], const struct seal_sign_off *sign_off,
		       const unsigned char *head);
/* The same of a stored row, whose first columns are those of SQL_SEAL_SIGN_OFFS. Returns whether it
 * is as it was given: no text goes on behind a NUL, its head is one or NULL, its hash is its link.
 * *ret_head: HASH_SIZE bytes, valid until the next row; NULL: there is none. */
bool seal_read_sign_off(unsigned char chain[HASH_SIZE], const struct store_row *row,
			const unsigned char **ret_head);
/* What a key signs of a head. */
#define SEAL_SIGNED_SIZE (16 + HASH_SIZE)
void seal_signed_text(const unsigned char head[HASH_SIZE],
		      unsigned char ret_text[SEAL_SIGNED_SIZE]);

#endif
