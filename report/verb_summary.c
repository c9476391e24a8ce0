#include "report/summary.h"
#include "report/verbs.h"
#include <stdio.h>
#include <string.h>

static int choose_metrics(struct summary *summary, const char *list, bool every, struct err *err)
{
	char *copy, *rest, *word;

	for (size_t i = 0; !list && i < model_n_metrics; i++)
		summary->metrics[model_metrics[i]] =
			i < N_HEADLINE || (every && summary->model->has[model_metrics[i]]);
	if (!list)
		return 0;
	copy = rest = mem_strdup(list);
	while (!err->code && (word = strsep(&rest, ","))) {
		int metric = metric_by_name(word);
		const char *nearest = str_nearest(word, metric_names);

		if (metric >= 0 && metric != METRIC_MASTERLESS)
			summary->metrics[metric] = true;
		else if (metric >= 0)
			err_set(err, ERR_USAGE, "--metric: '%s' is measured per node", word);
		else if (nearest)
			err_set(err, ERR_USAGE, "--metric: unknown metric '%s'; did you mean '%s'?",
				word, nearest);
		else
			err_set(err, ERR_USAGE, "--metric: unknown metric '%s'", word);
	}
	free(copy);
	return err->code;
}

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

static int run_on(const char *path, enum origin from, const char *by, const char *metrics,
		  const char *format, bool include_warmup, struct err *err)
{
	/* Programs get all there is; people get what a screen holds. */
	bool every = strcmp(format, "json") == 0 || strcmp(format, "csv") == 0;
	struct grouping grouping = {0};
	struct model model;
	struct tolerance tolerance = {0};
	struct summary summary = {.model = &model, .grouping = &grouping, .tolerance = &tolerance};
	struct err ignored = ERR_INIT;
	struct store *store;

	if (store_open(path, STORE_READ, &store, err))
		return err->code;
	if (!model_load(store, from, &model, err)) {
		if (!choose_metrics(&summary, metrics, every, err) &&
		    !grouping_make(&model, by, include_warmup, &grouping, err)) {
			if (!tolerance_load(store, &model, include_warmup, &tolerance, err))
				print(&summary, format);
			tolerance_done(&tolerance);
			grouping_done(&grouping);
		}
		model_done(&model);
	}
	store_close(store, &ignored);
	return err->code;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	static const char *const formats[] = {"table", "md", "csv", "json", NULL};
	const char *by = NULL, *metrics = NULL, *format = "table", *from = NULL;
	enum origin origin = ORIGIN_FAULT_ISSUED;
	bool include_warmup = false;
	const struct opt opts[] = {
		{.name = "by",
		 .kind = OPT_STRING,
		 .value = "FACTORS",
		 .help = "a row for each combination of these",
		 .to = &by},
		{.name = "metric",
		 .kind = OPT_STRING,
		 .value = "METRICS",
		 .help = "only these, in seconds",
		 .to = &metrics},
		{.name = "from",
		 .kind = OPT_STRING,
		 .value = "INSTANT",
		 .help = "count from this instant of the fault",
		 .to = &from},
		{.name = "format",
		 .kind = OPT_STRING,
		 .value = "FORMAT",
		 .help = "how to print",
		 .to = &format,
		 .choices = formats},
		{.name = "include-warmup",
		 .kind = OPT_FLAG,
		 .help = "count warm-up trials too",
		 .to = &include_warmup},
		OPT_END,
	};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = model_from(from, &origin, err);
	if (!r)
		r = run_on(args.v[0], origin, by, metrics, format, include_warmup, err);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_summary = {
	.name = "summary",
	.args = "DB [--by FACTORS] [--metric METRICS] [--format FORMAT]",
	.summary = "Prints the figures of a recording: how long each step of a failover took.",
	.text = "FACTORS, comma-separated: size (master-eligible nodes), fault, target, study, "
		"cluster,\n"
		"product, version, or any other factor of the plan. Without --by: size, fault and\n"
		"whatever else varies. METRICS: reelection, agreement, rejoin, redundancy, "
		"downtime,\n"
		"detection, spread, dual_master, write_gap, boot, rejoin_all, shutdown. Tables "
		"show "
		"the first\n"
		"five unless asked. INSTANT: fault_issued (default), fault_done, http_refused, "
		"process_gone.\n"
		"\n"
		"A trial that ran into a limit is censored: it counts as longer than all others. "
		"What the\n"
		"trials cannot support is left out: p25 and p75 need 4, p90 10, p95 20, p99 100; "
		"max, mean\n"
		"and sd need every trial to be observed. Warm-ups and aborted trials are not "
		"counted.\n",
	.example = "rejoin-report summary drill.sqlite\n"
		   "rejoin-report summary drill.sqlite --by size --metric reelection,spread\n"
		   "rejoin-report summary drill.sqlite --format json | jq '.rows[].p95'\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
