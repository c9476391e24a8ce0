/* local_cut: nodes of the local driver cut off from each other, by firewall rules (iptables).
 *
 * Every node runs as a user of its own, so that a rule can tell whose packets these are. A cut pair
 * gets two rules: what the one sends to the transport port of the other is dropped. HTTP stays
 * open: cut-off nodes can still be watched. All rules of a run stand in one chain named after its
 * folder, which is written anew with every change (iptables-restore: all or nothing) and by which a
 * sweep finds it. */
#ifndef REJOIN_COLLECTOR_LOCAL_CUT_H
#define REJOIN_COLLECTOR_LOCAL_CUT_H

#include "lib/err.h"
#include "lib/loop.h"
#include "lib/str.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CUT_MAX_NODES = 9, CUT_CHAIN_SIZE = 29 };

struct cut_node {
	uid_t uid;
	int transport_port;
};

/* issued_ns, done_ns: around the change that the node waited for. error NULL: it worked. */
typedef void cut_fn(void *arg, int node, int64_t issued_ns, int64_t done_ns, const char *error);

struct cut {
	struct loop *loop;
	char chain[CUT_CHAIN_SIZE];
	char *rules_path; /* written before each change */
	int n_nodes;
	struct cut_node nodes[CUT_MAX_NODES];
	bool pairs[CUT_MAX_NODES][CUT_MAX_NODES];
	bool linked;		      /* OUTPUT leads to the chain */
	bool will_be_linked;	      /* once the change under way is done */
	bool waiting[CUT_MAX_NODES];  /* for the next change */
	bool in_hand[CUT_MAX_NODES];  /* in the one under way */
	struct loop_process *process; /* of that; NULL: none */
	pid_t pid;
	int64_t issued_ns;
	cut_fn *fn;
	void *arg;
};

/* Can this process do it at all? One line that says what is missing (ERR_ENV). */
int cut_check(struct err *err);

void cut_init(struct cut *cut, struct loop *loop, const char *work_dir, cut_fn *fn, void *arg);
/* The nodes of the cluster that is open now; nobody is cut off. */
void cut_set_nodes(struct cut *cut, const struct cut_node *nodes, int n);
/* Cuts node off from those flagged in others; or mends all that cuts it. fn follows from the loop.
 */
int cut_begin(struct cut *cut, int node, const bool *others, struct err *err);
int cut_mend(struct cut *cut, int node, struct err *err);
/* Removes every rule and waits for a change under way. Harmless when there is none. */
int cut_close(struct cut *cut, struct err *err);
void cut_done(struct cut *cut); /* after cut_close */

/* The same for the run of a collector that is dead. ERR_UNHEALED says how to do it by hand. */
int cut_sweep(const char *work_dir, struct err *err);

/* What iptables-restore reads. For the tests. */
void cut_rules(const struct cut *cut, struct str *ret_text);

#endif
