/* findings_impl: what the parts of findings share. */
#ifndef REJOIN_REPORT_FINDINGS_IMPL_H
#define REJOIN_REPORT_FINDINGS_IMPL_H

#include "report/findings.h"
#include "report/phrase.h"

/* Groups or pairs that get a sentence each; of more, the range is told. */
enum { FINDINGS_EACH = 6 };

struct telling {
	const struct recording *r;
	struct comparisons of; /* re-election and rejoin, by size or what else varies */
	struct findings *to;
};

/* Takes text; an empty one is no finding. */
void findings_add(struct telling *t, enum finding_severity severity, struct str *text);

/* "3 master-eligible nodes (kill, heap 1g)". The caller frees it, and the next. */
char *findings_group(const struct telling *t, const struct group *group);
/* Within a sentence that has said what it is about: "3 masters", "3 masters, kill". */
char *findings_group_short(const struct telling *t, const struct group *group);
/* Before the i-th of a list of groups, of which some have commas of their own: "", "; ". */
const char *findings_joint(const struct telling *t, size_t i);
/* Nothing was done in it: its times are a noise floor. */
bool findings_is_noop(const struct telling *t, const struct group *group);

void findings_times(struct telling *t);	  /* how long everything took */
void findings_compare(struct telling *t); /* what differs, and drifts */
void findings_outcomes(
	struct telling *t);		 /* trials that failed, contested elections, two masters */
void findings_client(struct telling *t); /* writes, false changes */
void findings_tolerance(struct telling *t);
void findings_instrument(struct telling *t); /* incidents, certificates, what is missing */

#endif
