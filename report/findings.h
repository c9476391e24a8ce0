/* findings: what a recording says, in sentences that are made from its numbers.
 *
 * The most important first, and so few that they are read in a minute: of more groups than that,
 * only the range is told. Nothing is said that the numbers do not carry: a figure stands with its
 * 95 % interval or with the trials that one would need, and a comparison that shows nothing says
 * so. Used by the summary, the workbook's first sheet and the page. */
#ifndef REJOIN_REPORT_FINDINGS_H
#define REJOIN_REPORT_FINDINGS_H

#include "report/compare.h"
#include "report/selection.h"

enum finding_severity {
	FINDING_FACT,
	FINDING_CAUTION, /* something went wrong, or must be known to read the figures */
};
extern const char *const finding_severity_names[]; /* "fact", "caution" */

struct finding {
	enum finding_severity severity;
	char *text; /* a sentence or two, without line breaks */
};

struct findings {
	VEC(struct finding) all;
};

/* recording: opened by recording_open; its store is not used. The caller calls findings_done. */
void findings_make(const struct recording *recording, struct findings *ret);
void findings_done(struct findings *findings);

#endif
