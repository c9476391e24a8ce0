/* gate: does a recording hold what is demanded of it? For each requirement and group: pass, fail,
 * or undecided.
 *
 * A quantile or a share passes if its whole 95 % interval does, and fails if none of it does; the
 * interval of a quantile is widened by the bound of its measurement. Where the interval holds the
 * limit, or the trials are too few for one, nothing is decided. Counts, min and max are facts about
 * the recording, and have no interval but that of the measurement. Without trials nothing passes.
 */
#ifndef REJOIN_REPORT_GATE_H
#define REJOIN_REPORT_GATE_H

#include "lib/str.h"
#include "report/gate_require.h"
#include "report/selection.h"

enum gate_verdict { GATE_PASS, GATE_FAIL, GATE_UNDECIDED, N_GATE_VERDICTS };
extern const char *const gate_verdict_names[N_GATE_VERDICTS]; /* "pass", "fail", "undecided" */

#define GATE_NO_GROUP SIZE_MAX

struct gate_result {
	const struct requirement *requirement;
	size_t group; /* in the grouping; GATE_NO_GROUP: the recording has none */
	enum gate_verdict verdict;
	size_t n; /* trials (elections) that it rests on */
	/* As the requirement's limit. The truth is taken to lie in [lo, hi]: equal of a count.
	 * NAN: not known; hi INFINITY: no upper bound. */
	double value, lo, hi;
	size_t needs; /* undecided: trials that an interval would need, or a share to pass; 0 */
	char *reason; /* in a few words; empty: passed */
};

struct gate {
	VEC(struct gate_result) results; /* by requirement, then by group */
	size_t n_of[N_GATE_VERDICTS];
};

/* requirements must live as long. A requirement of times after a fault, or of elections, passes
 * over groups in which nothing was done (noop); false_changes over all others. */
void gate_make(const struct recording *recording, const struct requirement *requirements, size_t n,
	       struct gate *ret);
void gate_done(struct gate *gate);
/* All pass, one at least. */
bool gate_holds(const struct gate *gate);

/* "masters 3, fault stop"; the caller frees it. */
char *gate_group_text(const struct recording *recording, const struct gate_result *result);
/* A value as the requirement's limit is written: "4.21 s", "3", "17 %"; "-": not known. */
char *gate_value_text(const struct requirement *requirement, double value);

void gate_print(const struct recording *recording, const struct gate *gate, struct str *ret_text);
/* Described in report/README.md. */
void gate_print_json(const struct recording *recording, const struct gate *gate,
		     struct str *ret_text);
/* A test case each; undecided is a failure of that type, since it must not pass. */
void gate_print_junit(const struct recording *recording, const struct gate *gate,
		      struct str *ret_text);

#endif
