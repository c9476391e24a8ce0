/* track: from what the nodes answered to what happened: master changes and metrics of one trial.
 *
 * Pure: no clock, no store. The collector feeds it every answer as it comes and asks whether a
 * phase is over; the report feeds it the stored samples of a trial and must get the same result.
 *
 * Rule of the intervals: what a node answered was true at some moment in [sent, done]. If the last
 * old answer has (s0, d0) and the first new one (s1, d1), the change happened in (s0, d1]. Answers
 * that failed say nothing about the state, so they neither narrow nor widen it.
 *
 * A duration that may be nothing (the event may have followed its cause at once, between the same
 * two answers) is left-censored: shorter than hi, never 0. Against fault_done, http_refused and
 * process_gone an event may come first: there an interval may reach below 0 and is not censored.
 *
 * Answers are fed in the order of done_ns; those of before the fault come before track_fault. Views
 * live at least as long as the track. */
#ifndef REJOIN_SCHEMA_TRACK_H
#define REJOIN_SCHEMA_TRACK_H

#include "lib/vec.h"
#include "schema/metric.h"
#include "schema/snapshot.h"
#include <stdbool.h>
#include <stdint.h>

#define TRACK_MAX_NODES 128
#define TRACK_NEVER INT64_MIN

/* (lo, hi]; hi TRACK_NEVER: not seen to happen up to lo. lo TRACK_NEVER: no bound from below. */
struct interval {
	int64_t lo_ns, hi_ns;
};

enum health { HEALTH_NONE, HEALTH_RED, HEALTH_YELLOW, HEALTH_GREEN };
extern const char *const health_names[]; /* "none", "red", ... */

struct master_change {
	int node; /* observer */
	struct interval at;
	const struct snapshot *from, *to; /* the views before and after */
};

struct health_change {
	int node;
	struct interval at;
	enum health status;
};

/* The instants of the trial's own steps; TRACK_NEVER until they happened. */
struct track_steps {
	int64_t fault_issued_ns, fault_done_ns;
	struct interval process_gone;
	int64_t start_issued_ns;
	/* Nothing was done: fault and start only part the phases, the second of which ends at
	 * noop_end_ns. */
	bool noop;
	int64_t noop_end_ns;
	/* Watched: what was done, and when, is not known. fault_issued is when the last answer of
	 * before was asked for, and the loss came at most fault_slack after it; start_issued is
	 * when those that were lost answered again, and nothing counts from it. */
	bool watched;
	int64_t fault_slack_ns;
	/* The fault leaves the processes alive (pause, cut): they return as they were. */
	bool stay_alive;
};

struct metric_value {
	enum metric metric;
	enum origin origin;
	int observer;	      /* node ordinal, -1: the whole cluster's */
	int64_t lo_ns, hi_ns; /* hi 0 with censored 1 */
	int censored;	      /* 1 right, -1 left, 0 no */
};

struct track;

/* n_nodes: every node of the cluster, ordinals 0..n-1; names: their node.name (kept by reference).
 */
struct track *track_new(size_t n_nodes, const char *const *names);
void track_free(struct track *t);

/* An answer to a state poll; view NULL: it failed (answered: some HTTP answer came all the same).
 */
void track_state(struct track *t, int node, int64_t sent_ns, int64_t done_ns,
		 const struct snapshot *view, bool answered);
/* An answer to a health poll. */
void track_health(struct track *t, int node, int64_t sent_ns, int64_t done_ns, enum health status);
/* One was sent then, and its answer was as the one before it: all that is known of it. */
void track_health_same(struct track *t, int node, int64_t sent_ns);
/* No node shows a worse health than before the fault. */
bool track_health_is_back(const struct track *t);

/* The gate: every node answered, names the same master in the same term, lists the same n_nodes
 * members with the same ephemeral ids and the same voting configuration of n_voters live voters,
 * and no health is red, missing or worse than least_health. why (size bytes) gets what is missing,
 * in words. */
bool track_is_whole(const struct track *t, size_t n_voters, enum health least_health, char *why,
		    size_t size);

/* Where a cluster that is whole has its master: ordinal, -1 none. */
int track_master(const struct track *t);
const struct snapshot *track_view(const struct track *t, int node); /* last answered; NULL none */

/* Marks the moment before nodes are taken (stopped, paused, cut off): the present views are
 * "before". taken: by ordinal; NULL: none (noop). The others are the survivors. Once more (a
 * cascade) begins another round: those taken before stay so; agreement and detection are then of
 * the last round, and what has to come back is all of them, to what was before the first. */
void track_take(struct track *t, const bool *taken);
void track_fault(struct track *t, int victim); /* track_take of one node, -1: of none */
bool track_is_taken(const struct track *t, int node);
/* The process of a node that was taken ended. */
void track_gone(struct track *t, int node, struct interval at);
struct track_steps *track_steps(struct track *t); /* the caller writes them as they happen */

/* Every survivor shows the same master, which is not the old one. */
bool track_agreed(const struct track *t);
/* The master that every survivor names at present, old or new: ordinal, -1: not one. */
int track_survivors_master(const struct track *t);
/* The survivors name one master and list none of the nodes that were taken. */
bool track_forgotten(const struct track *t);
/* ... and as many voters live as the voting configuration holds, or as can: it does not shrink
 * below three (cluster.auto_shrink_voting_configuration). A further loss finds it settled. */
bool track_shrunk(const struct track *t);
/* Its last poll gave a view. */
bool track_answers(const struct track *t, int node);
/* No survivor shows a master. */
bool track_leaderless(const struct track *t);
/* Of a partition: the nodes of the side that goes on (the taken ones, or the survivors) name one
 * master among them, those of the other none. */
bool track_parted(const struct track *t, bool taken_go_on);
/* Whom of their own the taken nodes (or the survivors) name: a node's name, NULL: nobody, or not
 * all the same. */
const char *track_side_master(const struct track *t, bool taken);
/* This round's first survivor to show the new master did so in this interval. */
struct interval track_reelection(const struct track *t);
/* After the start: every node lists all that were taken as back and names the same master. Back is
 * a new ephemeral id; the one from before counts only if the process never ended (pause, cut):
 * where the node is listed again after it was not, or where nobody ever missed it. */
bool track_rejoined(const struct track *t);
/* ... and voters and health are as before the fault. */
bool track_redundant(const struct track *t);
/* The master that the survivors agreed on last before the start: ordinal, -1 none; its term (-1
 * none; NULL is fine). */
int track_new_master(const struct track *t, int64_t *ret_term);

typedef VEC(struct master_change) master_changes;
typedef VEC(struct health_change) health_changes;
typedef VEC(struct metric_value) metric_values;
const master_changes *track_master_changes(const struct track *t);
const health_changes *track_health_changes(const struct track *t);

/* Adds every metric the trial supports up to now, censored ones included; none before the fault, no
 * re-election where a fault not done to the master left it in place. Of a noop trial it adds noise
 * floors: each metric as shorter than the longest time between two answers in the phase that it is
 * measured in. The caller frees with vec_done. */
void track_metrics(const struct track *t, metric_values *ret_values);

#endif
