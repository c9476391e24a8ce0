/* compare: groups of trials against each other, metric by metric.
 *
 * Groups are compared that differ in the factor asked for and in nothing else: all other factors of
 * the grouping make strata, and each stratum is a comparison of its own. A factor whose levels go
 * with one compared level each (the version, where products are compared) cannot be told apart from
 * it: it joins the compared ones, and the labels of groups show it.
 *
 * Durations are the middles of their intervals. As soon as one trial of a comparison is
 * right-censored the tests are log-rank tests, and there is no shift: the difference of two times
 * that are only known to be longer is not known. */
#ifndef REJOIN_REPORT_COMPARE_H
#define REJOIN_REPORT_COMPARE_H

#include "report/group.h"
#include "report/stats_trend.h"

enum {
	COMPARE_MAX_GROUPS = 20,  /* of more, pairs are not made: nobody reads 190 */
	COMPARE_DRIFT_NEEDS = 10, /* trials: below, the test's p is rough */
};

/* A difference or a drift is shown below this: 5 %, shared among a comparison by Holm's method. */
#define COMPARE_ALPHA 0.05
#define COMPARE_POWER 0.8

struct compare_group {
	size_t place; /* in grouping->groups */
	size_t n;     /* trials with this metric, censored ones included: never 0 */
	size_t n_censored;
	struct stats_trend trend; /* over the run; censored trials are the longest */
	double trend_p_holm;	  /* of trend.kendall_p, over the groups compared */
};

enum compare_verdict {
	COMPARE_SHOWN,	   /* a difference: p_holm below COMPARE_ALPHA */
	COMPARE_NOT_SHOWN, /* which does not say that there is none */
	COMPARE_TOO_FEW,   /* no outcome of so few trials could show one: were all pairs at their
			      least p, their p_holm would not be below COMPARE_ALPHA */
	COMPARE_EQUAL,	   /* all values are the same */
	COMPARE_UNKNOWN,   /* all trials are censored */
};

struct compare_pair {
	size_t a, b; /* places in grouping->groups */
	size_t n_a, n_b;
	double shift_s, shift_lo_s, shift_hi_s; /* b - a, Hodges-Lehmann, 95 %; NAN: censored, or
						   fewer than 4 of each (the interval) */
	/* The same shift, had every time of b been as short and every one of a as long as its
	 * measurement allows; and the other way round. */
	double bound_lo_s, bound_hi_s;
	double superiority; /* P(a trial of b is longer) + P(as long) / 2; NAN: limits differ,
			       or no trial ended */
	double statistic;   /* u of (a, b); log-rank: chi-square, 1 degree of freedom */
	double excess;	    /* log-rank: events of b less those expected; below 0: b is longer */
	double p, p_holm;
	bool exact;
	size_t n_ended;	 /* trials of both that did not run into a limit */
	size_t n_needed; /* trials of each for 80 % power, the 5 % shared evenly among the pairs:
			    at this superiority (Noether), or, log-rank, at this ratio of hazards
			    and this share of trials that end (Schoenfeld); 0: not known, or no
			    difference seen; never below compare_fewest */
	double after;	 /* share of pairs of trials in which that of b was run after that of a:
			    0.5 interleaved, 0 or 1 one after another; NAN: two studies */
	enum compare_verdict verdict;
};

/* The groups of one stratum, two at least. */
struct comparison {
	enum metric metric;
	bool censored;
	const char *test; /* "Mann-Whitney" of two groups, "Kruskal-Wallis", "log-rank" */
	double statistic, p;
	size_t df;			  /* 0: Mann-Whitney */
	VEC(struct compare_group) groups; /* in the order of the grouping */
	VEC(struct compare_pair) pairs;
};

/* Trials without a fault are a noise floor: they are compared with nothing. */
bool compare_is_noop(const struct model *model, const struct group *group);

struct comparisons {
	/* Of each factor of the grouping: compared, or makes strata. */
	bool *is_compared;
	bool *is_joined;	      /* compared though not asked for */
	bool *varies;		      /* more than one level */
	VEC(struct comparison) all;   /* by metric, then by stratum */
	VEC(struct comparison) alone; /* strata with one group: no pair, no test, but its trend */
};

