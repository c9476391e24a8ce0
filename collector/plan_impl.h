/* plan_impl: how the files of the plan module share its work. Nobody else includes this but their
 * tests.
 *
 *   text -> plan_tree -> plan_settings_flatten -> plan_set -> plan_read_tree -> plan_check ->
 * plan_make
 *
 * One table, plan_keys, says what every key is; the reader, the canonical JSON, the errors and the
 * test of data/plans/README.md all go by it. */
#ifndef REJOIN_COLLECTOR_PLAN_IMPL_H
#define REJOIN_COLLECTOR_PLAN_IMPL_H

#include "collector/plan.h"
#include "collector/plan_tree.h"
#include "lib/str.h"

enum plan_key_id {
	KEY_SCHEMA,
	KEY_STUDY_NAME,
	KEY_STUDY_OBJECTIVE,
	KEY_STUDY_HYPOTHESIS,
	KEY_STUDY_RTO,
	KEY_STUDY_SCOPE,
	KEY_STUDY_ENVIRONMENT,
	KEY_STUDY_OPERATOR,
	KEY_STUDY_APPROVER,
	KEY_STUDY_TICKET,
	KEY_STUDY_REMARKS,
	KEY_DRIVER,
	KEY_SIZES,
	KEY_AUTH_USER,
	KEY_AUTH_PASSWORD_ENV,
	KEY_AUTH_PASSWORD_FILE,
	KEY_AUTH_API_KEY_ENV,
	KEY_AUTH_API_KEY_FILE,
	KEY_AUTH_BEARER_ENV,
	KEY_AUTH_BEARER_FILE,
	KEY_TLS_CA,
	KEY_TLS_PIN,
	KEY_TLS_INSECURE,
	KEY_DOCKER_HOST,
	KEY_DOCKER_LABEL,
	KEY_DOCKER_CONTAINERS,
	KEY_DOCKER_STOP_TIMEOUT,
	KEY_COMMAND_STOP,
	KEY_COMMAND_KILL,
	KEY_COMMAND_PAUSE,
	KEY_COMMAND_RESUME,
	KEY_COMMAND_START,
	KEY_COMMAND_CUT,
	KEY_COMMAND_MEND,
	KEY_COMMAND_STATUS,
	KEY_COMMAND_LOGS,
	KEY_COMMAND_SHELL,
	KEY_COMMAND_ENV,
	KEY_COMMAND_TIMEOUT,
	KEY_HOME,
	KEY_JAVA,
	KEY_NODES,
	KEY_HEAP,
	KEY_PORTS_HTTP,
	KEY_PORTS_TRANSPORT,
	KEY_SETTINGS,
	KEY_MASTER_ELIGIBLE,
	KEY_FAULT,
	KEY_TARGET,
	KEY_SWEEP,
	KEY_INDICES,
	KEY_ALLOW,
	KEY_RETURN,
	KEY_TRIALS,
	KEY_WARMUP,
	KEY_INTERLEAVE,
	KEY_BLOCK,
	KEY_SEED,
	KEY_POLL_FAST,
	KEY_POLL_REJOIN,
	KEY_POLL_IDLE,
	KEY_POLL_TIMEOUT,
	KEY_PROBE_WRITE,
	KEY_LIMIT_START,
	KEY_LIMIT_GATE,
	KEY_LIMIT_REELECTION,
	KEY_LIMIT_REJOIN,
	KEY_LIMIT_NOOP,
	KEY_LIMIT_QUORUM_LOSS,
	KEY_LIMIT_MAX_DOWNTIME,
	KEY_PAUSE_BETWEEN,
	KEY_PAUSE_JITTER,
	N_KEYS
};

enum plan_key_type {
	PLAN_INT,      /* int64_t */
	PLAN_BOOL,     /* bool */
	PLAN_TEXT,     /* char *; at most max bytes, or one of choices */
	PLAN_DURATION, /* int64_t, ns */
	PLAN_SIZE,     /* int64_t, bytes */
	PLAN_INTS,     /* plan_levels: one or a list */
	PLAN_CHOICES,  /* plan_levels: indices of choices, one or a list */
	PLAN_SETTINGS, /* plan_settings */
	PLAN_TEXTS,    /* plan_texts: one or a list */
	PLAN_MAP,      /* plan_settings: a map of texts */
	PLAN_SWEEP,    /* plan_sweep: a map of settings with their levels */
	PLAN_SIZES,    /* plan_sizes: a map of {hosts, uuid} by the number of masters */
};

struct plan_key {
	const char *path;
	enum plan_key_type type;
	bool required;
	size_t offset; /* in struct plan_draft */
	int64_t min, max;
	const char *preset; /* the default as a plan would say it; NULL: none, or reckoned by
			       plan_check */
	const char *const *choices;
};
extern const struct plan_key plan_keys[N_KEYS];

