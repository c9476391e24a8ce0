/* resume: an interrupted recording taken up again, and what a dead collector left put right. */
#ifndef REJOIN_COLLECTOR_RESUME_H
#define REJOIN_COLLECTOR_RESUME_H

#include "collector/drill.h"

/* Finds the drill's study in its store: the one with the plan's hash (ERR_USAGE if there is none),
 * its arms and the places of the schedule that are done. */
int resume_study(struct drill *d, struct err *err);
bool resume_is_done(const struct drill *d, int64_t position);

/* Brings back what sessions that never ended left: processes and folders of owned nodes, open
 * steps, trials without an outcome (then aborted). Says on stdout what it did. ERR_UNHEALED:
 * something is left, and how to do it by hand. Safe to repeat. */
int heal_sessions(struct loop *loop, struct store *store, int *ret_n_sessions, struct err *err);

#endif
