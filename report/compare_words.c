/* What a comparison says, in words. */
#include "report/compare_impl.h"
#include "report/factor.h"
#include "report/phrase.h"
#include <math.h>
#include <string.h>

/* Level i of a group. */
static void add_levels(struct str *str, const struct grouping *grouping, const struct group *group,
		       size_t i, bool named)
{
	char *level = group_level_text(grouping, group, i);

	if (named)
		str_addf(str, "%s%s %s", str->n ? ", " : "", factor_title(grouping->names.v[i]),
			 level);
	else
		str_addf(str, "%s%s", str->n ? ", " : "", level);
	free(level);
}

char *compare_label(const struct comparisons *c, const struct grouping *grouping,
		    const struct group *group)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++)
		if (c->is_compared[i] && c->varies[i])
			add_levels(&text, grouping, group, i, false);
	return text.n ? str_take(&text) : mem_strdup("all");
}

char *compare_stratum(const struct comparisons *c, const struct grouping *grouping,
		      const struct comparison *comparison)
{
	const struct group *group = &grouping->groups.v[comparison->groups.v[0].place];
	struct str text = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++)
		if (!c->is_compared[i] && c->varies[i])
			add_levels(&text, grouping, group, i, true);
	return text.n ? str_take(&text) : mem_strdup("");
}

char *compare_factors(const struct comparisons *c, const struct grouping *grouping)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < grouping->names.n; i++)
		if (c->is_compared[i])
			str_addf(&text, "%s%s", text.n ? ", " : "", grouping->names.v[i]);
	return text.n ? str_take(&text) : mem_strdup("");
}

/* Levels that are numbers of nodes need their noun. */
static const char *noun(const struct comparisons *c, const struct grouping *grouping)
{
	bool only = true, size = false;

	for (size_t i = 0; i < grouping->names.n; i++) {
		bool is_size = strcmp(grouping->names.v[i], "master_eligible") == 0;

		if (c->is_compared[i] && c->varies[i]) {
			size |= is_size;
			only &= is_size;
		}
	}
	return size && only ? " master-eligible nodes" : "";
}

static bool is_crossing(const struct compare_pair *pair)
{
	return pair->verdict == COMPARE_SHOWN && !isnan(pair->superiority) && !compare_longer(pair);
}

const char *compare_difference(const struct compare_pair *pair)
{
	static const char *const texts[] = {"shown", "not shown", "too few trials", "equal",
					    "no trial ended"};

	return is_crossing(pair) ? "shown, crossing" : texts[pair->verdict];
}

/* The shift from the shorter to the longer group, so never below 0. */
struct gap {
	double shift_s, lo_s, hi_s;
	struct phrase_unit unit;
};

static struct gap gap_of(const struct compare_pair *pair, bool turned)
{
	struct gap gap = {pair->shift_s, pair->shift_lo_s, pair->shift_hi_s, {0}};
	double most = fabs(gap.shift_s);

	if (turned)
		gap = (struct gap){-pair->shift_s, -pair->shift_hi_s, -pair->shift_lo_s, {0}};
	if (isfinite(gap.lo_s))
		most = fmax(most, fmax(fabs(gap.lo_s), fabs(gap.hi_s)));
	gap.unit = phrase_unit(most);
	return gap;
}

static void add_interval(struct str *str, const struct gap *gap)
{
	str_add(str, "95 %: ");
	phrase_add_number(str, gap->unit, gap->lo_s, false);
	str_add(str, " to ");
	phrase_add_number(str, gap->unit, gap->hi_s, false);
}

/* The instrument's own width would do to make the difference or to undo it. */
static bool is_within_measurement(const struct compare_pair *pair)
{
	return pair->bound_lo_s <= 0 && pair->bound_hi_s >= 0;
}

static void add_median(struct str *str, const struct estimate *e, struct phrase_unit unit)
{
	double median = e->of[STATS_P50].value;

	if (isnan(median))
		str_add(str, "above ");
	phrase_add_number(str, unit, isnan(median) ? e->last_s : median, false);
	str_addf(str, " %s", unit.name);
}

/* Where there is no shift the medians tell how far apart the two are: "medians 0.230 s and 0.245
 * s". */
static void add_medians(struct str *str, const struct estimate *a, const struct estimate *b)
{
	double most = fmax(a->of[STATS_P50].value, b->of[STATS_P50].value);
	struct phrase_unit unit;

	if (isnan(a->of[STATS_P50].value) || isnan(b->of[STATS_P50].value))
		most = fmax(a->last_s, b->last_s);
	unit = phrase_unit(most);
	unit.digits += unit.digits != 2 || most < 1; /* close ones differ too */
	str_add(str, "medians ");
	add_median(str, a, unit);
	str_add(str, " and ");
	add_median(str, b, unit);
}

/* A pair as a sentence needs it. */
struct said {
	const char *a, *b, *of; /* "3", "4", " master-eligible nodes" */
	const struct estimate *of_a, *of_b;
	size_t n_pairs; /* tested together */
};

/* What cannot be ranked, or changes sides, is only said to differ. */
static void say_differ(struct str *str, const struct compare_pair *pair, const struct said *said)
{
	str_addf(str, "%s and %s%s differ%s (", said->a, said->b, said->of,
		 is_crossing(pair) ? ", but neither is the longer one throughout" : "");
	add_medians(str, said->of_a, said->of_b);
	str_add(str, "; ");
	phrase_add_p(str, pair->p_holm);
	str_add(str, ")");
}

