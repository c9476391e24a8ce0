/* big: makes a recording of many trials, as large as years of drills, in seconds.
 *
 *     big OUT.sqlite [BLOCKS [SEED]]
 *
 * A block is one trial of each arm: clusters of 3, 4 and 5 master-eligible nodes, stop and kill;
 * the first is a warm-up. The default of 1,667 blocks is 10,002 trials of 5 nodes and 5 million
 * samples. One trial in a hundred runs into a limit; some fail the gate, a few are aborted and run
 * again. The same arguments give the same rows, another SEED another study. See sim.h for how. */
#include "lib/str.h"
#include "schema/seal.h"
#include "tests/big/sim.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { N_SIZES = 3, N_ARMS = 2 * N_SIZES, BLOCKS = 1667, SEED = 42, CHECKPOINT_EVERY = 500 };
static const int sizes[N_SIZES] = {3, 4, 5};
static const int64_t CREATED_US = 1767225600000000; /* 2026-01-01 */

struct big {
	struct store *store;
	struct sim_cluster clusters[N_SIZES];
	int64_t arm_ids[N_ARMS];
	struct sim_place place;
	struct rng rng;
	uint64_t seed;
	int64_t now, n_trials;
	struct err err;
};

static void add_study(struct big *b, int blocks)
{
	static const char plan[] =
		"{\"factors\":{\"fault\":[\"stop\",\"kill\"],\"master_eligible\":[3,4,5]},"
		"\"poll\":{\"fast\":\"20ms\",\"idle\":\"20ms\",\"rejoin\":\"160ms\",\"timeout\":"
		"\"1s\"}}";
	struct store_study study = {.name = "big",
				    .objective = "Do reports stay fast when drills have been run "
						 "for years?",
				    .operator= "bench",
				    .plan_file = "big.yml",
				    .plan_text = "schema: 1\nstudy: {name: big}\n",
				    .plan_json = plan,
				    .plan_sha256 = "d2f4c9f1f6c2b28a",
				    .seed = (int64_t)b->seed,
				    .trials_planned = (int64_t)blocks * N_ARMS};
	struct store_session session = {.tool_version = "bench",
					.command_line = "[\"big\"]",
					.libraries = "{}",
					.host = "simulated",
					.kernel = "Linux",
					.cpu = "none",
					.sysctls = "{}",
					.n_cpu = 2,
					.memory_bytes = INT64_C(8) << 30,
					.pid = 1};

	b->place.anchor = (struct clock_anchor){
		.mono_ns = b->now, .utc_ns = CREATED_US * NS_PER_US, .error_ns = 300};
	session.start = b->place.anchor;
	sim_must(store_add_study(b->store, &study, &b->place.trial.study_id, &b->err), &b->err);
	session.study_id = b->place.trial.study_id;
	sim_must(store_add_session(b->store, &session, &b->place.trial.session_id, &b->err),
		 &b->err);
}

static void add_nodes(struct big *b, struct sim_cluster *c)
{
	for (int i = 0; i < SIM_NODES; i++) {
		char *url = mem_printf("http://127.0.0.1:%d", 9200 + i), *id = sim_id(c, i);
		struct store_node node = {.cluster_id = c->cluster_id,
					  .ordinal = i,
					  .name = sim_names[i],
					  .http_url = url,
					  .master_eligible = i < c->size};

		sim_must(store_add_node(b->store, &node, &c->node_ids[i], &b->err), &b->err);
		sim_must(store_set_node_seen(b->store, c->node_ids[i], id,
					     i < c->size ? "[\"data\",\"master\"]" : "[\"data\"]",
					     "8.19.0", "OpenJDK 64-Bit Server VM 17.0.15", &b->err),
			 &b->err);
		sim_must(store_add_effective_setting(b->store, c->cluster_id, c->node_ids[i],
						     "cluster.election.initial_timeout", "100ms",
						     "default", &b->err),
			 &b->err);
		free(url);
		free(id);
	}
}

static void add_cluster(struct big *b, int place)
{
	struct sim_cluster *c = &b->clusters[place];
	char *label = mem_printf("%d-masters", sizes[place]);
	char *uuid = mem_printf("cluster-of-%d-masters", sizes[place]);
	struct store_cluster cluster = {.study_id = b->place.trial.study_id,
					.label = label,
					.driver = "local",
					.settings = "{}",
					.master_eligible = sizes[place],
					.n_nodes = SIM_NODES};

	sim_cluster_init(c, sizes[place]);
	sim_must(store_add_cluster(b->store, &cluster, &c->cluster_id, &b->err), &b->err);
	sim_must(store_set_cluster_seen(b->store, c->cluster_id, uuid, "elasticsearch", "8.19.0",
					&b->err),
		 &b->err);
	add_nodes(b, c);
	for (int kill = 0; kill < 2; kill++) {
		const char *fault = kill ? "kill" : "stop";
		char *factors = mem_printf("{\"fault\":\"%s\",\"master_eligible\":%d,"
					   "\"target\":\"master\"}",
					   fault, sizes[place]);
		struct store_arm arm = {.study_id = b->place.trial.study_id,
					.ordinal = place * 2 + kill,
					.master_eligible = sizes[place],
					.cluster = label,
					.fault = fault,
					.target = "master",
					.factors = factors};

		sim_must(store_add_arm(b->store, &arm, &b->arm_ids[place * 2 + kill], &b->err),
			 &b->err);
		free(factors);
	}
	free(label);
	free(uuid);
}

