/* seal_impl: what the files that hash a study's rows share. Nobody else includes it. */
#ifndef REJOIN_SCHEMA_SEAL_IMPL_H
#define REJOIN_SCHEMA_SEAL_IMPL_H

#include "lib/vec.h"
#include "schema/seal.h"
#include "schema/seal_value.h"
#include "schema/store_impl.h"

typedef VEC(int64_t) id_list;

/* What "@..." columns refer to. */
enum ref { REF_SESSION, REF_CLUSTER, REF_NODE, REF_ARM, REF_TRIAL, REF_STEP, N_REFS, REF_NONE };

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

/* seal_samples.c: a trial's rows of sample, in their order, which number the snapshots; and then
 * the snapshots, by these numbers, which are forgotten with it. */
int seal_hash_samples(struct seal_study *study, int64_t trial_id, seal_sample_fn *fn, void *arg,
		      struct err *err);
int seal_hash_snapshots(struct seal_study *study, struct err *err);
void seal_numbering_done(struct numbering *numbering);

#endif
