/* gate_require: what a gate demands: 'reelection.p95<5s', 'failed=0', 'contested<=20%'. Pure.
 *
 *	requirement = (metric "." figure | count) operator number [unit]
 *	figure      = min p25 p50 (or median) p75 p90 p95 p99 max
 *	operator    = <  <=  >  >=  = (or ==)
 *	number      = decimal, with an exponent or without
 *	unit        = ms s m of a figure, which needs one; nothing of a count; % of a share
 *
 * Blanks may stand between the parts. Mean and sd cannot be demanded: without assuming a
 * distribution no interval would say whether they hold. Nor can a share be demanded to be equal to
 * something, to be 0 % or 100 %: no interval says so. */
#ifndef REJOIN_REPORT_GATE_REQUIRE_H
#define REJOIN_REPORT_GATE_REQUIRE_H

#include "lib/err.h"
#include "report/stats.h"
#include "schema/metric.h"

enum gate_op { GATE_LESS, GATE_AT_MOST, GATE_MORE, GATE_AT_LEAST, GATE_EQUAL };

enum gate_count {
	GATE_FAILED,	    /* trials that did not recover: censored, disturbed, gate_failed, ... */
	GATE_CENSORED,	    /* of these: ran into a limit (no_reelection, no_rejoin) */
	GATE_CONTESTED,	    /* elections with more than one new term */
	GATE_LOST_WRITES,   /* acknowledged and not found */
	GATE_N,		    /* trials */
	GATE_INCIDENTS,	    /* of the studies that the trials belong to */
	GATE_FALSE_CHANGES, /* of master, where nothing was done */
	N_GATE_COUNTS,
};
extern const char *const gate_count_names[N_GATE_COUNTS + 1]; /* ends with NULL */

struct requirement {
	const char *text; /* as given; the caller's */
	bool is_count;
	enum metric metric; /* figures */
	enum stats_figure figure;
	enum gate_count count; /* counts */
	bool is_share;	       /* a count as a share of its trials */
	enum gate_op op;
	double limit; /* seconds, number, or share (0 to 1) */
};

/* ERR_USAGE: one line with the place in the text, what is expected there, and the nearest name. */
int requirement_parse(const char *text, struct requirement *ret, struct err *err);

#endif
