#include "collector/adhoc.h"
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
	const char *plan, *db; /* plan NULL: made from adhoc */
	struct adhoc adhoc;
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

static int check_args(struct run_args *args, const struct opt_list *rest, struct err *err)
{
	bool adhoc = args->adhoc.driver || args->adhoc.hosts;
	args->plan = rest->n ? rest->v[0] : NULL;
	if (adhoc && args->plan)
		return err_set(err, ERR_USAGE, "%s: a plan, or --driver and --hosts, is expected",
			       args->plan);
	if (adhoc && (!args->adhoc.driver || !args->adhoc.hosts))
		return err_set(err, ERR_USAGE, "--driver and --hosts are expected together");
	if (!adhoc && !args->plan)
		return err_set(err, ERR_USAGE,
			       "a plan is expected, or --driver docker and --hosts URL,...");
	return 0;
}

static int read_once(const struct run_args *args, struct plan **ret_plan, struct err *err)
{
	if (args->plan)
		return plan_read(args->plan, args->sets.v, args->sets.n, ret_plan, err);
	return adhoc_plan(&args->adhoc, args->sets.v, args->sets.n, ret_plan, err);
}

/* Where the engine is becomes part of the plan: heal must find it again from the recording alone.
 * ret_set: it, freed after args->sets. */
static int read_plan(struct run_args *args, struct plan **ret_plan, char **ret_set, struct err *err)
{
	int code = read_once(args, ret_plan, err);
	if (!code && (*ret_set = adhoc_engine_set(*ret_plan))) {
		plan_free(*ret_plan);
		*ret_plan = NULL;
		vec_push(&args->sets, *ret_set);
		code = read_once(args, ret_plan, err);
	}
	return code;
}

int verb_run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	static const char *const drivers[] = {"docker", NULL};
	struct run_args args = {
		.adhoc = {.faults = "stop", .targets = "master", .name = "drill", .trials = 10}};
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
		{.name = "driver",
		 .kind = OPT_STRING,
		 .value = "DRIVER",
		 .help = "without a plan: where the nodes live",
		 .to = &args.adhoc.driver,
		 .choices = drivers},
		{.name = "hosts",
		 .kind = OPT_STRING,
		 .value = "URL,URL,...",
		 .help = "without a plan: every node of the cluster",
		 .to = &args.adhoc.hosts},
		{.name = "trials",
		 .kind = OPT_INT,
		 .value = "N",
		 .help = "without a plan: how often",
		 .to = &args.adhoc.trials,
		 .min = 1,
		 .max = 100000},
		{.name = "fault",
		 .kind = OPT_STRING,
		 .value = "FAULT,...",
		 .help = "without a plan: stop, kill or pause",
		 .to = &args.adhoc.faults},
		{.name = "target",
		 .kind = OPT_STRING,
		 .value = "TARGET,...",
		 .help = "without a plan: master, non_master, ...",
		 .to = &args.adhoc.targets},
		OPT_END,
	};
	char *command_line = command_line_json(argc, argv);
	char *default_db = NULL, *engine_set = NULL;
	struct plan *plan = NULL;
	int code = opt_parse(verb, opts, argc, argv, &rest, err);
	if (!code)
		code = check_args(&args, &rest, err);
	if (!code)
		code = read_plan(&args, &plan, &engine_set, err);
	if (!code) {
		struct drill d = {.plan = plan};
		if (!args.db)
			args.db = default_db = mem_printf("%s.sqlite", plan->study_name);
		code = run_drill(&d, &args, command_line, err);
	}
	plan_free(plan);
	free(command_line);
	free(default_db);
	vec_done(&rest);
	vec_done(&args.sets);
	free(engine_set);
	return code;
}
