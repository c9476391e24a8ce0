/* driver_command: private parts of the command driver, whose nodes are other people's services,
 * reached through commands that the plan gives.
 *
 * An action is a call of its template, after one of status where that gives the {pid}; a start that
 * fails where status says that the node runs has worked. Beside that the end of a node is watched
 * for: from a stop or kill on, status is asked until it says no. An answer was true at some moment
 * between its question and its end, so the node ended between the last question that was answered
 * yes and the end of the first no. */
#ifndef REJOIN_COLLECTOR_DRIVER_COMMAND_H
#define REJOIN_COLLECTOR_DRIVER_COMMAND_H

#include "collector/command_call.h"
#include "collector/command_template.h"
#include "collector/driver.h"

enum { COMMAND_STATUS_BYTES = 4096 }; /* read of what status prints */

struct command;

struct command_node {
	struct command *command;
	int index;
	char *host, *port; /* of its URL */

	bool acting; /* an action's DRIVER_ACTED is outstanding */
	enum action action;
	struct call *call; /* its template's, or of status before it */
	char *pid;
	int64_t issued_ns, done_ns;
	char *error;
	bool started_again; /* the action, a start, is in its second call */
	struct loop_timer acted_timer;
	bool queued; /* another action waits for this one */
	enum action next;

	bool watching; /* for its end */
	struct call *watch_call;
	struct loop_timer watch_timer;
	int64_t runs_ns; /* it ran then */
	bool is_gone;	 /* and DRIVER_GONE is not told yet */
	struct interval gone;

	struct str said;	 /* error output of the last action */
	int64_t since_utc_ns;	 /* what it logs from here on explains it */
	struct reading *reading; /* of its log, waited for */
};

struct command {
	struct driver base;
	const struct plan *plan;
	char **envp;
	bool is_open;
	VEC(struct command_node) nodes; /* as base.nodes */
};

/* What a call of status said. Not known: no ssh, no shell, no answer; it is asked again. */
enum command_status { STATUS_RUNS, STATUS_ENDED, STATUS_UNKNOWN };
enum command_status command_status_of(const struct call_result *result);

/* Calls a template of the node (command_run.c). since: NULL but for logs. */
int command_call(struct command_node *node, enum command_template which, const char *since,
		 size_t max_out_bytes, call_fn *fn, struct call **ret_call, struct err *err);
const char *command_program(const struct command_node *node, enum command_template which);
const char *command_node_name(const struct command_node *node);

/* The watch (command_watch.c): from a stop or kill on, while status is there to be asked. */
void command_node_tell(struct command_node *node, struct driver_event *event);
void command_node_tell_gone(struct command_node *node);
bool command_node_is_watched(const struct command_node *node); /* is there what to ask? */
void command_node_begin_watch(struct command_node *node);
void command_node_stop_watch(struct command_node *node);

/* The operation act; what follows comes from the loop. */
int command_node_act(struct command_node *node, enum action action, struct err *err);
/* Takes back what waits for its turn, unless it undoes: its DRIVER_ACTED tells why not. */
void command_node_drop_queued(struct command_node *node);
bool command_node_is_idle(const struct command_node *node);
void command_node_done(struct command_node *node);

/* The operations (command_logs.c). */
enum tail_state command_read_log(struct driver *driver, int node, struct tail_mark *mark,
				 struct str *ret_text);
void command_explain(struct driver *driver, int node, struct str *ret_text);

#endif
