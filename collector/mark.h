/* mark: says on a cluster that is not the collector's own that a drill is going on there, so that
 * two collectors exclude each other.
 *
 * The persistent setting cluster.metadata.rejoin.STUDY_UUID holds "STUDY_UUID session N on HOST,
 * pid P, since UTC". (cluster.metadata.* is a free-form group of both products.) Settings know no
 * compare-and-set: each collector writes a setting of its own and then looks for others. Of two
 * that come at once one yields, or both. */
#ifndef REJOIN_COLLECTOR_MARK_H
#define REJOIN_COLLECTOR_MARK_H

#include "collector/driver.h"
#include "lib/http.h"
#include "lib/loop.h"

/* Through any node that answers. Another study's mark stands there, or came there at the same time:
 * ERR_ENV, one line that shows it and says how to clear it. After any failure our own may stand: a
 * request that was not answered may be done all the same. */
int mark_take(struct loop *loop, struct http *http, const struct driver *driver,
	      const char *study_uuid, int64_t session_id, struct err *err);
/* Removes the mark of that study; another's, or none, is left alone and no error. */
int mark_clear(struct loop *loop, struct http *http, const struct driver *driver,
	       const char *study_uuid, struct err *err);

#endif
