/* script: one line of a script into what it changes (tests/fake/README.md has the format). */
#ifndef REJOIN_TESTS_FAKE_SCRIPT_H
#define REJOIN_TESTS_FAKE_SCRIPT_H

#include "tests/fake/cluster.h"

struct script_line {
	enum { LINE_EMPTY, LINE_NODES, LINE_SETTING, LINE_CHANGE } kind;
	enum { FROM_NOW, FROM_START, FROM_BOOT } origin; /* of at_ns */
	int64_t at_ns;
	VEC(struct change) changes; /* one a node */
	char *text;		    /* without the instant: for the log */
};

/* LINE_NODES and LINE_SETTING are done in cluster at once. ERR_USAGE says what is wrong. */
int script_read(struct cluster *cluster, const char *text, struct script_line *ret_line,
		struct err *err);
void script_line_done(struct script_line *line);

#endif
