#include "report/archive.h"
#include "report/interrupt.h"
#include "report/output.h"
#include "report/verbs.h"

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *out = NULL;
	struct opt_list args = {0};
	const struct opt opts[] = {
		OUTPUT_OPT("FILE.tar.gz", "archive", &out),
		OPT_END,
	};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = output_check(out, args.v[0], "archive needs -o FILE.tar.gz", err);
	if (!r) {
		interrupt_catch();
		r = archive_write(out, args.v[0], err);
	}
	vec_done(&args);
	return r;
}

const struct opt_verb verb_archive = {
	.name = "archive",
	.args = "DB -o FILE.tar.gz",
	.summary = "Packs a recording and all that is made from it, to keep or to hand in.",
	.text = "One folder: a compact copy of the recording, page, workbook, every view as CSV, "
		"the "
		"nodes'\n"
		"logs, plans, a manifest, SHA256SUMS for 'sha256sum -c', and a README.txt for "
		"whoever "
		"opens it. The\n"
		"same recording gives the same bytes, so that 'rejoin-report verify FILE.tar.gz' "
		"can "
		"make every file\n"
		"again and compare.\n",
	.example = "rejoin-report archive drill.sqlite -o drill.tar.gz\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
