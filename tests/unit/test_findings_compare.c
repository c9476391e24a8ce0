/* What findings say of comparisons. */
#include "report/findings.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <string.h>

struct fixture {
	struct recording recording;
	struct findings findings;
};

static void make(struct fixture *f)
{
	struct err err = ERR_INIT;

	f->recording.model.from = ORIGIN_FAULT_ISSUED;
	assert_int_equal(
		grouping_make(&f->recording.model, NULL, false, &f->recording.grouping, &err), 0);
	findings_make(&f->recording, &f->findings);
}

static void done(struct fixture *f)
{
	findings_done(&f->findings);
	tolerance_done(&f->recording.tolerance);
	grouping_done(&f->recording.grouping);
	model_done(&f->recording.model);
}

static void check_says(const struct fixture *f, enum finding_severity severity, const char *text)
{
	const struct finding *finding;

	vec_each (finding, &f->findings.all)
		if (strcmp(finding->text, text) == 0) {
			assert_int_equal(finding->severity, severity);
			return;
		}
	vec_each (finding, &f->findings.all)
		print_message("  said: %s\n", finding->text);
	fail_msg("missing: %s", text);
}

static size_t arm(struct fixture *f, int64_t size, const char *fault)
{
	struct model *model = &f->recording.model;

	if (!model->studies.n)
		made_study(model, "s");
	return made_arm(model, 0, made_cluster(model, 0, size), fault, "{}");
}

/* n trials of first_s and a tenth of a second more each. */
static void add(struct fixture *f, size_t at, size_t n, double first_s)
{
	for (size_t i = 0; i < n; i++)
		made_trial(&f->recording.model, at, METRIC_REELECTION, first_s + (double)i / 10,
			   0.002, 0);
}

/* Of one pair 4 of each can show a difference, of three 5. */
static void too_few(void **state)
{
	struct fixture three = {0}, mixed = {0};

	(void)state;
	for (int64_t size = 3; size <= 5; size++)
		add(&three, arm(&three, size, "stop"), 4, (double)size);
	make(&three);
	check_says(&three, FINDING_CAUTION,
		   "Re-election: too few trials to tell any two set-ups apart; no fewer than 5 of "
		   "each can.");
	done(&three);
	for (int64_t size = 3; size <= 5; size++)
		add(&mixed, arm(&mixed, size, "stop"), 3, (double)size);
	add(&mixed, arm(&mixed, 3, "kill"), 3, 3);
	add(&mixed, arm(&mixed, 4, "kill"), 3, 4);
	make(&mixed);
	check_says(
		&mixed, FINDING_CAUTION,
		"Re-election: too few trials to tell any two set-ups apart; no fewer than 4 to 5 "
		"of each can.");
	done(&mixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
