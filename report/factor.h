/* factor: what trials may differ in (size, fault, target, ...), its names and its levels as a user
 * types and reads them. */
#ifndef REJOIN_REPORT_FACTOR_H
#define REJOIN_REPORT_FACTOR_H

#include "report/model.h"

typedef VEC(const char *) factor_names;

/* Every factor that some arm knows, the built-in ones first. Pointers into the model. The caller
 * frees with vec_done. */
void factor_known(const struct model *model, factor_names *ret);

/* The factor that a user calls word; size is master_eligible. Unknown: NULL and ERR_USAGE with the
 * nearest one, named after the option. */
const char *factor_find(const factor_names *known, const char *word, const char *option,
			struct err *err);

bool factor_has(const factor_names *names, const char *name);

/* A level as text: "4", "stop", "256m"; "-" where an arm has none. The caller frees it. */
char *factor_level_text(const json_t *level);

/* What a level is reads without its factor: a fault, a target, a study, a product. */
bool factor_is_plain(const char *name);

/* How reports head a factor's column. */
const char *factor_title(const char *name);

#endif
