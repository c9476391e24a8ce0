#include "report/output.h"
#include "report/page.h"
#include "report/verbs.h"

static int run_on(const char *path, const char *out, const struct selection *selection,
		  struct err *err)
{
	struct recording recording;

	if (output_check(out, path, "page needs -o FILE.html", err) ||
	    recording_open(path, selection, &recording, err))
		return err->code;
	page_write(out, &recording, err);
	recording_close(&recording);
	return err->code;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *out = NULL;
	struct selection selection = {0};
	const struct opt opts[] = {
		OUTPUT_OPT("FILE.html", "page", &out),
		SELECTION_OPTS(&selection),
		OPT_END,
	};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = run_on(args.v[0], out, &selection, err);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_page = {
	.name = "page",
	.args = "DB -o FILE.html [--where LEVELS] [--by FACTORS] [--metric METRICS]",
	.summary = "Writes a recording as one web page: findings, figures, charts, trials.",
	.text = "The file needs nothing else: no network, no other file. It can be read without "
		"script, on a\n"
		"phone, in the dark and on paper. --metric chooses the times that are charted. "
		"The same\n"
		"recording gives the same bytes.\n"
		"\n" SELECTION_TEXT,
	.example = "rejoin-report page drill.sqlite -o drill.html\n"
		   "rejoin-report page drill.sqlite --where fault=kill -o kill.html\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
