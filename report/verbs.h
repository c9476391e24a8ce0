/* verbs: what rejoin-report does, one function each (see opt_verb.run). */
#ifndef REJOIN_REPORT_VERBS_H
#define REJOIN_REPORT_VERBS_H

#include "lib/opt.h"

extern const struct opt_verb verb_summary, verb_compare, verb_gate, verb_workbook, verb_page,
	verb_verify, verb_archive, verb_merge, verb_export;

#endif