static void say_shown(struct str *str, const struct compare_pair *pair, const struct said *said)
{
	const char *a = said->a, *b = said->b, *of = said->of;
	bool turned = compare_longer(pair) < 0;
	struct gap gap = gap_of(pair, turned);

	if (!compare_longer(pair)) {
		say_differ(str, pair, said);
		return;
	}
	str_addf(str, "longer with %s than with %s%s", turned ? a : b, turned ? b : a, of);
	if (isfinite(gap.shift_s)) {
		str_add(str, " by ");
		phrase_add_number(str, gap.unit, gap.shift_s, false);
		str_addf(str, " %s", gap.unit.name);
	}
	str_add(str, " (");
	if (isnan(gap.shift_s))
		add_medians(str, turned ? said->of_a : said->of_b,
			    turned ? said->of_b : said->of_a);
	else if (isfinite(gap.lo_s))
		add_interval(str, &gap);
	str_add(str, isnan(gap.shift_s) || isfinite(gap.lo_s) ? "; " : "");
	str_add(str, "longer in ");
	phrase_add_percent(str, fmax(pair->superiority, 1 - pair->superiority));
	str_add(str, " % of pairs of trials; ");
	phrase_add_p(str, pair->p_holm);
	str_add(str, ")");
	if (is_within_measurement(pair))
		str_add(str, ", which is less than the width of the measurement");
}

/* More digits would claim too much: what was seen is itself uncertain. */
static size_t two_digits(size_t n)
{
	size_t step = 1;

	while (n / step >= 100)
		step *= 10;
	return (n + step - 1) / step * step;
}

static void say_needed(struct str *str, const struct compare_pair *pair)
{
	size_t most = pair->n_a > pair->n_b ? pair->n_a : pair->n_b;

	if (pair->n_needed <= most)
		return;
	str_add(str, "; about ");
	phrase_add_integer(str, two_digits(pair->n_needed));
	str_add(str, " trials of each would settle a difference of this size");
}

/* What a pair alone would show, several may not: said, as its interval leaves 0 out. */
static void say_not_shown(struct str *str, const struct compare_pair *pair, const struct said *said)
{
	struct gap gap = gap_of(pair, false);

	str_addf(str, "no difference is shown between %s and %s%s", said->a, said->b, said->of);
	if (pair->p < COMPARE_ALPHA)
		str_addf(str, " once all %zu pairs are counted", said->n_pairs);
	str_add(str, " (");
	if (isfinite(gap.shift_s)) {
		str_add(str, "shift ");
		phrase_add_number(str, gap.unit, gap.shift_s, true);
		str_addf(str, " %s", gap.unit.name);
		if (isfinite(gap.lo_s)) {
			str_add(str, ", ");
			add_interval(str, &gap);
		}
	} else
		add_medians(str, said->of_a, said->of_b);
	str_add(str, ")");
	say_needed(str, pair);
}

static void say_too_few(struct str *str, const struct compare_pair *pair, const struct said *said)
{
	str_addf(str, "too few trials to tell %s and %s%s apart (%zu and %zu; ", said->a, said->b,
		 said->of, pair->n_a, pair->n_b);
	if (said->n_pairs > 1)
		str_addf(str, "of %zu pairs, ", said->n_pairs);
	str_addf(str, "no fewer than %zu of each can)", compare_fewest(said->n_pairs));
}

char *compare_sentence(const struct comparisons *c, const struct grouping *grouping,
		       const struct comparison *comparison, const struct compare_pair *pair)
{
	char *a = compare_label(c, grouping, &grouping->groups.v[pair->a]);
	char *b = compare_label(c, grouping, &grouping->groups.v[pair->b]);
	char *stratum = compare_stratum(c, grouping, comparison);
	const char *of = noun(c, grouping);
	const struct said said = {a,
				  b,
				  of,
				  &grouping->groups.v[pair->a].estimates[comparison->metric],
				  &grouping->groups.v[pair->b].estimates[comparison->metric],
				  compare_n_tested(comparison)};
	struct str text = STR_INIT;

	str_addf(&text, "%s%s%s%s: ", phrase_metric(comparison->metric), *stratum ? " (" : "",
		 stratum, *stratum ? ")" : "");
	switch (pair->verdict) {
	case COMPARE_SHOWN:
		say_shown(&text, pair, &said);
		break;
	case COMPARE_NOT_SHOWN:
		say_not_shown(&text, pair, &said);
		break;
	case COMPARE_TOO_FEW:
		say_too_few(&text, pair, &said);
		break;
	case COMPARE_UNKNOWN:
		str_addf(&text, "%s and %s%s: no trial ended within its limit", a, b, of);
		break;
	case COMPARE_EQUAL:
		str_addf(&text, "%s and %s%s: all values are the same", a, b, of);
		break;
	}
	str_add(&text, ".");
	free(a);
	free(b);
	free(stratum);
	return str_take(&text);
}

char *compare_drift(const struct comparisons *c, const struct grouping *grouping,
		    const struct comparison *comparison, const struct compare_group *group)
{
	char *label, *stratum;
	struct str text = STR_INIT;

	if (!(group->trend_p_holm < COMPARE_ALPHA))
		return NULL;
	label = compare_label(c, grouping, &grouping->groups.v[group->place]);
	stratum = compare_stratum(c, grouping, comparison);
	str_addf(&text, "%s: ", phrase_metric(comparison->metric));
	if (strcmp(label, "all") != 0)
		str_addf(&text, "with %s%s%s%s ", label, noun(c, grouping), *stratum ? ", " : "",
			 stratum);
	str_addf(&text, "the later trials were %s (Kendall's tau %+.2f, ",
		 group->trend.tau > 0 ? "longer" : "shorter", group->trend.tau);
	phrase_add_p(&text, group->trend_p_holm);
	str_addf(&text, "; %zu trials).", group->n);
	free(label);
	free(stratum);
	return str_take(&text);
}
