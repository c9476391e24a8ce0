#include "report/model.h"
#include "report/study_record.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

#define S INT64_C(1000000000)

static struct model model;

static void add(enum model_outcome outcome, bool warmup, int64_t lo_ns, int64_t hi_ns,
		int8_t censored)
{
	struct model_trial trial = {.outcome = outcome, .warmup = warmup};

	trial.values[METRIC_AGREEMENT] = (struct model_value){
		.lo_ns = lo_ns, .hi_ns = hi_ns, .censored = censored, .present = lo_ns >= 0};
	vec_push(&model.trials, trial);
}

static int make(void **state)
{
	(void)state;
	model = (struct model){.from = ORIGIN_FAULT_ISSUED};
	vec_push(&model.studies, (struct model_study){.id = 1});
	model.studies.v[0].record.rto_ns = 3 * S / 2;
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	model.studies.v[0].record = (struct study_record){0};
	model_done(&model);
	return 0;
}

static void says(const char *expected)
{
	char *text = study_rto_text(&model, 0);

	assert_string_equal(text, expected);
	free(text);
}

static void an_interval_that_holds_the_limit_decides_nothing(void **state)
{
	(void)state;
	says("1.5 s: kept in 0 of 0 trials");
	add(OUTCOME_RECOVERED, false, S, 3 * S / 2, 0);
	says("1.5 s: kept in 1 of 1 trials");
	add(OUTCOME_RECOVERED, false, S, 3 * S / 2 + 1, 0);
	says("1.5 s: kept in 1 of 2 trials, not decided in 1");
	add(OUTCOME_RECOVERED, false, 3 * S / 2 + 1, 2 * S, 0);
	says("1.5 s: kept in 1 of 3 trials, missed in 1, not decided in 1");
	/* shorter than the poll period: left-censored */
	add(OUTCOME_RECOVERED, false, 0, S, -1);
	says("1.5 s: kept in 2 of 4 trials, missed in 1, not decided in 1");
}

static void a_limit_reached_is_missed_where_it_is_longer(void **state)
{
	(void)state;
	add(OUTCOME_NO_REELECTION, false, 120 * S, 0, 1);
	says("1.5 s: kept in 0 of 1 trials, missed in 1");
	add(OUTCOME_NO_REELECTION, false, S, 0, 1);
	says("1.5 s: kept in 0 of 2 trials, missed in 1, not decided in 1");
	model.from = ORIGIN_PROCESS_GONE;
	says("1.5 s: kept in 0 of 2 trials, missed in 1, not decided in 1, counted from "
	     "process_gone");
}

static void what_measured_nothing_does_not_count(void **state)
{
	(void)state;
	add(OUTCOME_RECOVERED, true, S, S, 0);
	add(OUTCOME_GATE_FAILED, false, S, S, 0);
	add(OUTCOME_ABORTED, false, S, S, 0);
	add(OUTCOME_RECOVERED, false, -1, 0, 0); /* nobody had to agree */
	says("1.5 s: kept in 0 of 0 trials");
	model.studies.v[0].record.rto_ns = 0;
	assert_null(study_rto_text(&model, 0));
}

static void says_fact(enum study_fact fact, const char *expected)
{
	char *text = study_fact_text(&model, 0, fact);

	if (expected)
		assert_string_equal(text, expected);
	else
		assert_null(text);
	free(text);
}

static void facts_are_those_that_are_said(void **state)
{
	struct study_record *record = &model.studies.v[0].record;
	static char objective[] = "why", ticket[] = "CHG-1";

	(void)state;
	record->texts[STUDY_OBJECTIVE] = objective;
	record->texts[STUDY_TICKET] = ticket;
	for (int f = 0; f < N_STUDY_FACTS; f++)
		assert_non_null(study_fact_names[f]);
	says_fact(STUDY_OBJECTIVE, "why");
	says_fact(STUDY_HYPOTHESIS, NULL);
	says_fact(STUDY_RTO, "1.5 s: kept in 0 of 0 trials");
	says_fact(STUDY_TICKET, "CHG-1");
	record->rto_ns = 0;
	says_fact(STUDY_RTO, NULL);
}

static void a_sign_off_in_words(void **state)
{
	static char name[] = "A. Person", decision[] = "accepted", at[] = "2026-01-31 12:00:00",
		    comment[] = "as agreed";
	struct study_sign_off s = {.name = name, .signed_utc = at};
	char *text = study_sign_off_text(&s);

	(void)state;
	assert_string_equal(text, "commented by A. Person on 2026-01-31 12:00:00 UTC");
	free(text);
	s.decision = decision;
	s.comment = comment;
	text = study_sign_off_text(&s);
	assert_string_equal(text, "accepted by A. Person on 2026-01-31 12:00:00 UTC: as agreed");
	free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_interval_that_holds_the_limit_decides_nothing),
		TEST(a_limit_reached_is_missed_where_it_is_longer),
		TEST(what_measured_nothing_does_not_count),
		TEST(facts_are_those_that_are_said),
		cmocka_unit_test(a_sign_off_in_words),
	};

	return cmocka_run_group_tests_name("study_record", tests, NULL, NULL);
}
