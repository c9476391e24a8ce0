/* What findings say of comparisons. */
#include "report/findings.h"
#include "tests/unit/said.h"
#include <math.h>
#include <string.h>

static void check_says(const struct said *f, enum finding_severity severity, const char *text)
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

static size_t arm(struct said *f, int64_t size, const char *fault)
{
	struct model *model = &f->recording.model;

	if (!model->studies.n)
		made_study(model, "s");
	return made_arm(model, 0, made_cluster(model, 0, size), fault, "{}");
}

/* n trials of first_s and a tenth of a second more each. */
static void add(struct said *f, size_t at, size_t n, double first_s)
{
	for (size_t i = 0; i < n; i++)
		made_trial(&f->recording.model, at, METRIC_REELECTION, first_s + (double)i / 10,
			   0.002, 0);
}

/* Of one pair 4 of each can show a difference, of three 5. */
static void too_few(void **state)
{
	struct said three = {0}, mixed = {0};

	(void)state;
	for (int64_t size = 3; size <= 5; size++)
		add(&three, arm(&three, size, "stop"), 4, (double)size);
	said_make(&three);
	check_says(&three, FINDING_CAUTION,
		   "Re-election: too few trials to tell any two set-ups apart; no fewer than 5 of "
		   "each can.");
	said_done(&three);
	for (int64_t size = 3; size <= 5; size++)
		add(&mixed, arm(&mixed, size, "stop"), 3, (double)size);
	add(&mixed, arm(&mixed, 3, "kill"), 3, 3);
	add(&mixed, arm(&mixed, 4, "kill"), 3, 4);
	said_make(&mixed);
	check_says(
		&mixed, FINDING_CAUTION,
		"Re-election: too few trials to tell any two set-ups apart; no fewer than 4 to 5 "
		"of each can.");
	said_done(&mixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
