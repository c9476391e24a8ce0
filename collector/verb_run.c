#include "collector/drill.h"
#include "collector/existing.h"
#include "collector/heal.h"
#include "collector/secret.h"
#include "collector/verbs.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct run_args {
	const char *plan, *db;
	bool resume, yes;
	struct opt_list sets;
};

static char *command_line_json(int argc, char **argv)
{
	json_t *array = json_array();
	json_array_append_new(array, json_string("rejoin-collector"));
	for (int i = 0; i < argc; i++)
		json_array_append_new(array, json_string(argv[i]));
	char *text = json_dumps(array, JSON_COMPACT);
	json_decref(array);
	return text;
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

static int open_recording(struct drill *d, const struct run_args *args, struct err *err)
{
	int n_healed;
	struct stat st;
	if (!args->resume && stat(args->db, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		return err_set(err, ERR_USAGE,
			       "%s exists already: go on with it (--resume), or record into "
			       "another file (--db)",
			       args->db);
	if (store_open(args->db, args->resume ? STORE_APPEND : STORE_CREATE, &d->store, err))
		return err->code;
	return args->resume ? heal_sessions(d->loop, d->store, &n_healed, err) : 0;
}

static void say_end(const struct drill *d, const struct run_args *args, int code)
{
	if (code < 0 && code != ERR_INTERRUPTED)
		return;
	log_info("%zu trial%s recorded into %s%s", d->n_run, d->n_run == 1 ? "" : "s", args->db,
		 code == ERR_INTERRUPTED ? "; everything is healed; go on with --resume" : "");
}

static int run_drill(struct drill *d, const struct run_args *args, const char *command_line,
		     struct err *err)
{
	struct err close_err = ERR_INIT;
	char *work_dir = choose_work_dir();
	loop_hasten();
	int code = loop_open(&d->loop, err);
	if (!code)
		code = loop_catch_signals(d->loop, err);
	if (!code)
		code = http_open(d->loop, &d->http, err);
	if (!code)
		code = secret_apply(d->plan, d->http, err);
	if (!code)
		code = existing_find(d->plan, d->loop, d->http, err);
	if (!code)
		code = existing_confirm(d->plan, args->yes, err);
	if (!code)
		code = driver_new(d->plan, d->loop, work_dir, &d->driver, err);
	if (!code)
		code = open_recording(d, args, err);
	if (!code) {
		code = drill_begin(d, command_line, work_dir, args->resume, err);
		if (!code)
			code = drill_run(d, err);
		code = drill_end(d, code, err);
		say_end(d, args, code);
	}
	if (d->driver)
		d->driver->ops->free(d->driver);
	if (store_close(d->store, &close_err) && code >= 0)
		code = err_set(err, close_err.code, "%s", close_err.text);
	http_close(d->http);
	loop_close(d->loop);
	free(work_dir);
	return code;
}

int verb_run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	struct run_args args = {0};
	struct opt_list rest = {0};
	const struct opt opts[] = {
		{.name = "db",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "record into FILE (default: the study's name with .sqlite)",
		 .to = &args.db},
		{.name = "resume",
		 .kind = OPT_FLAG,
		 .help = "go on where the recording stopped, in the same order",
		 .to = &args.resume},
		{.name = "set",
		 .kind = OPT_LIST,
		 .value = "KEY=VALUE",
		 .help = "change a key of the plan, e.g. trials=10",
		 .to = &args.sets},
		{.name = "yes",
		 .kind = OPT_FLAG,
		 .help = "do not ask before a cluster that is not the collector's own",
		 .to = &args.yes},
		OPT_END,
	};
	char *command_line = command_line_json(argc, argv);
	char *default_db = NULL;
	struct plan *plan = NULL;
	int code = opt_parse(verb, opts, argc, argv, &rest, err);
	if (!code)
		code = plan_read(rest.v[0], args.sets.v, args.sets.n, &plan, err);
	if (!code) {
		struct drill d = {.plan = plan};
		args.plan = rest.v[0];
		if (!args.db)
			args.db = default_db = mem_printf("%s.sqlite", plan->study_name);
		code = run_drill(&d, &args, command_line, err);
	}
	plan_free(plan);
	free(command_line);
	free(default_db);
	vec_done(&rest);
	vec_done(&args.sets);
	return code;
}
