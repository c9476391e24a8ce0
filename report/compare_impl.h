/* compare_impl: what the parts of compare share. */
#ifndef REJOIN_REPORT_COMPARE_IMPL_H
#define REJOIN_REPORT_COMPARE_IMPL_H

#include "report/compare.h"
#include "report/stats_compare.h"

bool compare_same_level(const struct grouping *grouping, size_t a, size_t b, size_t factor);
/* The same levels of all factors that are not compared. */
bool compare_same_stratum(const struct comparisons *comparisons, const struct grouping *grouping,
			  size_t a, size_t b);

/* The trials of one group that have a metric. */
struct compare_sample {
	size_t n, n_censored, study;
	double *in_order;	   /* [s] as they were run; INFINITY: censored */
	double *sorted;		   /* the same, ascending */
	double *lower, *upper;	   /* ends of the intervals, ascending; INFINITY: censored */
	double *positions;	   /* in the schedule, ascending */
	struct stats_time *times;  /* a censored one with the time it was watched for */
	double longest_s, limit_s; /* longest that was observed, shortest that was not */
};

/* The caller calls compare_sample_done. */
void compare_collect(const struct model *model, const struct group *group, enum metric metric,
		     struct compare_sample *ret);
void compare_sample_done(struct compare_sample *sample);

/* All figures of a pair but p_holm, n_needed and the verdict. */
void compare_two(const struct compare_sample *a, const struct compare_sample *b, bool censored,
		 struct compare_pair *ret);

#endif
