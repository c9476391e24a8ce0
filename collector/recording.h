/* recording: all that stands around a run: loop, client, secrets, driver and store, in the order in
 * which they are needed, and their end. */
#ifndef REJOIN_COLLECTOR_RECORDING_H
#define REJOIN_COLLECTOR_RECORDING_H

#include "collector/drill.h"

struct recording {
	const char *db;
	bool resume; /* db is a recording that was interrupted; else it must not exist yet */
	bool yes;    /* existing_confirm's */
	const char *sign_key; /* file of the key that signs the seal; NULL: none */
	int argc;	      /* the command line, for the record */
	char **argv;
	/* What is recorded, between drill_begin and drill_end: 0, 1 (a trial failed) or an err_code
	 * with err filled. */
	int (*run)(void *arg, struct drill *d, struct err *err);
	void *arg;
};

/* d->plan is given, the rest is made and taken down. Returns what run gave, or what is worse. */
int recording_make(struct drill *d, const struct recording *args, struct err *err);

#endif
