/* diagnose_node: the diagnosis of a node of the open cluster, from its log and its neighbours'. */
#ifndef REJOIN_COLLECTOR_DIAGNOSE_NODE_H
#define REJOIN_COLLECTOR_DIAGNOSE_NODE_H

#include "collector/diagnose.h"
#include "collector/drill.h"

/* Reads what the nodes wrote since the running trial began, as far as the driver can. Adds one
 * sentence to ret_text unless it returns DIAGNOSIS_NONE. */
enum diagnosis diagnose_node(struct drill *d, int node, struct str *ret_text);

#endif
