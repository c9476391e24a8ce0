#include "report/output.h"
#include "report/selection.h"
#include "report/verbs.h"
#include "report/workbook.h"

static int run_on(const char *path, const char *out, const struct selection *selection,
		  struct err *err)
{
	struct recording recording;

	if (output_check(out, path, "workbook needs -o FILE.xlsx", err))
		return err->code;
	if (recording_open(path, selection, &recording, err))
		return err->code;
	workbook_write(out, &recording, err);
	recording_close(&recording);
	return err->code;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *out = NULL;
	struct selection selection = {0};
	const struct opt opts[] = {
		{.name = "output",
		 .letter = 'o',
		 .kind = OPT_STRING,
		 .value = "FILE.xlsx",
		 .help = "write the workbook here; a file there is replaced",
		 .to = &out},
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

const struct opt_verb verb_workbook = {
	.name = "workbook",
	.args = "DB -o FILE.xlsx [--where LEVELS] [--by FACTORS]",
	.summary = "Writes a recording as a spreadsheet: figures, distributions, every trial.",
	.text = "Sheets: Summary, Re-election, Rejoin, Trials, Master changes, Nodes, Study. The "
		"figures are\n"
		"those of 'summary'. The same recording gives the same bytes.\n"
		"\n" SELECTION_TEXT,
	.example = "rejoin-report workbook drill.sqlite -o drill.xlsx\n"
		   "rejoin-report workbook drill.sqlite -o five.xlsx --where size=5\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
