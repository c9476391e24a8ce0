/* indices: many small indices, which make the cluster state as large as a plan wants it
 * (factors.indices). */
#ifndef REJOIN_COLLECTOR_INDICES_H
#define REJOIN_COLLECTOR_INDICES_H

#include "collector/driver.h"
#include "lib/http.h"
#include "lib/loop.h"

/* Makes rejoin-size-00001, ... (one shard, no replica), a few at a time; those that are there
 * already count. Returns when all are assigned. Interruptible. */
int indices_make(struct loop *loop, struct http *http, const struct driver *driver, int64_t n,
		 struct err *err);

#endif
