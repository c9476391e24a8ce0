/* store: the only C that speaks SQLite. Writes a recording, opens one for reading.
 *
 * The tables and views are explained in schema/migrations/NNNN.sql (and schema/README.md); the
 * structs here use the same words. Texts in structs given to the store are the caller's and are not
 * kept. NULL is NULL.
 *
 * Writing: one store per file and process (a lock on the file, freed by the kernel if the process
 * dies, keeps a second collector away). WAL; nothing syncs unless the comment says durable;
 * store_checkpoint is called between trials only. Reading: never writes into the file or its -wal,
 * works on a read-only medium; where there is a -wal (a collector records, or was killed) SQLite
 * leaves its index of that beside it, a -shm, which holds no data.
 *
 * A file of an older format: writing brings it up to the present one, after a backup copy; reading
 * goes on with a private copy that was brought up (as large as the file, in memory and then in
 * TMPDIR). */
#ifndef REJOIN_SCHEMA_STORE_H
#define REJOIN_SCHEMA_STORE_H

#include "lib/clock.h"
#include "lib/err.h"
#include "schema/track.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_FORMAT 2 /* user_version of the files written */

struct store;

/* ---- opening ---- */

enum store_mode {
	STORE_CREATE, /* the file must not exist, or be empty */
	STORE_APPEND, /* must exist */
	STORE_READ,   /* must exist; read only */
};

/* Errors (ERR_ENV, one line): no such file, a folder, not SQLite, another program's database, made
 * by a newer rejoin, truncated or damaged, read-only, no space, another collector is recording into
 * it. */
int store_open(const char *path, enum store_mode mode, struct store **ret_store, struct err *err);
/* Another handle of a file that is open for reading, for another thread: to be closed before store
 * is. What it shows may be of a later moment. *ret_beside NULL and no error: the file is read by
 * way of a private copy, so there is none. */
int store_open_beside(const struct store *store, struct store **ret_beside, struct err *err);
/* The file was of an older format: where its backup copy is. NULL: it was not. */
const char *store_backup(const struct store *store);
/* Writing: ends a transaction that is open (rollback), folds the WAL into the file and leaves one
 * plain file; not so (and no error) while somebody reads it: then the next store_open for writing
 * does. Frees the store even on failure. NULL is fine. */
int store_close(struct store *store, struct err *err);

int store_begin(struct store *store, struct err *err);
/* Reading: all that is read until store_close is of one moment, and no lock is taken for each
 * query. */
int store_begin_reading(struct store *store, struct err *err);
int store_commit(struct store *store, struct err *err);
/* As store_commit, and on disk (synced) when it returns. For intents. */
int store_commit_durable(struct store *store, struct err *err);
/* Takes back the transaction, and the ids that snapshots got in it. Nothing is open: does nothing.
 */
void store_rollback(struct store *store);
int store_checkpoint(struct store *store, struct err *err);

/* ---- writing: each returns 0 or an err_code; ret_id gets the new row's id ---- */

struct store_study {
	const char *name, *objective, *hypothesis, *scope, *environment;
	const char *operator, * approver, *ticket, *remarks;
	int64_t rto_ns; /* 0: NULL */
	const char *plan_file, *plan_text, *plan_json, *plan_sha256;
	int64_t seed;
	int64_t trials_planned;
};
int store_add_study(struct store *store, const struct store_study *study, int64_t *ret_id,
		    struct err *err);
int store_finish_study(struct store *store, int64_t study_id, struct err *err);

/* What the kernel says of the wall clock; -1: NULL. */
struct store_sync {
	int synchronised; /* 1, 0 */
	int64_t est_error_ns, max_error_ns;
};
struct store_session {
	int64_t study_id;
	const char *tool_version, *command_line, *libraries, *host, *kernel, *cpu, *sysctls,
		*work_dir, *account, *clock_source;
	int64_t n_cpu, memory_bytes, pid;
	struct clock_anchor start;
	struct store_sync start_sync;
};
int store_add_session(struct store *store, const struct store_session *session, int64_t *ret_id,
		      struct err *err);
struct store_session_end {
	struct clock_anchor end;
	struct store_sync end_sync;
	const char *ended_by, *reason;
};
int store_end_session(struct store *store, int64_t session_id, const struct store_session_end *end,
		      struct err *err);

