/* heal_steps: the open steps of a session on nodes that are not the collector's own, undone. */
#ifndef REJOIN_COLLECTOR_HEAL_STEPS_H
#define REJOIN_COLLECTOR_HEAL_STEPS_H

#include "collector/driver.h"
#include "lib/loop.h"
#include "schema/store.h"

/* Undoes them cluster by cluster, the last one first, clears exclusions and the drill's mark, and
 * removes the write probe's index. What was undone is stored at once. ERR_UNHEALED names what is
 * left. */
int heal_steps(struct loop *loop, struct store *store, int64_t session_id, const char *study_uuid,
	       struct plan *plan, struct err *err);

#endif
