/* diagnose: why a node does not come back, from its own log and from its neighbours'.
 *
 * Pure: texts in, a word and a sentence out. Every rule is a line that Elasticsearch 7.17 to 9.2 or
 * OpenSearch 2 to 3 really write (tests/campaign/diagnose.bats brings real nodes to it). */
#ifndef REJOIN_COLLECTOR_DIAGNOSE_H
#define REJOIN_COLLECTOR_DIAGNOSE_H

#include "lib/str.h"
#include <stdbool.h>

enum diagnosis {
	DIAGNOSIS_NONE,		 /* nothing that is known */
	DIAGNOSIS_CLUSTER_NAME,	 /* its neighbours have another cluster.name */
	DIAGNOSIS_SEED_HOSTS,	 /* discovery.seed_hosts lead nowhere */
	DIAGNOSIS_OTHER_CLUSTER, /* its data folder belongs to another cluster (uuid) */
	DIAGNOSIS_LOCKED_DATA,	 /* its data folder is in use by another process */
	DIAGNOSIS_PORT_IN_USE,
	DIAGNOSIS_NO_QUORUM, /* it is up, but too few voters are */
	DIAGNOSIS_BOOTSTRAP_CHECK,
	DIAGNOSIS_DISK_FULL,
	DIAGNOSIS_BAD_SETTING, /* an unknown or impossible setting */
	DIAGNOSIS_MEMORY,      /* no memory for the heap, or killed for want of it */
	N_DIAGNOSES
};
extern const char
	*const diagnosis_names[N_DIAGNOSES]; /* as in the store: "cluster_name", ...; NONE: "" */

/* log: what the node wrote since it was started (its log file, or its stdout), oldest first;
 * others: what its neighbours wrote meanwhile; both may be "". others_up: some neighbour answers
 * now. Adds to ret_text one sentence for an operator, with the name, port or path that the log
 * names; nothing for NONE. */
enum diagnosis diagnose(const char *log, const char *others, bool others_up, struct str *ret_text);

#endif
