/* merge_study: a study of a recording, and whether another copy of it says the same.
 *
 * Two copies are of one study when one has all that the other has: the same trials, seals, head,
 * signature and sign-offs, or more of them after those. Rows are compared by what the seal covers,
 * computed anew, so that a seal that was copied proves nothing; seals, head, signature and
 * sign-offs are compared byte by byte. */
#ifndef REJOIN_REPORT_MERGE_STUDY_H
#define REJOIN_REPORT_MERGE_STUDY_H

#include "lib/err.h"
#include "lib/hash.h"
#include "lib/str.h"
#include "lib/vec.h"
#include "schema/store.h"

struct merge_hash {
	unsigned char bytes[HASH_SIZE];
};

/* The seal of a trial, as it is stored. */
struct merge_link {
	size_t trial; /* place in hashes */
	int64_t ordinal, position, sealed_utc_us;
	char *hash, *chain; /* hexadecimal */
};

struct merge_seal {
	VEC(struct merge_link) links;
	char *head; /* NULL: it is not closed */
	int64_t n_trials, closed_utc_us;
	char *signature;      /* with its key; NULL: none */
	bool signature_holds; /* it is one of the head */
	char *last_sign_off;  /* NULL: none */
};

struct merge_study {
	size_t file; /* place of its recording in the command line */
	int64_t id;
	char *uuid, *name;
	int64_t n_trials;
	/* Of a study that is in several files: what its seal covers, computed from the rows. */
	VEC(struct merge_hash) hashes; /* of each trial that has ended */
	struct merge_hash rows;	       /* what the trials stand on */
	VEC(char *) sign_offs;	       /* all that a row says */
	struct merge_hash link;	       /* of the last sign-off */
	bool links_hold;	       /* each one's is stored with it */
	struct merge_seal seal;
};

void merge_study_done(struct merge_study *study);

/* Fills all from hashes on. */
int merge_study_load(struct merge_study *study, struct store *store, struct err *err);

/* ---- merge_compare.c ---- */

/* What one copy has more of than another. */
enum merge_part {
	MERGE_TRIALS = 1,
	MERGE_SEALS = 2,
	MERGE_SIGN_OFFS = 4,
	MERGE_HEAD = 8,
	MERGE_SIGNATURE = 16,
};
struct merge_compared {
	char differ[96];	 /* in what they differ, where both have it; "": in nothing */
	unsigned a_more, b_more; /* merge_part: either may have more, or both */
};
/* Both loaded, of one uuid. */
void merge_study_compare(const struct merge_study *a, const struct merge_study *b,
			 struct merge_compared *ret);
/* "trials, a head" */
void merge_parts_add(struct str *text, unsigned parts);
/* What there is of its seal, signature and sign-offs is of its rows. */
bool merge_study_holds(const struct merge_study *study);

#endif
