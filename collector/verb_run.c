#include "collector/adhoc.h"
#include "collector/recording.h"
#include "collector/verbs.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

struct run_args {
	const char *plan, *db, *sign_key; /* plan NULL: made from adhoc */
	struct adhoc adhoc;
	bool resume, yes;
	struct opt_list sets;
};

/* A plan says these itself: what is given beside it must not be passed over. */
static int check_planned(const struct adhoc *adhoc, struct err *err)
{
	static const char wrong[] = "%s is for runs without a plan: --set %s=... is expected";

	if (adhoc->trials)
		return err_set(err, ERR_USAGE, wrong, "--trials", "trials");
	if (adhoc->faults)
		return err_set(err, ERR_USAGE, wrong, "--fault", "factors.fault");
	if (adhoc->targets)
		return err_set(err, ERR_USAGE, wrong, "--target", "factors.target");
	return 0;
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
	return args->plan ? check_planned(&args->adhoc, err) : 0;
}

static void fill_in(struct adhoc *adhoc)
{
	adhoc->name = "drill";
	if (!adhoc->trials)
		adhoc->trials = 10;
	if (!adhoc->faults)
		adhoc->faults = "stop";
	if (!adhoc->targets)
		adhoc->targets = "master";
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

static int run(void *arg, struct drill *d, struct err *err)
{
	(void)arg;
	return drill_run(d, err);
}

static int record(const struct run_args *args, struct plan *plan, int argc, char **argv,
		  struct err *err)
{
	struct drill d = {.plan = plan};
	struct recording recording = {.db = args->db,
				      .resume = args->resume,
				      .yes = args->yes,
				      .sign_key = args->sign_key,
				      .argc = argc,
				      .argv = argv,
				      .run = run};
	return recording_make(&d, &recording, err);
}

int verb_run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	static const char *const drivers[] = {"docker", NULL};
	struct run_args args = {.plan = NULL};
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
		 .help = "without a plan: how often (default: 10)",
		 .to = &args.adhoc.trials,
		 .min = 1,
		 .max = 100000},
		{.name = "fault",
		 .kind = OPT_STRING,
		 .value = "FAULT,...",
		 .help = "without a plan: stop, kill or pause (default: stop)",
		 .to = &args.adhoc.faults},
		{.name = "target",
		 .kind = OPT_STRING,
		 .value = "TARGET,...",
		 .help = "without a plan: master, non_master, ... (default: master)",
		 .to = &args.adhoc.targets},
		{.name = "sign-key",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "sign the seal with this Ed25519 key",
		 .to = &args.sign_key},
		OPT_END,
	};
	char *default_db = NULL, *engine_set = NULL;
	struct plan *plan = NULL;
	int code = opt_parse(verb, opts, argc, argv, &rest, err);
	if (!code)
		code = check_args(&args, &rest, err);
	fill_in(&args.adhoc);
	if (!code)
		code = read_plan(&args, &plan, &engine_set, err);
	if (!code)
		code = plan_can_run(plan, err);
	if (!code) {
		if (!args.db)
			args.db = default_db = mem_printf("%s.sqlite", plan->study_name);
		code = record(&args, plan, argc, argv, err);
	}
	plan_free(plan);
	free(default_db);
	vec_done(&rest);
	vec_done(&args.sets);
	free(engine_set);
	return code;
}
