/* Which factors are compared and which make strata. */
#include "report/compare.h"
#include "report/compare_impl.h"
#include <string.h>

static const json_t *level_of(const struct grouping *grouping, size_t group, size_t factor)
{
	return json_object_get(grouping->groups.v[group].factors, grouping->names.v[factor]);
}

bool compare_same_level(const struct grouping *grouping, size_t a, size_t b, size_t factor)
{
	return json_equal(level_of(grouping, a, factor), level_of(grouping, b, factor));
}

static bool varies(const struct grouping *grouping, size_t factor)
{
	for (size_t g = 1; g < grouping->groups.n; g++)
		if (!compare_same_level(grouping, 0, g, factor))
			return true;
	return false;
}

static bool same_compared(const struct comparisons *c, const struct grouping *grouping, size_t a,
			  size_t b)
{
	for (size_t i = 0; i < grouping->names.n; i++)
		if (c->is_compared[i] && !compare_same_level(grouping, a, b, i))
			return false;
	return true;
}

bool compare_same_stratum(const struct comparisons *c, const struct grouping *grouping, size_t a,
			  size_t b)
{
	for (size_t i = 0; i < grouping->names.n; i++)
		if (!c->is_compared[i] && !compare_same_level(grouping, a, b, i))
			return false;
	return true;
}

/* No level of it is found on two compared levels. */
static bool is_nested(const struct comparisons *c, const struct grouping *grouping, size_t factor)
{
	for (size_t a = 0; a < grouping->groups.n; a++)
		for (size_t b = a + 1; b < grouping->groups.n; b++)
			if (compare_same_level(grouping, a, b, factor) &&
			    !same_compared(c, grouping, a, b))
				return false;
	return true;
}

static size_t factor_named(const struct grouping *grouping, const char *name)
{
	size_t i = 0;

	if (strcmp(name, "size") == 0)
		name = "master_eligible";
	while (i < grouping->names.n && strcmp(grouping->names.v[i], name) != 0)
		i++;
	return i;
}

static void compare_asked(struct comparisons *c, const struct grouping *grouping, const char *by)
{
	char *list = mem_strdup(by), *rest = list, *word;

	while ((word = strsep(&rest, ","))) {
		size_t i = factor_named(grouping, word);

		if (i < grouping->names.n)
			c->is_compared[i] = true;
	}
	free(list);
}

/* Size before all others, and studies only where nothing else varies. */
static size_t default_factor(const struct comparisons *c, const struct grouping *grouping)
{
	size_t size = factor_named(grouping, "size"), study = factor_named(grouping, "study");

	if (size < grouping->names.n && c->varies[size])
		return size;
	for (size_t i = 0; i < grouping->names.n; i++)
		if (c->varies[i] && i != study)
			return i;
	return study < grouping->names.n ? study : size;
}

static bool any_compared_varies(const struct comparisons *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->is_compared[i] && c->varies[i])
			return true;
	return false;
}

void compare_init(struct comparisons *c, const struct grouping *grouping, const char *by)
{
	size_t n = grouping->names.n;

	*c = (struct comparisons){.is_compared = mem_alloc(n + 1),
				  .is_joined = mem_alloc(n + 1),
				  .varies = mem_alloc(n + 1)};
	for (size_t i = 0; i < n; i++)
		c->varies[i] = varies(grouping, i);
	if (by)
		compare_asked(c, grouping, by);
	else if (default_factor(c, grouping) < n)
		c->is_compared[default_factor(c, grouping)] = true;
	if (!any_compared_varies(c, n))
		return;
	for (size_t i = 0; i < n; i++)
		c->is_joined[i] = !c->is_compared[i] && c->varies[i] && is_nested(c, grouping, i);
	for (size_t i = 0; i < n; i++)
		c->is_compared[i] |= c->is_joined[i];
}
