/* What the nodes' logs of a trial say, into the store. */
#include "collector/logs.h"
#include "collector/trial.h"
#include "collector/witness.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TEXT_BYTES = 1024, MAX_NAME_BYTES = 256 };
/* The marks are set, and the logs read, one after the other, outside of the anchors. */
#define SLACK_NS (NS_PER_S / 10)

/* One node's log of the trial. */
struct node_log {
	struct trial *trial;
	int node;
	int64_t node_id;
	struct str text;
	log_events events;
	int64_t n_outside; /* events that cannot be of this trial */
};

static void add_incident(struct node_log *log, const char *kind, int64_t n, const char *what)
{
	struct trial *t = log->trial;
	char detail[512];

	snprintf(detail, sizeof detail, "%s: %s", t->d->driver->nodes.v[log->node].name, what);
	store_add_incident(t->d->store, t->d->study_id, t->trial_id, kind, n, detail, TRACK_NEVER,
			   &t->err);
}

static void tell_state(struct node_log *log, enum tail_state state)
{
	char why[128];

	if (state == TAIL_ROTATED)
		add_incident(log, "log_rotated", 1,
			     "its log was rotated or shortened: lines may be missing");
	else if (state == TAIL_GONE)
		add_incident(log, "log_vanished", 1, "its log is gone: lines may be missing");
	else if (state == TAIL_LONG)
		add_incident(log, "log_long", 1, "its log grew so much that the rest is left out");
	else if (state == TAIL_FAILED) {
		snprintf(why, sizeof why, "its log cannot be read: %s", strerror(errno));
		add_incident(log, "log_unread", 1, why);
	}
}

/* NULL, or the text in clean, which it takes over. */
static const char *clean_text(struct log_slice slice, size_t max_bytes, struct str *clean)
{
	str_clear(clean);
	if (!slice.s)
		return NULL;
	str_add(clean, "");
	logs_clean(slice, max_bytes, clean);
	return clean->s;
}

static struct interval place(struct node_log *log, int64_t utc_us)
{
	static const struct interval nowhere = {TRACK_NEVER, TRACK_NEVER};
	const struct witness_clock *clock = &log->trial->witness.clock;
	struct interval at;

	if (witness_stepped(clock))
		return nowhere;
	at = witness_place(clock, utc_us);
	if (at.hi_ns >= clock->start.mono_ns - SLACK_NS &&
	    at.lo_ns <= clock->end.mono_ns + SLACK_NS)
		return at;
	log->n_outside++; /* another time zone, another clock */
	return nowhere;
}

static void record_event(struct node_log *log, struct log_event *event)
{
	struct trial *t = log->trial;
	struct str master = STR_INIT, about = STR_INIT, text = STR_INIT;
	struct store_log_event row = {
		.line = event->line,
		.kind = log_kind_names[event->kind],
		.utc_us = event->utc_us,
		.at = place(log, event->utc_us),
		.term = event->term,
		.state_version = event->state_version,
		.master = clean_text(event->master, MAX_NAME_BYTES, &master),
		.about = clean_text(event->about, MAX_NAME_BYTES, &about),
		.n_checks = event->n_checks,
		.ago_ms = event->ago_ms,
		.text = clean_text(event->text, MAX_TEXT_BYTES, &text),
	};

	store_add_log_event(t->d->store, t->trial_id, log->node_id, &row, &t->err);
	str_done(&master);
	str_done(&about);
	str_done(&text);
}

static bool says_applied(const log_events *events, const struct snapshot *view)
{
	const char *master = snapshot_master_name(view);
	const struct log_event *event;

	vec_each (event, events)
		if (event->kind == LOG_APPLIED && event->term == view->term && event->master.s &&
		    event->master.n == strlen(master) &&
		    memcmp(event->master.s, master, event->master.n) == 0)
			return true;
	return false;
}

/* A survivor that showed a new master has logged it: else its log is worded as we do not know. */
static void miss_lines(struct node_log *log)
{
	const struct trial *t = log->trial;
	const master_changes *changes = track_master_changes(observe_track(t->d->observe));
	const struct master_change *change;
	int64_t n = 0;

	vec_each (change, changes)
		n += change->node == log->node && !t->taken[change->node] && change->to &&
		     snapshot_master_name(change->to) && !says_applied(&log->events, change->to);
	if (n)
		add_incident(log, "log_silent", n,
			     "its log says nothing of a master that the node showed");
}

static void record_log(struct node_log *log)
{
	struct trial *t = log->trial;
	struct log_counts counts;
	struct log_event *event;

	logs_parse(log->text.s, log->text.n, &log->events, &counts);
	if (log->text.n)
		store_add_log_chunk(t->d->store, t->trial_id, log->node_id, counts.n_lines,
				    log->text.s, log->text.n, &t->err);
	vec_each (event, &log->events)
		record_event(log, event);
	if (counts.n_lines && !counts.n_entries)
		add_incident(log, "log_format", counts.n_lines,
			     "no line of its log is in the layout that is known");
	else
		miss_lines(log);
	if (log->n_outside)
		add_incident(log, "log_clock", log->n_outside,
			     "lines whose instants lie outside of the trial: not in UTC?");
}

static void tell_step(struct trial *t)
{
	const struct witness_clock *clock = &t->witness.clock;
	int64_t step_ns = clock->end.utc_ns - clock->end.mono_ns -
			  (clock->start.utc_ns - clock->start.mono_ns);
	char detail[128];

	if (!witness_stepped(clock))
		return;
	snprintf(detail, sizeof detail,
		 "the wall clock was set during the trial (in all by %.3f ms): no log line is "
		 "placed",
		 (double)step_ns / 1e6);
	store_add_incident(t->d->store, t->d->study_id, t->trial_id, "clock_step", 1, detail,
			   TRACK_NEVER, &t->err);
}

void witness_record(struct trial *t)
{
	struct witness *witness = &t->witness;
	const struct drill_cluster *cluster = &t->d->clusters[t->d->cluster];
	struct node_log *logs = mem_alloc((witness->marks.n + 1) * sizeof *logs);

	for (size_t i = 0; i < witness->marks.n; i++) {
		logs[i] = (struct node_log){
			.trial = t, .node = (int)i, .node_id = cluster->node_ids.v[i]};
		tell_state(&logs[i],
			   witness->driver->ops->read_log(witness->driver, (int)i,
							  &witness->marks.v[i], &logs[i].text));
	}
	witness_end(witness);
	tell_step(t);
	store_set_trial_clock(t->d->store, t->trial_id,
			      witness_utc_us(&witness->clock.start, witness->clock.start.mono_ns),
			      witness_utc_us(&witness->clock.end, witness->clock.end.mono_ns),
			      witness_error_ns(&witness->clock), &t->err);
	for (size_t i = 0; i < witness->marks.n; i++) {
		record_log(&logs[i]);
		vec_done(&logs[i].events);
		str_done(&logs[i].text);
	}
	free(logs);
}
