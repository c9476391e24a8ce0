#include "report/findings.h"
#include "report/factor.h"
#include "report/findings_impl.h"
#include <string.h>

const char *const finding_severity_names[] = {"fact", "caution"};

void findings_add(struct telling *t, enum finding_severity severity, struct str *text)
{
	if (text->n)
		vec_push(&t->to->all, (struct finding){severity, str_take(text)});
	str_done(text);
}

static bool is(const char *name, const char *factor)
{
	return strcmp(name, factor) == 0;
}

/* Each level after before, then ", ". */
static bool add_other_levels(struct str *text, const struct telling *t, const struct group *group,
			     const char *before)
{
	const struct grouping *grouping = &t->r->grouping;
	bool any = false;

	for (size_t i = 0; i < grouping->names.n; i++) {
		const char *name = grouping->names.v[i];
		bool plain = factor_is_plain(name);
		char *level;

		if (!t->of.varies[i] || is(name, "master_eligible"))
			continue;
		level = group_level_text(grouping, group, i);
		str_addf(text, "%s%s%s%s", any ? ", " : before, plain ? "" : factor_title(name),
			 plain ? "" : " ", level);
		any = true;
		free(level);
	}
	return any;
}

static char *size_of(const struct telling *t, const struct group *group)
{
	for (size_t i = 0; i < t->r->grouping.names.n; i++)
		if (is(t->r->grouping.names.v[i], "master_eligible"))
			return group_level_text(&t->r->grouping, group, i);
	return NULL;
}

char *findings_group(const struct telling *t, const struct group *group)
{
	char *size = size_of(t, group);
	struct str text = STR_INIT;

	if (size)
		str_addf(&text, "%s master-eligible node%s", size, is(size, "1") ? "" : "s");
	else
		str_add(&text, "this set-up");
	if (add_other_levels(&text, t, group, " ("))
		str_add(&text, ")");
	free(size);
	return str_take(&text);
}

char *findings_group_short(const struct telling *t, const struct group *group)
{
	char *size = size_of(t, group);
	struct str text = STR_INIT;

	if (size)
		str_addf(&text, "%s master%s", size, is(size, "1") ? "" : "s");
	add_other_levels(&text, t, group, size ? ", " : "");
	free(size);
	return text.n ? str_take(&text) : mem_strdup("all");
}

const char *findings_joint(const struct telling *t, size_t i)
{
	size_t n_varying = 0;

	for (size_t k = 0; k < t->r->grouping.names.n; k++)
		n_varying += t->of.varies[k];
	return i == 0 ? "" : n_varying > 1 ? "; " : ", ";
}

bool findings_is_noop(const struct telling *t, const struct group *group)
{
	return compare_is_noop(&t->r->model, group);
}

static bool anything_counts(const struct telling *t)
{
	const struct group *group;

	vec_each (group, &t->r->grouping.groups)
		if (group->n_trials)
			return true;
	return false;
}

static void say_nothing(struct telling *t)
{
	struct str text = STR_INIT;

	str_add(&text, t->r->model.studies.n ? "No trial counts yet: there is nothing to tell."
					     : "The recording holds no study.");
	findings_add(t, FINDING_CAUTION, &text);
}

void findings_make(const struct recording *recording, struct findings *ret)
{
	struct telling t = {.r = recording, .to = ret};

	*ret = (struct findings){0};
	compare_init(&t.of, &recording->grouping, NULL);
	if (anything_counts(&t)) {
		compare_add(&t.of, &recording->model, &recording->grouping, METRIC_REELECTION);
		compare_add(&t.of, &recording->model, &recording->grouping, METRIC_REJOIN);
		findings_times(&t);
		findings_outcomes(&t);
		findings_tolerance(&t);
		findings_compare(&t);
		findings_client(&t);
	} else
		say_nothing(&t);
	findings_instrument(&t);
	compare_done(&t.of);
}

void findings_done(struct findings *findings)
{
	struct finding *finding;

	vec_each (finding, &findings->all)
		free(finding->text);
	vec_done(&findings->all);
}
