#include "report/spark.h"
#include "report/summary.h"
#include "report/verbs.h"
#include <stdio.h>
#include <string.h>

static void print(const struct summary *summary, const char *format)
{
	struct str text = STR_INIT;

	if (strcmp(format, "json") == 0)
		summary_print_json(summary, &text);
	else if (strcmp(format, "csv") == 0)
		summary_print_csv(summary, &text);
	else
		summary_print(summary, strcmp(format, "md") == 0, &text);
	fputs(text.s, stdout);
	str_done(&text);
}

static int run_on(const char *path, const struct selection *selection, const char *format,
		  struct err *err)
{
	/* Programs get all there is; people get what a screen holds. */
	bool every = strcmp(format, "json") == 0 || strcmp(format, "csv") == 0;
	struct recording recording;
	struct findings findings;
	struct summary summary = {.recording = &recording, .findings = &findings};

	if (recording_open(path, selection, &recording, err))
		return err->code;
	for (int m = 0; m < N_METRICS; m++)
		summary.metrics[m] = recording.metrics[m];
	for (size_t i = 0; every && !recording.metrics_asked && i < model_n_metrics; i++)
		summary.metrics[model_metrics[i]] |= recording.model.has[model_metrics[i]];
	summary.columns = strcmp(format, "table") == 0 ? spark_terminal_columns() : 0;
	findings_make(&recording, &findings);
	print(&summary, format);
	findings_done(&findings);
	recording_close(&recording);
	return 0;
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
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = run_on(args.v[0], &selection, format, err);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_summary = {
	.name = "summary",
	.args = "DB [--where LEVELS] [--by FACTORS] [--metric METRICS] [--format FORMAT]",
	.summary = "Prints the figures of a recording: how long each step of a failover took.",
	.text = SELECTION_TEXT
	"Tables show the first five metrics unless asked.\n"
	"\n"
	"A trial that ran into a limit is censored: its time is only known to be longer "
	"(Kaplan-Meier).\n"
	"What the trials cannot support is left out: p25 and p75 need 4, p90 10, p95 20, p99 "
	"100; max,\n"
	"mean and sd need every trial to be observed. Warm-ups and aborted trials are not "
	"counted.\n",
	.example =
		"rejoin-report summary drill.sqlite\n"
		"rejoin-report summary drill.sqlite --where fault=kill --by size --metric spread\n"
		"rejoin-report summary drill.sqlite --format json | jq '.rows[].p95'\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