static void run_trial(struct big *b, int arm, int block, enum sim_outcome outcome)
{
	struct sim_cluster *c = &b->clusters[arm / 2];
	struct sim_truth truth;
	struct sim_seen seen;

	sim_truth_draw(c, &b->rng, b->now, arm % 2, outcome, &truth);
	sim_poll(c, &truth, &b->rng, &seen);
	b->place.trial.arm_id = b->arm_ids[arm];
	b->place.trial.cluster_id = c->cluster_id;
	b->place.trial.block = block;
	b->place.trial.position = (block - 1) * N_ARMS + arm + 1;
	b->place.trial.warmup = block == 1;
	sim_must(store_begin(b->store, &b->err), &b->err);
	sim_record(b->store, c, &b->place, &truth, &seen);
	sim_must(store_commit(b->store, &b->err), &b->err);
	if (++b->n_trials % CHECKPOINT_EVERY == 0)
		sim_must(store_checkpoint(b->store, &b->err), &b->err);
	sim_seen_done(&seen);
	b->now = truth.end + NS_PER_S;
}

static enum sim_outcome draw_outcome(struct rng *rng)
{
	uint64_t per_mille = rng_below(rng, 1000);

	if (per_mille < 3)
		return SIM_NO_REELECTION;
	if (per_mille < 10)
		return SIM_NO_REJOIN;
	return per_mille < 12 ? SIM_GATE_FAILED : SIM_RECOVERED;
}

static void run(struct big *b, int blocks)
{
	for (int block = 1; block <= blocks; block++)
		for (int arm = 0; arm < N_ARMS; arm++) {
			if (rng_below(&b->rng, 2500) == 0)
				run_trial(b, arm, block, SIM_ABORTED);
			run_trial(b, arm, block, draw_outcome(&b->rng));
		}
}

static void finish(struct big *b)
{
	struct store_session_end end = {
		.end = b->place.anchor, .end_sync = {-1, -1, -1}, .ended_by = "finished"};

	end.end.utc_ns += b->now - end.end.mono_ns;
	end.end.mono_ns = b->now;
	sim_must(store_end_session(b->store, b->place.trial.session_id, &end, &b->err), &b->err);
	sim_must(store_finish_study(b->store, b->place.trial.study_id, &b->err), &b->err);
	sim_must(store_close(b->store, &b->err), &b->err);
}

/* The store draws the uuid and reads the clock: here they are to be the same every time. */
static int settle(const char *path, uint64_t seed, int64_t took_us)
{
	char *sql = mem_printf("UPDATE study SET uuid = 'b16b16b1-6b16-4b16-8b16-%012llx', "
			       "created_utc_us = %lld, finished_utc_us = %lld",
			       (unsigned long long)seed, (long long)CREATED_US,
			       (long long)(CREATED_US + took_us));
	sqlite3 *db = NULL;
	int rc = sqlite3_open(path, &db);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fprintf(stderr, "big: %s: %s\n", path, sqlite3_errmsg(db));
	sqlite3_close(db);
	free(sql);
	return rc == SQLITE_OK ? 0 : 3;
}

/* After all is settled: the seal covers it. */
static void seal(struct big *b, const char *path)
{
	sim_must(store_open(path, STORE_APPEND, &b->store, &b->err), &b->err);
	sim_must(seal_trials(b->store, b->place.trial.study_id, &b->err), &b->err);
	sim_must(seal_close(b->store, b->place.trial.study_id, NULL, NULL, &b->err), &b->err);
	sim_must(store_close(b->store, &b->err), &b->err);
}

int main(int argc, char **argv)
{
	struct big b = {.now = 1000 * NS_PER_S, .err = ERR_INIT};
	long blocks = argc >= 3 ? strtol(argv[2], NULL, 10) : BLOCKS;
	long seed = argc >= 4 ? strtol(argv[3], NULL, 10) : SEED;

	if (argc < 2 || argc > 4 || blocks < 1 || blocks > 300000 || seed < 1) {
		fputs("usage: big OUT.sqlite [BLOCKS [SEED]]\n", stderr);
		return 2;
	}
	unlink(argv[1]);
	b.seed = (uint64_t)seed;
	rng_seed(&b.rng, b.seed, 0);
	sim_must(store_open(argv[1], STORE_CREATE, &b.store, &b.err), &b.err);
	add_study(&b, (int)blocks);
	for (int i = 0; i < N_SIZES; i++)
		add_cluster(&b, i);
	run(&b, (int)blocks);
	finish(&b);
	if (settle(argv[1], b.seed, (b.now - b.place.anchor.mono_ns) / NS_PER_US))
		return 3;
	seal(&b, argv[1]);
	return 0;
}
