/* calibrate: do the instrument's intervals hold the truth?
 *
 *     calibrate [--tap] [-o FILE]
 *
 * A cluster of fake nodes (tests/fake, a process of its own) changes its master at random instants
 * and tells them on CLOCK_MONOTONIC, the clock of the collector; observe, poll and track watch it
 * as they watch a trial. Then each scenario is checked, answer by answer and change by change:
 *
 *   - what an answer showed was true at some moment in its [sent, done];
 *   - every change that track reports holds, in (lo, hi], the instants of all changes between the
 *     two states it names, from before each to after it;
 *   - a state that was not shown lies between two answers that follow each other: it was shorter
 *     than their gap. No answer that began and ended in it may be there;
 *   - the reported changes are all that the answers show, and no others.
 *
 * Every state has a term of its own, so an answer names the state it shows. --tap: a few hundred
 * changes, TAP. Exit 1: a scenario does not hold. Widths are printed, never judged: they are the
 * machine's. */
#include "collector/observe.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/rng.h"
#include "tests/unit/fake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_NODES = 3, FAST_MS = 5, CHANGES = 300, CHANGES_TAP = 30 };
static const char *const names[N_NODES] = {"n1", "n2", "n3"};

struct scenario {
	const char *name;
	double gap_lo_ms, gap_hi_ms;
	const char *behaviour; /* of all nodes, all the time */
	/* n3 behaves like this now and then, for so long; NULL: never */
	const char *trouble;
	double trouble_ms;
};

static const struct scenario scenarios[] = {
	{"plain", 15, 60, "ok", NULL, 0},
	{"short", 0.3, 9, "ok", NULL, 0},
	{"delayed", 5, 150, "delay 0..50ms", NULL, 0},
	{"dropped", 5, 60, "delay 0..4ms drop-every 7", NULL, 0},
	{"stalled", 5, 60, "ok", "hang", 180},
	{"refused", 5, 60, "ok", "refuse", 40},
	{"broken", 5, 60, "ok", "half", 40},
};
enum { N_SCENARIOS = sizeof scenarios / sizeof *scenarios };

/* A state of one node: visible from some moment in [before_ns, after_ns] until the next one's. */
struct state {
	int64_t before_ns, after_ns;
	char master[8]; /* "": none */
};
typedef VEC(struct state) states;

struct result {
	int64_t n_changes, n_seen, n_short, n_unseen, n_short_unseen, n_bad;
	VEC(double) widths_ms, biases_ms;
};

struct rig {
	struct loop *loop;
	struct http *http;
	struct fake fake;
	struct plan plan;
	struct driver driver;
	struct observe *o;
	int64_t base_ns;
	size_t n_changes; /* of each node */
	states truth[N_NODES];
	struct result result;
};

static void complain(struct rig *rig, int node, const char *what, int64_t term)
{
	rig->result.n_bad++;
	printf("# %s: %s (term %lld)\n", names[node], what, (long long)term);
}

/* ---- the cluster and its watcher ---- */

static void set_up(struct rig *rig, uint64_t seed, const struct scenario *s)
{
	struct err err = ERR_INIT;
	char *settings = mem_printf("seed %d\n", (int)seed);
	char *line = mem_printf("now * %s", s->behaviour);
	if (loop_open(&rig->loop, &err) || http_open(rig->loop, &rig->http, &err))
		abort();
	fake_start(&rig->fake, rig->loop, settings, "n1 n2 n3");
	fake_say(&rig->fake, line, N_NODES);
	rig->plan.poll_fast_ns = FAST_MS * NS_PER_MS;
	rig->plan.poll_rejoin_ns = rig->plan.poll_idle_ns = 100 * NS_PER_MS;
	rig->plan.poll_timeout_ns = 100 * NS_PER_MS;
	fake_nodes(&rig->fake, &rig->driver, N_NODES);
	rig->o = observe_new(rig->loop, rig->http, &rig->plan, &rig->driver);
	observe_set_version(rig->o, "elasticsearch", "8.19.0");
	free(settings);
	free(line);
}

static void tear_down(struct rig *rig)
{
	observe_free(rig->o);
	fake_stop(&rig->fake);
	http_close(rig->http);
	loop_close(rig->loop);
	fake_nodes_done(&rig->driver);
	for (int i = 0; i < N_NODES; i++)
		vec_done(&rig->truth[i]);
	vec_done(&rig->result.widths_ms);
	vec_done(&rig->result.biases_ms);
}

