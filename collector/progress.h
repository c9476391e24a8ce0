/* progress: how a run is going, on stderr. On a terminal one line that is written over, with phase
 * and time left; for every finished trial one plain line. */
#ifndef REJOIN_COLLECTOR_PROGRESS_H
#define REJOIN_COLLECTOR_PROGRESS_H

#include "collector/trial.h"

void progress_cluster(const struct drill *d, const char *what); /* "starting 3-masters" */
void progress_phase(const struct trial *trial);
void progress_trial(const struct trial *trial, const metric_values *values); /* it is over */
void progress_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
