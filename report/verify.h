/* verify: does a recording hold? Its structure, the accounting of its polls and writes, every
 * master change and metric (derived again from the raw samples by the code that the collector
 * uses), and its seal. One pass over the samples serves the hash and the derivation; the structure
 * is checked beside it, on a thread of its own.
 *
 * What does not hold is a result, not an error: the first of each kind is kept in words, all are
 * counted. */
#ifndef REJOIN_REPORT_VERIFY_H
#define REJOIN_REPORT_VERIFY_H

#include "lib/str.h"
#include "schema/replay.h"
#include "schema/seal.h"

enum verify_area {
	VERIFY_STRUCTURE, /* the file, its schema, foreign keys, numbers of rows */
	VERIFY_ACCOUNTING,
	VERIFY_DERIVED,
	VERIFY_SEAL,
	VERIFY_SIGNATURE,
	N_VERIFY_AREAS,
};

struct verify_options {
	const unsigned char *public_key; /* must have signed every study; NULL: any key will do */
	/* hex: each is the head of a study, or the link of its last sign-off; none: any will do */
	const char *const *heads;
	size_t n_heads;
};

struct verify_result {
	struct str first; /* of what does not hold; empty: it holds */
	size_t n;
};

/* A snapshot of the file. Few of them are held parsed at once: there may be very many. */
struct verify_view {
	struct snapshot *view; /* NULL: not held */
	bool is_known;	       /* it was asked for */
	bool is_none;	       /* then: there is none, or its body is no cluster state */
	size_t trial;	       /* that last asked for it */
};

struct verify {
	struct store *store;
	const struct verify_options *options;
	struct verify_result areas[N_VERIFY_AREAS];
	VEC(struct verify_view) views; /* by snapshot_id */
	int64_t last_snapshot;	       /* the largest number that one can have */
	VEC(int64_t) held;	       /* those with a view */
	struct str notes;	       /* lines: what must be known beside it */
	struct str heads;	       /* lines: one a study */
	size_t n_studies, n_trials, n_changes, n_metrics, n_underived, n_sealed;
	size_t n_never_sealed; /* studies of format 1 */
	int64_t n_samples, n_writes;
	bool *heads_found; /* by options->heads */
};

/* 0, or ERR_ENV: it cannot be read. */
int verify_run(struct store *store, const struct verify_options *options, struct verify *ret_verify,
	       struct err *err);
void verify_done(struct verify *verify);
bool verify_holds(const struct verify *verify);
/* In words: "holds", "holds, but it is not sealed", "holds, but there is no study in it",
 * "DOES NOT HOLD". */
const char *verify_verdict(const struct verify *verify);
void verify_print(const struct verify *verify, struct str *out);

/* ---- for the files of verify ---- */

/* A study has this head, or sign-offs whose last link it is. */
void verify_head_found(struct verify *v, const unsigned char hash[HASH_SIZE]);

/* Something does not hold. */
void verify_fail(struct verify *v, enum verify_area area, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

struct verify_study {
	int64_t study_id;
	char *name, *uuid, *plan_json;
	bool to_be_sealed; /* recorded by a collector that seals */
	bool says_sealed;  /* and says so */
	bool is_open;	   /* some session of it has not ended */
	int64_t n_trials;
};

/* One trial, as it is stored. */
struct verify_trial {
	int64_t trial_id, position, cluster_id, base_ns, end_ns;
	char *fault, *outcome, *old_ephemeral_id;
	int old_master, new_master;	 /* ordinals, -1: none */
	int64_t term_before, term_after; /* -1: none */
	bool has_seal;
	struct seal_link link;
	unsigned char chain[HASH_SIZE];
	int64_t ended_utc_us;
	int64_t n_quiet; /* polls whose samples a watch did not keep */
	char sealed_on[20];

	/* rows */
	size_t n_nodes;
	const char *names[TRACK_MAX_NODES];
	char *owned_names[TRACK_MAX_NODES];
	samples samples;      /* the caller's to free */
	bool strange_samples; /* some cannot be: nothing is derived */
	health_changes healths;
	struct replay_trial replay;
	VEC(struct interval) reelections; /* of table loss, by round */
};

/* verify_structure.c: pages, tables, keys, schema, beside the rest; a damaged file is a result, one
 * that cannot be read an error. end takes what was begun, also where that failed, or NULL. */
struct verify_structure;
int verify_structure_begin(const struct verify *v, struct verify_structure **ret_structure,
			   struct err *err);
int verify_structure_end(struct verify *v, struct verify_structure *structure, struct err *err);

/* verify_views.c: snapshots, each compared with its body at its first use. */
int verify_view(struct verify *v, int64_t id, const struct snapshot **ret_view, struct err *err);
void verify_views_trial_done(struct verify *v);		  /* lets go of those that it did not use */
int verify_views_used(struct verify *v, struct err *err); /* every one was shown by some sample */
void verify_views_done(struct verify *v);

/* verify_load.c */
int verify_load_trial(struct verify *v, struct verify_trial *t, struct err *err);
int verify_take_sample(void *arg, const struct seal_sample *s, struct err *err); /* verify_pass */
struct verify_pass {
	struct verify *v;
	struct verify_trial *t;
};
void verify_trial_done(struct verify_trial *t);

/* verify_count.c: the accounting identities. */
int verify_count(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		 struct err *err);
/* verify_derive.c: master changes and metrics. */
int verify_derive(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		  struct err *err);
/* verify_writes.c: the metric write_gap; ret_values gets what the writes say, as if writing had
 * ended with the last of them. When it ended is not stored, only that it was after the last write
 * and before the end of the trial: a gap that was open then may be as long as ret_open says. */
struct verify_open_gap {
	bool possible;
	int64_t least_ns, most_ns;
};
int verify_write_gap(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		     int64_t fault_ns, metric_values *ret_values, struct verify_open_gap *ret_open,
		     struct err *err);

/* verify_seal.c: the chain, as trials come; then the head, its signature, the sign-offs. */
struct verify_chain {
	unsigned char value[HASH_SIZE];
	int64_t n_seals, n_trials;
	bool broken;
	char later_on[20]; /* the day on which the first one that was sealed late was */
	size_t n_later;
	const struct verify_trial *unsealed; /* the first one; NULL: none */
};
void verify_chain_begin(struct verify_chain *chain, const struct verify_study *study);
void verify_chain_add(struct verify *v, struct verify_chain *chain, const struct verify_trial *t,
		      const unsigned char hash[HASH_SIZE]);
int verify_close(struct verify *v, const struct verify_study *study, struct seal_study *seal,
		 struct verify_chain *chain, struct err *err);

#endif
