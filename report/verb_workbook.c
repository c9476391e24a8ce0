#include "report/group.h"
#include "report/verbs.h"
#include "report/workbook.h"
#include <sys/stat.h>

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int run_on(const char *path, const char *out, struct err *err)
{
	struct grouping grouping = {0};
	struct model model;
	struct err ignored = ERR_INIT;
	struct store *store;

	if (!out)
		return err_set(err, ERR_USAGE, "workbook needs -o FILE.xlsx");
	if (same_file(path, out))
		return err_set(err, ERR_USAGE, "-o %s is the recording itself", out);
	if (store_open(path, STORE_READ, &store, err))
		return err->code;
	if (!model_load(store, &model, err)) {
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
	const char *out = NULL;
	const struct opt opts[] = {
		{.name = "output",
		 .letter = 'o',
		 .kind = OPT_STRING,
		 .value = "FILE.xlsx",
		 .help = "write the workbook here; a file there is replaced",
		 .to = &out},
		OPT_END,
	};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = run_on(args.v[0], out, err);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_workbook = {
	.name = "workbook",
	.args = "DB -o FILE.xlsx",
	.summary = "Writes a recording as a spreadsheet: figures, distributions, every trial.",
	.text = "Sheets: Summary, Re-election, Rejoin, Trials, Master changes, Nodes, Study. The "
		"figures are\n"
		"those of 'summary': by size, fault and whatever else varies, warm-ups left out. "
		"The same\n"
		"recording gives the same bytes.\n",
	.example = "rejoin-report workbook drill.sqlite -o drill.xlsx\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
