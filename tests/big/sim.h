/* sim: a cluster of five nodes that is drilled in no time: what happened, and what polls saw of it.
 *
 * The truth of a trial is drawn (when the victim ended, when each survivor lost its master and
 * showed the next one, when the node was back); polls are then asked at their slots and answered
 * with what held in the middle of the request. What is recorded is what schema/track.h makes of
 * these answers, so that a recording made here can be derived again from its samples like any
 * other. The same seed gives the same trials. Instants are ns on the recording's CLOCK_MONOTONIC.
 */
#ifndef REJOIN_TESTS_BIG_SIM_H
#define REJOIN_TESTS_BIG_SIM_H

#include "lib/clock.h"
#include "lib/rng.h"
#include "lib/vec.h"
#include "schema/store.h"

enum { SIM_NODES = 5 };
#define SIM_NEVER INT64_MAX
/* Healing is intended so long before it is begun. */
#define SIM_INTENT (10 * NS_PER_MS)

enum sim_outcome { SIM_RECOVERED, SIM_NO_REELECTION, SIM_NO_REJOIN, SIM_GATE_FAILED, SIM_ABORTED };

/* A cluster between two trials. */
struct sim_cluster {
	int size; /* master-eligible nodes: the first ones */
	int64_t cluster_id, node_ids[SIM_NODES];
	int generation[SIM_NODES]; /* of each process: makes its ephemeral id */
	int master;
	int64_t term, version;
	unsigned voters; /* a bit each */
};

extern const char *const sim_names[SIM_NODES];
void sim_cluster_init(struct sim_cluster *c, int size);
/* The persistent id of a node: the caller frees. */
char *sim_id(const struct sim_cluster *c, int node);

/* A state of the cluster as a node shows it. */
struct sim_state {
	int master; /* -1: none */
	int64_t term, version;
	unsigned members, voters; /* a bit each */
	int generation[SIM_NODES];
};
/* Parsed; the caller frees with snapshot_free. */
struct snapshot *sim_view(const struct sim_cluster *c, const struct sim_state *state);
/* As many of the live nodes as make an odd number of voters, the master among them. */
unsigned sim_reconfigured(const struct sim_cluster *c, unsigned live, int master, unsigned before);

/* The views that a trial goes through. */
enum sim_stage {
	SIM_WHOLE,   /* before the fault */
	SIM_NONE,    /* no master */
	SIM_FIRST,   /* a master that did not last; only where the election was contested */
	SIM_ELECTED, /* the new master, the victim not yet removed */
	SIM_REMOVED,
	SIM_JOINED,
	SIM_AGAIN, /* whole again: voters as many as before */
	SIM_STAGES,
};

struct sim_truth {
	enum sim_outcome outcome;
	bool is_kill;
	int victim, first_master, new_master,
		clashes; /* first_master -1: none before the new one */
	int64_t base, fault, done, refused, gone, start, boot, whole, end;
	int64_t at[SIM_NODES][SIM_STAGES]; /* the node shows it from then on; SIM_NEVER */
	struct sim_state states[SIM_STAGES];
};

void sim_truth_draw(struct sim_cluster *c, struct rng *rng, int64_t base, bool is_kill,
		    enum sim_outcome outcome, struct sim_truth *ret);
/* The stage that a node shows at an instant. */
enum sim_stage sim_shown(const struct sim_truth *truth, int node, int64_t at);

/* What was seen of it. */
struct sim_seen {
	struct snapshot *views[SIM_STAGES]; /* NULL: not gone through */
	struct track *track;
	VEC(struct store_sample) samples; /* by due_us */
	struct store_poll_count counts[SIM_NODES];
	struct interval reelection; /* as of the round's end */
};
void sim_poll(const struct sim_cluster *c, const struct sim_truth *truth, struct rng *rng,
	      struct sim_seen *ret);
void sim_seen_done(struct sim_seen *seen);

/* Writes what was seen as the collector would. trial: of the schedule; base_ns is set. */
struct sim_place {
	struct store_trial trial;
	struct clock_anchor anchor; /* of the session */
};
void sim_record(struct store *store, const struct sim_cluster *c, const struct sim_place *place,
		const struct sim_truth *truth, struct sim_seen *seen);

/* Ends the program where the store cannot go on. */
void sim_must(int code, const struct err *err);

#endif
