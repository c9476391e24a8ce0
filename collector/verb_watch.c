#include "collector/adhoc.h"
#include "collector/plan_value.h"
#include "collector/recording.h"
#include "collector/verbs.h"
#include "collector/watch.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>

struct watch_args {
	const char *db, *sign_key, *duration, *settle, *every;
	struct adhoc adhoc;
	struct opt_list sets;
	struct watch_options options;
	char *every_set;
};

static int read_duration(const char *option, const char *text, int64_t min_ns, int64_t *ret_ns,
			 struct err *err)
{
	if (!text || (plan_value_duration(text, ret_ns) && *ret_ns >= min_ns))
		return 0;
	return err_set(err, ERR_USAGE, "--%s: %s: a duration with its unit is expected, e.g. %s",
		       option, text, min_ns >= NS_PER_S ? "2h" : "20ms");
}

static int check_args(struct watch_args *args, struct err *err)
{
	int64_t every_ns = 0;

	if (!args->adhoc.hosts)
		return err_set(err, ERR_USAGE,
			       "--hosts is expected: the URLs of all nodes, e.g. "
			       "http://es1:9200,http://es2:9200,http://es3:9200");
	if (read_duration("for", args->duration, NS_PER_S, &args->options.for_ns, err) ||
	    read_duration("settle", args->settle, NS_PER_S, &args->options.settle_ns, err) ||
	    read_duration("every", args->every, NS_PER_MS, &every_ns, err))
		return err->code;
	args->every_set = mem_printf("poll.rejoin=%s", args->every);
	vec_push(&args->sets, args->every_set);
	/* what others run may have replicas without a node: no reason not to watch it */
	vec_push(&args->sets, "allow=[unassigned_shards]");
	return 0;
}

static int record(struct watch_args *args, struct plan *plan, int argc, char **argv,
		  struct err *err)
{
	struct drill d = {.plan = plan};
	char *default_db = args->db ? NULL : mem_printf("%s.sqlite", plan->study_name);
	struct recording recording = {.db = args->db ? args->db : default_db,
				      .sign_key = args->sign_key,
				      .argc = argc,
				      .argv = argv,
				      .run = watch_run_windows,
				      .arg = &args->options};
	int code = recording_make(&d, &recording, err);

	free(default_db);
	return code;
}

int verb_watch(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	struct watch_args args = {.settle = "5s",
				  .every = "100ms",
				  .adhoc = {.driver = "none",
					    .faults = "watched",
					    .targets = "none",
					    .name = "watch",
					    .trials = 1}};
	struct opt_list rest = {0};
	const struct opt opts[] = {
		{.name = "hosts",
		 .kind = OPT_STRING,
		 .value = "URL,URL,...",
		 .help = "every node of the cluster",
		 .to = &args.adhoc.hosts},
		{.name = "masters",
		 .kind = OPT_INT,
		 .value = "N",
		 .help = "how many of them may be master (0: all)",
		 .to = &args.adhoc.masters,
		 .min = 0,
		 .max = 128},
		{.name = "db",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "record into FILE (default: the name with .sqlite)",
		 .to = &args.db},
		{.name = "name",
		 .kind = OPT_STRING,
		 .value = "TEXT",
		 .help = "the study's name",
		 .to = &args.adhoc.name},
		{.name = "for",
		 .kind = OPT_STRING,
		 .value = "TIME",
		 .help = "end after this time, e.g. 2h (default: on ^C)",
		 .to = &args.duration},
		{.name = "every",
		 .kind = OPT_STRING,
		 .value = "TIME",
		 .help = "ask each node for its state so often",
		 .to = &args.every},
		{.name = "settle",
		 .kind = OPT_STRING,
		 .value = "TIME",
		 .help = "it is over when the cluster was whole for so long",
		 .to = &args.settle},
		{.name = "set",
		 .kind = OPT_LIST,
		 .value = "KEY=VALUE",
		 .help = "set a plan's key, e.g. cluster.tls.ca=ca.pem",
		 .to = &args.sets},
		{.name = "sign-key",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "sign the seal with this Ed25519 key",
		 .to = &args.sign_key},
		OPT_END,
	};
	struct plan *plan = NULL;
	int code = opt_parse(verb, opts, argc, argv, &rest, err);

	if (!code)
		code = check_args(&args, err);
	if (!code)
		code = adhoc_plan(&args.adhoc, args.sets.v, args.sets.n, &plan, err);
	if (!code)
		code = record(&args, plan, argc, argv, err);
	plan_free(plan);
	free(args.every_set);
	vec_done(&rest);
	vec_done(&args.sets);
	return code;
}
