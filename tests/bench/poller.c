/* poller: the collector's own polling and recording, as trials without a fault, measured.
 *
 *     poller DB PERIOD_US TRIAL_S TRIALS PORT...
 *
 * Each trial polls every port for TRIAL_S seconds at the fast pace, then records what it saw as
 * record_trial does. Prints one JSON object a trial (accounting, lateness in us, memory) and one at
 * the end (CPU seconds of the polling and of the recording apart). */
#include "collector/observe.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

struct bench {
	struct loop *loop;
	struct http *http;
	struct plan plan;
	struct driver driver;
	struct observe *o;
	struct store *store;
	int64_t study_id, session_id, cluster_id, arm_id;
	VEC(int64_t) node_ids;
	int64_t trial_ns;
	double polling_cpu_s, recording_cpu_s;
	struct err err;
};

static void must(const struct bench *b, int code)
{
	if (!code)
		return;
	fprintf(stderr, "poller: %s\n", b->err.text);
	exit(3);
}

static double cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static long rss_kb(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (!f || fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void tell(json_t *taken)
{
	json_dumpf(taken, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(taken);
}

/* ---- the recording's frame ---- */

static void add_frame(struct bench *b, const char *path)
{
	struct store_study study = {.name = "bench",
				    .plan_text = "",
				    .plan_json = "{}",
				    .plan_sha256 = "",
				    .trials_planned = 1};
	struct store_session session = {.tool_version = "bench",
					.command_line = "[]",
					.libraries = "{}",
					.host = "",
					.kernel = "",
					.cpu = "",
					.sysctls = "{}",
					.start = clock_anchor_read()};
	struct store_cluster cluster = {.label = "c",
					.driver = "none",
					.settings = "{}",
					.master_eligible = 1,
					.n_nodes = (int64_t)b->driver.nodes.n};
	struct store_arm arm = {.master_eligible = 1,
				.cluster = "c",
				.fault = "noop",
				.target = "master",
				.factors = "{}"};
	must(b, store_open(path, STORE_CREATE, &b->store, &b->err));
	must(b, store_add_study(b->store, &study, &b->study_id, &b->err));
	session.study_id = cluster.study_id = arm.study_id = b->study_id;
	must(b, store_add_session(b->store, &session, &b->session_id, &b->err));
	must(b, store_add_cluster(b->store, &cluster, &b->cluster_id, &b->err));
	must(b, store_add_arm(b->store, &arm, &b->arm_id, &b->err));
	for (size_t i = 0; i < b->driver.nodes.n; i++) {
		int64_t id;
		struct store_node node = {b->cluster_id, (int64_t)i, b->driver.nodes.v[i].name,
					  b->driver.nodes.v[i].http_url, true};
		must(b, store_add_node(b->store, &node, &id, &b->err));
		vec_push(&b->node_ids, id);
	}
}

/* ---- a trial ---- */

static bool is_steady(void *arg)
{
	return observe_is_steady(((struct bench *)arg)->o);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

/* As record_trial does it. */
static void record(struct bench *b, int64_t trial_id)
{
	const samples *all = observe_samples(b->o);
	struct store_trial_end end = {.end_ns = clock_mono_ns(),
				      .outcome = "recovered",
				      .term_before = -1,
				      .term_after = -1};
	must(b, store_begin(b->store, &b->err));
	for (size_t i = 0; i < all->n; i++) {
		struct snapshot *view = (struct snapshot *)all->v[i].view;
		if (view && view->id == 0)
			must(b, store_add_snapshot(b->store, view, &b->err));
	}
	must(b, store_add_samples(b->store, trial_id, all->v, all->n, &b->err));
	for (size_t i = 0; i < b->node_ids.n; i++)
		must(b, store_add_poll_count(b->store, trial_id, b->node_ids.v[i],
					     &observe_tally(b->o, (int)i)->count, &b->err));
	must(b, store_end_trial(b->store, trial_id, &end, &b->err));
	must(b, store_commit(b->store, &b->err));
	must(b, store_checkpoint(b->store, &b->err));
}

/* Lateness of the polls due from begin_us on, and what became of all of them. */
static void tell_trial(struct bench *b, int64_t begin_us)
{
	const samples *all = observe_samples(b->o);
	json_t *late = json_array();
	struct store_poll_count sum = {0};
	int64_t n_outcomes = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].due_us >= begin_us)
			json_array_append_new(late, json_integer(all->v[i].late_us));
	for (size_t i = 0; i < b->node_ids.n; i++) {
		const struct store_poll_count *c = &observe_tally(b->o, (int)i)->count;
		sum.due += c->due;
		sum.sent += c->sent;
		sum.skipped += c->skipped;
		sum.ok += c->ok;
		n_outcomes += c->ok + c->http_error + c->net_error + c->timeout;
	}
	tell(json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "due", (json_int_t)sum.due, "sent",
		       (json_int_t)sum.sent, "skipped", (json_int_t)sum.skipped, "ok",
		       (json_int_t)sum.ok, "outcomes", (json_int_t)n_outcomes, "samples",
		       (json_int_t)all->n, "rss_kb", (json_int_t)rss_kb(), "late_us", late));
}

static void run_trial(struct bench *b, int position)
{
	struct store_trial row = {.study_id = b->study_id,
				  .session_id = b->session_id,
				  .arm_id = b->arm_id,
				  .cluster_id = b->cluster_id,
				  .position = position,
				  .block = 1,
				  .base_ns = clock_mono_ns()};
	int64_t trial_id, begin_ns;
	double cpu = cpu_s();
	must(b, store_add_trial(b->store, &row, &trial_id, &b->err));
	observe_begin(b->o, row.base_ns);
	observe_pace(b->o, PACE_FAST);
	loop_wait(b->loop, is_steady, b, row.base_ns + 10 * NS_PER_S, false);
	begin_ns = clock_mono_ns();
	loop_wait(b->loop, never, b, begin_ns + b->trial_ns, false);
	observe_end(b->o);
	b->polling_cpu_s += cpu_s() - cpu;
	cpu = cpu_s();
	record(b, trial_id);
	b->recording_cpu_s += cpu_s() - cpu;
	tell_trial(b, (begin_ns - row.base_ns) / NS_PER_US);
}

static void set_up(struct bench *b, char **argv)
{
	b->plan.poll_fast_ns = strtoll(argv[2], NULL, 10) * NS_PER_US;
	b->plan.poll_rejoin_ns = 20 * NS_PER_MS;
	b->plan.poll_idle_ns = 60 * NS_PER_S; /* no health polls: the Python poller has none */
	b->plan.poll_timeout_ns = NS_PER_S;
	b->trial_ns = (int64_t)(strtod(argv[3], NULL) * NS_PER_S);
	for (int i = 5; argv[i]; i++) {
		struct driver_node node = {.name = mem_printf("n%d", i - 4),
					   .http_url = mem_printf("http://127.0.0.1:%s", argv[i]),
					   .master_eligible = true};
		vec_push(&b->driver.nodes, node);
	}
	loop_hasten(); /* as verb_run does */
	must(b, loop_open(&b->loop, &b->err));
	must(b, http_open(b->loop, &b->http, &b->err));
	b->o = observe_new(b->loop, b->http, &b->plan, &b->driver);
	observe_set_version(b->o, "elasticsearch", "8.19.0");
	add_frame(b, argv[1]);
}

static void tear_down(struct bench *b)
{
	struct driver_node *node;
	must(b, store_close(b->store, &b->err));
	observe_free(b->o);
	http_close(b->http);
	loop_close(b->loop);
	vec_each (node, &b->driver.nodes) {
		free(node->name);
		free(node->http_url);
	}
	vec_done(&b->driver.nodes);
	vec_done(&b->node_ids);
}

int main(int argc, char **argv)
{
	struct bench b = {.err = ERR_INIT};
	if (argc < 6) {
		fputs("usage: poller DB PERIOD_US TRIAL_S TRIALS PORT...\n", stderr);
		return 2;
	}
	set_up(&b, argv);
	for (int i = 1; i <= atoi(argv[4]); i++)
		run_trial(&b, i);
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	tell(json_pack("{s:f,s:f,s:I}", "polling_cpu_s", b.polling_cpu_s, "recording_cpu_s",
		       b.recording_cpu_s, "max_rss_kb", (json_int_t)u.ru_maxrss));
	tear_down(&b);
	return 0;
}
