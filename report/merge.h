/* merge: the studies of several recordings in one new recording. */
#ifndef REJOIN_REPORT_MERGE_H
#define REJOIN_REPORT_MERGE_H

#include "lib/err.h"
#include "lib/vec.h"
#include <stddef.h>
#include <stdint.h>

struct merge_result {
	int64_t n_studies, n_trials;
	VEC(char *) notes; /* what became of studies that are in several files: a line each */
};

/* out must not exist; it appears when it is whole. A study that several files hold is taken once:
 * the copy that has all that the others have (report/merge_study.h), where its seal holds; else
 * ERR_ENV. */
int merge_files(const char *out, const char *const *paths, size_t n_paths,
		struct merge_result *ret_result, struct err *err);
void merge_result_done(struct merge_result *result);

#endif
