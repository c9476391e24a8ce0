#include "collector/effective.h"
#include "collector/indices.h"
#include "collector/mark.h"
#include "collector/progress.h"
#include "collector/resume.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "schema/sql.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- coming up ------------------------------------------------------------------------------ */

static void on_driver(void *arg, const struct driver_event *event)
{
	struct drill *d = arg;
	if (event->kind == DRIVER_GONE)
		d->gone[event->node] = true;
	else if (event->action == ACTION_START && !event->error)
		d->gone[event->node] = false;
	if (d->trial)
		trial_on_driver(d->trial, event);
}

static size_t voters_of(const struct drill *d)
{
	return (size_t)plan_voters(d->plan->clusters.v[d->cluster].master_eligible);
}

enum health cluster_least_health(const struct drill *d)
{
	return d->plan->allow[ALLOW_UNASSIGNED_SHARDS] ? HEALTH_YELLOW : HEALTH_GREEN;
}

static int first_gone(const struct drill *d)
{
	for (int i = 0; i < (int)d->driver->nodes.n; i++)
		if (d->gone[i])
			return i;
	return -1;
}

static bool is_up_or_lost(void *arg)
{
	const struct drill *d = arg;
	char why[256];
	return first_gone(d) >= 0 || track_is_whole(observe_track(d->observe), voters_of(d),
						    cluster_least_health(d), why, sizeof why);
}

void cluster_explain(struct drill *d, int node, struct str *ret_text)
{
	d->driver->ops->explain(d->driver, node, ret_text);
}

/* The first node that has not answered yet: its log says most. */
static int first_silent(const struct drill *d)
{
	for (int i = 0; i < (int)d->driver->nodes.n; i++)
		if (!track_view(observe_track(d->observe), i))
			return i;
	return 0;
}

