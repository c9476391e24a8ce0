/* opt_help: the help texts, made from the same tables that opt parses. For opt.c and its tests. */
#ifndef REJOIN_LIB_OPT_HELP_H
#define REJOIN_LIB_OPT_HELP_H

#include "lib/opt.h"
#include "lib/str.h"

/* Usage, summary, text, options, examples. Each set of opts ends with OPT_END; own are the verb's,
 * common those of every verb. What the tables' variables hold is shown as the default. */
void opt_help_verb(struct str *ret_text, const struct opt_program *program,
		   const struct opt_verb *verb, const struct opt *own, const struct opt *common);

/* Usage, summary, the verbs with their summaries, exit codes. */
void opt_help_program(struct str *ret_text, const struct opt_program *program);

#endif
