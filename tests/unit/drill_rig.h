/* drill_rig: a drill of a plan for three nodes, n1 to n3, on a fake cluster. What the driver does
 * to a node is the test's own. A test's rig begins with a struct drill_rig: the ops get it back
 * from the driver, which stands first in it. For the tests of drills alone. */
#ifndef REJOIN_TESTS_DRILL_RIG_H
#define REJOIN_TESTS_DRILL_RIG_H

#include "collector/drill.h"
#include "lib/mem.h"
#include "tests/unit/fake.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { N_NODES = 3 };

struct drill_rig {
	struct driver driver; /* first */
	struct fake fake;
	struct drill d;
	struct plan *plan;
	char folder[64], db[96];
};

/* Takes line. */
static inline void say(struct drill_rig *rig, char *line)
{
	fake_plan(&rig->fake, line);
	free(line);
}

/* ---- slots of the driver that are alike for all ---- */

static inline int fake_open(struct driver *driver, int cluster, struct err *err)
{
	struct drill_rig *rig = (struct drill_rig *)driver;

	(void)cluster;
	(void)err;
	if (!driver->nodes.n)
		fake_nodes(&rig->fake, driver, N_NODES);
	return 0;
}

static inline void fake_explain(struct driver *driver, int node, struct str *ret_text)
{
	(void)driver;
	str_addf(ret_text, "n%d said nothing", node + 1);
}

/* ---- the drill ---- */

/* set: one key=value of --set, or NULL. */
static inline int read_plan(struct drill_rig *rig, const char *text, const char *set)
{
	char *path = mem_printf("%s/plan.yml", rig->folder);
	FILE *f = fopen(path, "we");
	struct err err = ERR_INIT;
	int code = -1;

	if (f && fputs(text, f) >= 0 && fclose(f) == 0)
		code = plan_read(path, set ? &set : NULL, set != NULL, &rig->plan, &err);
	unlink(path);
	free(path);
	return code;
}

/* Up to a drill that is begun, with no cluster open. */
static inline int drill_rig_set_up(struct drill_rig *rig, const struct driver_ops *ops,
				   const char *plan_text, const char *set)
{
	struct err err = ERR_INIT;

	snprintf(rig->folder, sizeof rig->folder, "/tmp/rejoin-unit-XXXXXX");
	if (!mkdtemp(rig->folder))
		return -1;
	snprintf(rig->db, sizeof rig->db, "%s/drill.sqlite", rig->folder);
	if (read_plan(rig, plan_text, set) || loop_open(&rig->d.loop, &err) ||
	    http_open(rig->d.loop, &rig->d.http, &err) ||
	    store_open(rig->db, STORE_CREATE, &rig->d.store, &err))
		return -1;
	fake_start(&rig->fake, rig->d.loop, "seed 1\n", "n1 n2 n3");
	rig->driver.ops = ops;
	rig->driver.loop = rig->d.loop;
	rig->d.driver = &rig->driver;
	rig->d.plan = rig->plan;
	return drill_begin(&rig->d, "[]", NULL, false, &err);
}

/* ended: by the test. */
static inline int drill_rig_tear_down(struct drill_rig *rig, bool ended)
{
	struct err err = ERR_INIT;
	if (!ended)
		drill_end(&rig->d, 0, &err);
	store_close(rig->d.store, &err);
	fake_stop(&rig->fake);
	http_close(rig->d.http);
	loop_close(rig->d.loop);
	plan_free(rig->plan);
	fake_nodes_done(&rig->driver);
	unlink(rig->db);
	rmdir(rig->folder);
	return err.code;
}

#endif
