/* stats_survival: durations of which some are known only to be longer. Pure.
 *
 * A censored trial counts as at risk up to and including its time, so one censored at the very
 * time of an event is taken to have lasted longer (Kalbfleisch and Prentice, 1.4; as R's survival
 * and lifelines do). Times are finite; anything not finite is the caller's mistake and aborts. */
#ifndef REJOIN_REPORT_STATS_SURVIVAL_H
#define REJOIN_REPORT_STATS_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

struct stats_time {
	double time;
	bool censored;
};

struct stats_times {
	const struct stats_time *v; /* in any order */
	size_t n;
};

/* From time on, until the next step, a share s of the trials goes on.
 *
 *   s        product over event times of 1 - d/r (Kaplan and Meier 1958); r at risk, d events
 *   greenwood  sum of d / (r (r - d)); the variance of s is s^2 times that (Greenwood 1926);
 *            INFINITY where s is 0
 *   lo, hi   s^exp(+-z sqrt(greenwood) / |log s|): complementary log-log limits, which stay
 *            within 0 and 1 (Kalbfleisch and Prentice); NAN where s is 0 */
struct stats_step {
	double time;
	size_t n_at_risk, n_events;
	double s, greenwood, lo, hi;
};

struct stats_survival {
	struct stats_step *v; /* one per distinct event time, ascending; s is 1 before the first */
	size_t n;
	size_t n_trials, n_censored;
	double last; /* the longest time of all, censored or not; NAN without trials */
};

/* confidence: of lo and hi, pointwise. O(n log n). The caller calls _done. */
void stats_survival(const struct stats_times *times, double confidence, struct stats_survival *ret);
void stats_survival_done(struct stats_survival *s);

/* The time by which a share p has ended, and its limits, found where the curve (lo, hi: the limits
 * of the curve) first is at or below 1 - p: Brookmeyer and Crowley 1982 on the log-log limits.
 * Where a curve runs exactly on 1 - p (within 1.5e-8), the middle of that stretch, as
 * quantile.survfit of R does; lifelines takes its start.
 *
 * INFINITY: not reached within the trials, "longer than last". NAN: no trials, or the curve fell
 * to 0 where it has no limits. */
struct stats_survival_quantile {
	double at, lo, hi;
};

void stats_survival_quantile(const struct stats_survival *s, double p,
			     struct stats_survival_quantile *ret);

/* Do the groups' durations follow one distribution? Log-rank test (Mantel 1966; as R's survdiff
 * with rho = 0): with O and E the observed and expected events and V the hypergeometric covariance,
 * both summed over the event times, (O - E)' V^-1 (O - E) is chi-square with one degree less than
 * there are groups in which an event could be expected. O(n log n + event times * groups^2). NAN:
 * fewer than two such groups, or V is singular, as where groups are never at risk together. */
struct stats_test {
	double statistic, p;
	size_t df;
	/* Log-rank alone: O - E of the last group; below 0, its trials tend to be the longer ones.
	 * Of two groups (O - E)^2 / V is the statistic. NAN: no p. */
	double excess;
};

void stats_logrank(const struct stats_times *groups, size_t n_groups, struct stats_test *ret);

#endif
