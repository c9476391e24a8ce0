/* study_record: what an auditor asks of a study: what its plan says of it, and who signed it off.
 */
#ifndef REJOIN_REPORT_STUDY_RECORD_H
#define REJOIN_REPORT_STUDY_RECORD_H

#include "lib/err.h"
#include "lib/vec.h"
#include "schema/store.h"
#include <stddef.h>
#include <stdint.h>

struct model;

struct study_sign_off {
	char *name, *decision, *comment; /* decision: accepted, rejected; NULL: a comment only */
	char *signed_utc;		 /* "2026-01-31 12:00:00" */
	char *account, *host, *head;	 /* head: hex of what was signed; NULL: it was not sealed */
};

/* Everything that is said of a study, in the order in which reports show it. */
enum study_fact {
	STUDY_OBJECTIVE,
	STUDY_HYPOTHESIS,
	STUDY_RTO,
	STUDY_SCOPE,
	STUDY_ENVIRONMENT,
	STUDY_OPERATOR,
	STUDY_APPROVER,
	STUDY_TICKET,
	STUDY_REMARKS,
	N_STUDY_FACTS
};
/* What they are called, also in the JSON (there "rto"). */
extern const char *const study_fact_names[N_STUDY_FACTS];

struct study_record {
	char *texts[N_STUDY_FACTS];	      /* NULL: not said; that of the RTO is in rto_ns */
	int64_t rto_ns;			      /* 0: none */
	VEC(struct study_sign_off) sign_offs; /* as they were given */
};

/* Of every study of a model whose studies are loaded. */
int study_record_load(struct store *store, struct model *model, struct err *err);
void study_record_done(struct study_record *record);

/* NULL: not said. The caller frees. */
char *study_fact_text(const struct model *model, size_t study, enum study_fact fact);

/* How many trials kept the study's RTO: of those that were measured, without warm-ups; kept is what
 * agreed on a new master in time. Where the limit lies inside of the trial's interval it is neither
 * kept nor missed. */
struct rto_counts {
	size_t n, kept, missed;
};
struct rto_counts study_rto_counts(const struct model *model, size_t study);
/* "30 s: kept in 8 of 9 trials, missed in 1". NULL: the study has no RTO. The caller frees. */
char *study_rto_text(const struct model *model, size_t study);
/* "accepted by A. Person on 2026-01-31 12:00:00 UTC: comment". The caller frees. */
char *study_sign_off_text(const struct study_sign_off *sign_off);

#endif