typedef VEC(int64_t) plan_levels;

/* A setting that is a factor. */
struct plan_swept {
	char *key;
	plan_texts values;
};
typedef VEC(struct plan_swept) plan_sweep;

/* A cluster that is there already. */
struct plan_size {
	int64_t masters;
	plan_texts hosts;
	char *uuid; /* NULL: any */
	const struct plan_node *where;
};
typedef VEC(struct plan_size) plan_sizes;

/* What the keys say, before it is turned into clusters and arms. */
struct plan_draft {
	int64_t schema, n_nodes, http_port, transport_port;
	char *study_name, *driver, *home, *java;
	struct plan_record record;
	struct plan_access access;
	struct plan_docker docker;
	struct plan_command command;
	plan_sizes sizes;
	plan_sweep sweep;
	plan_levels indices, allows;
	char *return_mode;
	int64_t heap_bytes, trials, warmup, block, seed;
	bool interleave;
	int64_t poll_fast_ns, poll_rejoin_ns, poll_idle_ns, poll_timeout_ns;
	int64_t write_probe_ns;
	int64_t limit_start_ns, limit_gate_ns, limit_reelection_ns, limit_rejoin_ns, limit_noop_ns;
	int64_t limit_quorum_loss_ns, max_downtime_ns;
	int64_t pause_between_ns, pause_jitter_ns;
	plan_levels masters, faults, targets;
	plan_settings settings; /* by key */
	const struct plan_node *root;
	const struct plan_node *where[N_KEYS]; /* NULL: the plan does not say */
};
void plan_draft_done(struct plan_draft *draft);

/* "1ms to 10s", "stop or kill": what a value may be, for errors and README. */
void plan_key_add_range(struct str *text, const struct plan_key *key);
/* The known path nearest to a wrong one, or NULL. The text lives as long as the program. */
const char *plan_key_nearest(const char *path);
/* The names that may stand in a section ("" for the top), "a, b, c". False: path is no section. */
bool plan_key_section(const char *path, struct str *ret_names);

/* Does the key mean anything to that driver? What does not is refused, and not in the canonical
 * form.
 */
bool plan_key_is_of(const struct plan_key *key, const char *driver);

/* Makes nested maps below cluster.settings, and below factors.settings, into one with dotted keys.
 */
int plan_settings_flatten(struct plan_node *root, struct err *err);
int plan_settings_read(const struct plan_node *map, plan_settings *ret_settings, struct err *err);
/* factors.settings: as cluster.settings, but every value is a list of levels. */
int plan_sweep_read(const struct plan_node *map, plan_sweep *ret_sweep, struct err *err);

/* plan_lists.c */
int plan_texts_read(const struct plan_node *value, const char *path, plan_texts *ret_texts,
		    struct err *err);
int plan_map_read(const struct plan_node *value, const char *path, plan_settings *ret_map,
		  struct err *err);
int plan_sizes_read(const struct plan_node *value, const char *path, plan_sizes *ret_sizes,
		    struct err *err);
void plan_texts_done(plan_texts *texts);
void plan_map_done(plan_settings *map);
void plan_sweep_done(plan_sweep *sweep);
void plan_sizes_done(plan_sizes *sizes);
void plan_record_done(struct plan_record *record);
void plan_access_done(struct plan_access *access);
void plan_docker_done(struct plan_docker *docker);
void plan_command_done(struct plan_command *command);

/* Puts one "key.path=value" into the tree. origin: "--set key.path=value", outlives the tree. */
int plan_set(struct plan_node *root, const char *set, const char *origin, struct err *err);

/* Fills draft from the tree, defaults included; every value is in its own range afterwards. */
int plan_read_tree(const struct plan_node *root, struct plan_draft *draft, struct err *err);
/* Reckons the defaults that depend on other keys and refuses what does not go together. */
int plan_check(struct plan_draft *draft, struct err *err);
/* Its part about the driver (plan_driver.c). */
int plan_check_driver(struct plan_draft *draft, struct err *err);
/* Clusters, arms, canonical JSON and its hash. Takes the texts out of draft. */
struct plan *plan_make(struct plan_draft *draft);
/* Canonical: keys sorted, compact. The caller frees. */
char *plan_draft_json(const struct plan_draft *draft);
char *plan_settings_json(const plan_settings *settings);

/* plan_read without the file system. file: how errors call it. */
int plan_from_text(const char *file, const char *text, size_t n, const char *const *sets,
		   size_t n_sets, struct plan **ret_plan, struct err *err);

#endif
