/* docker_engine: questions to a Docker engine, over its unix socket or TCP.
 *
 * Speaks the Engine API from 1.30 on, in the newest version that both sides know. What the engine
 * says of a failure is passed on in one line. Nothing here knows about nodes. */
#ifndef REJOIN_COLLECTOR_DOCKER_ENGINE_H
#define REJOIN_COLLECTOR_DOCKER_ENGINE_H

#include "lib/err.h"
#include "lib/http.h"
#include "lib/loop.h"
#include "lib/str.h"
#include <jansson.h>

struct docker_engine {
	struct loop *loop;
	struct http *http;
	char *where;	   /* "unix:///var/run/docker.sock" */
	char *socket_path; /* NULL: TCP */
	char *host;	   /* of tcp://host:port; NULL: a unix socket */
	char *base;	   /* "http://localhost" */
	char *version;	   /* "1.41"; NULL: not connected */
};

const char *docker_engine_address(void); /* DOCKER_HOST, and without one the usual socket */

/* address: "unix:///path" or "tcp://host[:port]"; NULL: docker_engine_address. Asks nothing yet.
 * ERR_USAGE: another kind of address. */
int docker_engine_new(const char *address, struct loop *loop, struct docker_engine **ret_engine,
		      struct err *err);
void docker_engine_free(struct docker_engine *engine); /* NULL is fine; its calls are freed */

/* Agrees on the version. ERR_ENV: no engine there, or one too old. */
int docker_engine_connect(struct docker_engine *engine, struct err *err);

/* "http://localhost/v1.41" and the path. The caller frees. */
char *docker_engine_url(const struct docker_engine *engine, const char *path);
/* Adds text with what has a meaning in a URL escaped. */
void docker_add_escaped(struct str *url, const char *text);

/* A GET that is waited for; answers that are longer than max_bytes are cut, and ret_cut (may be
 * NULL) says so. ret_status (may be NULL): of the answer, 0 where there was none. ERR_ENV unless
 * it is 200. */
int docker_engine_read(struct docker_engine *engine, const char *url, size_t max_bytes,
		       struct str *ret_body, bool *ret_cut, long *ret_status, struct err *err);
/* The same, read as JSON. */
int docker_engine_get(struct docker_engine *engine, const char *url, json_t **ret_json,
		      long *ret_status, struct err *err);

/* Adds in one line why there was no answer, or what the engine said. */
void docker_engine_explain(const struct docker_engine *engine, const struct http_answer *answer,
			   struct str *ret_text);

#endif
