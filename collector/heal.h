/* heal: what a dead collector left put right, from what it recorded before each deed.
 *
 * Nodes that are the driver's own end with their session: processes, rules and folder are swept
 * away. Nodes of others are brought back by undoing every open step, the last one first. */
#ifndef REJOIN_COLLECTOR_HEAL_H
#define REJOIN_COLLECTOR_HEAL_H

#include "lib/err.h"
#include "lib/loop.h"
#include "schema/store.h"

/* Brings back what sessions left that never ended, or ended with open steps; their trials without
 * an outcome are aborted. Says on stdout what it did. ERR_UNHEALED: something is left, and how to
 * do it by hand; or a signal came before it was done. Safe to repeat. */
int heal_sessions(struct loop *loop, struct store *store, int *ret_n_sessions, struct err *err);

#endif
