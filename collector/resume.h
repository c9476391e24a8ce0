/* resume: an interrupted recording taken up again. */
#ifndef REJOIN_COLLECTOR_RESUME_H
#define REJOIN_COLLECTOR_RESUME_H

#include "collector/drill.h"

/* Finds the drill's study in its store: the one with the plan's hash (ERR_USAGE if there is none),
 * its arms and the places of the schedule that are done. */
int resume_study(struct drill *d, struct err *err);

/* The open cluster, if the study knows one of its label with this uuid: its row and those of its
 * nodes, which must have the names that they had (else ERR_ENV). Not known: cluster_id stays 0. */
int resume_cluster(struct drill *d, const char *uuid, struct err *err);
/* A node of the open cluster must be of the version that was recorded (else ERR_ENV): one row says
 * it for all its trials, those before an upgrade too. Drivers that only watch may see upgrades. */
int resume_check_version(struct drill *d, int node, const char *seen, struct err *err);
bool resume_is_done(const struct drill *d, int64_t position);

#endif
