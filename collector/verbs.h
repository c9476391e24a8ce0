/* verbs: what rejoin-collector does, one function each (see opt_verb.run). */
#ifndef REJOIN_COLLECTOR_VERBS_H
#define REJOIN_COLLECTOR_VERBS_H

#include "lib/opt.h"

int verb_run(const struct opt_verb *verb, int argc, char **argv, struct err *err);
int verb_check(const struct opt_verb *verb, int argc, char **argv, struct err *err);
int verb_watch(const struct opt_verb *verb, int argc, char **argv, struct err *err);
int verb_sign(const struct opt_verb *verb, int argc, char **argv, struct err *err);
int verb_heal(const struct opt_verb *verb, int argc, char **argv, struct err *err);

#endif
