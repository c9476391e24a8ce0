/* stats_dist: the distributions that intervals and tests stand on. Pure, on libm only.
 *
 * The incomplete beta and gamma functions are continued fractions (or the series) times a density
 * in Loader's saddle-point form ("Fast and accurate computation of binomial probabilities", 2000),
 * which keeps its digits where differences of lgamma() lose them: relative error about 1e-13 up to
 * a million trials. An argument outside the domain gives NAN. */
#ifndef REJOIN_REPORT_STATS_DIST_H
#define REJOIN_REPORT_STATS_DIST_H

#include <stddef.h>

/* Standard normal: P(Z <= z), P(Z > z), and z with P(Z <= z) = p. */
double stats_normal_cdf(double z);
double stats_normal_sf(double z);
double stats_normal_quantile(double p);

/* Regularised incomplete beta I_x(a, b), 0 <= x <= 1, a and b > 0; and x where it is p.
 * DLMF 8.17.22 (continued fraction by the modified Lentz method). */
double stats_beta_cdf(double x, double a, double b);
double stats_beta_quantile(double p, double a, double b);

/* Regularised incomplete gamma P(a, x) and Q(a, x) = 1 - P, a > 0, x >= 0; and x where P is p.
 * DLMF 8.11.4 (series) below a + 1, 8.9.2 (continued fraction) above. */
double stats_gamma_cdf(double x, double a);
double stats_gamma_sf(double x, double a);
double stats_gamma_quantile(double p, double a);

/* Chi-square with df degrees of freedom: P(X > x) = Q(df/2, x/2). */
double stats_chi2_sf(double x, double df);

/* Student's t with df degrees of freedom: P(|T| > |t|) = I_{df/(df+t^2)}(df/2, 1/2). */
double stats_t_two_sided(double t, double df);

/* Binomial: P(B <= k) and P(B > k) of n draws that each succeed with probability p. k may be
 * negative. */
double stats_binomial_cdf(double k, size_t n, double p);
double stats_binomial_sf(double k, size_t n, double p);

#endif
