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

enum plan_fault {
	FAULT_STOP,	 /* asked to end: SIGTERM, docker stop, systemctl stop */
	FAULT_KILL,	 /* SIGKILL */
	FAULT_PAUSE,	 /* SIGSTOP, docker pause: silent, its connections stay open */
	FAULT_PARTITION, /* cut off from the other nodes, still watched */
	FAULT_HANDOVER,	 /* excluded from voting, which makes a master hand over; then stopped */
	FAULT_NOOP,	 /* nothing is done, and everything is watched as if it were */
	FAULT_WATCHED,	 /* whatever others do (driver none: "watch") */
	N_FAULTS
};
extern const char *const plan_fault_names[N_FAULTS + 1]; /* ends with NULL */

/* To which nodes. Where several are taken at once it is the worst choice: the master, then other
 * voters, then the rest. Half and majority are of the master-eligible nodes. */
enum plan_target {
	TARGET_MASTER,
	TARGET_NON_MASTER, /* one that is not the master: a control, no election is expected */
	TARGET_RANDOM,	   /* any node */
	TARGET_HALF,
	TARGET_MAJORITY,
	TARGET_CASCADE, /* the master, again and again without return, until there is none */
	TARGET_NONE,	/* of FAULT_WATCHED only */
	TARGET_1,	/* TARGET_1 + k - 1: k nodes at once */
	TARGET_8 = TARGET_1 + 7,
	N_TARGETS
};
extern const char *const plan_target_names[N_TARGETS + 1];

/* How nodes that a trial took come back. */
enum plan_return { RETURN_TOGETHER, RETURN_ONE_BY_ONE, N_RETURNS };
extern const char *const plan_return_names[N_RETURNS + 1];

/* What a plan must ask for by name. */
enum plan_allow {
	ALLOW_QUORUM_LOSS,	 /* faults that leave fewer voters than a quorum */
	ALLOW_UNASSIGNED_SHARDS, /* a cluster whose health is not green at the gate */
	N_ALLOWS
};
extern const char *const plan_allow_names[N_ALLOWS + 1];

/* One setting of the nodes: key and value as they go into the nodes' configuration. */
struct plan_setting {
	char *key, *value;
};

typedef VEC(struct plan_setting) plan_settings;

/* A node of a cluster that is not the collector's own. */
struct plan_host {
	char *url;  /* "https://es1:9200": scheme, host and port */
	char *name; /* node.name; NULL until the node was asked (discover.h) or read from a
		       recording */
	bool master_eligible; /* likewise */
};

/* A cluster that the schedule needs: one per combination of levels that cannot be changed while it
 * runs. */
struct plan_cluster {
	char *label; /* "3-masters": unique in the plan, fit for a file name */
	int master_eligible;
	int n_nodes;
	plan_settings settings; /* those of factors.settings included */
	char *settings_json;	/* canonical: what the plan sets on it, for the record */
	char *levels_json; /* canonical object: the levels of factors.settings and .indices alone */
	int64_t n_indices; /* made before its first trial: the size of the cluster state */
	VEC(struct plan_host) hosts; /* cluster.sizes.N.hosts; empty: the driver makes the nodes */
	char *uuid;		     /* cluster.sizes.N.uuid: expected; NULL: any */
};

/* Where credentials come from, and whom to trust. Names of places only: the secrets themselves are
 * read by collector/secret.h and are in no plan and no recording. */
struct plan_access {
	char *user, *password_env, *password_file; /* basic authentication */
	char *api_key_env, *api_key_file;	   /* Authorization: ApiKey */
	char *bearer_env, *bearer_file;		   /* Authorization: Bearer */
	char *ca_file;				   /* PEM; NULL: the system's */
	char *pin;     /* "sha256//BASE64" of the public key (CURLOPT_PINNEDPUBLICKEY) */
	bool insecure; /* certificates are not checked */
};

/* The texts of an argv template; n 0: not given. */
typedef VEC(char *) plan_texts;

/* The docker driver's keys. */
struct plan_docker {
	char *host;		  /* "unix:///path", "tcp://host:port"; NULL: DOCKER_HOST's */
	char *label;		  /* only containers with this label, "key=value" or "key" */
	plan_settings containers; /* node name -> container's name or id */
	int64_t stop_timeout_ns;  /* 0: the container's own */
};

/* The command driver's: argv templates with {node}, {host}, {port}, {pid}, {others}. */
struct plan_command {
	plan_texts stop, kill, pause, resume, start, cut, mend, status, logs;
	bool start_auto; /* start: auto: the node comes back by itself */
	bool shell;	 /* every template is one text, run by /bin/sh -c */
	plan_texts env;	 /* names of variables that are passed on; PATH and HOME always are */
	int64_t timeout_ns;
};

/* study.*: what an auditor asks of a study. Nothing of it changes what is done. NULL: not said. */
struct plan_record {
	char *objective, *hypothesis, *scope, *environment;
	char *operator, * approver, *ticket, *remarks;
	int64_t rto_ns; /* recovery time objective; 0: none */
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

	char *study_name;
	struct plan_record record;

	char *driver; /* "local", "docker", "command", "none" */
	char *home; /* local: an unpacked distribution; relative paths count from the working folder
		     */
	char *java; /* local: JVM folder; NULL: found */
	struct plan_access access;
	struct plan_docker docker;
	struct plan_command command;
	int64_t heap_bytes;
	int http_port, transport_port; /* local: the first of each; 0: free ones are found */

	VEC(struct plan_cluster) clusters;
	VEC(struct plan_arm) arms;

	bool allow[N_ALLOWS];
	enum plan_return return_mode;
	int64_t trials, warmup; /* of each arm */
	bool interleave;
	int64_t block; /* trials of an arm per round of the interleaving */
	int64_t seed;

	int64_t poll_fast_ns, poll_rejoin_ns, poll_idle_ns, poll_timeout_ns;
	int64_t write_probe_ns; /* period of the client's writes; 0: none */
	int64_t limit_start_ns, limit_gate_ns, limit_reelection_ns, limit_rejoin_ns, limit_noop_ns;
	int64_t limit_quorum_loss_ns; /* how long a lost quorum is watched before it is healed */
	int64_t max_downtime_ns;      /* of the whole run, without a master; 0: no limit */
	int64_t pause_between_ns, pause_jitter_ns;
};

/* sets: "key.path=value" overrides, applied before the check (value read as YAML). NULL-terminated
 * or n_sets. */
int plan_read(const char *file, const char *const *sets, size_t n_sets, struct plan **ret_plan,
	      struct err *err);
/* The same plan again out of a recording (its canonical JSON): for --resume and heal. */
int plan_from_json(const char *json, struct plan **ret_plan, struct err *err);
void plan_free(struct plan *plan);
/* ERR_USAGE where nothing can be done to its nodes (driver none): watch is for those. */
int plan_can_run(const struct plan *plan, struct err *err);

/* Voting configuration that Elasticsearch keeps with all n master-eligible nodes up: rounded down
 * to odd (cluster.auto_shrink_voting_configuration; Reconfigurator). */
int plan_voters(int master_eligible);
/* Votes needed: more than half of the voting configuration. */
int plan_quorum(int voters);
/* How many of a cluster's nodes a target takes at once; a cascade takes one at a time (1). */
int plan_target_count(enum plan_target target, int master_eligible);
/* Is a quorum lost, by the voting configuration of a cluster that is whole? Of a cascade: always.
 * random: its worst choice. */
bool plan_loses_quorum(const struct plan *plan, const struct plan_arm *arm);

#endif
