/* Method and limits: what the figures are, and what they do not say. */
#include "report/page_impl.h"

static const struct {
	const char *name, *text;
} words[] = {
	{"interval of an event",
	 "A node is polled; what it answered was true at some moment between the request and the "
	 "answer. An event lies between the request of the last old answer and the arrival of the "
	 "first new one. A trial's value is the middle of that interval, ± half its width."},
	{"clock", "Durations are differences of CLOCK_MONOTONIC of the recording machine. The wall "
		  "clock only places a session in time."},
	{"not reached (censored)",
	 "The trial ran into its limit: its time is known only to be longer. It counts in n, is "
	 "never dropped and never counted as the limit: quantiles are then Kaplan-Meier's, with "
	 "log-log limits, and “> 180” means that the curve does not fall so far."},
	{"quantiles", "Where every trial was observed, of type 7 (linear between order statistics; "
		      "R's, NumPy's and Excel's PERCENTILE.INC), with 95 % intervals from binomial "
		      "order statistics, which assume nothing of the distribution."},
	{"n ≥ 20", "So many trials would support the figure or its interval: the interval of a "
		   "median needs 6, of p95 59, of p99 299."},
	{"contested", "The election took more than one new term. Shares have Clopper and Pearson's "
		      "95 % limits."},
	{"outside the fences", "Farther than 1.5 times the interquartile range from the quartiles "
			       "(far: 3 times; Tukey). Marked, never removed."},
	{"trials needed",
	 "Of each group, to show with 80 % power a difference like the one seen: by "
	 "Noether's formula for the test of Mann and Whitney, by Schoenfeld's for the "
	 "log-rank test. What was seen is itself uncertain."},
	{"shown, crossing",
	 "Most trials of one group are the shorter ones, and still the log-rank test finds "
	 "it the longer: the curves cross, and neither group is called the longer one."},
	{"humps", "Peaks of a smoothed density: a description, without an error rate. Elections "
		  "have several: a first attempt, then further ones about half a second apart."},
	{"not recovered",
	 "The trial ran into a limit, or was not measured. Shares have Clopper and "
	 "Pearson's 95 % limits."},
	{"not measured, aborted", "A trial that was not measured never began or was disturbed; an "
				  "aborted one was cut off and run again. Neither is in the "
				  "figures of times."},
};

static void add_limits(struct page *page)
{
	html_add(page->out,
		 "<h3>What these figures do not say</h3>\n<ul>\n"
		 "<li>They are those of this cluster, on this machine, with this load: boot "
		 "times, and through them rejoin times, above all. What carries over is the shape "
		 "of the elections.</li>\n"
		 "<li>A difference that is not shown is not shown to be absent.</li>\n"
		 "<li>Fast polls cost the nodes some CPU and can make elections slower where "
		 "nodes share few cores.</li>\n"
		 "<li>Several groups and metrics are looked at together: one that stands out "
		 "among many may do so by chance, unless a comparison says that it allowed for "
		 "that.</li>\n</ul>\n");
}

int page_method(struct page *page, struct err *err)
{
	const struct model *model = &page->recording->model;

	(void)err;
	html_add(page->out, "<h3>Times</h3>\n");
	page_pairs(page);
	for (size_t i = 0; i < model_n_metrics; i++) {
		char *text = page_metric_text(page, model_metrics[i]);

		if (i < N_HEADLINE || model->has[model_metrics[i]])
			page_pair(page, phrase_metric(model_metrics[i]), text);
		free(text);
	}
	if (model_has_fault(model, "watched"))
		page_pair(page, "watched",
			  "Nobody told what was done or when: times count from "
			  "the first sign that something had happened.");
	if (model->has_noop)
		page_pair(page, "noop",
			  "Nothing was done: its times are the noise floor, below which the others "
			  "say nothing; false changes are changes of master all the same.");
	page_pairs_end(page);
	html_add(page->out, "<h3>Words</h3>\n");
	page_pairs(page);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		page_pair(page, words[i].name, words[i].text);
	page_pairs_end(page);
	add_limits(page);
	return 0;
}
