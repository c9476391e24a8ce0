#include "collector/recording.h"
#include "collector/existing.h"
#include "collector/heal.h"
#include "collector/json_compact.h"
#include "collector/logs.h"
#include "collector/reopen.h"
#include "collector/secret.h"
#include "lib/log.h"
#include "lib/mem.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file's name may be anything: what is not UTF-8 is U+FFFD in the record. */
static json_t *word_json(const char *word)
{
	json_t *json = json_string(word);
	struct str clean = STR_INIT;
	if (json)
		return json;
	logs_clean((struct log_slice){word, strlen(word)}, SIZE_MAX, &clean);
	json = json_string(clean.s);
	str_done(&clean);
	return json;
}

static char *command_line_json(int argc, char **argv)
{
	json_t *array = json_array();
	json_array_append_new(array, json_string("rejoin-collector"));
	for (int i = 0; i < argc; i++)
		json_array_append_new(array, word_json(argv[i]));
	return json_compact(array);
}

/* A folder that is not there yet; the driver makes it. Names of other runs differ by the pid, and a
 * dead run's folder of the same name is passed over. */
static char *choose_work_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	struct stat st;
	char *dir = NULL;
	for (int i = 0; !dir; i++) {
		dir = mem_printf("%s/rejoin-%d-%d", tmp && *tmp ? tmp : "/tmp", (int)getpid(), i);
		if (lstat(dir, &st) == 0 || errno != ENOENT) {
			if (i >= 1000)
				break; /* the driver will say what is wrong with it */
			free(dir);
			dir = NULL;
		}
	}
	return dir;
}

static int open_recording(struct drill *d, const struct recording *args, struct err *err)
{
	int n_healed, n_sealed;
	struct stat st;
	if (!args->resume && stat(args->db, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		return err_set(err, ERR_USAGE,
			       "%s exists already: go on with it (--resume), or record into "
			       "another file (--db)",
			       args->db);
	if (args->resume ? reopen(args->db, &d->store, err)
			 : store_open(args->db, STORE_CREATE, &d->store, err))
		return err->code;
	if (!args->resume)
		return 0;
	/* all that was recorded before is sealed before the study goes on, in the order of trials
	 */
	if (heal_sessions(d->loop, d->store, &n_healed, err) ||
	    seal_close_all(d->store, true, &n_sealed, err))
		return err->code;
	return 0;
}

static void say_end(const struct drill *d, const struct recording *args, int code)
{
	if (code < 0 && code != ERR_INTERRUPTED)
		return;
	log_info("%zu trial%s recorded into %s%s", d->n_run, d->n_run == 1 ? "" : "s", args->db,
		 code == ERR_INTERRUPTED ? "; everything is healed; go on with --resume" : "");
	if (d->head[0])
		log_info("sealed%s, head %s", d->sign_key ? " and signed" : "", d->head);
}

/* Read before anything is done: a drill must not end unsigned for a key that cannot be read. */
static int read_sign_key(const char *path, struct sign_key **ret_key, struct err *err)
{
	if (!path)
		return 0;
	if (sign_key_read(path, ret_key, err))
		return err_wrap(err, "--sign-key");
	prctl(PR_SET_DUMPABLE, 0); /* no core dump holds it, and no other process reads it */
	return 0;
}

/* A run of an interrupted study that did not come as far as its recording belongs into it all the
 * same. Whoever refused it is told of first: what goes wrong here is not told. */
static void note_refusal(struct drill *d, const struct recording *args, const char *command_line,
			 const struct err *why)
{
	struct err ignored = ERR_INIT;
	if (d->store || reopen(args->db, &d->store, &ignored) == 0)
		drill_refused(d, command_line, why, &ignored);
}

int recording_make(struct drill *d, const struct recording *args, struct err *err)
{
	struct err close_err = ERR_INIT;
	char *work_dir = choose_work_dir();
	char *command_line = command_line_json(args->argc, args->argv);
	struct sign_key *key = NULL;
	loop_hasten();
	int code = read_sign_key(args->sign_key, &key, err);
	d->sign_key = key;
	if (!code)
		code = loop_open(&d->loop, err);
	if (!code)
		code = loop_catch_signals(d->loop, err);
	if (!code)
		code = http_open(d->loop, &d->http, err);
	if (!code)
		code = secret_apply(d->plan, d->http, err);
	/* first: what the session before left is healed there, and only then all nodes answer */
	if (!code && args->resume)
		code = open_recording(d, args, err);
	if (!code)
		code = existing_find(d->plan, d->loop, d->http, err);
	if (!code && strcmp(d->plan->driver, "none") != 0)
		code = existing_confirm(d->plan, d->loop, args->yes, err);
	if (!code)
		code = driver_new(d->plan, d->loop, work_dir, &d->driver, err);
	if (!code && !args->resume)
		code = open_recording(d, args, err);
	if (code && args->resume) {
		note_refusal(d, args, command_line, err);
	} else if (!code) {
		code = drill_begin(d, command_line, work_dir, args->resume, err);
		if (!code)
			code = args->run(args->arg, d, err);
		code = drill_end(d, code, err);
		say_end(d, args, code);
	}
	if (d->driver)
		d->driver->ops->free(d->driver);
	if (store_close(d->store, &close_err) && code >= 0)
		code = err_set(err, close_err.code, "%s", close_err.text);
	sign_key_free(key);
	http_close(d->http);
	loop_close(d->loop);
	free(work_dir);
	free(command_line);
	return code;
}
