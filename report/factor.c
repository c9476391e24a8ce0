#include "report/factor.h"
#include "lib/str.h"
#include "report/text.h"
#include <string.h>

static const char *const built_in[] = {"master_eligible", "fault",   "target", "study",
				       "cluster",	  "product", "version"};
enum { N_BUILT_IN = sizeof built_in / sizeof *built_in };

bool factor_has(const factor_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}

void factor_known(const struct model *model, factor_names *ret)
{
	const struct model_arm *arm;
	const char *name;
	json_t *level;

	*ret = (factor_names){0};
	for (size_t i = 0; i < N_BUILT_IN; i++)
		vec_push(ret, built_in[i]);
	vec_each (arm, &model->arms)
		json_object_foreach(arm->factors, name, level)
		{
			if (!factor_has(ret, name))
				vec_push(ret, name);
		}
}

static int unknown(const factor_names *known, const char *word, const char *option, struct err *err)
{
	factor_names candidates = {0};
	const char *nearest;

	for (size_t i = 0; i < known->n; i++)
		vec_push(&candidates, known->v[i]);
	vec_push(&candidates, "size");
	vec_push(&candidates, NULL);
	nearest = str_nearest(word, candidates.v);
	vec_done(&candidates);
	if (nearest)
		return err_set(err, ERR_USAGE, "%s: unknown factor '%s'; did you mean '%s'?",
			       option, word, nearest);
	return err_set(err, ERR_USAGE, "%s: unknown factor '%s'", option, word);
}

const char *factor_find(const factor_names *known, const char *word, const char *option,
			struct err *err)
{
	const char *name = strcmp(word, "size") == 0 ? "master_eligible" : word;

	for (size_t i = 0; i < known->n; i++)
		if (strcmp(known->v[i], name) == 0)
			return known->v[i];
	unknown(known, word, option, err);
	return NULL;
}

char *factor_level_text(const json_t *level)
{
	char *dumped, *text;

	if (json_is_string(level))
		return text_clean(json_string_value(level));
	if (!level || json_is_null(level))
		return mem_strdup("-");
	dumped = json_dumps(level, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12) | JSON_COMPACT);
	text = text_clean(dumped);
	free(dumped);
	return text;
}

bool factor_is_plain(const char *name)
{
	static const char *const plain[] = {"fault", "target", "study", "product"};

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strcmp(name, plain[i]) == 0)
			return true;
	return false;
}

const char *factor_title(const char *name)
{
	return strcmp(name, "master_eligible") == 0 ? "masters" : name;
}
