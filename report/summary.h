/* summary: the figures of a recording as text. */
#ifndef REJOIN_REPORT_SUMMARY_H
#define REJOIN_REPORT_SUMMARY_H

#include "lib/str.h"
#include "report/findings.h"
#include <stdbool.h>

struct summary {
	const struct recording *recording;
	const struct findings *findings;
	bool metrics[N_METRICS]; /* those to show */
	size_t columns;		 /* of a terminal that shows sparklines, for people; 0: none */
};

/* For people: what was done, what it says, outcomes, then the figures metric by metric. */
void summary_print(const struct summary *summary, bool markdown, struct str *ret_text);
/* For programs: every digit, a line per metric and group. */
void summary_print_csv(const struct summary *summary, struct str *ret_text);
/* {"schema": 1, "study": ..., "studies": [...], "rows": [...],
 * "tolerance": [...]}: of each size the losses survived, -1 where no trial tells */
void summary_print_json(const struct summary *summary, struct str *ret_text);

/* "57 of 60 planned: 55 recovered, 2 no_rejoin; 3 warm-ups" of a study, warm-ups left out of the
 * outcomes unless include_warmup; n_warmup as in struct grouping. The caller frees it. */
char *summary_trials(const struct model *model, size_t study, bool include_warmup);
/* "none" or "skipped_polls 2, late_polls 1". The caller frees it. */
char *summary_incidents(const struct model_study *study);
/* "elasticsearch 8.19.0, local driver, 5 nodes of which 3, 4, 5 master-eligible". The caller frees
 * it. */
char *summary_clusters(const struct model *model, size_t study);

#endif
