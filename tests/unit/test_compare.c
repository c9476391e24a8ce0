#include "report/compare.h"
#include "tests/unit/golden.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double one[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const double later[] = {18, 17, 16, 15, 14, 13, 12, 11};
static const double half[] = {1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5};
static const double limit[] = {3, 4, 5, 6, 7, 8, INFINITY, INFINITY};

static void near(double got, double expected)
{
	golden_near("value", got, expected, 1e-12);
}

struct fixture {
	struct model model;
	struct grouping grouping;
	struct comparisons of;
};

static void compare(struct fixture *f, const char *by, const char *compared, enum metric metric)
{
	struct err err = ERR_INIT;

	assert_int_equal(grouping_make(&f->model, by, false, &f->grouping, &err), 0);
	compare_init(&f->of, &f->grouping, compared);
	compare_add(&f->of, &f->model, &f->grouping, metric);
}

static void done(struct fixture *f)
{
	compare_done(&f->of);
	grouping_done(&f->grouping);
	model_done(&f->model);
}

static size_t arm(struct fixture *f, int64_t size, const char *fault, const char *more)
{
	if (!f->model.studies.n)
		made_study(&f->model, "s");
	return made_arm(&f->model, 0, made_cluster(&f->model, 0, size), fault, more);
}

#define ADD(f, size, fault, values)                                                                \
	made_trials(&(f)->model, arm(f, size, fault, "{}"), METRIC_REELECTION, values,             \
		    sizeof(values) / sizeof *(values))

static void check_sentence(const struct fixture *f, size_t comparison, size_t pair,
			   const char *expected)
{
	const struct comparison *c = &f->of.all.v[comparison];
	char *text = compare_sentence(&f->of, &f->grouping, c, &c->pairs.v[pair]);

	assert_string_equal(text, expected);
	free(text);
}

/* Takes text. */
static void check_text(char *text, const char *expected)
{
	if (expected) {
		assert_non_null(text);
		assert_string_equal(text, expected);
	} else
		assert_null(text);
	free(text);
}

static void three_sizes(void **state)
{
	struct fixture f = {0};
	const struct comparison *c;
	const struct compare_pair *p;

	(void)state;
	ADD(&f, 3, "stop", one);
	ADD(&f, 4, "stop", later);
	ADD(&f, 5, "stop", half);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.n, 1);
	c = f.of.all.v;
	assert_string_equal(c->test, "Kruskal-Wallis");
	assert_false(c->censored);
	assert_int_equal(c->df, 2);
	/* ranks: 3 has 1, 3, ..., 15, 5 has 2, 4, ..., 16, 4 has 17 to 24 */
	near(c->statistic, 15.44);
	assert_int_equal(c->pairs.n, 3);
	p = c->pairs.v; /* 3 and 4 */
	assert_int_equal(p->verdict, COMPARE_SHOWN);
	assert_true(p->exact);
	near(p->p, 2.0 / 12870);
	near(p->p_holm, 6.0 / 12870);
	near(p->shift_s, 10);
	near(p->shift_lo_s, 7); /* D(14) of 64 */
	near(p->shift_hi_s, 13);
	near(p->bound_lo_s, 9.995);
	near(p->bound_hi_s, 10.005);
	near(p->superiority, 1);
	assert_int_equal(p->n_needed, 7);
	near(p->after, 1);
	p = c->pairs.v + 1; /* 3 and 5 */
	assert_int_equal(p->verdict, COMPARE_NOT_SHOWN);
	near(p->statistic, 28);
	near(p->superiority, 36.0 / 64);
	near(p->shift_s, 0.5);
	check_sentence(&f, 0, 0,
		       "Re-election: longer with 4 than with 3 master-eligible nodes by 10.0 s "
		       "(95 %: 7.0 to 13.0; longer in 100 % of pairs of trials; p < 0.001).");
	check_sentence(
		&f, 0, 1,
		"Re-election: no difference is shown between 3 and 5 master-eligible nodes "
		"(shift +0.50 s, 95 %: -2.50 to 3.50); about 450 trials of each would settle a "
		"difference of this size.");
	/* turned: the first of the pair is the longer one */
	check_sentence(&f, 0, 2,
		       "Re-election: longer with 4 than with 5 master-eligible nodes by 9.5 s "
		       "(95 %: 6.5 to 12.5; longer in 100 % of pairs of trials; p < 0.001).");
	done(&f);
}

