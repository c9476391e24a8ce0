/* The driver that does nothing: it knows where the nodes are, and others do with them what they do.
 */
#include "collector/driver.h"
#include "lib/mem.h"
#include <stdlib.h>

struct none {
	struct driver base; /* first */
	const struct plan *plan;
};

static struct none *none_of(struct driver *driver)
{
	return (struct none *)driver;
}

static int none_open(struct driver *driver, int cluster, struct err *err)
{
	const struct plan_cluster *planned = &none_of(driver)->plan->clusters.v[cluster];

	(void)err;
	for (size_t i = 0; i < planned->hosts.n; i++) {
		const struct plan_host *host = &planned->hosts.v[i];
		struct driver_node node = {.name = mem_strdup(host->name),
					   .http_url = mem_strdup(host->url),
					   .master_eligible = host->master_eligible};

		vec_push(&driver->nodes, node);
	}
	return 0;
}

static int none_act(struct driver *driver, int node, enum action action, struct err *err)
{
	return err_set(err, ERR_ENV, "%s: %s: driver none does nothing to a node",
		       driver->nodes.v[node].name, action_names[action]);
}

static void none_explain(struct driver *driver, int node, struct str *ret_text)
{
	(void)driver;
	(void)node;
	(void)ret_text;
}

static int none_close(struct driver *driver, struct err *err)
{
	(void)err;
	for (size_t i = 0; i < driver->nodes.n; i++) {
		free(driver->nodes.v[i].name);
		free(driver->nodes.v[i].http_url);
	}
	driver->nodes.n = 0;
	return 0;
}

static void none_free(struct driver *driver)
{
	if (driver)
		vec_done(&driver->nodes);
	free(driver);
}

const struct driver_ops driver_none_ops = {
	.name = "none",
	.watches_only = true,
	.open = none_open,
	.act = none_act,
	.explain = none_explain,
	.close = none_close,
	.free = none_free,
	.sweep = driver_sweep_nothing,
};

int driver_none_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		    struct driver **ret_driver, struct err *err)
{
	struct none *none = mem_alloc(sizeof *none);

	(void)work_dir;
	(void)err;
	none->base.ops = &driver_none_ops;
	none->base.loop = loop;
	none->plan = plan;
	*ret_driver = &none->base;
	return 0;
}
