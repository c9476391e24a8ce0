#include "collector/indices.h"
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

#define MAKE_LIMIT_NS (60 * NS_PER_S)

/* One at a time: the master makes them one after another anyway. */
static int make_one(struct loop *loop, struct http *http, const struct driver *driver, int64_t i,
		    struct err *err)
{
	static const char body[] = "{\"settings\":{\"index\":{\"number_of_shards\":1,"
				   "\"number_of_replicas\":0}},\"mappings\":{\"dynamic\":false}}";
	struct err one = ERR_INIT;
	char *path = mem_printf("/rejoin-size-%05lld?wait_for_active_shards=0", (long long)i);
	int code = ask_any(loop, http, driver, -1, "PUT", path, body, MAKE_LIMIT_NS, NULL, &one);
	free(path);
	if (!code || strstr(one.text, "already exists"))
		return 0;
	if (code == ERR_INTERRUPTED)
		return err_set(err, code, "%s", one.text);
	return err_set(err, ERR_ENV, "factors.indices: index %lld: %s", (long long)i, one.text);
}

int indices_make(struct loop *loop, struct http *http, const struct driver *driver, int64_t n,
		 struct err *err)
{
	for (int64_t i = 1; i <= n; i++) {
		if (loop_interrupted(loop))
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		if (make_one(loop, http, driver, i, err))
			return err->code;
	}
	return ask_any(
		loop, http, driver, -1, "GET",
		"/_cluster/health?wait_for_no_initializing_shards=true&wait_for_status=yellow"
		"&timeout=60s",
		NULL, 2 * MAKE_LIMIT_NS, NULL, err);
}
