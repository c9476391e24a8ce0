/* effective: which settings are in force on the nodes of the open cluster, as they say themselves:
 * those that bear on elections, and those that the plan sets. */
#ifndef REJOIN_COLLECTOR_EFFECTIVE_H
#define REJOIN_COLLECTOR_EFFECTIVE_H

#include "collector/drill.h"

/* Asks every node and stores what it says (table effective_setting), in one transaction. What a
 * product does not show is left out. */
int effective_record(struct drill *d, struct err *err);

#endif
