#include "report/stats_modes.h"
#include "lib/mem.h"
#include "report/stats.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double valley_share = 0.75, least_share = 0.1;
enum { CELLS = 8, REACH = 4 * CELLS, LEAST = 4 }; /* cells of a bandwidth, of a kernel's half */

/* A stretch of values that no other value's kernel reaches. */
struct cluster {
	const double *sorted;
	size_t n;
	double origin, cell; /* cell c is at origin + c * cell */
	size_t n_cells;
	double *density; /* up to a factor */
};

/* A stretch of cells with one peak, from the valley before to the valley after. */
struct hump {
	size_t from, peak, to;
};

static double bandwidth_of(const double *v, size_t n)
{
	double iqr = stats_quantile(v, n, n, 0.75) - stats_quantile(v, n, n, 0.25), sd;
	struct stats s;

	stats_compute(v, n, 0, &s);
	sd = s.of[STATS_SD];
	return 0.9 * (iqr > 0 ? fmin(sd, iqr / 1.34) : sd) * pow((double)n, -0.2);
}

/* The density at the cells: the values shared out to their two neighbours, then the kernel. */
static void estimate(struct cluster *c)
{
	double *weight = mem_alloc(c->n_cells * sizeof *weight), kernel[REACH + 1];

	c->density = mem_alloc(c->n_cells * sizeof *c->density);
	for (int i = 0; i <= REACH; i++)
		kernel[i] = exp(-0.5 * i * i / (CELLS * CELLS));
	for (size_t i = 0; i < c->n; i++) {
		double place = (c->sorted[i] - c->origin) / c->cell, part = place - floor(place);
		size_t cell = (size_t)place;

		weight[cell] += 1 - part;
		weight[cell + 1] += part;
	}
	for (size_t i = REACH; i + REACH < c->n_cells; i++) {
		if (weight[i] == 0)
			continue;
		c->density[i] += weight[i];
		for (size_t j = 1; j <= REACH; j++) {
			c->density[i - j] += weight[i] * kernel[j];
			c->density[i + j] += weight[i] * kernel[j];
		}
	}
	free(weight);
}

static double cell_at(const struct cluster *c, size_t cell)
{
	return c->origin + (double)cell * c->cell;
}

/* How many values of the cluster are at or below. */
static size_t count_to(const struct cluster *c, double value)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->sorted[mid] <= value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void keep(struct stats_modes *modes, const struct cluster *c, const struct hump *h,
		 size_t least)
{
	size_t first = h->from ? count_to(c, cell_at(c, h->from)) : 0;
	size_t end = h->to + 1 < c->n_cells ? count_to(c, cell_at(c, h->to)) : c->n;

	if (end - first < least || modes->n == STATS_MODES_MAX)
		return;
	modes->of[modes->n++] = (struct stats_mode){cell_at(c, h->peak), c->sorted[first],
						    c->sorted[end - 1], end - first};
}

/* From left to right: the highest cell since the last valley, and the lowest one since that peak. A
 * valley counts once the density has risen above it by enough, and both sides are high enough. */
static void find_humps(struct stats_modes *modes, const struct cluster *c, size_t least)
{
	struct hump h = {0, 0, 0};
	const double *d = c->density;

	for (size_t i = 1; i < c->n_cells; i++) {
		if (d[i] > d[h.peak] && d[h.to] > valley_share * d[h.peak]) {
			h.peak = h.to = i; /* still climbing */
		} else if (d[i] < d[h.to]) {
			h.to = i;
		} else if (d[h.to] < d[i] && d[h.to] <= valley_share * fmin(d[i], d[h.peak])) {
			keep(modes, c, &h, least);
			h = (struct hump){h.to, i, i};
		}
	}
	h.to = c->n_cells - 1;
	keep(modes, c, &h, least);
}

static void describe(struct stats_modes *modes, const double *v, size_t n, size_t least)
{
	double cell = modes->bandwidth / CELLS;
	struct cluster c = {.sorted = v, .n = n, .cell = cell};

	c.origin = v[0] - (REACH + 1) * cell;
	c.n_cells = (size_t)((v[n - 1] - v[0]) / cell) + 2 * REACH + 5;
	estimate(&c);
	find_humps(modes, &c, least);
	free(c.density);
}

/* Values further apart than two kernels have nothing in common: each cluster has cells of its own,
 * and a lonely value far out costs none. */
void stats_modes(const double *sorted, size_t n, double resolution, struct stats_modes *ret)
{
	size_t least = (size_t)fmax(LEAST, ceil(least_share * (double)n));
	double apart;

	*ret = (struct stats_modes){0};
	if (n < STATS_MODES_NEED)
		return;
	if (sorted[0] < sorted[n - 1])
		ret->bandwidth = fmax(bandwidth_of(sorted, n), resolution);
	if (!(ret->bandwidth > 0)) {
		ret->of[ret->n++] = (struct stats_mode){sorted[0], sorted[0], sorted[0], n};
		return;
	}
	apart = ret->bandwidth * 2 * REACH / CELLS;
	for (size_t from = 0, end; from < n; from = end) {
		for (end = from + 1; end < n && sorted[end] - sorted[end - 1] <= apart; end++)
			;
		if (end - from >= least)
			describe(ret, sorted + from, end - from, least);
	}
}
