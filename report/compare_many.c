/* What all pairs together say. */
#include "report/compare.h"
#include "report/phrase.h"
#include <math.h>

/* Not mixed in time: about all of one after all of the other. */
static bool is_apart(const struct compare_pair *pair)
{
	return pair->after < 0.1 || pair->after > 0.9;
}

char *compare_order(const struct comparisons *c, enum metric metric)
{
	const struct comparison *comparison;
	const struct compare_pair *pair;
	size_t n = 0, n_apart = 0, n_studies = 0;
	struct str text = STR_INIT;

	vec_each (comparison, &c->all)
		vec_each (pair, &comparison->pairs)
			if (metric == N_METRICS || comparison->metric == metric) {
				n++;
				n_apart += is_apart(pair);
				n_studies += isnan(pair->after);
			}
	if (!n_apart && !n_studies)
		return NULL;
	if (n_apart + n_studies == n)
		str_add(&text, "What is compared was run");
	else
		str_addf(&text, "In %zu of %zu pairs the two were run", n_apart + n_studies, n);
	str_addf(&text, " %s: a change of the machine meanwhile would look like a difference.",
		 !n_studies ? "one after the other"
		 : !n_apart ? "in two studies, not in turns"
			    : "one after the other, or in two studies, not in turns");
	return str_take(&text);
}
