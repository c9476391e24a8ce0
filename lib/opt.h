/* opt: command line options, from one table per verb that also prints the help.
 *
 * getopt_long does the parsing. Tables live where the verb lives and point at its variables:
 *
 *   const char *db = NULL;
 *   const struct opt opts[] = {
 *       {.name = "db", .kind = OPT_STRING, .value = "FILE", .help = "record into FILE", .to = &db},
 *       OPT_END};
 *
 * What the variables hold before parsing is the default, and help shows it. -h/--help, --version,
 * --color and -q/--quiet are in every verb without being listed. A verb's help fits a screen. */
#ifndef REJOIN_LIB_OPT_H
#define REJOIN_LIB_OPT_H

#include "lib/err.h"
#include "lib/vec.h"
#include <stdbool.h>
#include <stdint.h>

enum opt_kind {
	OPT_NONE,   /* ends the table */
	OPT_FLAG,   /* to: bool *            */
	OPT_STRING, /* to: const char **     (points into argv; never empty; twice: an error) */
	OPT_INT,    /* to: int64_t *         (min..max, both included; twice: an error) */
	OPT_LIST,   /* to: struct opt_list * (may be given again) */
};

struct opt_list {
	const char **v;
	size_t n, cap;
};

struct opt {
	const char *name; /* the long name, without dashes */
	char letter;	  /* 0: no short form */
	enum opt_kind kind;
	const char *value; /* how help calls the value */
	const char *help;  /* one line, lower case, no full stop */
	void *to;
	int64_t min, max;	    /* OPT_INT */
	const char *const *choices; /* OPT_STRING: the values allowed, ends with NULL; NULL: any */
};

#define OPT_END                                                                                    \
	{                                                                                          \
		.kind = OPT_NONE                                                                   \
	}

struct opt_verb {
	const char *name;
	const char *args;    /* "PLAN [--db FILE]": what stands behind the name in the usage line */
	const char *summary; /* one line */
	const char *text;    /* more lines for the verb's own help, or NULL */
	const char *example; /* one or more command lines, each ended by \n */
	int min_args, max_args; /* positional arguments; max_args -1: any number */
	/* Parses with opt_parse, does the work, returns 0, 1 or an err_code with err filled. */
	int (*run)(const struct opt_verb *verb, int argc, char **argv, struct err *err);
};

struct opt_program {
	const char *name;	      /* "rejoin-report" */
	const char *summary;	      /* one line */
	const char *version;	      /* what --version prints after the name */
	const struct opt_verb *verbs; /* ends with a verb without a name */
	const char *exit_codes;	      /* text at the end of the program's help */
};

/* Runs the verb named by argv[1], prints help and version, reports the error on stderr.
 * Returns the exit code. A verb that is misspelt gets the nearest one as a hint (exit 2). */
int opt_main(const struct opt_program *program, int argc, char **argv);

/* For a verb's run: argv[0] is the verb's name. Positional arguments go to ret_args (pointers into
 * argv, none of them empty), options may stand anywhere. Returns 0, ERR_USAGE, or OPT_HANDLED when
 * --help or --version was printed: the verb then returns that at once. --color=auto|always|never
 * and -q/--quiet are handled here for every verb (they set up log). */
#define OPT_HANDLED 100
int opt_parse(const struct opt_verb *verb, const struct opt *opts, int argc, char **argv,
	      struct opt_list *ret_args, struct err *err);

#endif
