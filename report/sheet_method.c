/* The sheet Method: what the figures mean, how they were measured and made, and what they do not
 * say. */
#include "lib/str.h"
#include "report/sheet.h"
#include "report/witness.h"

enum { TEXT_CHARS = 120 };

struct entry {
	const char *key, *text;
};

static const struct entry clock_entries[] = {
	{"durations",
	 "Differences of CLOCK_MONOTONIC of the recording host. The wall clock only "
	 "places a session in time; log lines are tied to the same axis by readings of "
	 "both clocks at the start and the end of each trial."},
	{"intervals",
	 "What a node answered was true at some moment between the request and the "
	 "answer. So an event lies between the request of the last old answer and the "
	 "arrival of the first new one. A value is the middle of that interval, ± half "
	 "its width."},
	{"shorter than seen", "What may have happened at once, between the same two answers, is "
			      "left-censored: shorter than the interval's end, never zero."},
	{"polling", "Every node on its own connection, every 5 ms around the fault in the plan's "
		    "default, every 20 ms until the cluster is whole, every 100 ms else. What a "
		    "plan sets is on the sheet Study; a poll that finds the last one still under "
		    "way is skipped and counted."},
};

static const struct entry statistics_entries[] = {
	{"quantiles", "Type 7: linear between order statistics, as in R, NumPy and Excel's "
		      "PERCENTILE. Blank with \"n ≥\" where there are too few trials: p25 and p75 "
		      "need 4, p90 10, p95 20, p99 100, sd 2."},
	{"censored trials", "A trial that ran into its limit lasted longer, by an unknown time. "
			    "Where a group has one, its quantiles are Kaplan-Meier's (sheet "
			    "Survival), which neither drop it nor count it at the limit; max, mean "
			    "and sd are not given."},
	{"95 % intervals",
	 "Of quantiles: two order statistics, by the binomial distribution, "
	 "whatever the times are distributed like (the median needs 6 trials, p95 "
	 "59, p99 299); of Kaplan-Meier's: log-log limits. Of shares: Clopper and "
	 "Pearson."},
	{"outliers", "Tukey: beyond 1.5 (far out: 3) interquartile ranges from the quartiles. They "
		     "are labelled, never removed."},
	{"modes", "Humps of a smoothed density, at least 10 trials. A description, not a test."},
	{"comparison",
	 "Kruskal-Wallis and Mann-Whitney with ties, the log-rank test where trials "
	 "are censored, Holm's correction; shift: Hodges and Lehmann. Trials needed: "
	 "Noether's formula for Mann-Whitney, Schoenfeld's for the log-rank test. "
	 "\"Crossing\": ranks and log-rank test point opposite ways, so neither group "
	 "is the longer one. "
	 "\"Not shown\" does not say that there is no difference."},
	{"left out",
	 "Warm-ups (unless asked for) and aborted trials; those not measured have no times."},
};

static const struct entry calibration_entries[] = {
	{"calibration", "make calibrate: fake nodes changed master at instants known on the same "
			"clock, with late, lost and refused answers. The intervals held every "
			"change and none was invented; at 5 ms, without delays, they were 5.1 ms "
			"wide (median) and 5.5 ms (p99). Of the machine that it was run on: run it "
			"on yours."},
	{"log witness", "The nodes' own log lines are compared with what was polled; by how much "
			"the poll came later is on the sheets Summary and Log events."},
	{"observer effect", "make observer compares drills at different poll periods. Polling "
			    "takes processor time on the nodes too."},
	{"losses", "Polls that were skipped or late and answers that could not be read are "
		   "incidents: on the Summary, the Study and in the rows of Trials."},
};

static const struct entry limit_entries[] = {
	{"one cluster", "The figures hold for these nodes, this product and version, these "
			"settings and this machine or network. A cluster of other size, load or "
			"distance between its nodes differs."},
	{"one way of failing",
	 "Each fault is a way of its own: a stop, which says goodbye, tells "
	 "nothing of a host that vanishes; a pause or a partition is found by "
	 "time-outs only."},
	{"the drill itself", "The node is started again at once by the collector. In an incident "
			     "people do that, and their time is in no figure here."},
	{"clients", "Times are those of the nodes' own view of the cluster. What a client feels is "
		    "write_gap, where the write probe ran."},
	{"the tail", "Of n trials the longest says little of the longest of n more. Where a p95 or "
		     "p99 is blank there are too few trials for it."},
	{"all nodes on one host", "With the local driver the nodes share processors and disks: "
				  "boot and rejoin take longer than on hosts of their own, and "
				  "network delays are none."},
};

