/* The logs that the nodes of the local driver write. */
#include "collector/driver_local.h"
#include "lib/mem.h"
#include <stdlib.h>

#define MAX_LOG_BYTES ((size_t)16 << 20) /* of one trial; a usual one has some KB */

enum tail_state local_read_log(struct driver *driver, int node, struct tail_mark *mark,
			       struct str *ret_text)
{
	const struct local *local = (const struct local *)driver; /* base is its first member */
	char *path = mem_printf("%s/logs/%s.log", local->nodes[node].dir, local->cluster_name);
	enum tail_state state = TAIL_WHOLE;

	if (ret_text)
		state = tail_read(mark, path, MAX_LOG_BYTES, ret_text);
	else
		tail_set(mark, path);
	free(path);
	return state;
}
