#include "report/compare_conditions.h"
#include "lib/str.h"
#include "report/text.h"
#include "schema/sql.h"
#include <string.h>

struct reader {
	conditions *to;
	size_t side; /* whose rows come */
};

static bool is_in_list(const char *list, const char *value)
{
	size_t n = strlen(value);

	for (const char *p = list; p; p = strstr(p, ", ")) {
		p += p == list ? 0 : 2;
		if (strncmp(p, value, n) == 0 && (!p[n] || strncmp(p + n, ", ", 2) == 0))
			return true;
	}
	return false;
}

static struct condition *find(conditions *all, const char *what)
{
	struct condition *condition;

	vec_each (condition, all)
		if (strcmp(condition->what, what) == 0)
			return condition;
	vec_push(all, (struct condition){.what = mem_strdup(what)});
	return &all->v[all->n - 1];
}

static void add_value(struct condition *condition, size_t side, const char *value)
{
	char **present;

	while (condition->values.n <= side)
		vec_push(&condition->values, NULL);
	present = &condition->values.v[side];
	if (!*present)
		*present = mem_strdup(value);
	else if (!is_in_list(*present, value)) {
		char *both = mem_printf("%s, %s", *present, value);

		free(*present);
		*present = both;
	}
}

static int on_row(void *arg, const struct store_row *row, struct err *err)
{
	struct reader *reader = arg;
	char *what = text_column(row, 0), *value = text_column(row, 1);

	(void)err;
	if (what && value)
		add_value(find(reader->to, what), reader->side, value);
	free(what);
	free(value);
	return 0;
}

static void condition_done(struct condition *condition)
{
	for (size_t i = 0; i < condition->values.n; i++)
		free(condition->values.v[i]);
	vec_done(&condition->values);
	free(condition->what);
}

static bool differs(const struct condition *condition)
{
	for (size_t i = 1; i < condition->values.n; i++)
		if (strcmp(condition->values.v[0], condition->values.v[i]) != 0)
			return true;
	return false;
}

/* Every side has a value, and those that are alike for all go. */
static void keep_differences(conditions *all, size_t n_sides)
{
	size_t n_kept = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct condition *condition = &all->v[i];

		while (condition->values.n < n_sides)
			vec_push(&condition->values, NULL);
		for (size_t s = 0; s < n_sides; s++)
			if (!condition->values.v[s])
				condition->values.v[s] = mem_strdup("-");
		if (differs(condition))
			all->v[n_kept++] = *condition;
		else
			condition_done(condition);
	}
	all->n = n_kept;
}

static size_t side_of(const char **labels, size_t *n_labels, const char *label)
{
	size_t i = 0;

	while (i < *n_labels && strcmp(labels[i], label) != 0)
		i++;
	if (i == *n_labels)
		labels[(*n_labels)++] = label;
	return i;
}

int conditions_load(const struct condition_side *sides, size_t n, conditions *ret,
		    const char **ret_labels, size_t *ret_n_labels, struct err *err)
{
	*ret = (conditions){0};
	*ret_n_labels = 0;
	for (size_t i = 0; i < n; i++) {
		const struct store_bind bind[] = {{STORE_BIND_INT, sides[i].study_id, NULL}};
		struct reader reader = {ret, side_of(ret_labels, ret_n_labels, sides[i].label)};

		if (store_query(sides[i].store, SQL_REPORT_CONDITIONS, bind, 1, on_row, &reader,
				err)) {
			conditions_done(ret);
			return err->code;
		}
	}
	keep_differences(ret, *ret_n_labels);
	return 0;
}

void conditions_done(conditions *all)
{
	struct condition *condition;

	vec_each (condition, all)
		condition_done(condition);
	vec_done(all);
}
