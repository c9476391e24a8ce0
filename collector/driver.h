/* driver: where nodes live, and how they are stopped, started and paused.
 *
 * One table of operations per kind (local, docker, command, none; a fake in tests/), state apart.
 * Everything that takes time is begun here and reported through on_event from the loop. A driver
 * never decides what is done to which node, and never speaks to the store. */
#ifndef REJOIN_COLLECTOR_DRIVER_H
#define REJOIN_COLLECTOR_DRIVER_H

#include "collector/plan.h"
#include "collector/tail.h"
#include "lib/err.h"
#include "lib/loop.h"
#include "lib/str.h"
#include "lib/vec.h"
#include "schema/track.h"

enum action {
	ACTION_START,
	ACTION_STOP,
	ACTION_KILL,
	ACTION_PAUSE,
	ACTION_RESUME,
	ACTION_CUT,
	ACTION_MEND,
	/* never asked of a driver: */
	ACTION_NOOP,
	ACTION_EXCLUDE, /* from voting (handover.h), which makes a master hand over */
	ACTION_INCLUDE,
	N_ACTIONS
};
extern const char *const action_names[N_ACTIONS]; /* as in the store: "start", ... */
bool action_undoes(enum action action);		  /* start, resume, mend, include */

struct driver_node {
	char *name;	/* node.name */
	char *http_url; /* "http://127.0.0.1:19200", no path */
	bool master_eligible;
	/* Which side of a cut it is on (set by the trial before ACTION_CUT): a node is cut off from
	 * those on the other side. */
	bool cut_off;
};

struct driver_event {
	enum { DRIVER_ACTED, DRIVER_GONE } kind;
	int node; /* index into nodes */
	/* ACTED: the action begun last on this node is done; error NULL when it worked */
	enum action action;
	int64_t issued_ns, done_ns; /* just before the call, just after it returned */
	const char *error;
	/* GONE: the node's process ended in this interval; told for every end, asked for or not */
	struct interval gone;
};

struct driver {
	const struct driver_ops *ops;
	struct loop *loop;
	VEC(struct driver_node) nodes; /* filled by open */
	void (*on_event)(void *arg, const struct driver_event *event);
	void *arg;
};

struct driver_ops {
	const char *name;
	/* True: the clusters are the driver's own making; close removes them, and nothing of them
	 * outlives the run. */
	bool owns_nodes;
	/* True: nothing is ever done to the cluster, not even marked; act fails. */
	bool watches_only;

	/* Makes or finds the nodes of plan->clusters[cluster], fills driver->nodes and, where it
	 * owns them, begins to start all of them (it does not wait: whoever polls sees them come
	 * up). work_dir: folder of the run, made by the caller of driver_new. Opening a cluster
	 * again after close brings the same one back (same names, data, uuid).
	 * Where it does not own them: plan->clusters[cluster].hosts has every node's URL and name
	 * (asked of the nodes, or read from the recording), and the driver finds what it needs to
	 * act on each; what cannot be found is one line that says how to map it (ERR_ENV). A node
	 * need not be up. It also watches for ends of the nodes where it can. */
	int (*open)(struct driver *driver, int cluster, struct err *err);
	/* Begins an action; exactly one DRIVER_ACTED follows from the loop unless this fails.
	 * Actions under way on several nodes are independent. What undoes (start, resume, mend) is
	 * harmless on a node that needs it not: it succeeds. CUT cuts the node off from all those
	 * whose cut_off differs; MEND removes whatever cuts this node. */
	int (*act)(struct driver *driver, int node, enum action action, struct err *err);
	/* What is known of a node that does not come up: its last log lines, in words. */
	void (*explain)(struct driver *driver, int node, struct str *ret_text);
	/* ret_text NULL: sets mark to the present end of the node's own log. Else adds what the log
	 * got since, and is to be followed by tail_done. The instants in it are UTC. NULL: this
	 * driver cannot get at logs. */
	enum tail_state (*read_log)(struct driver *driver, int node, struct tail_mark *mark,
				    struct str *ret_text);
	/* Ends the use of the open cluster: where it owns the nodes, none of their processes is
	 * left when it returns (it runs the loop until then). Where it does not: what is under way
	 * is waited for, and what waits for that is taken back (its DRIVER_ACTED tells why not)
	 * unless it undoes: that is done first. Harmless when nothing is open. */
	int (*close)(struct driver *driver, struct err *err);
	void (*free)(struct driver *driver); /* after close; removes what was made on disk */
	/* Heals what a dead collector left: called on a fresh process with the work_dir of that
	 * session. For drivers that own their nodes: ends every process of it and removes the
	 * folder. ret_n: processes ended. Safe to repeat. */
	int (*sweep)(struct loop *loop, const char *work_dir, int *ret_n, struct err *err);
};

/* The driver of the plan. work_dir: a folder that does not exist yet and that the driver may make
 * and remove. */
int driver_new(const struct plan *plan, struct loop *loop, const char *work_dir,
	       struct driver **ret_driver, struct err *err);
const struct driver_ops *driver_ops_by_name(const char *name); /* NULL: none */
/* A slot for drivers whose nodes are not their own: whoever heals these does so by the steps that
 * are recorded. */
int driver_sweep_nothing(struct loop *loop, const char *work_dir, int *ret_n, struct err *err);

extern const struct driver_ops driver_local_ops;
/* Checks home, Java, heap, ports and user before anything is made: one line for what is missing
 * (ERR_ENV). */
int driver_local_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		     struct driver **ret_driver, struct err *err);

/* Only knows the nodes: what others do to them is watched. plan outlives the driver. */
extern const struct driver_ops driver_none_ops;
int driver_none_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		    struct driver **ret_driver, struct err *err);

extern const struct driver_ops driver_command_ops;
/* Checks the templates of the plan before anything is touched: what its faults need and what stands
 * in them (ERR_USAGE). plan outlives the driver. */
int driver_command_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		       struct driver **ret_driver, struct err *err);

extern const struct driver_ops driver_docker_ops;
/* Checks the faults and the engine's address (ERR_USAGE), and asks the engine nothing yet. plan
 * outlives the driver. */
int driver_docker_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		      struct driver **ret_driver, struct err *err);

#endif
