#include "report/gate.h"
#include "tests/unit/golden.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void near(double got, double expected)
{
	golden_near("value", got, expected, 1e-12);
}

static struct requirement parsed(const char *text)
{
	struct err err = ERR_INIT;
	struct requirement r;

	if (requirement_parse(text, &r, &err))
		fail_msg("%s", err.text);
	return r;
}

static void refused(const char *text, const char *why)
{
	struct err err = ERR_INIT;
	struct requirement r;

	assert_int_equal(requirement_parse(text, &r, &err), ERR_USAGE);
	if (!strstr(err.text, why))
		fail_msg("%s: not '%s'", err.text, why);
	assert_null(strchr(err.text, '\n'));
}

static void parse(void **state)
{
	struct requirement r = parsed(" reelection.p95 <= 1.5 m ");

	(void)state;
	assert_false(r.is_count);
	assert_int_equal(r.metric, METRIC_REELECTION);
	assert_int_equal(r.figure, STATS_P95);
	assert_int_equal(r.op, GATE_AT_MOST);
	near(r.limit, 90);
	r = parsed("rejoin_all.median>250ms");
	assert_int_equal(r.metric, METRIC_REJOIN_ALL);
	assert_int_equal(r.figure, STATS_P50);
	assert_int_equal(r.op, GATE_MORE);
	near(r.limit, 0.25);
	r = parsed("contested<20%");
	assert_true(r.is_count && r.is_share);
	assert_int_equal(r.count, GATE_CONTESTED);
	assert_int_equal(r.op, GATE_LESS);
	near(r.limit, 0.2);
	r = parsed("n>=30");
	assert_true(r.is_count && !r.is_share);
	assert_int_equal(r.op, GATE_AT_LEAST);
	assert_int_equal(parsed("false_changes==0").op, GATE_EQUAL);
	assert_int_equal(parsed("incidents=0").count, GATE_INCIDENTS);
}

static void refuse(void **state)
{
	(void)state;
	refused("reelecton.p95<5s", "character 1: 'reelecton': did you mean 'reelection'?");
	refused("failedd=0", "did you mean 'failed'?");
	refused("", "character 1: a metric (reelection.p95) or a count");
	refused("reelection<5s", "character 11: a figure is expected");
	refused("reelection.p42<5s", "character 12: 'p42': a figure (min, p25,");
	refused("reelection.sd<5s", "character 12: mean and sd");
	refused("masterless.p50<5s", "measured per node");
	refused("reelection.p95~5s", "character 15: <, <=, >, >= or = is expected");
	refused("reelection.p95<fast", "character 16: a number is expected");
	refused("reelection.p95<-1s", "character 16: a number is expected");
	refused("reelection.p95<5", "character 17: a unit (ms, s, m) is expected");
	refused("reelection.p95<5h", "character 17: 'h': a unit (ms, s, m) is expected");
	refused("reelection.p95<5%", "character 17: a unit (ms, s, m) is expected");
	refused("reelection.p95<5s.", "character 18: nothing more is expected");
	refused("failed=0.5", "character 8: a whole number is expected");
	refused("failed=1s", "character 9: nothing more is expected");
	refused("n>=30%", "character 6: a share is possible of failed, censored, contested");
	refused("failed<101%", "character 11: a share is 0 % to 100 %");
	/* strtod would take it for 16 */
	refused("reelection.p95<0x10s", "character 17: 'x10s': a unit (ms, s, m) is expected");
	refused("n>=0x10", "character 5: nothing more is expected");
	refused("n>=0X1p4", "character 5: nothing more is expected");
	near(parsed("reelection.p95<1.5e1s").limit, 15);
	near(parsed("reelection.p95<.5s").limit, 0.5);
	near(parsed("reelection.p95<5.m").limit, 300);
	refused("n>=.", "character 4: a number is expected");
	refused("n>=1e999", "character 4: a number is expected");
	/* no interval is a point, or lies beyond all shares: such a gate could never hold */
	refused("failed=0%", "character 9: the interval of a share is never a point");
	refused("contested=50%", "never a point");
	refused("failed<=0%", "character 10: the interval of a share always reaches beyond 0 %");
	refused("failed<0%", "always reaches beyond 0 %");
	refused("failed>=100%", "the interval of a share always reaches below 100 %");
	refused("failed>100%", "always reaches below 100 %");
	assert_true(parsed("failed>=0%").is_share);
	assert_true(parsed("failed<=100%").is_share);
}

struct fixture {
	struct recording recording;
	struct gate gate;
};

