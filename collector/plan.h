/* plan: what the user asked for, read from YAML, checked, with every default filled in.
 *
 * The keys are documented in data/plans/README.md. A plan that does not say what it means is
 * refused with one line: "demo.yml:12:5: poll.fast: 5: a duration with its unit is expected, e.g.
 * 5ms" (ERR_USAGE). */
#ifndef REJOIN_COLLECTOR_PLAN_H
#define REJOIN_COLLECTOR_PLAN_H

#include "lib/err.h"
#include "lib/hash.h"
#include "lib/vec.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* noop: nothing is done, and everything is watched as if it were. */
enum plan_fault { FAULT_STOP, FAULT_KILL, FAULT_NOOP, N_FAULTS };
extern const char *const plan_fault_names[N_FAULTS + 1]; /* ends with NULL */

enum plan_target { TARGET_MASTER, N_TARGETS };
extern const char *const plan_target_names[N_TARGETS + 1];

/* One setting of the nodes: key and value as they go into the nodes' configuration. */
struct plan_setting {
	char *key, *value;
};

/* A cluster that the schedule needs: one per combination of levels that cannot be changed while it
 * runs. */
struct plan_cluster {
	char *label; /* "3-masters": unique in the plan */
	int master_eligible;
	int n_nodes;
	VEC(struct plan_setting) settings;
	char *settings_json; /* canonical: what the plan sets on it, for the record */
};

struct plan_arm {
	int cluster; /* index into clusters */
	enum plan_fault fault;
	enum plan_target target;
	char *factors_json; /* canonical object: factor -> level */
};

struct plan {
	char *file;		    /* as given */
	char *text;		    /* as read */
	char *json;		    /* canonical */
	char sha256[HASH_HEX_SIZE]; /* of json */

	char *study_name, *objective, *operator; /* the last two may be NULL */

	char *driver; /* "local" */
	char *home; /* local: an unpacked distribution; relative paths count from the working folder
		     */
	char *java; /* local: JVM folder; NULL: found */
	int64_t heap_bytes;
	int http_port, transport_port; /* local: the first of each; 0: free ones are found */

	VEC(struct plan_cluster) clusters;
	VEC(struct plan_arm) arms;

	int64_t trials, warmup; /* of each arm */
	bool interleave;
	int64_t block; /* trials of an arm per round of the interleaving */
	int64_t seed;

	int64_t poll_fast_ns, poll_rejoin_ns, poll_idle_ns, poll_timeout_ns;
	int64_t write_probe_ns; /* period of the client's writes; 0: none */
	int64_t limit_start_ns, limit_gate_ns, limit_reelection_ns, limit_rejoin_ns, limit_noop_ns;
	int64_t pause_between_ns, pause_jitter_ns;
};

/* sets: "key.path=value" overrides, applied before the check (value read as YAML). NULL-terminated
 * or n_sets. */
int plan_read(const char *file, const char *const *sets, size_t n_sets, struct plan **ret_plan,
	      struct err *err);
/* The same plan again out of a recording (its canonical JSON): for --resume and heal. */
int plan_from_json(const char *json, struct plan **ret_plan, struct err *err);
void plan_free(struct plan *plan);

/* Voting configuration that Elasticsearch keeps with all n master-eligible nodes up: rounded down
 * to odd (cluster.auto_shrink_voting_configuration; Reconfigurator). */
int plan_voters(int master_eligible);
/* Votes needed: more than half of the voting configuration. */
int plan_quorum(int voters);

#endif
