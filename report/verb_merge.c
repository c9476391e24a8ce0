#include "lib/log.h"
#include "report/interrupt.h"
#include "report/merge.h"
#include "report/verbs.h"
#include <inttypes.h>
#include <stdio.h>

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const struct opt opts[] = {OPT_END};
	struct merge_result result = {0};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r) {
		interrupt_catch();
		r = merge_files(args.v[0], args.v + 1, args.n - 1, &result, err);
		for (size_t i = 0; !r && i < result.notes.n; i++)
			log_info("%s", result.notes.v[i]);
	}
	if (!r)
		printf("%s: %" PRId64 " %s, %" PRId64 " %s, from %zu %s\n", args.v[0],
		       result.n_studies, result.n_studies == 1 ? "study" : "studies",
		       result.n_trials, result.n_trials == 1 ? "trial" : "trials", args.n - 1,
		       args.n == 2 ? "file" : "files");
	merge_result_done(&result);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_merge = {
	.name = "merge",
	.args = "OUT DB...",
	.summary = "Puts the studies of several recordings into one.",
	.text = "OUT must not exist, and appears when it is whole; the recordings stay as they "
		"are. Seals,\n"
		"signatures and sign-offs hold in OUT too. A study that is in several files is "
		"taken once: the\n"
		"copy that has all that the others have (trials, seals, head, signature, "
		"sign-offs) "
		"and more\n"
		"after it, if its seal holds. Where two copies differ, or each has what the other "
		"lacks, nothing is\n"
		"merged. The signature of a shorter copy's head is not in OUT, and a line says "
		"so.\n",
	.example = "rejoin-report merge all.sqlite monday.sqlite tuesday.sqlite\n"
		   "rejoin-report summary all.sqlite --by study,size\n",
	.min_args = 2,
	.max_args = -1,
	.run = run,
};
