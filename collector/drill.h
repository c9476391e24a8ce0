/* drill: one run of a plan: the store it records into, the driver, the open cluster.
 *
 * verb_run makes one and goes through the schedule; cluster.c opens and closes the clusters of it,
 * trial.c runs the trials on them, record.c writes what they showed. */
#ifndef REJOIN_COLLECTOR_DRILL_H
#define REJOIN_COLLECTOR_DRILL_H

#include "collector/driver.h"
#include "collector/observe.h"
#include "collector/plan.h"
#include "collector/schedule.h"
#include "collector/writer.h"
#include "lib/http.h"
#include "lib/loop.h"
#include "schema/seal.h"
#include "schema/store.h"

struct trial;

/* What the store knows of a cluster of the plan. */
struct drill_cluster {
	int64_t cluster_id;
	VEC(int64_t) node_ids; /* by ordinal; empty until it was first opened */
	char *uuid;	       /* NULL until it was seen */
};

struct drill {
	struct plan *plan; /* what is asked of nodes fills in their names */
	struct loop *loop;
	struct http *http;
	struct store *store;
	struct driver *driver;
	int64_t study_id, session_id;
	char study_uuid[40];
	const struct sign_key *sign_key; /* signs the head of the seal; NULL: nobody does */
	char head[HASH_HEX_SIZE];	 /* "": the study was not closed */
	struct drill_cluster *clusters;	 /* by index of plan->clusters */
	int64_t *arm_ids;		 /* by index of plan->arms */
	schedule schedule;
	VEC(int64_t) done; /* resumed: positions that need no more */

	int cluster;		 /* the open one, -1: none */
	struct observe *observe; /* of the open one */
	struct writer *writer;	 /* likewise; NULL: no write probe */
	int64_t next_write;	 /* number of the last document */
	bool marked;		 /* likewise: it carries the drill's mark */
	bool *gone;		 /* of the open one, by node: its process has ended */
	struct trial *trial;	 /* the running one, for the driver's events */

	int64_t downtime_ns, worst_downtime_ns; /* of all trials so far: without a master */
	bool unhealed;				/* a node of others did not come back */
	char stop_reason[256]; /* why a run ends that neither failed nor is through */

	/* for the progress line */
	size_t n_run, n_failed;
	int64_t run_start_ns;
	char last[64]; /* ", last re-election 0.262 s, rejoin 8.1 s" */
};

/* cluster.c: Brings up (or finds) a cluster and waits until it is whole. The first time, its nodes
 * are added to the store. A cluster that is not the recorded one, or does not come up in
 * limits.start: ERR_ENV with the reason. */
int cluster_open(struct drill *d, int cluster, struct err *err);
/* Its row in the store, without what only its nodes know. */
int cluster_add(struct drill *d, int cluster, struct err *err);
int cluster_close(struct drill *d, struct err *err); /* harmless when none is open */
/* Why a node is not up: "n2 ended: last lines of its log". Empty where nothing is known. */
/* What the gate asks of every node's health: green, or yellow where the plan allows it. */
enum health cluster_least_health(const struct drill *d);
void cluster_explain(struct drill *d, int node, struct str *ret_text);

/* drill.c */
/* A new recording, or (resume) the one in the store taken up again. */
int drill_begin(struct drill *d, const char *command_line, const char *work_dir, bool resume,
		struct err *err);
/* A run that was refused before it began, in the record of the study that it is of: the store holds
 * an interrupted one of the same plan. */
int drill_refused(struct drill *d, const char *command_line, const struct err *why,
		  struct err *err);
int drill_run(struct drill *d,
	      struct err *err); /* the rest of the schedule: 0, or 1 when a trial failed */
/* Closes cluster and session. code: what drill_run gave. Returns it, or what is worse. */
int drill_end(struct drill *d, int code, struct err *err);

#endif