/* Faults make strata; a level that a stratum lacks is not compared there. */
static void strata(void **state)
{
	struct fixture f = {0};
	char *text;

	(void)state;
	ADD(&f, 3, "stop", one);
	ADD(&f, 4, "stop", later);
	ADD(&f, 3, "kill", half);
	ADD(&f, 5, "kill", one);
	ADD(&f, 5, "pause", one);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.n, 2);
	assert_string_equal(f.of.all.v[0].test, "Mann-Whitney");
	near(f.of.all.v[0].p, f.of.all.v[0].pairs.v[0].p);
	near(f.of.all.v[0].pairs.v[0].p_holm, f.of.all.v[0].p);
	text = compare_stratum(&f.of, &f.grouping, &f.of.all.v[1]);
	assert_string_equal(text, "fault kill");
	free(text);
	done(&f);
}

/* Faults compared: sizes make the strata. */
static void another_factor(void **state)
{
	struct fixture f = {0};

	(void)state;
	ADD(&f, 3, "stop", one);
	ADD(&f, 3, "kill", later);
	ADD(&f, 4, "stop", one);
	ADD(&f, 4, "kill", one);
	compare(&f, NULL, "fault", METRIC_REELECTION);
	assert_int_equal(f.of.all.n, 2);
	check_sentence(&f, 0, 0,
		       "Re-election (masters 3): longer with kill than with stop by 10.0 s (95 %: "
		       "7.0 to 13.0; longer in 100 % of pairs of trials; p < 0.001).");
	check_sentence(
		&f, 1, 0,
		"Re-election (masters 4): no difference is shown between stop and kill (shift "
		"0.00 s, 95 %: -3.00 to 3.00).");
	done(&f);
}

/* One size: what else varies is compared. What goes with it joins. */
static void default_factor(void **state)
{
	struct fixture f = {0};
	char *text;

	(void)state;
	made_trials(&f.model, arm(&f, 3, "stop", "{\"heap\": \"1g\", \"gc\": \"a\"}"),
		    METRIC_REELECTION, one, 8);
	made_trials(&f.model, arm(&f, 3, "stop", "{\"heap\": \"2g\", \"gc\": \"b\"}"),
		    METRIC_REELECTION, later, 8);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.n, 1);
	text = compare_label(&f.of, &f.grouping, &f.grouping.groups.v[1]);
	assert_string_equal(text, "2g, b");
	free(text);
	text = compare_factors(&f.of, &f.grouping);
	assert_string_equal(text, "heap, gc");
	free(text);
	done(&f);
}

static void nothing_to_compare(void **state)
{
	struct fixture f = {0};

	(void)state;
	ADD(&f, 3, "stop", one);
	ADD(&f, 3, "kill", one);
	compare(&f, NULL, "size", METRIC_REELECTION);
	assert_int_equal(f.of.all.n, 0);
	compare_done(&f.of);
	/* nobody has this one */
	compare_init(&f.of, &f.grouping, "fault");
	compare_add(&f.of, &f.model, &f.grouping, METRIC_SPREAD);
	assert_int_equal(f.of.all.n, 0);
	done(&f);
}