struct store_cluster {
	int64_t study_id;
	const char *label, *driver, *settings;
	int64_t master_eligible, n_nodes, n_indices;
	bool insecure; /* its certificates are not checked */
};
int store_add_cluster(struct store *store, const struct store_cluster *cluster, int64_t *ret_id,
		      struct err *err);
/* What is known once its nodes have answered. uuid differs from one stored earlier: ERR_ENV. */
int store_set_cluster_seen(struct store *store, int64_t cluster_id, const char *uuid,
			   const char *product, const char *version, struct err *err);

struct store_node {
	int64_t cluster_id, ordinal;
	const char *name, *http_url;
	bool master_eligible;
};
int store_add_node(struct store *store, const struct store_node *node, int64_t *ret_id,
		   struct err *err);
int store_set_node_url(struct store *store, int64_t node_id, const char *http_url, struct err *err);
int store_set_node_seen(struct store *store, int64_t node_id, const char *persistent_id,
			const char *roles, const char *version, const char *jvm, struct err *err);

struct store_arm {
	int64_t study_id, ordinal, master_eligible;
	const char *cluster; /* label */
	const char *fault, *target, *factors;
};
int store_add_arm(struct store *store, const struct store_arm *arm, int64_t *ret_id,
		  struct err *err);

struct store_trial {
	int64_t study_id, session_id, arm_id, cluster_id, position, block;
	bool warmup;
	int64_t base_ns;
};
int store_add_trial(struct store *store, const struct store_trial *trial, int64_t *ret_id,
		    struct err *err);

struct store_trial_end {
	int64_t end_ns;
	const char *outcome, *reason, *diagnosis;
	int64_t victim_node_id, old_master_node_id, new_master_node_id; /* 0: NULL */
	const char *old_ephemeral_id;
	int64_t term_before, term_after; /* -1: NULL */
};
int store_end_trial(struct store *store, int64_t trial_id, const struct store_trial_end *end,
		    struct err *err);

/* A step's row. Call store_commit_durable before the deed. */
int store_add_step(struct store *store, int64_t session_id, int64_t trial_id, int64_t node_id,
		   const char *action, int64_t undoes_step_id, int64_t intent_ns, int64_t *ret_id,
		   struct err *err);
/* TRACK_NEVER leaves a column as it is; error NULL likewise. */
struct store_step_times {
	int64_t issued_ns, done_ns, gone_lo_ns, gone_hi_ns, undone_ns;
	const char *error;
};
#define STORE_STEP_TIMES_INIT                                                                      \
	{                                                                                          \
		TRACK_NEVER, TRACK_NEVER, TRACK_NEVER, TRACK_NEVER, TRACK_NEVER, NULL              \
	}
int store_update_step(struct store *store, int64_t step_id, const struct store_step_times *times,
		      struct err *err);

/* Sets s->id: a new row, or that of the equal body stored before. In a transaction s must live to
 * its end: a rollback sets the id back to 0. */
int store_add_snapshot(struct store *store, struct snapshot *s, struct err *err);

/* What is in force on a node; what was stored of it before stays. */
int store_add_effective_setting(struct store *store, int64_t cluster_id, int64_t node_id,
				const char *name, const char *value, const char *source,
				struct err *err);

/* One round of a trial that takes nodes: table loss. */
struct store_loss {
	int64_t round, n_lost;
	const char *taken, *voters_before, *left_out, *voters_after;
	bool predicted, worst;
	int survived;		       /* 1, 0; -1: NULL */
	struct interval reelection_ns; /* hi TRACK_NEVER: NULL */
	const char *cut_off_master, *other_master;
};
int store_add_loss(struct store *store, int64_t trial_id, const struct store_loss *loss,
		   struct err *err);

enum sample_outcome { SAMPLE_OK, SAMPLE_HTTP_ERROR, SAMPLE_NET_ERROR, SAMPLE_TIMEOUT };
struct store_sample {
	int64_t due_us;		     /* since the trial's base_ns; < 2^35 */
	int64_t late_us;	     /* sent - due, rounded down */
	int64_t took_us;	     /* done - sent, rounded up */
	const struct snapshot *view; /* SAMPLE_OK: with its id set; else NULL */
	uint8_t node;		     /* ordinal */
	uint8_t outcome;
};
/* Rows in the order of due_us are the cheapest. */
int store_add_samples(struct store *store, int64_t trial_id, const struct store_sample *samples,
		      size_t n, struct err *err);

struct store_poll_count {
	int64_t due, sent, skipped, ok, http_error, net_error, timeout, reconnects;
};
int store_add_poll_count(struct store *store, int64_t trial_id, int64_t node_id,
			 const struct store_poll_count *count, struct err *err);
