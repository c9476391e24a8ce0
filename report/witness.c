#include "report/witness.h"
#include "lib/str.h"
#include "report/stats.h"

struct witness_figures witness_figures(const struct model_study *study)
{
	struct witness_figures figures = {.n = study->witness.n, .n_early = study->n_early};
	double *sorted;

	if (!figures.n)
		return figures;
	sorted = mem_alloc(figures.n * sizeof *sorted);
	for (size_t i = 0; i < figures.n; i++)
		sorted[i] = study->witness.v[i];
	stats_sort(sorted, figures.n);
	figures.min_s = sorted[0];
	figures.max_s = sorted[figures.n - 1];
	figures.median_s = stats_quantile(sorted, figures.n, figures.n, 0.5);
	free(sorted);
	return figures;
}

char *witness_text(const struct model_study *study)
{
	struct witness_figures f = witness_figures(study);
	struct str text = STR_INIT;

	if (!f.n)
		return NULL;
	str_addf(&text,
		 "polled later than the nodes' own log lines by median %.1f ms (%.1f to %.1f), "
		 "n = %zu",
		 f.median_s * 1e3, f.min_s * 1e3, f.max_s * 1e3, f.n);
	if (f.n_early)
		str_addf(&text, "; %zu BEFORE the line can have been written", f.n_early);
	return str_take(&text);
}