static void too_few(void **state)
{
	struct fixture f = {0};

	(void)state;
	near(compare_least_p(4, 4), 2.0 / 70);
	near(compare_least_p(3, 5), 2.0 / 56);
	near(compare_least_p(40, 1), 2.0 / 41);
	near(compare_least_p(0, 100), 1);
	near(compare_least_p(1, 0), 1);
	assert_int_equal(compare_fewest(1), 4);
	assert_int_equal(compare_fewest(3), 5);	 /* 6 / 70 is too much, 6 / 252 is not */
	assert_int_equal(compare_fewest(10), 6); /* 20 / 252, 20 / 924 */
	made_trials(&f.model, arm(&f, 3, "stop", "{}"), METRIC_REELECTION, one, 3);
	made_trials(&f.model, arm(&f, 4, "stop", "{}"), METRIC_REELECTION, later, 3);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.v[0].pairs.v[0].verdict, COMPARE_TOO_FEW);
	assert_true(isnan(f.of.all.v[0].pairs.v[0].shift_lo_s));
	check_sentence(&f, 0, 0,
		       "Re-election: too few trials to tell 3 and 4 master-eligible nodes apart (3 "
		       "and 3; no fewer than 4 of each can).");
	done(&f);
}

static void censored(void **state)
{
	struct fixture f = {0};
	const struct compare_pair *p;

	(void)state;
	ADD(&f, 3, "stop", one);
	ADD(&f, 4, "stop", limit);
	ADD(&f, 5, "stop", later);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_true(f.of.all.v[0].censored);
	assert_string_equal(f.of.all.v[0].test, "log-rank");
	p = f.of.all.v[0].pairs.v;
	assert_true(isnan(p->shift_s));
	/* all were watched for longer than any took: the censored ones rank last */
	near(p->superiority, 1 - 18.0 / 64);
	assert_int_equal(f.of.all.v[0].groups.v[1].n_censored, 2);
	done(&f);
}

/* Three fully apart of 4 each: no order of them gives a lower p than 2 / 70, of three pairs 6 / 70.
 */
static void too_few_for_three(void **state)
{
	static const double low[] = {1, 2, 3, 4, 5}, middle[] = {11, 12, 13, 14, 15};
	static const double high[] = {21, 22, 23, 24, 25}, all_same[] = {1, 1, 1, 1, 1};

	(void)state;
	for (size_t n = 4; n <= 5; n++) {
		struct fixture f = {0};

		made_trials(&f.model, arm(&f, 3, "stop", "{}"), METRIC_REELECTION, low, n);
		made_trials(&f.model, arm(&f, 4, "stop", "{}"), METRIC_REELECTION, middle, n);
		made_trials(&f.model, arm(&f, 5, "stop", "{}"), METRIC_REELECTION, high, n);
		compare(&f, NULL, NULL, METRIC_REELECTION);
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(f.of.all.v[0].pairs.v[i].verdict,
					 n == 4 ? COMPARE_TOO_FEW : COMPARE_SHOWN);
		if (n == 4)
			check_sentence(
				&f, 0, 0,
				"Re-election: too few trials to tell 3 and 4 master-eligible nodes "
				"apart (4 and 4; of 3 pairs, no fewer than 5 of each can).");
		done(&f);
	}
	/* a pair that is not tested takes no share: two are left, and one of these is too few */
	{
		struct fixture f = {0};

		made_trials(&f.model, arm(&f, 3, "stop", "{}"), METRIC_REELECTION, all_same, 5);
		made_trials(&f.model, arm(&f, 4, "stop", "{}"), METRIC_REELECTION, all_same, 5);
		made_trials(&f.model, arm(&f, 5, "stop", "{}"), METRIC_REELECTION, high, 3);
		compare(&f, NULL, NULL, METRIC_REELECTION);
		assert_int_equal(compare_n_tested(f.of.all.v), 2);
		assert_int_equal(f.of.all.v[0].pairs.v[0].verdict, COMPARE_EQUAL);
		assert_int_equal(f.of.all.v[0].pairs.v[1].verdict, COMPARE_TOO_FEW); /* 4 / 56 */
		done(&f);
	}
}

static void made_even(struct fixture *f, size_t arm, int n, double from, double to)
{
	for (int i = 0; i < n; i++)
		made_trial(&f->model, arm, METRIC_REELECTION, from + (to - from) * i / (n - 1),
			   0.005, 0);
}

