#include "report/output.h"
#include "report/raw.h"
#include "report/selection.h"
#include "report/verbs.h"
#include "report/workbook.h"

/* What the options said. */
struct order {
	const char *out;
	bool raw;
	int64_t trial; /* 0: not given */
	struct selection selection;
};

static int run_on(const char *path, const struct order *order, struct err *err)
{
	static const char wanted[] = "workbook needs -o FILE.xlsx";
	struct recording recording;
	char *raw;

	if (output_check(order->out, path, wanted, err))
		return err->code;
	raw = raw_path(order->out);
	if (!(order->raw && output_check(raw, path, wanted, err)) &&
	    !recording_open(path, &order->selection, &recording, err)) {
		if (!workbook_write(order->out, &recording, order->trial, err) && order->raw)
			raw_write(raw, &recording, err);
		recording_close(&recording);
	}
	free(raw);
	return err->code;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	struct order order = {0};
	const struct opt opts[] = {
		OUTPUT_OPT("FILE.xlsx", "workbook", &order.out),
		{.name = "raw",
		 .kind = OPT_FLAG,
		 .help = "every poll and write too, into FILE-raw.xlsx",
		 .to = &order.raw},
		{.name = "trial",
		 .kind = OPT_INT,
		 .value = "N",
		 .help = "trial_id of the trial on the sheet Timeline (default: a median one)",
		 .to = &order.trial,
		 .min = 1,
		 .max = 2097151},
		SELECTION_OPTS(&order.selection),
		OPT_END,
	};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = run_on(args.v[0], &order, err);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_workbook = {
	.name = "workbook",
	.args = "DB -o FILE.xlsx [--raw] [--trial N] [--where LEVELS] [--by FACTORS]",
	.summary = "Writes a recording as a spreadsheet: figures, distributions, every trial.",
	.text = "Sheets: Summary, Figures, Compare, Re-election, Rejoin, Phases, Tolerance, "
		"Contested, Trials,\n"
		"Timeline, Master changes, Snapshots, Log events, Nodes, Study, Survival, Method. "
		"Every figure\n"
		"of the Summary is a formula over the rows it comes from. The same recording gives "
		"the same\n"
		"bytes.\n"
		"\n" SELECTION_TEXT,
	.example = "rejoin-report workbook drill.sqlite -o drill.xlsx\n"
		   "rejoin-report workbook drill.sqlite -o five.xlsx --where size=5\n"
		   "rejoin-report workbook drill.sqlite -o drill.xlsx --raw --trial 7\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