static bool is_steady(void *arg)
{
	return observe_is_steady(((struct rig *)arg)->o);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void wait_until(struct rig *rig, int64_t at_ns)
{
	loop_wait(rig->loop, never, rig, at_ns, false);
}

/* ---- the script ---- */

static int64_t random_ns(struct rng *rng, double lo_ms, double hi_ms)
{
	double span = (hi_ms - lo_ms) * NS_PER_MS;
	return (int64_t)(lo_ms * NS_PER_MS) + (int64_t)rng_below(rng, (uint64_t)span);
}

/* Lets the nodes' states change until the last instant is told. */
static void plan_changes(struct rig *rig, struct rng *rng, const struct scenario *s, int node,
			 int64_t start_ns, int64_t *end_ns)
{
	static const char *const masters[] = {"n1", "n2", "n3", "none"};
	int64_t at_ns = start_ns;
	size_t master = 0;
	for (size_t k = 0; k < rig->n_changes; k++) {
		at_ns += random_ns(rng, s->gap_lo_ms, s->gap_hi_ms);
		/* another one than before */
		master = (master + 1 + rng_below(rng, 3)) % 4;
		char *line = mem_printf("@%lld %s master %s term %zu version %zu", (long long)at_ns,
					names[node], masters[master], k + 2, k + 2);
		fake_plan(&rig->fake, line);
		free(line);
	}
	if (at_ns > *end_ns)
		*end_ns = at_ns;
}

static size_t plan_trouble(struct rig *rig, struct rng *rng, const struct scenario *s,
			   int64_t start_ns, int64_t end_ns)
{
	size_t n = 0;
	for (int64_t at_ns = start_ns; s->trouble;) {
		at_ns += random_ns(rng, 100, 400);
		int64_t over_ns = at_ns + (int64_t)(s->trouble_ms * NS_PER_MS);
		if (over_ns >= end_ns)
			break;
		char *line = mem_printf("@%lld n3 %s\n@%lld n3 ok", (long long)at_ns, s->trouble,
					(long long)over_ns);
		fake_plan(&rig->fake, line);
		free(line);
		at_ns = over_ns;
		n += 2;
	}
	return n;
}

static void run(struct rig *rig, uint64_t seed, const struct scenario *s)
{
	struct rng rng;
	rng_seed(&rng, seed, 1);
	rig->base_ns = clock_mono_ns();
	observe_begin(rig->o, rig->base_ns);
	loop_wait(rig->loop, is_steady, rig, rig->base_ns + 30 * NS_PER_S, false);
	observe_pace(rig->o, PACE_FAST);
	int64_t start_ns = clock_mono_ns() + 100 * NS_PER_MS, end_ns = start_ns;
	for (int i = 0; i < N_NODES; i++)
		plan_changes(rig, &rng, s, i, start_ns, &end_ns);
	size_t n_troubles = plan_trouble(rig, &rng, s, start_ns, end_ns);
	wait_until(rig, end_ns + 150 * NS_PER_MS);
	fake_await(&rig->fake, N_NODES + N_NODES * rig->n_changes + n_troubles);
	/* the last state has to be answered, too */
	wait_until(rig, clock_mono_ns() + 150 * NS_PER_MS);
	observe_end(rig->o);
}

/* ---- the truth ---- */

static int64_t integer(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void read_truth(struct rig *rig)
{
	json_t *all = fake_truth(&rig->fake), *line;
	size_t k;
	for (int i = 0; i < N_NODES; i++)
		vec_push(&rig->truth[i], (struct state){INT64_MIN, INT64_MIN, "n1"});
	json_array_foreach(all, k, line)
	{
		const char *node = json_string_value(json_object_get(line, "node"));
		const char *master = json_string_value(json_object_get(line, "master"));
		states *truth = &rig->truth[node[1] - '1'];
		struct state state = {integer(line, "before_ns"), integer(line, "after_ns"), ""};
		/* a line about behaviour repeats the term */
		if (integer(line, "term") != (int64_t)truth->n + 1)
			continue;
		if (master)
			snprintf(state.master, sizeof state.master, "%s", master);
		vec_push(truth, state);
	}
	json_decref(all);
}

static const struct state *state_of(const struct rig *rig, int node, const struct snapshot *view)
{
	if (!view || view->term < 1 || view->term > (int64_t)rig->truth[node].n)
		return NULL;
	return &rig->truth[node].v[view->term - 1];
}

static int64_t gone_ns(const struct rig *rig, int node, const struct state *s)
{
	const states *truth = &rig->truth[node];
	return s + 1 < truth->v + truth->n ? s[1].after_ns : INT64_MAX;
}

static bool names_master(const struct state *s, const struct snapshot *view)
{
	const char *master = snapshot_master_name(view);
	return strcmp(s->master, master ? master : "") == 0;
}

/* ---- the checks ---- */

struct span {
	int64_t sent_ns, done_ns;
	const struct state *state;
};
typedef VEC(struct span) spans;

/* Every answer of the node in turn; each must have been true at some moment in [sent, done]. */
static void read_answers(struct rig *rig, int node, spans *ret_spans)
{
	const samples *all = observe_samples(rig->o);
	for (size_t i = 0; i < all->n; i++) {
		const struct store_sample *s = &all->v[i];
		if (s->node != node || s->outcome != SAMPLE_OK)
			continue;
		int64_t sent_ns = rig->base_ns + (s->due_us + s->late_us) * NS_PER_US;
		struct span span = {sent_ns, sent_ns + s->took_us * NS_PER_US,
				    state_of(rig, node, s->view)};
		if (!span.state || !names_master(span.state, s->view)) {
			complain(rig, node, "an answer shows what never was", s->view->term);
			continue;
		}
		if (span.state->before_ns > span.done_ns ||
		    gone_ns(rig, node, span.state) < span.sent_ns)
			complain(rig, node, "an answer shows what was not so then", s->view->term);
		vec_push(ret_spans, span);
	}
}

/* A state that no answer shows must lie between two answers that follow each other. */
static void check_unseen(struct rig *rig, int node, const struct state *s, const spans *answers)
{
	int64_t from_ns = s->before_ns, to_ns = s[1].after_ns;
	bool short_one = to_ns - from_ns < FAST_MS * NS_PER_MS;
	rig->result.n_unseen++;
	rig->result.n_short_unseen += short_one;
	for (size_t i = 0; i + 1 < answers->n; i++)
		if (answers->v[i].sent_ns <= from_ns && to_ns <= answers->v[i + 1].done_ns)
			return;
	complain(rig, node, "missed, and longer than the gap", s - rig->truth[node].v + 1);
}

static void check_states(struct rig *rig, int node, const spans *answers)
{
	const states *truth = &rig->truth[node];
	bool *seen = mem_alloc(truth->n * sizeof *seen);
	for (size_t i = 0; i < answers->n; i++)
		seen[answers->v[i].state - truth->v] = true;
	for (size_t k = 1; k < truth->n; k++) {
		const struct state *s = &truth->v[k];
		rig->result.n_changes++;
		if (k + 1 < truth->n && s[1].after_ns - s->before_ns < FAST_MS * NS_PER_MS)
			rig->result.n_short++;
		if (seen[k])
			rig->result.n_seen++;
		else if (k + 1 < truth->n)
			check_unseen(rig, node, s, answers);
		else
			complain(rig, node, "the last change was missed", (int64_t)k + 1);
	}
	free(seen);
}

static void check_change(struct rig *rig, int node, const struct master_change *c)
{
	const struct state *from = state_of(rig, node, c->from), *to = state_of(rig, node, c->to);
	if (!from || !to || from >= to || !names_master(from, c->from) ||
	    !names_master(to, c->to)) {
		complain(rig, node, "invented", c->to->term);
		return;
	}
	for (const struct state *s = from + 1; s <= to; s++)
		if (c->at.lo_ns > s->before_ns || c->at.hi_ns < s->after_ns)
			complain(rig, node, "the interval does not hold it",
				 s - rig->truth[node].v + 1);
	vec_push(&rig->result.widths_ms, (double)(c->at.hi_ns - c->at.lo_ns) / 1e6);
	if (to == from + 1) {
		double middle = (double)(c->at.hi_ns - rig->base_ns) / 2 +
				(double)(c->at.lo_ns - rig->base_ns) / 2;
		double truth = (double)(to->before_ns - rig->base_ns) / 2 +
			       (double)(to->after_ns - rig->base_ns) / 2;
		vec_push(&rig->result.biases_ms, (middle - truth) / 1e6);
	}
}

/* What track reports is what the answers show, one by one. */
static void check_changes(struct rig *rig, int node, const spans *answers)
{
	const master_changes *changes = track_master_changes(observe_track(rig->o));
	const struct master_change *c = changes->v, *end = changes->v + changes->n;
	for (size_t i = 0; i + 1 < answers->n; i++) {
		const struct span *old = &answers->v[i], *new = old + 1;
		if (strcmp(old->state->master, new->state->master) == 0)
			continue;
		while (c < end && c->node != node)
			c++;
		if (c == end || c->at.lo_ns != old->sent_ns || c->at.hi_ns != new->done_ns) {
			complain(rig, node, "a change that was shown is not reported",
				 new->state - rig->truth[node].v + 1);
			return;
		}
		check_change(rig, node, c++);
	}
	for (; c < end; c++)
		if (c->node == node)
			complain(rig, node, "reported, but not shown", c->to->term);
}

static void check(struct rig *rig)
{
	read_truth(rig);
	for (int i = 0; i < N_NODES; i++) {
		const struct store_poll_count *c = &observe_tally(rig->o, i)->count;
		spans answers = {0};
		if (c->due != c->sent + c->skipped ||
		    c->sent != c->ok + c->http_error + c->net_error + c->timeout)
			complain(rig, i, "polls do not add up", 0);
		if (rig->truth[i].n != rig->n_changes + 1)
			complain(rig, i, "the fake did not tell all", (int64_t)rig->truth[i].n);
		read_answers(rig, i, &answers);
		check_states(rig, i, &answers);
		check_changes(rig, i, &answers);
		vec_done(&answers);
	}
}

/* ---- the table ---- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double quantile(double *v, size_t n, double p)
{
	return n ? v[(size_t)(p * (double)(n - 1))] : 0;
}

static double mean(const double *v, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return n ? sum / (double)n : 0;
}

static void print_head(FILE *f)
{
	fputs("scenario\tchanges\tseen\tshorter\tshorter_unseen\tunseen\tnot_held\tcoverage_pct\t"
	      "width_p50_ms\twidth_p99_ms\twidth_max_ms\tbias_ms\n",
	      f);
}

static void print_row(FILE *f, const char *name, struct result *r)
{
	size_t n = r->widths_ms.n;
	double *w = r->widths_ms.v;
	double held = (double)(r->n_changes - r->n_bad) / (double)r->n_changes;
	if (n)
		qsort(w, n, sizeof *w, by_value);
	fprintf(f, "%s\t%lld\t%lld\t%lld\t%lld\t%lld\t%lld\t%.2f\t%.2f\t%.2f\t%.2f\t%+.3f\n", name,
		(long long)r->n_changes, (long long)r->n_seen, (long long)r->n_short,
		(long long)r->n_short_unseen, (long long)r->n_unseen, (long long)r->n_bad,
		held < 0 ? 0 : 100 * held, quantile(w, n, 0.5), quantile(w, n, 0.99),
		quantile(w, n, 1), mean(r->biases_ms.v, r->biases_ms.n));
	fflush(f);
}

static bool run_scenario(int i, bool tap, FILE *file)
{
	struct rig rig = {.n_changes = tap ? CHANGES_TAP : CHANGES};
	uint64_t seed = (uint64_t)i + 11;
	set_up(&rig, seed, &scenarios[i]);
	run(&rig, seed, &scenarios[i]);
	check(&rig);
	bool held = rig.result.n_bad == 0;
	if (tap)
		printf("%s %d - calibrate: %s\n# ", held ? "ok" : "not ok", i + 1,
		       scenarios[i].name);
	print_row(stdout, scenarios[i].name, &rig.result);
	if (file)
		print_row(file, scenarios[i].name, &rig.result);
	tear_down(&rig);
	return held;
}

int main(int argc, char **argv)
{
	bool tap = argc == 2 && strcmp(argv[1], "--tap") == 0, held = true;
	FILE *file = NULL;
	if (argc == 3 && strcmp(argv[1], "-o") == 0)
		file = fopen(argv[2], "w");
	if (argc > 1 && !tap && !file) {
		fputs("usage: calibrate [--tap] [-o FILE]\n", stderr);
		return 2;
	}
	if (tap)
		printf("1..%d\n# ", N_SCENARIOS);
	print_head(stdout);
	if (file)
		print_head(file);
	for (int i = 0; i < N_SCENARIOS; i++)
		held &= run_scenario(i, tap, file);
	if (file)
		fclose(file);
	return held ? 0 : 1;
}
