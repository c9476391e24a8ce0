#include "report/findings.h"
#include "report/phrase.h"
#include "tests/unit/said.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Exactly these sentences in this order; a caution begins with "! ". */
static void check(const struct said *f, const char *const *expected, size_t n)
{
	for (size_t i = 0; i < f->findings.all.n || i < n; i++) {
		const struct finding *finding = &f->findings.all.v[i];

		if (i >= f->findings.all.n)
			fail_msg("missing: %s", expected[i]);
		if (i >= n)
			fail_msg("too many: %s", finding->text);
		assert_string_equal(finding->text, expected[i] + 2 * (expected[i][0] == '!'));
		assert_int_equal(finding->severity,
				 expected[i][0] == '!' ? FINDING_CAUTION : FINDING_FACT);
	}
}

#define CHECK(f, ...)                                                                              \
	check(f, (const char *const[]){__VA_ARGS__},                                               \
	      sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static size_t arm(struct said *f, int64_t size, const char *fault)
{
	struct model *model = &f->recording.model;

	if (!model->studies.n)
		made_study(model, "s");
	return made_arm(model, 0, made_cluster(model, 0, size), fault, "{}");
}

/* n trials of 1, 2, ... times step_s. */
static void ramp(struct said *f, size_t at, enum metric metric, size_t n, double step_s)
{
	for (size_t i = 0; i < n; i++)
		made_trial(&f->recording.model, at, metric, (double)(i * 7 % n + 1) * step_s, 0.002,
			   0);
}

static void two_sizes(void **state)
{
	struct said f = {0};

	(void)state;
	ramp(&f, arm(&f, 3, "stop"), METRIC_REELECTION, 9, 0.1);
	ramp(&f, arm(&f, 4, "stop"), METRIC_REELECTION, 9, 1);
	f.recording.model.trials.v[2].terms = 3;
	said_make(&f);
	CHECK(&f,
	      "With 3 master-eligible nodes a new master was seen 0.50 s after the fault (median; "
	      "95 %: 0.20 to 0.80; 9 trials), at the latest after 0.90 s.",
	      "With 4 master-eligible nodes a new master was seen 5.00 s after the fault (median; "
	      "95 %: 2.00 to 8.00; 9 trials), at the latest after 9.00 s.",
	      "All 18 trials recovered.",
	      "Contested elections (more than one new term): 1 of 9 with 3 masters (11 %, 95 %: "
	      "0.3 to "
	      "48); "
	      "0 of 9 with 4 masters (0 %, 95 %: 0 to 34).",
	      "Re-election: longer with 4 than with 3 master-eligible nodes by 4.50 s (95 %: 1.90 "
	      "to "
	      "7.10; longer in 100 % of pairs of trials; p < 0.001).",
	      "! What is compared was run one after the other: a change of the machine meanwhile "
	      "would look like a difference.",
	      "With 9 trials there is no 95 % interval of the 99th percentile (299 needed), nor of "
	      "the 95th percentile (59 needed).",
	      "By the polls alone, medians of re-election are measured to within ± 1.0 ms.");
	said_done(&f);
}

/* One trial, one incident: the singular everywhere. */
static void singular(void **state)
{
	struct said f = {0};
	struct model_study *study;

	(void)state;
	made_trial(&f.recording.model, arm(&f, 1, "stop"), METRIC_REJOIN, 2, 0.01, 0);
	study = &f.recording.model.studies.v[0];
	vec_push(&study->incidents, (struct model_incidents){mem_strdup("skipped_polls"), 1});
	vec_push(&study->incidents, (struct model_incidents){mem_strdup("log_long"), 2});
	study->n_incidents = 3;
	study->is_finished = false;
	study->trials_planned = 2;
	f.recording.model.clusters.v[0].insecure = true;
	said_make(&f);
	CHECK(&f, "The node was back 2.00 s after its start was asked for (1 trial).",
	      "The one trial recovered.",
	      "! The schedule of this study is not through: 1 of 2 trials are run.",
	      "! 1 poll was skipped, as the last request was still under way.",
	      "! Other incidents: log_long 2.",
	      "! Certificates were not checked: who answered is not proved.");
	said_done(&f);
}

static void limits_and_losses(void **state)
{
	struct said f = {0};
	size_t a = arm(&f, 3, "stop");
	struct model *model = &f.recording.model;

	(void)state;
	ramp(&f, a, METRIC_REELECTION, 4, 1);
	for (int i = 0; i < 2; i++)
		made_trial(model, a, METRIC_REELECTION, INFINITY, 0, 120);
	model->trials.v[1].values[METRIC_DUAL_MASTER] =
		(struct model_value){10000000, 30000000, 0, true};
	model->trials.v[2].values[METRIC_DUAL_MASTER] = (struct model_value){0, 5000000, -1, true};
	model->trials.v[3].acknowledged = 1234;
	model->trials.v[3].lost = 2;
	vec_push(&f.recording.tolerance.sizes, (struct tolerance_size){.master_eligible = 3,
								       .survived = {1, 1},
								       .predicted = {1, 2},
								       .lucky = {1, 2}});
	for (int size = 3; size <= 5; size++)
		vec_push(&f.recording.tolerance.sizes,
			 (struct tolerance_size){.master_eligible = size,
						 .survived = {1, -1},
						 .predicted = {1, -1},
						 .lucky = {1, -1}});
	said_make(&f);
	CHECK(&f,
	      "With 3 master-eligible nodes a new master was seen 3.50 s after the fault (median; "
	      "95 %: 1.00 and more; 6 trials), at worst later than 120 s.",
	      "! 2 of 6 trials had no new master within 120 s.",
	      "None of 4 elections was contested.",
	      "! Two nodes named different masters at once in 1 of 2 trials, for up to 30 ms, and "
	      "may have in 1 more.",
	      "! Of 3 master-eligible nodes the loss of 1 at once and of 1 (2 with luck) one after "
	      "another was survived; the voting configurations predict 2 one after another.",
	      "Of 3, 4 and 5 master-eligible nodes the loss of 1 at once was survived, as the "
	      "voting "
	      "configurations predict.",
	      "! 2 of 1,234 acknowledged writes were lost.",
	      "With 6 trials there is no 95 % interval of the 99th percentile (299 needed), nor of "
	      "the 95th percentile (59 needed).",
	      "By the polls alone, medians of re-election are measured to within ± 1.0 ms.");
	said_done(&f);
}

/* More set-ups than sentences can be read of: ranges, counts, and no list without end. */
static void many(void **state)
{
	struct said f = {0};

	(void)state;
	for (int size = 1; size <= 15; size++)
		ramp(&f, arm(&f, size, "stop"), METRIC_REELECTION, 12, size);
	said_make(&f);
	assert_true(f.findings.all.n < 12);
	assert_string_equal(
		f.findings.all.v[0].text,
		"A new master was seen 6.50 s (1 master) to 97.5 s (15 masters) after the fault "
		"(medians of 15 set-ups).");
	for (size_t i = 0; i < f.findings.all.n; i++)
		assert_true(strlen(f.findings.all.v[i].text) < 400);
	said_done(&f);
}

/* The findings hold this sentence, as a caution where it begins with "! ". */
static void told(const struct said *f, const char *expected)
{
	bool caution = expected[0] == '!';
	const struct finding *finding;

	vec_each (finding, &f->findings.all)
		if (strcmp(finding->text, expected + 2 * caution) == 0) {
			assert_int_equal(finding->severity,
					 caution ? FINDING_CAUTION : FINDING_FACT);
			return;
		}
	fail_msg("not told: %s", expected);
}

/* No trial was watched for longer than its own limit: the shortest holds for all. */
static void none_reached(void **state)
{
	struct said f = {0};
	size_t a = arm(&f, 3, "stop"), b = arm(&f, 4, "stop"), c = arm(&f, 5, "stop");
	struct model *model = &f.recording.model;

	(void)state;
	for (int i = 0; i < 8; i++)
		made_trial(model, a, METRIC_REELECTION, INFINITY, 0, i < 6 ? 60 : 120);
	made_trial(model, b, METRIC_REELECTION, INFINITY, 0, 120);
	for (int i = 0; i < 8; i++)
		made_trial(model, c, METRIC_REELECTION, i < 3 ? 1 : INFINITY, 0.01, 120);
	said_make(&f);
	told(&f, "! With 3 master-eligible nodes none of 8 trials had a new master within 60.0 s.");
	told(&f, "! With 4 master-eligible nodes the only trial had no new master within 120 s.");
	told(&f, "With 5 master-eligible nodes the median time from the fault to a new master is "
		 "above 120 s by Kaplan-Meier: 3 of 8 trials had one.");
	said_done(&f);
	f = (struct said){0};
	made_trial(&f.recording.model, arm(&f, 3, "watched"), METRIC_REELECTION, INFINITY, 0, 30);
	said_make(&f);
	told(&f, "! With 3 master-eligible nodes the only trial had no new master within 30.0 s of "
		 "the first sign.");
	said_done(&f);
}

/* So too in a list of medians, and in a range of them. */
static void none_rejoined(void **state)
{
	struct said f = {0};
	size_t a;

	(void)state;
	made_trial(&f.recording.model, arm(&f, 3, "stop"), METRIC_REJOIN, 9, 0.01, 0);
	a = arm(&f, 4, "stop");
	for (int i = 0; i < 4; i++)
		made_trial(&f.recording.model, a, METRIC_REJOIN, INFINITY, 0, i ? 180 : 90);
	said_make(&f);
	told(&f, "The node was back 9.00 s (3 masters) and more than 90.0 s (4 masters) after its "
		 "start was asked for (medians).");
	said_done(&f);
}

/* n_contested of n elections with that many masters. */
static void elections(struct said *f, int64_t size, size_t n_contested, size_t n)
{
	struct model *model = &f->recording.model;

	ramp(f, arm(f, size, "stop"), METRIC_REELECTION, n, 1);
	for (size_t i = 0; i < n_contested; i++)
		model->trials.v[model->trials.n - 1 - i].terms = 2;
}

/* Of many set-ups one is named only where no other is as high. */
static void most_contested(void **state)
{
	struct said f = {0};

	(void)state;
	for (int size = 1; size <= 6; size++)
		elections(&f, size, 1, 4);
	elections(&f, 7, 3, 4);
	said_make(&f);
	told(&f, "Contested elections (more than one new term): 9 of 28, most often 3 of 4 with 7 "
		 "masters (75 %, 95 %: 19 to 99.4).");
	said_done(&f);
	f = (struct said){0};
	for (int size = 1; size <= 6; size++)
		elections(&f, size, 1, 4);
	elections(&f, 7, 3, 4);
	elections(&f, 8, 6, 8);
	said_make(&f);
	told(&f, "Contested elections (more than one new term): 15 of 36, at most 75 %, in 2 of 8 "
		 "set-ups.");
	said_done(&f);
	f = (struct said){0};
	for (int size = 1; size <= 5; size++)
		elections(&f, size, 1, 4);
	elections(&f, 6, 4, 4);
	elections(&f, 7, 3, 3);
	said_make(&f);
	told(&f, "Contested elections (more than one new term): 12 of 27; all of them contested in "
		 "2 of 7 set-ups.");
	said_done(&f);
	f = (struct said){0};
	for (int size = 1; size <= 7; size++)
		elections(&f, size, 2, 2);
	said_make(&f);
	told(&f, "Contested elections (more than one new term): 14 of 14.");
	said_done(&f);
}

static void noop_is_no_fault(void **state)
{
	struct said f = {0};
	struct model *model = &f.recording.model;
	size_t a, b;

	(void)state;
	a = arm(&f, 3, "noop");
	b = arm(&f, 3, "stop");
	ramp(&f, a, METRIC_REELECTION, 8, 0.001);
	ramp(&f, b, METRIC_REELECTION, 8, 1);
	model->trials.v[0].false_changes = 2;
	said_make(&f);
	CHECK(&f,
	      "With 3 master-eligible nodes (stop) a new master was seen 4.50 s after the fault "
	      "(median; 95 %: 1.00 to 8.00; 8 trials), at the latest after 8.00 s.",
	      "All 16 trials recovered.", "None of 8 elections was contested.",
	      "! In 8 trials in which nothing was done (noop), a change of master was seen 2 "
	      "times.",
	      "With 8 trials there is no 95 % interval of the 99th percentile (299 needed), nor of "
	      "the 95th percentile (59 needed).",
	      "By the polls alone, medians of re-election are measured to within ± 1.0 ms.");
	said_done(&f);
}

/* Nobody said when: times count from the first sign. */
static void watched(void **state)
{
	struct said f = {0};

	(void)state;
	made_trial(&f.recording.model, arm(&f, 3, "watched"), METRIC_REELECTION, 2, 0.01, 0);
	said_make(&f);
	assert_string_equal(f.findings.all.v[0].text,
			    "With 3 master-eligible nodes a new master was seen 2.00 s after the "
			    "first sign (1 trial).");
	said_done(&f);
}

/* An objective that is missed is a caution, right after the times. */
static void rto(void **state)
{
	struct said f = {0};

	(void)state;
	ramp(&f, arm(&f, 3, "stop"), METRIC_AGREEMENT, 4, 1);
	f.recording.model.studies.v[0].record.rto_ns = 2500000000;
	said_make(&f);
	CHECK(&f, "! Recovery time objective 2.5 s: kept in 2 of 4 trials, missed in 2.",
	      "All 4 trials recovered.");
	said_done(&f);
}

static void nothing(void **state)
{
	struct said f = {0};

	(void)state;
	said_make(&f);
	CHECK(&f, "! The recording holds no study.");
	said_done(&f);
	f = (struct said){0};
	arm(&f, 3, "stop");
	said_make(&f);
	CHECK(&f, "! No trial counts yet: there is nothing to tell.");
	said_done(&f);
}

static void check_phrase(const char *expected, void (*add)(struct str *, double), double value)
{
	struct str text = STR_INIT;

	add(&text, value);
	assert_string_equal(text.s, expected);
	str_done(&text);
}

static void phrases(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	check_phrase("62 ms", phrase_add_time, 0.0624);
	check_phrase("5.1 ms", phrase_add_time, 0.00512);
	check_phrase("0.10 s", phrase_add_time, 0.0996);
	check_phrase("10.0 s", phrase_add_time, 9.996);
	check_phrase("180 s", phrase_add_time, 180.01);
	check_phrase("0.0 ms", phrase_add_time, 0);
	check_phrase("0", phrase_add_percent, 0);
	check_phrase("below 0.1", phrase_add_percent, 0.0005);
	check_phrase("0.4", phrase_add_percent, 0.004);
	check_phrase("17", phrase_add_percent, 1.0 / 6);
	check_phrase("99.8", phrase_add_percent, 0.998);
	check_phrase("above 99.9", phrase_add_percent, 0.9999);
	check_phrase("100", phrase_add_percent, 1);
	check_phrase("p = 0.049", phrase_add_p, 0.0494);
	check_phrase("p = 0.35", phrase_add_p, 0.351);
	check_phrase("p < 0.001", phrase_add_p, 0.0001);
	phrase_add_number(&text, phrase_unit(1), -0.001, true);
	assert_string_equal(text.s, "0.00");
	str_clear(&text);
	phrase_add_count(&text, 1234567, "trial", "trials");
	assert_string_equal(text.s, "1,234,567 trials");
	str_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_sizes),	     cmocka_unit_test(singular),
		cmocka_unit_test(limits_and_losses), cmocka_unit_test(many),
		cmocka_unit_test(none_reached),	     cmocka_unit_test(none_rejoined),
		cmocka_unit_test(most_contested),    cmocka_unit_test(noop_is_no_fault),
		cmocka_unit_test(nothing),	     cmocka_unit_test(rto),
		cmocka_unit_test(watched),	     cmocka_unit_test(phrases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
