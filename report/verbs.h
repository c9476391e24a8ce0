/* verbs: what rejoin-report does, one function each (see opt_verb.run). */
#ifndef REJOIN_REPORT_VERBS_H
#define REJOIN_REPORT_VERBS_H

#include "lib/opt.h"

/* Entries of a verb's table of options that several verbs have. */
#define OUTPUT_OPT(file, what, to_)                                                                \
	{                                                                                          \
		.name = "output", .letter = 'o', .kind = OPT_STRING, .value = (file),              \
		.help = "write the " what " here; a file there is replaced", .to = (to_)           \
	}
#define FORMAT_OPT(choices_, to_)                                                                  \
	{                                                                                          \
		.name = "format", .kind = OPT_STRING, .value = "FORMAT", .help = "how to print",   \
		.to = (to_), .choices = (choices_)                                                 \
	}

extern const struct opt_verb verb_summary, verb_compare, verb_gate, verb_workbook, verb_page,
	verb_verify, verb_archive, verb_merge, verb_export;

#endif
