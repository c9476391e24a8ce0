#include "lib/opt.h"
#include "report/verbs.h"
#include "schema/store.h"

int main(int argc, char **argv)
{
	const struct opt_verb verbs[] = {verb_summary, verb_compare,  verb_gate,    verb_workbook,
					 verb_page,    verb_verify,   verb_archive, verb_merge,
					 verb_export,  {.name = NULL}};
	const struct opt_program program = {
		.name = "rejoin-report",
		.summary = "Turns the recordings of failover drills into tables and spreadsheets.",
		.version = REJOIN_VERSION,
		.verbs = verbs,
		.exit_codes = "0  done\n"
			      "1  done, but a gate or a verification does not hold, or documents "
			      "were not taken\n"
			      "2  the command line is wrong\n"
			      "3  a file cannot be read or written\n"
			      "4  interrupted; nothing is left half written\n",
	};

	return opt_main(&program, argc, argv);
}