/* What is compared: by, comma-separated names of the grouping's factors (size is
 * master_eligible); NULL: size, or the first other factor if all have one size. Names that the
 * grouping does not have are passed over. The caller calls compare_done. */
void compare_init(struct comparisons *comparisons, const struct grouping *grouping, const char *by);
/* Adds a comparison for each stratum in which a group has the metric: to all where two have. */
void compare_add(struct comparisons *comparisons, const struct model *model,
		 const struct grouping *grouping, enum metric metric);
void compare_done(struct comparisons *comparisons);

/* Which trials are the longer ones, where a difference is shown: 1: of b, -1: of a. 0: none is
 * shown, the trials cannot be ranked, or the ranks and the log-rank test say opposite: the curves
 * cross. */
int compare_longer(const struct compare_pair *pair);

/* The least p that any order of so many trials can have: 2 / C(n_a + n_b, n_a), 1 at most. */
double compare_least_p(size_t n_a, size_t n_b);
/* Pairs that have a p: those that share the 5 %. */
size_t compare_n_tested(const struct comparison *comparison);
/* The fewest trials in each of equal groups that could show a difference, of so many pairs tested
 * together. */
size_t compare_fewest(size_t n_tested);

/* ---- in words; the caller frees each ---- */

/* "3", "stop", "elasticsearch, 8.19.0": the compared levels that vary. */
char *compare_label(const struct comparisons *comparisons, const struct grouping *grouping,
		    const struct group *group);
/* "fault stop, heap 1g": the levels of the stratum that vary. Empty: there is one stratum. */
char *compare_stratum(const struct comparisons *comparisons, const struct grouping *grouping,
		      const struct comparison *comparison);
/* "master_eligible", "file, product": what is compared. */
char *compare_factors(const struct comparisons *comparisons, const struct grouping *grouping);
/* One sentence for a pair: "Re-election (fault stop): no difference is shown between 3 and 4
 * master-eligible nodes (shift +0.05 s, 95 %: -0.10 to 0.21); about 240 trials of each ...". */
char *compare_sentence(const struct comparisons *comparisons, const struct grouping *grouping,
		       const struct comparison *comparison, const struct compare_pair *pair);
/* Of a pair: "shown", "not shown", "too few trials", "equal", "no trial ended"; "shown, crossing"
 * where the difference has no direction. */
const char *compare_difference(const struct compare_pair *pair);
/* The trials of a group got longer or shorter: "Re-election: with 4 master-eligible nodes the later
 * trials were longer (...)."; NULL: no drift is shown. */
char *compare_drift(const struct comparisons *comparisons, const struct grouping *grouping,
		    const struct comparison *comparison, const struct compare_group *group);
/* There are several pairs, and none has trials enough; then the sentence for all of them:
 * "Re-election: too few trials to tell any two of 3 apart; no fewer than 5 of each can." */
bool compare_is_too_few(const struct comparison *comparison);
char *compare_too_few(const struct comparisons *comparisons, const struct grouping *grouping,
		      const struct comparison *comparison);
/* Of the pairs in which no difference is shown, why not: "Of 200 pairs none shows a difference: all
 * have too few trials to show one." NULL: there are none. */
char *compare_rest(const struct comparisons *comparisons);
/* The test of all groups at once, of more than two: "Re-election (fault stop): among all 3 no
 * difference is shown (Kruskal-Wallis 4.65, p = 0.10)." NULL: nothing that the pairs do not say. */
char *compare_all_at_once(const struct comparisons *comparisons, const struct grouping *grouping,
			  const struct comparison *comparison);
/* It shows a difference. */
bool compare_is_shown_of_all(const struct comparison *comparison);
/* How many comparisons of more than two groups do not. NULL: all do. */
char *compare_rest_of_all(const struct comparisons *comparisons);
/* That pairs were not run in turns, as such a difference may be the machine's; of one metric, or of
 * all (N_METRICS). NULL: all were. */
char *compare_order(const struct comparisons *comparisons, enum metric metric);

#endif
