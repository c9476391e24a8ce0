#include "report/compare_report.h"
#include "report/verbs.h"
#include <stdio.h>
#include <string.h>

static void print(const struct compare_report *report, const char *format)
{
	struct str text = STR_INIT;

	if (strcmp(format, "json") == 0)
		compare_print_json(report, &text);
	else if (strcmp(format, "csv") == 0)
		compare_print_csv(report, &text);
	else
		compare_print(report, strcmp(format, "md") == 0, &text);
	fputs(text.s, stdout);
	str_done(&text);
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	static const char *const formats[] = {"table", "md", "csv", "json", NULL};
	const char *format = "table";
	struct selection selection = {0};
	const struct opt opts[] = {
		SELECTION_OPTS(&selection),
		FORMAT_OPT(formats, &format),
		OPT_END,
	};
	struct compare_report report = {0};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = compare_report_open(args.v, args.n, &selection, &report, err);
	if (!r) {
		compare_report_run(&report,
				   strcmp(format, "json") == 0 || strcmp(format, "csv") == 0);
		print(&report, format);
		compare_report_close(&report);
	}
	vec_done(&args);
	return r;
}

const struct opt_verb verb_compare = {
	.name = "compare",
	.args = "DB [DB] [--by FACTOR] [--metric METRICS] [--where LEVELS] [--format FORMAT]",
	.summary = "Says whether set-ups differ, by how much, and how many trials would tell.",
	.text = "Compares the levels of FACTOR (default: size) with everything else alike, or two\n"
		"recordings, whose other differences are then listed first. METRICS: reelection "
		"and\n"
		"rejoin unless asked for; csv and json: all that was measured.\n"
		"\n"
		"A difference is shown, or not shown, at 5 %: Kruskal-Wallis over all groups, "
		"Mann-Whitney\n"
		"for each pair with Holm's correction, log-rank where trials ran into a limit.\n",
	.example = "rejoin-report compare drill.sqlite\n"
		   "rejoin-report compare drill.sqlite --by fault --where size=3,5\n"
		   "rejoin-report compare before.sqlite after.sqlite --metric reelection\n",
	.min_args = 1,
	.max_args = COMPARE_MAX_FILES,
	.run = run,
};