static int fail_start(struct drill *d, enum loop_end end, struct err *err)
{
	const char *label = d->plan->clusters.v[d->cluster].label;
	char why[256] = "";
	struct str log = STR_INIT;
	int node = first_gone(d);
	if (end == LOOP_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (node < 0) {
		track_is_whole(observe_track(d->observe), voters_of(d), cluster_least_health(d),
			       why, sizeof why);
		node = first_silent(d);
	} else {
		snprintf(why, sizeof why, "node %s ended", d->driver->nodes.v[node].name);
	}
	cluster_explain(d, node, &log);
	if (!d->driver->ops->owns_nodes)
		err_set(err, ERR_ENV, "cluster %s is not as a drill needs it: %s", label, why);
	else
		err_set(err, ERR_ENV, "cluster %s did not come up%s: %s%s%s", label,
			end == LOOP_DEADLINE ? " within limits.start" : "", why, log.n ? ": " : "",
			log.n ? log.s : "");
	str_done(&log);
	return err->code;
}

static int await_start(struct drill *d, struct err *err)
{
	bool own = d->driver->ops->owns_nodes;
	observe_begin(d->observe, clock_mono_ns());
	enum loop_end end = loop_wait(
		d->loop, is_up_or_lost, d,
		clock_mono_ns() + (own ? d->plan->limit_start_ns : d->plan->limit_gate_ns), true);
	int code = end != LOOP_DONE || first_gone(d) >= 0 ? fail_start(d, end, err) : 0;
	observe_end(d->observe);
	return code;
}

/* ---- what its nodes are --------------------------------------------------------------------- */

/* A single question with its answer. */
struct question {
	bool answered;
	struct probe_node node;
	struct err err;
};

static void on_description(void *arg, const struct http_answer *answer)
{
	struct question *q = arg;
	q->answered = true;
	if (answer->result != HTTP_ANSWERED)
		err_set(&q->err, ERR_ENV, "%s", answer->why);
	else if (answer->status != 200)
		err_set(&q->err, ERR_ENV, "HTTP status %ld", answer->status);
	else
		probe_node_read(answer->body, answer->n, &q->node, &q->err);
}

static bool is_answered(void *arg)
{
	const struct question *q = arg;
	return q->answered;
}

static int ask_node(struct drill *d, int node, struct probe_node *ret_node, struct err *err)
{
	struct question q = {.err = ERR_INIT};
	char *url = probe_node_url(d->driver->nodes.v[node].http_url);
	/* asked once and at leisure: starting nodes may be slow, and nothing is being timed */
	struct http_call *call =
		http_call_new(d->http, url, 10 * NS_PER_S, 1 << 20, on_description, &q);
	http_send(call);
	enum loop_end end = loop_wait(d->loop, is_answered, &q, 0, true);
	http_call_free(call);
	free(url);
	*ret_node = q.node;
	if (end == LOOP_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (q.err.code)
		return err_set(err, ERR_ENV, "node %s: %s", d->driver->nodes.v[node].name,
			       q.err.text);
	return 0;
}

static int note_node(struct drill *d, int node, struct err *err)
{
	struct drill_cluster *cluster = &d->clusters[d->cluster];
	struct probe_node seen;
	int code = ask_node(d, node, &seen, err);
	if (!code)
		code = resume_check_version(d, node, seen.version, err);
	if (!code)
		code = store_set_node_seen(d->store, cluster->node_ids.v[node], seen.persistent_id,
					   seen.roles, seen.version, seen.jvm, err);
	if (!code && node == 0) {
		code = store_set_cluster_seen(d->store, cluster->cluster_id, cluster->uuid,
					      seen.product, seen.version, err);
		observe_set_version(d->observe, seen.product, seen.version);
	}
	probe_node_done(&seen);
	return code;
}

/* ---- in the store --------------------------------------------------------------------------- */

static int add_nodes(struct drill *d, struct err *err)
{
	struct drill_cluster *cluster = &d->clusters[d->cluster];
	int code = 0;
	for (int i = 0; !code && i < (int)d->driver->nodes.n; i++) {
		const struct driver_node *n = &d->driver->nodes.v[i];
		struct store_node row = {.cluster_id = cluster->cluster_id,
					 .ordinal = i,
					 .name = n->name,
					 .http_url = n->http_url,
					 .master_eligible = n->master_eligible};
		int64_t id = 0;
		code = store_add_node(d->store, &row, &id, err);
		vec_push(&cluster->node_ids, id);
	}
	return code;
}

int cluster_add(struct drill *d, int cluster, struct err *err)
{
	const struct plan_cluster *spec = &d->plan->clusters.v[cluster];
	struct store_cluster row = {.study_id = d->study_id,
				    .label = spec->label,
				    .driver = d->plan->driver,
				    .settings = spec->settings_json,
				    .master_eligible = spec->master_eligible,
				    .n_nodes = spec->n_nodes,
				    .n_indices = spec->n_indices,
				    .insecure = d->plan->access.insecure};
	return store_add_cluster(d->store, &row, &d->clusters[cluster].cluster_id, err);
}

/* The first time: its rows. Later: it must be the same cluster. */
static int identify(struct drill *d, struct err *err)
{
	struct drill_cluster *cluster = &d->clusters[d->cluster];
	const char *uuid = track_view(observe_track(d->observe), 0)->cluster_uuid;
	const char *label = d->plan->clusters.v[d->cluster].label;
	const char *expected = d->plan->clusters.v[d->cluster].uuid;
	if (expected && (!uuid || strcmp(expected, uuid) != 0))
		return err_set(err, ERR_ENV,
			       "cluster %s: its uuid is %s, but the plan expects %s (uuid)", label,
			       uuid ? uuid : "none", expected);
	if (cluster->uuid && uuid && strcmp(cluster->uuid, uuid) == 0)
		return 0;
	if (cluster->uuid || !uuid)
		return err_set(err, ERR_ENV, "cluster %s: its uuid is %s, but %s was recorded",
			       label, uuid ? uuid : "none", cluster->uuid ? cluster->uuid : "none");
	cluster->uuid = mem_strdup(uuid);
	if (!cluster->cluster_id && resume_cluster(d, uuid, err))
		return err->code;
	if (cluster->node_ids.n)
		return 0;
	/* a resumed study whose nodes are made anew: another cluster */
	if (!cluster->cluster_id && cluster_add(d, d->cluster, err))
		return err->code;
	return add_nodes(d, err);
}

static int note_cluster(struct drill *d, struct err *err)
{
	int code = store_begin(d->store, err);
	if (!code)
		code = identify(d, err);
	for (int i = 0; !code && i < (int)d->driver->nodes.n; i++)
		code = note_node(d, i, err);
	if (!code)
		code = store_commit(d->store, err);
	if (code)
		store_rollback(d->store);
	return code;
}

/* ---- the write probe's index ---------------------------------------------------------------- */

static int on_index(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	*(char **)arg = mem_strdup(store_text(row, 0));
	return 0;
}

static int open_writer(struct drill *d, struct err *err)
{
	const struct store_bind session[] = {{STORE_BIND_INT, d->session_id, NULL}};
	char *index = NULL;
	if (!d->plan->write_probe_ns)
		return 0;
	int code = store_query(d->store, SQL_INDEX_OF_SESSION, session, 1, on_index, &index, err);
	if (!code) {
		d->writer = writer_new(d->loop, d->http, d->plan, d->driver, index, &d->next_write);
		code = writer_make_index(d->writer, err);
	}
	free(index);
	return code;
}

/* Nodes that end with the run take the index with them: nobody waits for that after ^C. */
static void close_writer(struct drill *d)
{
	bool ends_anyway = d->driver->ops->owns_nodes && loop_interrupted(d->loop);
	struct err err = ERR_INIT, ignored = ERR_INIT;
	if (d->writer && !ends_anyway && writer_remove_index(d->writer, &err))
		store_add_incident(d->store, d->study_id, 0, "index_left", 1, err.text,
				   clock_mono_ns(), &ignored);
	writer_free(d->writer);
	d->writer = NULL;
}

/* What the plan wants of it beside its nodes, and what must be known of it. */
static int prepare(struct drill *d, struct err *err)
{
	const struct plan_cluster *spec = &d->plan->clusters.v[d->cluster];
	int code = 0;
	/* before it is taken: one that was not answered may stand there all the same */
	d->marked = !d->driver->ops->owns_nodes && !d->driver->ops->watches_only;
	if (d->marked)
		code = mark_take(d->loop, d->http, d->driver, d->study_uuid, d->session_id, err);
	if (!code && spec->n_indices)
		code = indices_make(d->loop, d->http, d->driver, spec->n_indices, err);
	return code ? code : effective_record(d, err);
}

int cluster_open(struct drill *d, int cluster, struct err *err)
{
	char what[128];
	snprintf(what, sizeof what, "%s %s (%d nodes)",
		 d->driver->ops->owns_nodes ? "starting" : "looking at",
		 d->plan->clusters.v[cluster].label, d->plan->clusters.v[cluster].n_nodes);
	progress_cluster(d, what);
	d->driver->on_event = on_driver;
	d->driver->arg = d;
	d->cluster = cluster;
	/* made before the driver can report anything */
	d->gone = mem_alloc((size_t)d->plan->clusters.v[cluster].n_nodes * sizeof *d->gone);
	int code = d->driver->ops->open(d->driver, cluster, err);
	if (!code) {
		d->observe = observe_new(d->loop, d->http, d->plan, d->driver);
		code = await_start(d, err);
	}
	if (!code)
		code = note_cluster(d, err);
	if (!code)
		code = prepare(d, err);
	if (!code)
		code = open_writer(d, err);
	if (code) {
		struct err ignored = ERR_INIT;
		cluster_close(d, &ignored);
	}
	return code;
}

/* A node that was not brought back is still the drill's: its mark stays. */
static void clear_mark(struct drill *d)
{
	struct err err = ERR_INIT, ignored = ERR_INIT;
	if (d->marked && !d->unhealed &&
	    mark_clear(d->loop, d->http, d->driver, d->study_uuid, &err))
		store_add_incident(d->store, d->study_id, 0, "mark_left", 1, err.text,
				   clock_mono_ns(), &ignored);
	d->marked = false;
}

int cluster_close(struct drill *d, struct err *err)
{
	if (d->cluster < 0)
		return 0;
	close_writer(d);
	clear_mark(d);
	observe_free(d->observe);
	d->observe = NULL;
	int code = d->driver->ops->close(d->driver, err);
	free(d->gone);
	d->gone = NULL;
	d->cluster = -1;
	return code;
}
