/* What clients saw, and which losses were survived. */
#include "report/findings_impl.h"
#include <string.h>

static void say_writes(struct telling *t)
{
	const struct group *group;
	uint64_t acknowledged = 0, lost = 0;
	struct str text = STR_INIT;

	vec_each (group, &t->r->grouping.groups) {
		acknowledged += (uint64_t)group->n_acknowledged;
		lost += (uint64_t)group->n_lost;
	}
	if (!acknowledged)
		return;
	if (lost)
		phrase_add_integer(&text, lost);
	else
		str_add(&text, "None");
	str_add(&text, " of ");
	phrase_add_count(&text, acknowledged, "acknowledged write", "acknowledged writes");
	str_add(&text, lost > 1 ? " were lost." : " was lost.");
	findings_add(t, lost ? FINDING_CAUTION : FINDING_FACT, &text);
}

static void say_noop(struct telling *t)
{
	const struct group *group;
	uint64_t n = 0, changes = 0;
	struct str text = STR_INIT;

	vec_each (group, &t->r->grouping.groups)
		if (findings_is_noop(t, group)) {
			n += group->n_trials;
			changes += (uint64_t)group->n_false_changes;
		}
	if (!n)
		return;
	str_add(&text, "In ");
	phrase_add_count(&text, n, "trial", "trials");
	str_add(&text, " in which nothing was done (noop), ");
	if (changes) {
		str_add(&text, "a change of master was seen ");
		phrase_add_count(&text, changes, "time", "times");
	} else
		str_add(&text, "no change of master was seen");
	str_add(&text, ".");
	findings_add(t, changes ? FINDING_CAUTION : FINDING_FACT, &text);
}

void findings_client(struct telling *t)
{
	say_writes(t);
	say_noop(t);
}

static const char *const ways[] = {"at once", "one after another"};

static void add_survived(struct str *text, const struct tolerance_size *size)
{
	bool any = false;

	for (int way = 0; way < 2; way++) {
		char *survived = tolerance_text(size, way);

		if (*survived)
			str_addf(text, "%s of %s %s", any ? " and" : "", survived, ways[way]);
		any |= *survived != '\0';
		free(survived);
	}
}

static void add_predicted(struct str *text, const struct tolerance_size *size)
{
	bool differs = false;

	for (int way = 0; way < 2; way++) {
		if (size->predicted[way] < 0 || size->predicted[way] == size->survived[way])
			continue;
		str_addf(text, "%s %lld %s",
			 differs ? " and" : "; the voting configurations predict",
			 (long long)size->predicted[way], ways[way]);
		differs = true;
	}
	if (!differs)
		str_add(text, ", as the voting configurations predict");
}

static bool is_below(const struct tolerance_size *size)
{
	return size->survived[0] < size->predicted[0] || size->survived[1] < size->predicted[1];
}

/* What is said of a size, after its number of nodes. The caller frees it. */
static char *tolerance_words(const struct tolerance_size *size)
{
	struct str text = STR_INIT;

	add_survived(&text, size);
	str_add(&text, " was survived");
	add_predicted(&text, size);
	str_add(&text, ".");
	return text.s;
}

/* Sizes of which the same is to be said: first, and those after it. */
static size_t count_alike(const struct tolerance *tolerance, size_t first, const char *words)
{
	const struct tolerance_size *sizes = tolerance->sizes.v;
	size_t n = 1;

	for (; first + n < tolerance->sizes.n; n++) {
		const struct tolerance_size *next = &sizes[first + n];
		char *next_words = tolerance_words(next);
		bool alike = next->study == sizes[first].study &&
			     is_below(next) == is_below(&sizes[first]) &&
			     strcmp(next_words, words) == 0;

		free(next_words);
		if (!alike)
			break;
	}
	return n;
}

void findings_tolerance(struct telling *t)
{
	const struct tolerance *tolerance = &t->r->tolerance;
	size_t n;

	for (size_t first = 0; first < tolerance->sizes.n; first += n) {
		const struct tolerance_size *size = &tolerance->sizes.v[first];
		char *words = tolerance_words(size);
		struct str text = STR_INIT;

		n = count_alike(tolerance, first, words);
		if (t->r->model.studies.n > 1)
			str_addf(&text, "%s: of", t->r->model.studies.v[size->study].label);
		else
			str_add(&text, "Of");
		for (size_t i = 0; i < n; i++)
			str_addf(&text, "%s%lld",
				 i == 0	     ? " "
				 : i + 1 < n ? ", "
					     : " and ",
				 (long long)size[i].master_eligible);
		str_addf(&text, " master-eligible nodes the loss%s", words);
		free(words);
		findings_add(t, is_below(size) ? FINDING_CAUTION : FINDING_FACT, &text);
	}
}