static void entries(struct sheet *sheet, const char *title, const struct entry *of, size_t n)
{
	sheet->row++;
	sheet_line(sheet, title, STYLE_SECTION);
	for (size_t i = 0; i < n; i++) {
		sheet_text(sheet, 0, of[i].key, STYLE_KEY_TOP);
		sheet_paragraph(sheet, 1, 1, of[i].text, TEXT_CHARS, STYLE_WRAP);
	}
}
#define ENTRIES(sheet, title, of) entries(sheet, title, of, sizeof(of) / sizeof *(of))

static void definitions(struct sheet *sheet)
{
	const struct model *model = sheet->book->model;

	sheet->row++;
	sheet_line(sheet, "Definitions", STYLE_SECTION);
	for (size_t i = 0; i < model_n_metrics; i++)
		if (i < N_HEADLINE || model->has[model_metrics[i]])
			sheet_pair(sheet, phrase_metric_within(model_metrics[i]),
				   metric_meanings[model_metrics[i]]);
	sheet_pair(sheet, "counted from", model_from_text(model));
	sheet_pair(sheet, "new terms",
		   "how far the term went up: 1 is a clean election, more a contested one");
	sheet_pair(sheet, "not measured",
		   "the gate or the instrument failed, or something changed though nothing was "
		   "done: not in the figures");
	sheet_pair(sheet, "not recovered", "ran into a limit (censored), or was not measured");
	sheet_pair(sheet, "aborted", "cut off and run again: not among the trials");
	if (model->has_writes)
		sheet_pair(sheet, "lost writes",
			   "acknowledged to the client, and not there after the trial");
	if (model_has_fault(model, "watched"))
		sheet_pair(
			sheet, "watched",
			"nobody told what was done or when: its times count from the first sign");
	if (model->has_noop) {
		sheet_pair(
			sheet, "noop",
			"nothing was done: its times are the noise floor, below which the others "
			"say nothing");
		sheet_pair(sheet, "false changes", "of master, though nothing was done");
	}
}

/* What this recording itself says of how far it can be trusted. */
static void this_recording(struct sheet *sheet)
{
	const struct model_study *study;

	sheet->row++;
	sheet_line(sheet, "This recording", STYLE_SECTION);
	vec_each (study, &sheet->book->model->studies) {
		char *witness = witness_text(study);
		char *text = mem_printf("%s: incidents of the instrument: %lld; log witness: %s",
					study->label, (long long)study->n_incidents,
					witness ? witness : "no log lines");

		sheet_text(sheet, 0, "trust", STYLE_KEY_TOP);
		sheet_paragraph(sheet, 1, 1, text, TEXT_CHARS, STYLE_WRAP);
		free(witness);
		free(text);
	}
	sheet_pair(sheet, "chosen", sheet->book->recording->chosen);
	sheet_pair(sheet, "made by", "rejoin-report " REJOIN_VERSION);
	sheet_pair(sheet, "check it",
		   "rejoin-report verify DB derives every figure again from "
		   "the polls");
}

int sheet_method(struct book *book, struct err *err)
{
	struct sheet sheet;

	(void)err;
	sheet_open(&sheet, book, "Method", "Method and limits");
	worksheet_set_column(sheet.ws, 0, 0, 24, NULL);
	worksheet_set_column(sheet.ws, 1, 1, TEXT_CHARS, NULL);
	definitions(&sheet);
	ENTRIES(&sheet, "The clock", clock_entries);
	ENTRIES(&sheet, "Statistics", statistics_entries);
	ENTRIES(&sheet, "Calibration of the instrument", calibration_entries);
	this_recording(&sheet);
	ENTRIES(&sheet, "What the figures do not say", limit_entries);
	worksheet_freeze_panes(sheet.ws, 1, 0);
	return 0;
}
