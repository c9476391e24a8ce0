/* fake_engine: a Docker engine on a unix socket, in the test's own loop, that answers what it is
 * told to.
 *
 * A rule is the beginning of a request, "POST /v1.41/containers/c1/stop", and what is answered; of
 * several that match the last one counts. What no rule matches is 500 "no rule". */
#ifndef REJOIN_TESTS_FAKE_ENGINE_H
#define REJOIN_TESTS_FAKE_ENGINE_H

#include "lib/loop.h"
#include <stddef.h>

struct fake_engine;
struct fake_engine *fake_engine_new(struct loop *loop, const char *socket_path);
void fake_engine_free(struct fake_engine *engine);

/* From now on, and to those that were held. body NULL: none. */
void fake_engine_says(struct fake_engine *engine, const char *rule, int status, const char *body);
void fake_engine_says_n(struct fake_engine *engine, const char *rule, int status, const char *body,
			size_t n);
/* Not answered until the rule is told what to say. */
void fake_engine_holds(struct fake_engine *engine, const char *rule);
/* How many requests began so. */
int fake_engine_asked(const struct fake_engine *engine, const char *rule);
/* The last request that began so, "POST /..."; "" for none. */
const char *fake_engine_last(const struct fake_engine *engine, const char *rule);
/* Its socket is gone, and every connection. And there again. */
void fake_engine_vanish(struct fake_engine *engine);
void fake_engine_return(struct fake_engine *engine);

#endif
