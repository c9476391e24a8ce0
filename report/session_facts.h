/* session_facts: what is recorded of one run of the collector, in the order in which the sheet
 * Study and the page show it. */
#ifndef REJOIN_REPORT_SESSION_FACTS_H
#define REJOIN_REPORT_SESSION_FACTS_H

#include "lib/vec.h"
#include "schema/store.h"

struct session_fact {
	const char *label; /* "started [UTC]", "took [s]", "clock source", ... */
	char *text;	   /* NULL: a number */
	double number;
};
typedef VEC(struct session_fact) session_facts;

/* row: of SQL_REPORT_SESSIONS; what is not recorded is left out. */
void session_facts_make(const struct store_row *row, session_facts *ret_facts);
void session_facts_done(session_facts *facts);

#endif