/* Names and medians stand in one order: the longer one's first. */
static void censored_medians(void **state)
{
	struct fixture f = {0};
	size_t a = arm(&f, 3, "stop", "{}"), b = arm(&f, 4, "stop", "{}");

	(void)state;
	made_even(&f, a, 21, 1, 3);
	made_even(&f, b, 20, 5, 7);
	made_trial(&f.model, b, METRIC_REELECTION, INFINITY, 0, 120);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(compare_longer(f.of.all.v[0].pairs.v), 1);
	check_sentence(&f, 0, 0,
		       "Re-election: longer with 4 than with 3 master-eligible nodes (medians 6.05 "
		       "s and 2.00 s; longer in 100 % of pairs of trials; p < 0.001).");
	done(&f);
}

/* Most trials of 5 are the shorter ones, but two in five never end: the log-rank test, which weighs
 * late events as much as early ones, finds 5 the longer. Neither name stands alone then. */
static void crossed(void **state)
{
	struct fixture f = {0};
	size_t a = arm(&f, 3, "stop", "{}"), b = arm(&f, 5, "stop", "{}");
	const struct compare_pair *p;

	(void)state;
	made_even(&f, a, 120, 1.0, 1.5);
	made_even(&f, b, 72, 0.9, 1.0);
	for (int i = 0; i < 48; i++)
		made_trial(&f.model, b, METRIC_REELECTION, INFINITY, 0, 120);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	p = f.of.all.v[0].pairs.v;
	assert_int_equal(p->verdict, COMPARE_SHOWN);
	assert_true(p->superiority < 0.5 && p->excess < 0);
	/* O - E = 72 - 89.087, V = 43.056, 192 of 240 ended: 2 * 7.849 / 0.1575 / 0.8 = 124.6 */
	assert_int_equal(p->n_needed, 125);
	assert_int_equal(compare_longer(p), 0);
	check_sentence(&f, 0, 0,
		       "Re-election: 3 and 5 master-eligible nodes differ, but neither is the "
		       "longer one throughout (medians 1.25 s and 0.98 s; p = 0.009).");
	assert_string_equal(compare_difference(p), "shown, crossing");
	done(&f);
}

/* No trial ended: nothing says which is the longer, not even half of the pairs. */
static void all_censored(void **state)
{
	static const double never[] = {INFINITY, INFINITY, INFINITY, INFINITY};
	struct fixture f = {0};

	(void)state;
	ADD(&f, 3, "stop", never);
	ADD(&f, 4, "stop", never);
	ADD(&f, 5, "stop", one);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.v[0].pairs.v[0].verdict, COMPARE_UNKNOWN);
	assert_true(isnan(f.of.all.v[0].pairs.v[0].superiority));
	near(f.of.all.v[0].pairs.v[1].superiority, 0); /* of 5 every one ended */
	check_sentence(
		&f, 0, 0,
		"Re-election: 3 and 4 master-eligible nodes: no trial ended within its limit.");
	done(&f);
}

/* A trial that was watched for a shorter time than others took has no rank. */
static void limits_differ(void **state)
{
	struct fixture f = {0};
	size_t a;

	(void)state;
	ADD(&f, 3, "stop", later);
	a = arm(&f, 4, "stop", "{}");
	made_trials(&f.model, a, METRIC_REELECTION, one, 8);
	made_trial(&f.model, a, METRIC_REELECTION, INFINITY, 0, 10);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_true(isnan(f.of.all.v[0].pairs.v[0].superiority));
	/* 3 by the formula, of which no order shows anything */
	assert_int_equal(f.of.all.v[0].pairs.v[0].n_needed, 4);
	assert_int_equal(f.of.all.v[0].pairs.v[0].verdict, COMPARE_SHOWN);
	check_sentence(&f, 0, 0,
		       "Re-election: 3 and 4 master-eligible nodes differ (medians 14.50 s and "
		       "5.00 s; p < 0.001).");
	done(&f);
}

static void all_equal(void **state)
{
	static const double zero[] = {0.0025, 0.0025, 0.0025, 0.0025};
	struct fixture f = {0};

	(void)state;
	ADD(&f, 3, "stop", zero);
	ADD(&f, 4, "stop", zero);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.v[0].pairs.v[0].verdict, COMPARE_EQUAL);
	check_sentence(&f, 0, 0,
		       "Re-election: 3 and 4 master-eligible nodes: all values are the same.");
	done(&f);
}

