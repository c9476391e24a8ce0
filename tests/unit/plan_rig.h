/* plan_rig: a small plan, and plans that are read from texts. For the tests of plans. */
#ifndef REJOIN_TESTS_PLAN_RIG_H
#define REJOIN_TESTS_PLAN_RIG_H

#include "collector/plan.h"
#include "tests/unit/unit.h"
#include <string.h>

static const char small[] = "schema: 1\n"
			    "study: {name: 3}\n"
			    "cluster: {home: dist, settings: {a: {b: 'on', c: [x, 1]}, a.a: 5}}\n"
			    "factors: {master_eligible: [5, 3], fault: [kill, stop]}\n"
			    "trials: 7\n";

static inline struct plan *read_ok(const char *text, const char *const *sets, size_t n_sets)
{
	struct err err = ERR_INIT;
	struct plan *plan;

	if (plan_from_text("t.yml", text, strlen(text), sets, n_sets, &plan, &err))
		fail_msg("%s", err.text);
	return plan;
}

#endif
