/* What differs, and what drifts. */
#include "report/findings_impl.h"

static void add_taken(struct telling *t, enum finding_severity severity, char *taken)
{
	struct str text = STR_INIT;

	str_add(&text, taken ? taken : "");
	free(taken);
	findings_add(t, severity, &text);
}

enum { MANY_STRATA = 5 };

struct tally {
	size_t n, n_shown, n_too_few, n_strata;
	size_t least, most; /* pairs tested together in a stratum */
};

/* Where no trial ended the outcomes have told it. */
static struct tally count(const struct telling *t, enum metric metric)
{
	const struct comparison *comparison;
	const struct compare_pair *pair;
	struct tally tally = {0};

	vec_each (comparison, &t->of.all) {
		size_t n_tested = compare_n_tested(comparison);

		if (comparison->metric != metric)
			continue;
		tally.n_strata++;
		if (n_tested && (!tally.least || n_tested < tally.least))
			tally.least = n_tested;
		tally.most = n_tested > tally.most ? n_tested : tally.most;
		vec_each (pair, &comparison->pairs)
			if (pair->verdict != COMPARE_UNKNOWN) {
				tally.n++;
				tally.n_shown += pair->verdict == COMPARE_SHOWN;
				tally.n_too_few += pair->verdict == COMPARE_TOO_FEW;
			}
	}
	return tally;
}

static void say_pairs(struct telling *t, enum metric metric, bool only_shown, size_t most)
{
	const struct comparison *comparison;
	const struct compare_pair *pair;

	vec_each (comparison, &t->of.all)
		vec_each (pair, &comparison->pairs) {
			if (comparison->metric != metric || !most ||
			    pair->verdict == COMPARE_UNKNOWN ||
			    (only_shown && pair->verdict != COMPARE_SHOWN))
				continue;
			most--;
			add_taken(t, FINDING_FACT,
				  compare_sentence(&t->of, &t->r->grouping, comparison, pair));
		}
}

static void say_rest(struct telling *t, enum metric metric, const struct tally *tally)
{
	struct str text = STR_INIT;

	if (tally->n_shown)
		str_addf(&text, "%s: a difference is shown in %zu of %zu pairs",
			 phrase_metric(metric), tally->n_shown, tally->n);
	else
		str_addf(&text, "%s: no difference is shown in any of %zu pairs",
			 phrase_metric(metric), tally->n);
	/* Holm's method guards a stratum, not all of them together. */
	if (tally->n_shown && tally->n_strata >= MANY_STRATA)
		str_addf(&text, "; by chance alone one would show in up to 5 %% of the %zu strata",
			 tally->n_strata);
	if (tally->n_too_few)
		str_addf(&text, "; %zu have too few trials to show any", tally->n_too_few);
	str_add(&text, ".");
	findings_add(t, FINDING_FACT, &text);
}

/* Strata may compare different numbers of set-ups. */
static void say_too_few(struct telling *t, enum metric metric, const struct tally *tally)
{
	size_t least = compare_fewest(tally->least), most = compare_fewest(tally->most);
	struct str text = STR_INIT;

	str_addf(&text, "%s: too few trials to tell any two set-ups apart; no fewer than %zu",
		 phrase_metric(metric), least);
	if (most > least)
		str_addf(&text, " to %zu", most);
	str_add(&text, " of each can.");
	findings_add(t, FINDING_CAUTION, &text);
}

static void say_metric(struct telling *t, enum metric metric)
{
	struct tally tally = count(t, metric);

	if (!tally.n)
		return;
	if (tally.n_too_few == tally.n && tally.n > 1) {
		say_too_few(t, metric, &tally);
	} else if (tally.n == 1 || (metric == METRIC_REELECTION && tally.n <= FINDINGS_EACH)) {
		say_pairs(t, metric, false, FINDINGS_EACH);
	} else {
		say_pairs(t, metric, true, FINDINGS_EACH / 2);
		say_rest(t, metric, &tally);
	}
}

/* Says the first few; returns how many there are. */
static size_t say_drifts_of(struct telling *t, const struct comparison *v, size_t n, size_t n_said)
{
	const struct compare_group *group;

	for (size_t i = 0; i < n; i++)
		vec_each (group, &v[i].groups) {
			char *drift = compare_drift(&t->of, &t->r->grouping, &v[i], group);

			if (drift && ++n_said <= FINDINGS_EACH / 2)
				add_taken(t, FINDING_CAUTION, drift);
			else
				free(drift);
		}
	return n_said;
}

static void say_drifts(struct telling *t)
{
	size_t n = say_drifts_of(t, t->of.all.v, t->of.all.n, 0);
	struct str text = STR_INIT;

	n = say_drifts_of(t, t->of.alone.v, t->of.alone.n, n);
	if (n > FINDINGS_EACH / 2)
		str_addf(&text, "Such a drift is shown %zu times more.", n - FINDINGS_EACH / 2);
	findings_add(t, FINDING_CAUTION, &text);
}

void findings_compare(struct telling *t)
{
	say_metric(t, METRIC_REELECTION);
	say_metric(t, METRIC_REJOIN);
	add_taken(t, FINDING_CAUTION, compare_order(&t->of, METRIC_REELECTION));
	say_drifts(t);
}
