#include "report/where.h"
#include "lib/str.h"
#include "report/factor.h"
#include <string.h>

enum { MAX_LEVELS_NAMED = 12 };

typedef VEC(char *) levels;

/* One factor and the levels it may have. */
struct condition {
	const char *factor;
	levels levels;
};
typedef VEC(struct condition) conditions;

static struct condition *condition_for(conditions *all, const char *factor)
{
	struct condition *c;

	vec_each (c, all)
		if (strcmp(c->factor, factor) == 0)
			return c;
	vec_push(all, (struct condition){.factor = factor});
	return &all->v[all->n - 1];
}

static void conditions_done(conditions *all)
{
	struct condition *c;

	vec_each (c, all) {
		for (size_t i = 0; i < c->levels.n; i++)
			free(c->levels.v[i]);
		vec_done(&c->levels);
	}
	vec_done(all);
}

/* Reads up to a comma, or = if a factor may stand there. Returns the word without backslashes, and
 * what ended it. */
static char *next_word(const char **rest, bool stop_at_equals, char *ret_end)
{
	struct str word = STR_INIT;
	const char *p = *rest;

	str_add(&word, "");
	for (; *p && *p != ',' && !(stop_at_equals && *p == '='); p++) {
		p += *p == '\\' && p[1];
		str_add_n(&word, p, 1);
	}
	*ret_end = *p;
	*rest = p + (*p != '\0');
	return str_take(&word);
}

static int parse(const factor_names *known, const char *where, conditions *ret, struct err *err)
{
	const char *rest = where, *factor = NULL;
	char end;

	do {
		char *word = next_word(&rest, true, &end);

		if (end == '=') {
			factor = factor_find(known, word, "--where", err);
			free(word);
			word = next_word(&rest, false, &end);
		}
		if (!err->code && !factor)
			err_set(err, ERR_USAGE, "--where: '%s' is not factor=level", word);
		if (err->code)
			free(word);
		else
			vec_push(&condition_for(ret, factor)->levels, word);
	} while (!err->code && end);
	return err->code;
}

static char *level_of(const struct model *model, const struct model_arm *arm, const char *factor)
{
	json_t *level = model_level(model, arm, factor);
	char *text = factor_level_text(level);

	json_decref(level);
	return text;
}

static bool has_level(const levels *list, const char *level)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i], level) == 0)
			return true;
	return false;
}

/* Each level of the factor once, in the order of the arms. */
static void find_levels(const struct model *model, const char *factor, levels *ret)
{
	const struct model_arm *arm;

	*ret = (levels){0};
	vec_each (arm, &model->arms) {
		char *level = level_of(model, arm, factor);

		if (has_level(ret, level))
			free(level);
		else
			vec_push(ret, level);
	}
}

static int no_such_level(const char *factor, const char *level, const levels *there,
			 struct err *err)
{
	struct str list = STR_INIT;

	for (size_t i = 0; i < there->n && i < MAX_LEVELS_NAMED; i++)
		str_addf(&list, "%s%s", i ? ", " : "", there->v[i]);
	if (there->n > MAX_LEVELS_NAMED)
		str_addf(&list, " and %zu more", there->n - MAX_LEVELS_NAMED);
	err_set(err, ERR_USAGE, "--where: no trial has %s=%s; there %s: %s",
		strcmp(factor, "master_eligible") == 0 ? "size" : factor, level,
		there->n == 1 ? "is only" : "are", there->n ? list.s : "none");
	str_done(&list);
	return err->code;
}

static int check_levels(const struct model *model, const conditions *all, struct err *err)
{
	const struct condition *c;

	vec_each (c, all) {
		levels there;

		find_levels(model, c->factor, &there);
		for (size_t i = 0; i < c->levels.n && !err->code; i++)
			if (!has_level(&there, c->levels.v[i]))
				no_such_level(c->factor, c->levels.v[i], &there, err);
		for (size_t i = 0; i < there.n; i++)
			free(there.v[i]);
		vec_done(&there);
	}
	return err->code;
}

static bool arm_fits(const struct model *model, const struct model_arm *arm, const conditions *all)
{
	const struct condition *c;
	bool all_fit = true;

	vec_each (c, all) {
		char *level = level_of(model, arm, c->factor);

		all_fit &= has_level(&c->levels, level);
		free(level);
	}
	return all_fit;
}

static char *describe(const conditions *all)
{
	struct str text = STR_INIT;
	const struct condition *c;

	vec_each (c, all) {
		str_addf(&text, "%s%s", text.n ? ", " : "", factor_title(c->factor));
		for (size_t i = 0; i < c->levels.n; i++)
			str_addf(&text, "%s%s", i ? " or " : " ", c->levels.v[i]);
	}
	return str_take(&text);
}

static int choose(struct model *model, const conditions *all, const char *where, struct err *err)
{
	bool *keep = mem_alloc(model->arms.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < model->arms.n; i++)
		n += keep[i] = arm_fits(model, &model->arms.v[i], all);
	if (n)
		model_choose(model, keep);
	else
		err_set(err, ERR_USAGE, "--where %s: no trial has all of these", where);
	free(keep);
	return err->code;
}

int where_choose(struct model *model, const char *where, char **ret_text, struct err *err)
{
	conditions all = {0};
	factor_names known;

	*ret_text = NULL;
	factor_known(model, &known);
	/* The text first: names of factors go with the arms that are left out. */
	if (!parse(&known, where, &all, err) && !check_levels(model, &all, err)) {
		char *text = describe(&all);

		if (choose(model, &all, where, err))
			free(text);
		else
			*ret_text = text;
	}
	conditions_done(&all);
	vec_done(&known);
	return err->code;
}
