/* said: what the findings say of a model made by hand (made.h). For one test file each. */
#ifndef REJOIN_TESTS_UNIT_SAID_H
#define REJOIN_TESTS_UNIT_SAID_H

#include "report/findings.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"

struct said {
	struct recording recording; /* its model is filled by the test */
	struct findings findings;
};

/* Groups the trials, and finds. */
static void said_make(struct said *said)
{
	struct err err = ERR_INIT;

	said->recording.model.from = ORIGIN_FAULT_ISSUED;
	assert_int_equal(
		grouping_make(&said->recording.model, NULL, false, &said->recording.grouping, &err),
		0);
	findings_make(&said->recording, &said->findings);
}

/* The model, too. */
static void said_done(struct said *said)
{
	findings_done(&said->findings);
	tolerance_done(&said->recording.tolerance);
	grouping_done(&said->recording.grouping);
	model_done(&said->recording.model);
}

#endif
