/* What all pairs together say. */
#include "report/compare.h"
#include "report/phrase.h"
#include <math.h>
#include <string.h>

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

bool compare_is_too_few(const struct comparison *comparison)
{
	const struct compare_pair *pair;

	vec_each (pair, &comparison->pairs)
		if (pair->verdict != COMPARE_TOO_FEW)
			return false;
	return comparison->pairs.n > 1;
}

char *compare_too_few(const struct comparisons *c, const struct grouping *grouping,
		      const struct comparison *comparison)
{
	char *stratum = compare_stratum(c, grouping, comparison);
	char *text = mem_printf("%s%s%s%s: too few trials to tell any two of %zu apart; no fewer "
				"than %zu of each can.",
				phrase_metric(comparison->metric), *stratum ? " (" : "", stratum,
				*stratum ? ")" : "", comparison->groups.n,
				compare_fewest(compare_n_tested(comparison)));

	free(stratum);
	return text;
}

/* ": all have too few trials to show one, in 3 ..." */
static void add_reason(struct str *text, size_t n, size_t n_all, bool have, const char *reason)
{
	if (!n)
		return;
	str_add(text, strchr(text->s, ':') ? ", " : ": ");
	if (n == n_all)
		str_addf(text, "%s %s", have ? "all have" : "in all", reason);
	else
		str_addf(text, "%s%zu%s %s", have ? "" : "in ", n,
			 !have	  ? ""
			 : n == 1 ? " has"
				  : " have",
			 reason);
}

char *compare_rest(const struct comparisons *c)
{
	const struct comparison *comparison;
	const struct compare_pair *pair;
	size_t of[COMPARE_UNKNOWN + 1] = {0}, n = 0;
	struct str text = STR_INIT;

	vec_each (comparison, &c->all)
		vec_each (pair, &comparison->pairs) {
			of[pair->verdict]++;
			n += pair->verdict != COMPARE_SHOWN;
		}
	if (!n)
		return NULL;
	str_addf(&text, "Of %s%zu %s none shows a difference",
		 of[COMPARE_SHOWN] ? "the other " : "", n, n == 1 ? "pair" : "pairs");
	add_reason(&text, of[COMPARE_TOO_FEW], n, true, "too few trials to show one");
	add_reason(&text, of[COMPARE_UNKNOWN], n, false, "no trial ended");
	add_reason(&text, of[COMPARE_EQUAL], n, false, "every value is the same");
	str_add(&text, ".");
	return str_take(&text);
}

bool compare_is_shown_of_all(const struct comparison *comparison)
{
	return comparison->groups.n > 2 && comparison->p < COMPARE_ALPHA;
}

char *compare_all_at_once(const struct comparisons *c, const struct grouping *grouping,
			  const struct comparison *comparison)
{
	struct str text = STR_INIT;
	char *stratum;

	if (comparison->groups.n <= 2 || (isnan(comparison->p) && comparison->pairs.n))
		return NULL;
	stratum = compare_stratum(c, grouping, comparison);
	str_addf(&text, "%s%s%s%s: among all %zu ", phrase_metric(comparison->metric),
		 *stratum ? " (" : "", stratum, *stratum ? ")" : "", comparison->groups.n);
	if (isnan(comparison->p))
		str_add(&text, comparison->censored ? "no trial ended" : "every value is the same");
	else {
		str_addf(&text, "%s difference is shown (%s %.2f, ",
			 compare_is_shown_of_all(comparison) ? "a" : "no", comparison->test,
			 comparison->statistic);
		phrase_add_p(&text, comparison->p);
		str_add(&text, ")");
	}
	str_add(&text, comparison->pairs.n ? "." : "; too many for pairs.");
	free(stratum);
	return str_take(&text);
}

char *compare_rest_of_all(const struct comparisons *c)
{
	const struct comparison *comparison;
	size_t n = 0, n_shown = 0, n_pairless = 0;
	struct str text = STR_INIT;

	vec_each (comparison, &c->all) {
		bool shown = compare_is_shown_of_all(comparison);

		n_shown += shown;
		n += comparison->groups.n > 2 && !shown;
		n_pairless += !comparison->pairs.n && !shown;
	}
	if (!n)
		return NULL;
	str_addf(&text, "Among all groups of a block no difference is shown in %s ",
		 n_shown  ? "the other"
		 : n == 1 ? "the only"
			  : "any of");
	if (n > 1)
		str_addf(&text, "%zu ", n);
	str_add(&text, n == 1 ? "block" : "blocks");
	if (n_pairless == n)
		str_add(&text, "; too many groups for pairs");
	else if (n_pairless)
		str_addf(&text, "; in %zu too many groups for pairs", n_pairless);
	str_add(&text, ".");
	return str_take(&text);
}
