#include "report/group.h"
#include "report/output.h"
#include "report/verbs.h"
#include "report/workbook.h"

static int run_on(const char *path, const char *out, enum origin from, struct err *err)
{
	struct grouping grouping = {0};
	struct model model;
	struct err ignored = ERR_INIT;
	struct store *store;

	if (output_check(out, path, "workbook needs -o FILE.xlsx", err))
		return err->code;
	if (store_open(path, STORE_READ, &store, err))
		return err->code;
	if (!model_load(store, from, &model, err)) {
		if (!grouping_make(&model, NULL, false, &grouping, err)) {
			workbook_write(out, store, &model, &grouping, err);
			grouping_done(&grouping);
		}
		model_done(&model);
	}
	store_close(store, &ignored);
	return err->code;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *out = NULL, *from = NULL;
	enum origin origin = ORIGIN_FAULT_ISSUED;
	const struct opt opts[] = {
		{.name = "output",
		 .letter = 'o',
		 .kind = OPT_STRING,
		 .value = "FILE.xlsx",
		 .help = "write the workbook here; a file there is replaced",
		 .to = &out},
		{.name = "from",
		 .kind = OPT_STRING,
		 .value = "INSTANT",
		 .help = "count from this instant of the fault",
		 .to = &from},
		OPT_END,
	};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = model_from(from, &origin, err);
	if (!r)
		r = run_on(args.v[0], out, origin, err);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_workbook = {
	.name = "workbook",
	.args = "DB -o FILE.xlsx [--from INSTANT]",
	.summary = "Writes a recording as a spreadsheet: figures, distributions, every trial.",
	.text = "Sheets: Summary, Re-election, Rejoin, Trials, Master changes, Nodes, Study. The "
		"figures are\n"
		"those of 'summary': by size, fault and whatever else varies, warm-ups left out. "
		"The same\n"
		"recording gives the same bytes. INSTANT: fault_issued (default), fault_done, "
		"http_refused,\n"
		"process_gone.\n",
	.example = "rejoin-report workbook drill.sqlite -o drill.xlsx\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