/* A difference that the width of the polls alone could make is shown, and said to be no more. */
static void within_measurement(void **state)
{
	struct fixture f = {0};
	size_t a = arm(&f, 3, "stop", "{}"), b = arm(&f, 4, "stop", "{}");

	(void)state;
	for (int i = 0; i < 8; i++) {
		made_trial(&f.model, a, METRIC_REELECTION, 1 + i * 1e-5, 0.005, 0);
		made_trial(&f.model, b, METRIC_REELECTION, 1.001 + i * 1e-5, 0.005, 0);
	}
	compare(&f, NULL, NULL, METRIC_REELECTION);
	near(f.of.all.v[0].pairs.v[0].after, 36.0 / 64); /* interleaved */
	check_sentence(
		&f, 0, 0,
		"Re-election: longer with 4 than with 3 master-eligible nodes by 1.0 ms (95 %: "
		"1.0 to 1.0; longer in 100 % of pairs of trials; p < 0.001), which is less than "
		"the "
		"width of the measurement.");
	done(&f);
}

static void drift(void **state)
{
	static const double rising[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	static const double level[] = {5, 6, 5, 6, 4, 7, 5, 6, 5, 6};
	struct fixture f = {0};
	char *text;

	(void)state;
	ADD(&f, 3, "stop", rising);
	ADD(&f, 4, "stop", level);
	ADD(&f, 5, "stop", one); /* falls, but there are too few */
	compare(&f, NULL, NULL, METRIC_REELECTION);
	text = compare_drift(&f.of, &f.grouping, f.of.all.v, f.of.all.v[0].groups.v);
	assert_string_equal(text, "Re-election: with 3 master-eligible nodes the later trials were "
				  "longer (Kendall's tau +1.00, p < 0.001; 10 trials).");
	free(text);
	assert_null(compare_drift(&f.of, &f.grouping, f.of.all.v, f.of.all.v[0].groups.v + 1));
	assert_null(compare_drift(&f.of, &f.grouping, f.of.all.v, f.of.all.v[0].groups.v + 2));
	done(&f);
}

static void check_order(const struct fixture *f, const char *expected)
{
	char *text = compare_order(&f->of, METRIC_REELECTION);

	if (expected)
		assert_string_equal(text, expected);
	else
		assert_null(text);
	free(text);
	text = compare_order(&f->of, METRIC_SPREAD);
	assert_null(text); /* nobody has that one */
}

/* Two of a study in turns, the third after them, and none of them in turns with another study. */
static void order(void **state)
{
	struct fixture f = {0}, turns = {0};
	size_t a = arm(&f, 3, "stop", "{}"), b = arm(&f, 4, "stop", "{}"), c, d;

	(void)state;
	for (int i = 0; i < 8; i++) {
		made_trial(&f.model, a, METRIC_REELECTION, 1 + i, 0.005, 0);
		made_trial(&f.model, b, METRIC_REELECTION, 2 + i, 0.005, 0);
	}
	ADD(&f, 5, "stop", one);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	check_order(&f, "In 2 of 3 pairs the two were run one after the other: a change of the "
			"machine meanwhile would look like a difference.");
	compare_done(&f.of);
	grouping_done(&f.grouping);
	made_study(&f.model, "t");
	made_trials(&f.model, made_arm(&f.model, 1, made_cluster(&f.model, 1, 7), "stop", "{}"),
		    METRIC_REELECTION, later, 8);
	compare(&f, NULL, "size,study", METRIC_REELECTION);
	check_order(&f, "In 5 of 6 pairs the two were run one after the other, or in two studies, "
			"not in turns: a change of the machine meanwhile would look like a "
			"difference.");
	done(&f);
	c = arm(&turns, 3, "stop", "{}");
	d = arm(&turns, 4, "stop", "{}");
	for (int i = 0; i < 8; i++)
		made_trial(&turns.model, i % 2 ? c : d, METRIC_REELECTION, 1 + i, 0.005, 0);
	compare(&turns, NULL, NULL, METRIC_REELECTION);
	check_order(&turns, NULL);
	done(&turns);
}

/* Studies are kept apart as strata, and compared where nothing else can be. */
static void studies(void **state)
{
	struct fixture f = {0};

	(void)state;
	ADD(&f, 3, "stop", one);
	made_study(&f.model, "t");
	made_trials(&f.model, made_arm(&f.model, 1, made_cluster(&f.model, 1, 3), "stop", "{}"),
		    METRIC_REELECTION, later, 8);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.n, 1);
	assert_true(isnan(f.of.all.v[0].pairs.v[0].after));
	check_order(&f, "What is compared was run in two studies, not in turns: a change of the "
			"machine meanwhile would look like a difference.");
	check_sentence(
		&f, 0, 0,
		"Re-election: longer with t than with s by 10.0 s (95 %: 7.0 to 13.0; longer "
		"in 100 % of "
		"pairs of trials; p < 0.001).");
	done(&f);
}

