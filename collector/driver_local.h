/* driver_local: private parts of the local driver, whose nodes are the collector's own processes.
 *
 * A life of a node is one run of bin/elasticsearch: the launcher, which we forked and which leads a
 * session of its own, and the server JVM, whose pid is in the pid file. (In Elasticsearch 7 and
 * OpenSearch both are the same process.) The launcher is reaped only when the server is gone too,
 * so that its pid, which names the process group, cannot become somebody else's before that.
 *
 * When the collector dies, the kernel kills the launchers (PR_SET_PDEATHSIG), and a server ends
 * when its pipe from the launcher closes. A paused server does not: that, and the folder, is for
 * sweep.
 *
 * Every process of a run carries REJOIN_RUN=<work_dir> and REJOIN_NODE=<its folder> in its
 * environment: by these it is known, since newer servers name their folder nowhere in their command
 * line. */
#ifndef REJOIN_COLLECTOR_DRIVER_LOCAL_H
#define REJOIN_COLLECTOR_DRIVER_LOCAL_H

#include "collector/driver.h"
#include "collector/local_cut.h"
#include "collector/local_files.h"
#include "collector/local_setup.h"

#define LOCAL_MAX_NODES 9
/* In every work_dir: the driver made it, so it may remove it. */
#define LOCAL_MARKER ".rejoin-run"

struct local;

struct local_node {
	struct local *local;
	int index;
	char *name;
	char *dir; /* <work_dir>/<label>/<name> */
	struct files_owner owner;
	struct port_pair ports;

	pid_t launcher;			     /* 0: no life; not reaped yet */
	struct loop_process *launcher_watch; /* NULL: ended */
	pid_t server;			     /* 0: not known yet */
	int server_fd;			     /* pidfd, while server is not 0 */
	struct loop_process *server_watch;   /* NULL: ended */
	struct loop_timer linger;	     /* the launcher's time to end after its server */
	bool ending;			     /* asked to end */
	bool told_gone;			     /* DRIVER_GONE of this life is out */
	int exit_status;		     /* of the last life, as waitpid gives it */

	bool start_wanted; /* when this life has ended */
	bool acting;	   /* an action's DRIVER_ACTED is outstanding */
	struct driver_event acted;
	char *acted_error;
	struct loop_timer acted_timer;

	off_t log_from, out_from; /* where the present life begins in the node's log and output */
};

struct local {
	struct driver base;
	const struct plan *plan;
	char *work_dir; /* absolute */
	struct local_home home;
	char *java;
	bool as_root; /* the nodes run as users of their own */
	uid_t first_uid;
	int max_nodes;
	struct port_pair ports[LOCAL_MAX_NODES]; /* for the whole run */
	int inotify_fd;				 /* on the nodes' folders: pid files */
	struct loop_source *inotify_source;

	struct cut cut;

	int cluster; /* open one, -1: none */
	char *cluster_name, *cluster_dir;
	int n_nodes;
	struct local_node nodes[LOCAL_MAX_NODES];
};

/* One life (local_life.c). */
int life_start(struct local_node *node, struct err *err); /* fills acted.issued_ns and done_ns */
int life_signal(struct local_node *node, int signal_number, struct err *err); /* fills them too */
bool life_running(const struct local_node *node);
void life_find_server(struct local_node *node); /* once its pid file is there */
void life_kill(struct local_node *node); /* all of it, paused or not; ends come through the loop */
void life_abandon(struct local_node *node); /* forgets one that would not end */
/* The action in node->acted is over; error may be NULL. Told from the loop. */
void life_acted(struct local_node *node, const char *error);

/* A change of the cuts is over (driver_local.c). */
cut_fn local_on_cut;

/* Writes what the node reads at its start (local_nodes.c). */
int nodes_write_config(struct local_node *node, struct err *err);
/* Folders and local->nodes for cluster, nothing started. */
int nodes_make(struct local *local, int cluster, struct err *err);
void nodes_done(struct local *local);

/* Processes (local_process.c). */
struct process_spec {
	char *const *argv; /* argv[0] is a path */
	char *const *envp;
	const char *dir;      /* working folder */
	const char *out_path; /* stdout and stderr are appended to it */
	struct files_owner owner;
	bool switch_user; /* become owner */
};
int process_spawn(const struct process_spec *spec, pid_t *ret_pid, int64_t *ret_issued_ns,
		  int64_t *ret_done_ns, struct err *err);
/* Is entry ("REJOIN_RUN=/tmp/rejoin-x") in the environment that the process was started with? */
bool process_has_env(pid_t pid, const char *entry);
/* After the end of a server: removes the socket that a JVM which attached to itself leaves in /tmp
 * (its place is fixed: os::get_temp_directory) when it is killed. */
void process_tidy(pid_t pid);
typedef void process_fn(void *arg, pid_t pid);
void process_each_of_run(const char *work_dir, process_fn *fn, void *arg);
/* Ends every process of the run, at most 10 s. ERR_UNHEALED names those that are left. */
int process_end_run(struct loop *loop, const char *work_dir, int *ret_n, struct err *err);

/* The sweep of the driver (local_run.c, beside driver_local_new): refuses a folder without our
 * marker. */
int run_sweep(struct loop *loop, const char *work_dir, int *ret_n, struct err *err);

/* The operation (local_logs.c). */
enum tail_state local_read_log(struct driver *driver, int node, struct tail_mark *mark,
			       struct str *ret_text);

/* The last of what the node said (local_explain.c). */
void explain_node(const struct local_node *node, struct str *ret_text);
/* The lines of text that tell most: at most max_lines, those of errors if there are any. */
void explain_lines(const char *text, size_t max_lines, struct str *ret_text);

#endif
