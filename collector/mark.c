#include "collector/mark.h"
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SETTING "cluster.metadata.rejoin"
#define ASK_LIMIT_NS (30 * NS_PER_S)

static char *make_text(const char *study_uuid, int64_t session_id)
{
	char host[256] = "unknown", since[32];
	time_t now = (time_t)(clock_anchor_read().utc_ns / NS_PER_S);
	struct tm tm;
	gethostname(host, sizeof host - 1);
	strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	return mem_printf("%s session %lld on %s, pid %d, since %s", study_uuid,
			  (long long)session_id, host, (int)getpid(), since);
}

/* The mark that stands there; NULL: none. The caller frees. */
static int read_mark(struct loop *loop, struct http *http, const struct driver *driver,
		     char **ret_text, struct err *err)
{
	json_t *json = NULL;
	*ret_text = NULL;
	if (ask_any(loop, http, driver, -1, "GET", "/_cluster/settings?flat_settings=true", NULL,
		    ASK_LIMIT_NS, &json, err))
		return err->code;
	const char *text =
		json_string_value(json_object_get(json_object_get(json, "persistent"), SETTING));
	*ret_text = text ? mem_strdup(text) : NULL;
	json_decref(json);
	return 0;
}

static int write_mark(struct loop *loop, struct http *http, const struct driver *driver,
		      const char *text, struct err *err)
{
	json_t *body = json_pack("{s:{s:s?}}", "persistent", SETTING, text);
	char *dumped = json_dumps(body, JSON_COMPACT);
	int code = ask_any(loop, http, driver, -1, "PUT", "/_cluster/settings", dumped,
			   ASK_LIMIT_NS, NULL, err);
	json_decref(body);
	free(dumped);
	return code;
}

static int refuse(const struct driver *driver, const char *text, struct err *err)
{
	return err_set(err, ERR_ENV,
		       "another drill has marked this cluster: %.300s. If that is over: heal its "
		       "recording, or set the persistent setting " SETTING " to null at %s",
		       text, driver->nodes.v[0].http_url);
}

int mark_take(struct loop *loop, struct http *http, const struct driver *driver,
	      const char *study_uuid, int64_t session_id, struct err *err)
{
	char *mine = make_text(study_uuid, session_id), *there;
	int code = read_mark(loop, http, driver, &there, err);
	if (!code && there && !str_starts(there, study_uuid))
		code = refuse(driver, there, err);
	free(there);
	there = NULL;
	if (!code)
		code = write_mark(loop, http, driver, mine, err);
	/* whoever wrote last has it: both read, and one of them yields */
	if (!code)
		code = read_mark(loop, http, driver, &there, err);
	if (!code && (!there || strcmp(there, mine) != 0))
		code = refuse(driver, there ? there : "it was removed at once", err);
	free(there);
	free(mine);
	return code;
}

int mark_clear(struct loop *loop, struct http *http, const struct driver *driver,
	       const char *study_uuid, struct err *err)
{
	char *there;
	int code = read_mark(loop, http, driver, &there, err);
	if (!code && there && str_starts(there, study_uuid))
		code = write_mark(loop, http, driver, NULL, err);
	free(there);
	return code;
}
