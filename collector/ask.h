/* ask: one request to a node and its answer, waited for. For what is asked at leisure: nothing is
 * being timed meanwhile. */
#ifndef REJOIN_COLLECTOR_ASK_H
#define REJOIN_COLLECTOR_ASK_H

#include "collector/driver.h"
#include "lib/http.h"
#include "lib/loop.h"
#include "lib/str.h"
#include <jansson.h>

/* body may be NULL. ret_json (NULL: not wanted) gets the answer's JSON, a new reference. No answer,
 * another status than 200 or 201, or an answer that is no JSON: ERR_ENV, "http://es1:9200:
 * refused", and in plain words where credentials are the matter. A signal that comes meanwhile:
 * ERR_INTERRUPTED; after it nothing is interrupted any more, so that what has to be put right is.
 */
int ask(struct loop *loop, struct http *http, const char *method, const char *url, const char *body,
	int64_t timeout_ns, json_t **ret_json, struct err *err);

/* The same of path ("/_cluster/settings"), put to one node after another until one answers it; but
 * a node that is `except` (-1: none) is not asked. */
int ask_any(struct loop *loop, struct http *http, const struct driver *driver, int except,
	    const char *method, const char *path, const char *body, int64_t timeout_ns,
	    json_t **ret_json, struct err *err);

/* The answer as it is. */
struct ask_answer {
	bool answered; /* a failure is an answer too: false after a signal */
	long status;   /* 0: none */
	struct str body;
	char why[256]; /* in words: why there is none, or "HTTP status 503: ..." */
};
/* The same without a judgement. interruptible: a signal ends the wait (LOOP_INTERRUPTED). answer is
 * {0} or one of before; its body is the caller's to free. */
enum loop_end ask_once(struct loop *loop, struct http *http, const char *method, const char *url,
		       const char *body, int64_t timeout_ns, bool interruptible,
		       struct ask_answer *answer);

/* The reason that an error answer of a node gives, on one line; "" where it gives none (a proxy's
 * page). */
void ask_reason(const char *body, size_t n, char *ret_text, size_t size);

#endif
