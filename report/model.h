/* model: what a recording holds, as arrays: studies, clusters, arms, trials and their metrics.
 *
 * A metric that counts from the fault is taken from the instant asked for, the others from their
 * own, and for the whole cluster (no observer). Samples and snapshots are never read. Texts are
 * clean (text_clean); only plan_text keeps its lines. */
#ifndef REJOIN_REPORT_MODEL_H
#define REJOIN_REPORT_MODEL_H

#include "lib/err.h"
#include "lib/vec.h"
#include "report/study_record.h"
#include "report/witness_match.h"
#include "schema/metric.h"
#include "schema/store.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum model_outcome {
	OUTCOME_RECOVERED,
	OUTCOME_NO_REELECTION, /* ran into its limit: what it did not reach is censored */
	OUTCOME_NO_REJOIN,     /* likewise */
	OUTCOME_DISTURBED,     /* noop: something changed though nothing was done */
	OUTCOME_GATE_FAILED,
	OUTCOME_ABORTED, /* its place in the schedule is run again */
	OUTCOME_INSTRUMENT_ERROR,
	OUTCOME_UNFINISHED, /* still runs, or was cut off and not yet noted */
	N_OUTCOMES,
};
extern const char *const outcome_names[N_OUTCOMES];

/* The trial measured something: its metrics belong into figures. */
bool outcome_is_measured(enum model_outcome outcome);

struct model_incidents {
	char *kind;
	int64_t n;
};

struct model_study {
	int64_t id;
	char *uuid, *name, *plan_file, *plan_text, *plan_sha256;
	char *label; /* the name; with the start of the uuid where two studies have the same name */
	int64_t seed, trials_planned, created_utc_us;
	char *created, *finished; /* "2026-01-31 12:00:00" UTC; finished NULL: not through */
	bool is_finished;
	struct study_record record;
	VEC(struct model_incidents) incidents; /* by kind */
	int64_t n_incidents;
	VEC(double) witness; /* [s] polled changes less their own log lines */
	size_t n_early;	     /* of these: polled before the line can have been written */
	size_t n_left_out;   /* trials recorded that model_choose left out */
};

struct model_cluster {
	int64_t id;
	size_t study;
	char *label, *driver, *uuid, *product, *version, *settings;
	int64_t master_eligible, n_nodes;
	bool insecure; /* its certificates were not checked */
};

#define MODEL_NO_CLUSTER SIZE_MAX

struct model_arm {
	int64_t id;
	size_t study, cluster; /* MODEL_NO_CLUSTER: not made yet */
	int64_t master_eligible;
	char *fault, *target;
	json_t *factors; /* object */
};

struct model_value {
	int64_t lo_ns, hi_ns; /* hi_ns means nothing when right-censored */
	int8_t censored;      /* as in the metric table */
	bool present;
};

struct model_trial {
	int64_t id;
	size_t study, arm;
	int64_t position, block;
	bool warmup;
	enum model_outcome outcome;
	char *started, *reason, *victim, *old_master, *new_master; /* NULL: not known */
	int64_t terms;						   /* -1: not known */
	double took_s;						   /* NAN: not ended */
	int64_t acknowledged, lost; /* writes; -1: no write probe (lost: or nobody could tell) */
	int64_t false_changes;	    /* -1: something was done */
	struct model_value values[N_METRICS];
	double witness_s; /* mean of its survivors; NAN: no log line */
	size_t n_witness;
};

struct model {
	VEC(struct model_study) studies;
	VEC(struct model_cluster) clusters;
	VEC(struct model_arm) arms;
	VEC(struct model_trial) trials; /* by study and position */
	bool has[N_METRICS];		/* some trial has this metric */
	bool has_writes, has_noop;	/* some trial has */
	enum origin from;		/* what counts from the fault counts from this */
	bool has_witness;
	bool is_chosen;	       /* model_choose left something out */
	VEC(int64_t) chosen;   /* then: ids of the trials that are left, ascending */
	witness_pairs witness; /* of all trials; see witness_find */
};

/* from: one of the four instants of a fault. */
int model_load(struct store *store, enum origin from, struct model *ret_model, struct err *err);
/* A value of --from (NULL: fault_issued): ERR_USAGE where it is none of the four. */
extern const char *const model_from_names[]; /* ends with NULL */
int model_from(const char *name, enum origin *ret_from, struct err *err);
/* "fault_issued: just before the fault's call". */
const char *model_from_text(const struct model *model);
void model_done(struct model *model);

/* Keeps only the arms marked in keep (one for each), their trials, and the studies and clusters of
 * studies that have such an arm. What a study says of the instrument (incidents, witness) stays
 * that of the whole study. model_choose.c */
void model_choose(struct model *model, const bool *keep);
/* For what is read past the model: false where model_choose left the trial out. */
bool model_has_trial(const struct model *model, int64_t trial_id);
/* Frees what a part holds; for model_done and model_choose. */
void model_study_done(struct model_study *study);
void model_cluster_done(struct model_cluster *cluster);
void model_arm_done(struct model_arm *arm);
void model_trial_done(struct model_trial *trial);

/* The middle and half the width of an interval that is not right-censored, in seconds. */
double model_value_s(const struct model_value *value);
double model_half_width_s(const struct model_value *value);

/* More than one new term: the election was contested. */
bool model_is_contested(const struct model_trial *trial);

/* A level of an arm: of its factors, or study, cluster, product or version. A new reference; NULL:
 * it has none. */
json_t *model_level(const struct model *model, const struct model_arm *arm, const char *factor);

/* The five metrics that reports lead with, then those that explain them. */
extern const enum metric model_metrics[];
extern const size_t model_n_metrics;
enum { N_HEADLINE = 5 };

/* Any arm of it has that fault. */
bool model_has_fault(const struct model *model, const char *fault);

#endif