static size_t arm(struct fixture *f, int64_t size, const char *fault)
{
	struct model *model = &f->recording.model;

	if (!model->studies.n)
		made_study(model, "s");
	return made_arm(model, 0, made_cluster(model, 0, size), fault, "{}");
}

/* 1 s, 2 s, ... n s, each 0.2 s wide. */
static void ramp(struct fixture *f, size_t at, size_t n)
{
	for (size_t i = 1; i <= n; i++)
		made_trial(&f->recording.model, at, METRIC_REELECTION, (double)i, 0.2, 0);
}

static void group(struct fixture *f)
{
	struct err err = ERR_INIT;

	f->recording.model.from = ORIGIN_FAULT_ISSUED;
	assert_int_equal(
		grouping_make(&f->recording.model, NULL, false, &f->recording.grouping, &err), 0);
}

static void done(struct fixture *f)
{
	grouping_done(&f->recording.grouping);
	model_done(&f->recording.model);
}

/* Of the only result. */
static struct gate_result one(struct fixture *f, const char *text)
{
	struct requirement r = parsed(text);
	struct gate_result result;

	gate_make(&f->recording, &r, 1, &f->gate);
	assert_int_equal(f->gate.results.n, 1);
	result = f->gate.results.v[0];
	assert_int_equal(gate_holds(&f->gate), result.verdict == GATE_PASS);
	gate_done(&f->gate);
	result.reason = NULL;
	return result;
}

#define VERDICT(f, text) one(f, text).verdict

/* 20 trials: the median is 10.5, its interval x(6) to x(15), 0.1 s wider on each side. */
static void quantile(void **state)
{
	struct fixture f = {0};
	struct gate_result result;

	(void)state;
	ramp(&f, arm(&f, 3, "stop"), 20);
	group(&f);
	result = one(&f, "reelection.p50<15.11s");
	assert_int_equal(result.verdict, GATE_PASS);
	near(result.value, 10.5);
	near(result.lo, 5.9);
	near(result.hi, 15.1);
	assert_int_equal(VERDICT(&f, "reelection.p50<15.09s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.p50<5.91s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.p50<5.89s"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "reelection.p50>5.89s"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "reelection.p50>10s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.p50>=15.11s"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "reelection.p50=10.5s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.p50=1s"), GATE_FAIL);
	result = one(&f, "reelection.p95<1000s");
	assert_int_equal(result.verdict, GATE_UNDECIDED);
	assert_int_equal(result.needs, 59);
	assert_int_equal(VERDICT(&f, "rejoin.p50<1000s"), GATE_UNDECIDED);
	done(&f);
}

/* Facts of the recording, to within the measurement. */
static void extremes(void **state)
{
	struct fixture f = {0};

	(void)state;
	ramp(&f, arm(&f, 3, "stop"), 3);
	group(&f);
	assert_int_equal(VERDICT(&f, "reelection.max<3.11s"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "reelection.max<3s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.max<2.9s"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "reelection.min>0.89s"), GATE_PASS);
	done(&f);
}

/* A trial that ran into its limit is longer than that, and no more is known. */
static void censored(void **state)
{
	struct fixture f = {0};
	size_t at = arm(&f, 3, "stop");

	(void)state;
	ramp(&f, at, 19);
	made_trial(&f.recording.model, at, METRIC_REELECTION, INFINITY, 0, 120);
	group(&f);
	assert_int_equal(VERDICT(&f, "reelection.max<121s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.max<=119s"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "reelection.p50<20s"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "censored=0"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "censored<=1"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "failed=0"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "failed=1"), GATE_PASS);
	done(&f);
	f = (struct fixture){0};
	at = arm(&f, 3, "stop");
	for (int i = 0; i < 6; i++)
		made_trial(&f.recording.model, at, METRIC_REELECTION, INFINITY, 0, 60 + i);
	group(&f);
	/* all six are longer than the shortest limit, so the median is, at 95 % */
	assert_int_equal(VERDICT(&f, "reelection.p50<60s"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "reelection.p50<61s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.p50>59s"), GATE_PASS);
	done(&f);
}

/* One given up before the first ended may be the shortest; what did end is not shorter than that.
 */
