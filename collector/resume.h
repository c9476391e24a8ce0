/* resume: an interrupted recording taken up again. */
#ifndef REJOIN_COLLECTOR_RESUME_H
#define REJOIN_COLLECTOR_RESUME_H

#include "collector/drill.h"

/* Finds the drill's study in its store: the one with the plan's hash (ERR_USAGE if there is none),
 * its arms and the places of the schedule that are done. */
int resume_study(struct drill *d, struct err *err);
bool resume_is_done(const struct drill *d, int64_t position);

#endif
