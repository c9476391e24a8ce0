#include "collector/mark.h"
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "cluster.metadata.rejoin."
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

struct marks {
	char *other; /* the setting of another's mark, and what it says; NULL: none */
	char *text;
	bool mine;
};

static void marks_done(struct marks *marks)
{
	free(marks->other);
	free(marks->text);
}

static void sort_mark(struct marks *marks, const char *setting, const char *text, const char *mine)
{
	if (strcmp(setting, mine) == 0) {
		marks->mine = true;
	} else if (!marks->other && str_starts(setting, PREFIX)) {
		marks->other = mem_strdup(setting);
		marks->text = mem_strdup(text ? text : "");
	}
}

/* From the elected master, hence after everything that it acknowledged. The caller says marks_done.
 */
static int read_marks(struct loop *loop, struct http *http, const struct driver *driver,
		      const char *mine, struct marks *ret_marks, struct err *err)
{
	json_t *json = NULL, *value;
	const char *setting;
	*ret_marks = (struct marks){0};
	if (ask_any(loop, http, driver, -1, "GET", "/_cluster/settings?flat_settings=true", NULL,
		    ASK_LIMIT_NS, &json, err))
		return err->code;
	json_object_foreach(json_object_get(json, "persistent"), setting, value)
	{
		sort_mark(ret_marks, setting, json_string_value(value), mine);
	}
	json_decref(json);
	return 0;
}

static int write_mark(struct loop *loop, struct http *http, const struct driver *driver,
		      const char *setting, const char *text, struct err *err)
{
	json_t *body = json_pack("{s:{s:s?}}", "persistent", setting, text);
	char *dumped = json_dumps(body, JSON_COMPACT);
	int code = ask_any(loop, http, driver, -1, "PUT", "/_cluster/settings", dumped,
			   ASK_LIMIT_NS, NULL, err);
	json_decref(body);
	free(dumped);
	return code;
}

static int refuse(const struct driver *driver, const struct marks *marks, struct err *err)
{
	return err_set(err, ERR_ENV,
		       "another drill has marked this cluster: %.300s. If that is over: heal its "
		       "recording, or set the persistent setting %s to null at %s",
		       marks->text, marks->other, driver->nodes.v[0].http_url);
}

static int look_for_others(struct loop *loop, struct http *http, const struct driver *driver,
			   const char *mine, struct err *err)
{
	struct marks marks;
	int code = read_marks(loop, http, driver, mine, &marks, err);
	if (!code && marks.other)
		code = refuse(driver, &marks, err);
	marks_done(&marks);
	return code;
}

int mark_take(struct loop *loop, struct http *http, const struct driver *driver,
	      const char *study_uuid, int64_t session_id, struct err *err)
{
	char *setting = mem_printf(PREFIX "%s", study_uuid);
	char *text = make_text(study_uuid, session_id);
	int code = look_for_others(loop, http, driver, setting, err);
	if (!code)
		code = write_mark(loop, http, driver, setting, text, err);
	/* two that came at once have both written by now, so that the later one at least sees the
	 * other */
	if (!code && look_for_others(loop, http, driver, setting, err)) {
		struct err ignored = ERR_INIT;
		code = err->code;
		write_mark(loop, http, driver, setting, NULL, &ignored);
	}
	free(setting);
	free(text);
	return code;
}

static int clear(struct loop *loop, struct http *http, const struct driver *driver,
		 const char *setting, struct err *err)
{
	struct marks marks;
	int code = read_marks(loop, http, driver, setting, &marks, err);
	if (!code && marks.mine)
		code = write_mark(loop, http, driver, setting, NULL, err);
	marks_done(&marks);
	return code;
}

int mark_clear(struct loop *loop, struct http *http, const struct driver *driver,
	       const char *study_uuid, struct err *err)
{
	char *setting = mem_printf(PREFIX "%s", study_uuid);
	struct err first = ERR_INIT;
	int code = clear(loop, http, driver, setting, &first);
	if (code == ERR_INTERRUPTED) /* a mark must not stay for a ^C */
		code = clear(loop, http, driver, setting, err);
	else if (code)
		err_set(err, code, "%s", first.text);
	free(setting);
	return code;
}
