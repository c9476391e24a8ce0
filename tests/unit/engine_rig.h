/* engine_rig: a fake engine that listens in a folder of its own. For the tests of the engine's side
 * of the docker driver. */
#ifndef REJOIN_TESTS_ENGINE_RIG_H
#define REJOIN_TESTS_ENGINE_RIG_H

#include "collector/docker_engine.h"
#include "lib/mem.h"
#include "tests/unit/fake_engine.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64], *sock, *address; /* of the test at hand */
static struct loop *loop;
static struct fake_engine *fake;
static struct docker_engine *engine; /* made by the test, freed here; NULL: none */

static inline int engine_rig_open(void)
{
	struct err err = ERR_INIT;

	snprintf(dir, sizeof dir, "/tmp/rejoin-unit-XXXXXX");
	if (!mkdtemp(dir) || loop_open(&loop, &err))
		return -1;
	sock = mem_printf("%s/sock", dir);
	address = mem_printf("unix://%s", sock);
	fake = fake_engine_new(loop, sock);
	engine = NULL;
	return 0;
}

static inline int engine_rig_close(void)
{
	docker_engine_free(engine);
	fake_engine_free(fake);
	loop_close(loop);
	free(address);
	free(sock);
	return rmdir(dir);
}

#endif