/* More levels than pairs can be read of: the test of all alone. */
static void many(void **state)
{
	struct fixture f = {0};

	(void)state;
	for (int size = 1; size <= COMPARE_MAX_GROUPS + 1; size++)
		ADD(&f, size, "stop", one);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	assert_int_equal(f.of.all.v[0].groups.n, COMPARE_MAX_GROUPS + 1);
	assert_int_equal(f.of.all.v[0].pairs.n, 0);
	near(f.of.all.v[0].p, 1);
	check_text(compare_all_at_once(&f.of, &f.grouping, f.of.all.v),
		   "Re-election: among all 21 no difference is shown (Kruskal-Wallis 0.00, p = "
		   "1.00); too many for pairs.");
	check_text(compare_rest_of_all(&f.of),
		   "Among all groups of a block no difference is shown in the only block; too many "
		   "groups for pairs.");
	check_text(compare_rest(&f.of), NULL);
	done(&f);
}

/* Each kind of silence is counted apart. */
static void rest(void **state)
{
	static const double never[] = {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY};
	static const double same[] = {1, 1, 1, 1, 1};
	struct fixture f = {0};

	(void)state;
	ADD(&f, 3, "stop", one);
	ADD(&f, 4, "stop", later);
	ADD(&f, 5, "stop", half);
	made_trials(&f.model, arm(&f, 3, "kill", "{}"), METRIC_REELECTION, one, 3);
	made_trials(&f.model, arm(&f, 4, "kill", "{}"), METRIC_REELECTION, later, 3);
	ADD(&f, 3, "pause", never);
	ADD(&f, 4, "pause", never);
	ADD(&f, 5, "pause", never);
	ADD(&f, 3, "term", same);
	ADD(&f, 4, "term", same);
	compare(&f, NULL, NULL, METRIC_REELECTION);
	check_text(compare_rest(&f.of),
		   "Of the other 6 pairs none shows a difference: 1 has too few trials to show "
		   "one, in 3 no trial ended, in 1 every value is the same.");
	check_text(compare_all_at_once(&f.of, &f.grouping, f.of.all.v + 1), NULL); /* of two */
	check_text(compare_all_at_once(&f.of, &f.grouping, f.of.all.v + 2), NULL); /* no p */
	check_text(compare_rest_of_all(&f.of),
		   "Among all groups of a block no difference is shown in the other block.");
	done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_sizes),
		cmocka_unit_test(strata),
		cmocka_unit_test(another_factor),
		cmocka_unit_test(default_factor),
		cmocka_unit_test(nothing_to_compare),
		cmocka_unit_test(too_few),
		cmocka_unit_test(too_few_for_three),
		cmocka_unit_test(censored),
		cmocka_unit_test(censored_medians),
		cmocka_unit_test(crossed),
		cmocka_unit_test(all_censored),
		cmocka_unit_test(limits_differ),
		cmocka_unit_test(all_equal),
		cmocka_unit_test(within_measurement),
		cmocka_unit_test(drift),
		cmocka_unit_test(order),
		cmocka_unit_test(studies),
		cmocka_unit_test(many),
		cmocka_unit_test(rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
