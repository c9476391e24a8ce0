/* What clients saw, and which losses were survived. */
#include "report/findings_impl.h"

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

void findings_tolerance(struct telling *t)
{
	const struct tolerance_size *size;

	vec_each (size, &t->r->tolerance.sizes) {
		struct str text = STR_INIT;

		if (t->r->model.studies.n > 1)
			str_addf(&text, "%s: of", t->r->model.studies.v[size->study].label);
		else
			str_add(&text, "Of");
		str_addf(&text, " %lld master-eligible nodes the loss",
			 (long long)size->master_eligible);
		add_survived(&text, size);
		str_add(&text, " was survived");
		add_predicted(&text, size);
		str_add(&text, ".");
		findings_add(t, is_below(size) ? FINDING_CAUTION : FINDING_FACT, &text);
	}
}
