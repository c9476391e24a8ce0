/* watch: records what others do to a cluster. Nothing is ever written to it.
 *
 * The time is cut into windows, and each is a trial of the arm "watched": one ends when something
 * happened and the cluster has been whole again for the settle time, after an hour in which nothing
 * did, or with the watch. Of quiet time only the last seconds of samples are kept (WATCH_KEPT_NS);
 * what was dropped is counted, and the incident "quiet_polls" says how many. */
#ifndef REJOIN_COLLECTOR_WATCH_H
#define REJOIN_COLLECTOR_WATCH_H

#include "collector/drill.h"

#define WATCH_KEPT_NS (15 * NS_PER_S)
#define WATCH_WINDOW_NS (3600 * NS_PER_S)

struct watch_options {
	int64_t for_ns;	   /* 0: until a signal */
	int64_t settle_ns; /* whole for so long: it is over */
};

/* Watches the one cluster of the plan until a signal or for_ns: 0, or an err_code. A window that
 * ends before the cluster is whole again is no_rejoin; that is no error. options: struct
 * watch_options. */
int watch_run_windows(void *options, struct drill *d, struct err *err);

#endif