static void censored_extremes(void **state)
{
	struct fixture f = {0};
	size_t at = arm(&f, 3, "stop");
	struct gate_result result;

	(void)state;
	ramp(&f, at, 3);
	made_trial(&f.recording.model, at, METRIC_REELECTION, INFINITY, 0, 0.5);
	group(&f);
	result = one(&f, "reelection.min<5s");
	assert_int_equal(result.verdict, GATE_PASS);
	assert_true(isnan(result.value));
	near(result.lo, 0.5);
	near(result.hi, 1.1);
	assert_int_equal(VERDICT(&f, "reelection.min>=0.49s"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "reelection.min<1s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.min>1.2s"), GATE_FAIL);
	/* the longest took 2.9 s at least, by the lower end of what was polled */
	result = one(&f, "reelection.max>2.95s");
	assert_int_equal(result.verdict, GATE_UNDECIDED);
	near(result.lo, 2.9);
	assert_true(isinf(result.hi));
	assert_int_equal(VERDICT(&f, "reelection.max<=2.89s"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "reelection.max>2.89s"), GATE_PASS);
	done(&f);
	f = (struct fixture){0};
	at = arm(&f, 3, "stop");
	for (int i = 0; i < 3; i++)
		made_trial(&f.recording.model, at, METRIC_REELECTION, INFINITY, 0, 60 + i);
	group(&f);
	assert_int_equal(VERDICT(&f, "reelection.min>=60s"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "reelection.min<61s"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.max>=62s"), GATE_PASS);
	done(&f);
}

/* Clopper and Pearson: of 0 in 20 the upper limit is 1 - 0.025^(1/20) = 16.84 %. */
static void share(void **state)
{
	struct fixture f = {0};
	struct gate_result result;

	(void)state;
	ramp(&f, arm(&f, 3, "stop"), 20);
	group(&f);
	result = one(&f, "contested<=17%");
	assert_int_equal(result.verdict, GATE_PASS);
	near(result.hi, 1 - pow(0.025, 0.05));
	result = one(&f, "contested<=10%");
	assert_int_equal(result.verdict, GATE_UNDECIDED);
	assert_int_equal(result.needs, 36); /* 1 - 0.025^(1/36) = 9.74 %, of 35 10.00 % */
	assert_int_equal(VERDICT(&f, "contested=0"), GATE_PASS);
	f.recording.grouping.groups.v[0].n_contested = 10;
	result = one(&f, "contested<=20%");
	assert_int_equal(result.verdict, GATE_FAIL); /* 10 of 20: 27 % to 73 % */
	assert_int_equal(result.needs, 0);
	done(&f);
}

static void counts(void **state)
{
	struct fixture f = {0};
	struct model *model = &f.recording.model;

	(void)state;
	ramp(&f, arm(&f, 3, "stop"), 4);
	model->studies.v[0].n_incidents = 3;
	group(&f);
	assert_int_equal(VERDICT(&f, "n>=4"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "n>4"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "incidents<=3"), GATE_PASS);
	assert_int_equal(VERDICT(&f, "incidents=0"), GATE_FAIL);
	assert_int_equal(VERDICT(&f, "lost_writes=0"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "false_changes=0"), GATE_UNDECIDED);
	model->trials.v[0].acknowledged = 10;
	model->trials.v[0].lost = 0;
	assert_int_equal(VERDICT(&f, "lost_writes=0"), GATE_PASS);
	/* ten more that nobody could look for may be lost, or not */
	model->trials.v[1].acknowledged = 10;
	assert_int_equal(VERDICT(&f, "lost_writes=0"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "lost_writes<=10"), GATE_PASS);
	done(&f);
}

static void noop(void **state)
{
	struct fixture f = {0};

	(void)state;
	ramp(&f, arm(&f, 3, "noop"), 6);
	ramp(&f, arm(&f, 3, "stop"), 6);
	group(&f);
	assert_int_equal(one(&f, "false_changes=0").group, 0);
	assert_int_equal(one(&f, "reelection.p50<10s").group, 1);
	assert_int_equal(one(&f, "contested=0").group, 1);
	done(&f);
}

/* Nothing recorded passes nothing. */
static void nothing(void **state)
{
	struct fixture f = {0};

	(void)state;
	group(&f);
	assert_int_equal(one(&f, "failed=0").group, GATE_NO_GROUP);
	assert_int_equal(VERDICT(&f, "failed=0"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "n>=0"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.max<1s"), GATE_UNDECIDED);
	done(&f);
	f = (struct fixture){0};
	arm(&f, 3, "stop");
	group(&f);
	assert_int_equal(VERDICT(&f, "failed=0"), GATE_UNDECIDED);
	assert_int_equal(VERDICT(&f, "reelection.max<1s"), GATE_UNDECIDED);
	done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse),    cmocka_unit_test(refuse),
		cmocka_unit_test(quantile), cmocka_unit_test(extremes),
		cmocka_unit_test(censored), cmocka_unit_test(share),
		cmocka_unit_test(counts),   cmocka_unit_test(noop),
		cmocka_unit_test(nothing),  cmocka_unit_test(censored_extremes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
