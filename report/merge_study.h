/* merge_study: a study of a recording, and whether another copy of it says the same. */
#ifndef REJOIN_REPORT_MERGE_STUDY_H
#define REJOIN_REPORT_MERGE_STUDY_H

#include "lib/err.h"
#include "lib/vec.h"
#include "schema/store.h"

struct merge_study {
	size_t file; /* place of its recording in the command line */
	int64_t id;
	char *uuid, *name;
	int64_t n_trials;
	bool closed; /* its seal is */
	/* Of a study that is in several files: what its seal covers, computed from the rows. */
	VEC(char *) hashes; /* of each trial that has ended */
	char *rows;	    /* hash of what the trials stand on */
	VEC(char *) sign_offs;
};

void merge_study_done(struct merge_study *study);

/* Fills hashes, rows and sign_offs. */
int merge_study_hash(struct merge_study *study, struct store *store, struct err *err);

enum merge_same {
	MERGE_SAME,   /* either will do */
	MERGE_LONGER, /* b goes on where a ends: more trials, closed, or signed off */
	MERGE_SHORTER,
	MERGE_DIFFERENT,
};
/* Both hashed, of one uuid. ret_trial: the first trial that differs, 1, 2, ...; 0: none does. */
enum merge_same merge_study_compare(const struct merge_study *a, const struct merge_study *b,
				    size_t *ret_trial);

#endif