/* One write of the write probe. */
struct store_write {
	int64_t number;	 /* of the document */
	int64_t due_us;	 /* since the trial's base_ns; < 2^35 */
	int64_t late_us; /* sent - due, rounded down */
	int64_t took_us; /* done - sent, rounded up */
	uint8_t node;	 /* ordinal */
	uint8_t outcome; /* enum sample_outcome; SAMPLE_OK: acknowledged */
};
int store_add_write(struct store *store, int64_t trial_id, const struct store_write *write,
		    struct err *err);
struct store_write_count {
	int64_t due, sent, skipped, ok, http_error, net_error, timeout;
	int64_t found, lost; /* of ok, when looked for afterwards; -1: nobody could tell */
};
int store_add_write_count(struct store *store, int64_t trial_id,
			  const struct store_write_count *count, struct err *err);
int store_add_health_change(struct store *store, int64_t trial_id, int64_t node_id,
			    const char *status, int64_t lo_ns, int64_t hi_ns, struct err *err);
int store_add_master_change(struct store *store, int64_t trial_id, int64_t node_id,
			    const struct master_change *change, struct err *err);
int store_add_metric(struct store *store, int64_t trial_id, const struct metric_value *value,
		     const char *observer, struct err *err);
/* What the wall clock said at the trial's base_ns and end_ns. */
int store_set_trial_clock(struct store *store, int64_t trial_id, int64_t start_utc_us,
			  int64_t end_utc_us, int64_t error_ns, struct err *err);
struct store_log_event {
	int64_t line;
	const char *kind; /* log_kind_names of collector/logs.h */
	int64_t utc_us;
	struct interval at;	     /* TRACK_NEVER both: cannot be placed */
	int64_t term, state_version; /* -1: NULL */
	const char *master, *about;
	int64_t n_checks, ago_ms; /* -1: NULL */
	const char *text;
};
int store_add_log_event(struct store *store, int64_t trial_id, int64_t node_id,
			const struct store_log_event *event, struct err *err);
/* The lines as they stand in the log; packed before they are stored. */
int store_add_log_chunk(struct store *store, int64_t trial_id, int64_t node_id, int64_t n_lines,
			const char *lines, size_t n_bytes, struct err *err);
int store_add_incident(struct store *store, int64_t study_id, int64_t trial_id, const char *kind,
		       int64_t n, const char *detail, int64_t at_ns, struct err *err);

/* Marks every open step of the session as undone: its nodes are up, or are no more. */
int store_undo_session(struct store *store, int64_t session_id, int64_t undone_ns, struct err *err);
/* A session whose collector died: its trials without an outcome are aborted, its steps undone,
 * itself killed. */
int store_abort_session(struct store *store, int64_t session_id, int64_t undone_ns,
			struct err *err);

const char *store_library_version(void); /* SQLite's */

/* ---- reading ---- */

/* A query of schema/sql/ by its name (enum sql_id of the generated schema/sql.h), run to its end.
 */
struct store_row;					    /* the present row */
int64_t store_int(const struct store_row *row, int column); /* NULL reads as 0 */
double store_double(const struct store_row *row, int column);
const char *store_text(const struct store_row *row,
		       int column); /* NULL is NULL; valid until the next row */
/* The same, with all its bytes: in a file that somebody altered there may be more behind a NUL. */
const char *store_text_bytes(const struct store_row *row, int column, size_t *ret_size);
/* NULL is NULL with no bytes; valid until the next row. */
const void *store_blob(const struct store_row *row, int column, size_t *ret_size);
bool store_is_null(const struct store_row *row, int column);

enum { STORE_BIND_END, STORE_BIND_INT, STORE_BIND_TEXT, STORE_BIND_BLOB };
struct store_bind {
	int type;
	int64_t i; /* of a blob: its bytes */
	const void *s;
};

/* Calls fn for every row until it returns non-zero (which is then returned) or the rows end (0).
 * binds: ?1, ?2, ..., n of them. A failing statement: ERR_ENV. */
typedef int store_row_fn(void *arg, const struct store_row *row, struct err *err);
int store_query(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
		store_row_fn *fn, void *arg, struct err *err);

/* The one integer of a query that gives exactly one row. */
int store_query_int(struct store *store, int sql_id, const struct store_bind *binds, size_t n_binds,
		    int64_t *ret, struct err *err);

#endif
