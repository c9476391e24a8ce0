/* What the nodes' own logs say of a simulated trial. */
#include "lib/str.h"
#include "tests/big/sim_impl.h"
#include <string.h>

/* A node's log is written in the order of its lines. */
struct log {
	const struct sim_record *r;
	int node;
	int64_t n_lines;
	struct str lines;
};

static int64_t utc_us_of(const struct sim_record *r, int64_t at)
{
	return (r->place->anchor.utc_ns + at - r->place->anchor.mono_ns) / NS_PER_US;
}

/* Adds a line, which is logged with its millisecond, and its event. */
static void say(struct log *log, int64_t at, struct store_log_event event)
{
	const struct sim_record *r = log->r;
	int64_t utc_us = utc_us_of(r, at) / 1000 * 1000;
	char when[32];

	clock_utc_text(utc_us * NS_PER_US, when);
	str_addf(&log->lines, "[%.19s,%.3s][INFO ][o.e.c.c.Coordinator] [%s] %s\n", when, when + 20,
		 sim_names[log->node], event.text);
	event.line = ++log->n_lines;
	event.utc_us = utc_us;
	event.at.lo_ns = r->place->anchor.mono_ns + utc_us * NS_PER_US - r->place->anchor.utc_ns;
	event.at.hi_ns = event.at.lo_ns + NS_PER_MS + r->place->anchor.error_ns;
	event.at.lo_ns -= r->place->anchor.error_ns;
	event.n_checks = -1;
	sim_must(store_add_log_event(r->store, r->trial_id, r->c->node_ids[log->node], &event,
				     r->err),
		 r->err);
}

static void say_applied(struct log *log, enum sim_stage stage, int before, int64_t at)
{
	const struct sim_state *s = &log->r->truth->states[stage];
	const char *about = before < 0 ? NULL : sim_names[before];
	const char *master = s->master < 0 ? NULL : sim_names[s->master];
	char *text =
		mem_printf("master node changed {previous [%s], current [%s]}, term: %lld, "
			   "version: %lld, reason: ApplyCommitRequest{term=%lld, version=%lld}",
			   about ? about : "", master ? master : "", (long long)s->term,
			   (long long)s->version, (long long)s->term, (long long)s->version);

	say(log, at,
	    (struct store_log_event){.kind = "applied",
				     .term = s->term,
				     .state_version = s->version,
				     .master = master,
				     .about = about,
				     .ago_ms = -1,
				     .text = text});
	free(text);
}

static void say_of(struct log *log, const char *kind, const char *about, int64_t at, int64_t ago_ms,
		   const char *what)
{
	char *text = mem_printf("%s [{%s}{process}{127.0.0.1:9300}{dm}{8.19.0}]", what, about);

	say(log, at,
	    (struct store_log_event){.kind = kind,
				     .term = -1,
				     .state_version = -1,
				     .about = about,
				     .ago_ms = ago_ms,
				     .text = text});
	free(text);
}

static void say_elected(struct log *log, enum sim_stage stage, int64_t at)
{
	const struct sim_state *s = &log->r->truth->states[stage];
	char *text = mem_printf("elected-as-master ([3] nodes joined in term %lld)"
				"[_FINISH_ELECTION_, completing election]",
				(long long)s->term);

	say(log, at,
	    (struct store_log_event){.kind = "elected",
				     .term = s->term,
				     .state_version = s->version,
				     .master = sim_names[s->master],
				     .ago_ms = -1,
				     .text = text});
	free(text);
}

static void log_survivor(struct log *log)
{
	const struct sim_truth *t = log->r->truth;
	const int64_t *at = t->at[log->node];
	const char *victim = sim_names[t->victim];
	bool is_master = log->node == t->new_master;

	say_of(log, "master_lost", victim, at[SIM_NONE] - 8 * NS_PER_MS, -1, "master node");
	say_applied(log, SIM_NONE, t->victim, at[SIM_NONE] - NS_PER_MS);
	if (at[SIM_FIRST] != SIM_NEVER) {
		if (log->node == t->first_master)
			say_elected(log, SIM_FIRST, at[SIM_FIRST] - 12 * NS_PER_MS);
		say_applied(log, SIM_FIRST, -1, at[SIM_FIRST] - NS_PER_MS);
		say_applied(log, SIM_NONE, t->first_master, at[SIM_FIRST] + 149 * NS_PER_MS);
	}
	if (at[SIM_ELECTED] == SIM_NEVER)
		return;
	if (is_master)
		say_elected(log, SIM_ELECTED, at[SIM_ELECTED] - 15 * NS_PER_MS);
	say_applied(log, SIM_ELECTED, -1, at[SIM_ELECTED] - NS_PER_MS);
	if (is_master && at[SIM_REMOVED] != SIM_NEVER)
		say_of(log, "node_left", victim, at[SIM_REMOVED] - 3 * NS_PER_MS, -1, "node-left");
	if (is_master && at[SIM_JOINED] != SIM_NEVER)
		say_of(log, "node_join", victim, at[SIM_JOINED] - 3 * NS_PER_MS,
		       (at[SIM_JOINED] - t->gone) / NS_PER_MS, "node-join");
}

static void log_victim(struct log *log)
{
	const struct sim_truth *t = log->r->truth;

	if (t->at[t->victim][SIM_JOINED] != SIM_NEVER)
		say_applied(log, SIM_JOINED, -1, t->at[t->victim][SIM_JOINED] - NS_PER_MS);
}

void sim_record_logs(const struct sim_record *r)
{
	for (int i = 0; i < SIM_NODES; i++) {
		struct log log = {.r = r, .node = i, .lines = STR_INIT};

		if (i == r->truth->victim)
			log_victim(&log);
		else
			log_survivor(&log);
		if (log.n_lines)
			sim_must(store_add_log_chunk(r->store, r->trial_id, r->c->node_ids[i],
						     log.n_lines, log.lines.s, log.lines.n, r->err),
				 r->err);
		str_done(&log.lines);
	}
}
