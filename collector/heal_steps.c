#include "collector/heal_steps.h"
#include "collector/handover.h"
#include "collector/heal_await.h"
#include "collector/mark.h"
#include "collector/secret.h"
#include "collector/writer.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "schema/sql.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACT_LIMIT_NS (120 * NS_PER_S)

struct open_step {
	int64_t step_id;
	int node;
	enum action undo;
	bool undone;
	char *action, *name;
};

struct healer {
	struct loop *loop;
	struct store *store;
	struct http *http;
	struct plan *plan;
	struct driver *driver;
	int64_t session_id;
	const char *study_uuid;
	int cluster; /* index in plan */
	int64_t cluster_id;
	VEC(struct open_step) steps;
	struct str left; /* what could not be done, in words */
	const struct driver_event *acted;
	bool done;
	char error[1024];
};

/* ---- what is open --------------------------------------------------------------------------- */

static int on_step(void *arg, const struct store_row *row, struct err *err)
{
	static const struct {
		const char *name;
		enum action undo;
	} undos[] = {{"stop", ACTION_START},
		     {"kill", ACTION_START},
		     {"pause", ACTION_RESUME},
		     {"cut", ACTION_MEND},
		     {"exclude", ACTION_INCLUDE}};
	struct healer *h = arg;
	struct open_step step = {.step_id = store_int(row, 0),
				 .node = (int)store_int(row, 1),
				 .action = mem_strdup(store_text(row, 2)),
				 .name = mem_strdup(store_text(row, 3))};
	(void)err;
	for (size_t i = 0; i < sizeof undos / sizeof *undos; i++)
		if (strcmp(undos[i].name, step.action) == 0)
			step.undo = undos[i].undo;
	vec_push(&h->steps, step);
	return 0;
}

static int on_node(void *arg, const struct store_row *row, struct err *err)
{
	struct healer *h = arg;
	struct plan_cluster *cluster = &h->plan->clusters.v[h->cluster];
	size_t i = (size_t)store_int(row, 0);
	(void)err;
	if (i >= cluster->hosts.n)
		return 0;
	free(cluster->hosts.v[i].name);
	cluster->hosts.v[i].name = mem_strdup(store_text(row, 1));
	cluster->hosts.v[i].master_eligible = store_int(row, 2);
	return 0;
}

/* ---- undoing -------------------------------------------------------------------------------- */

static void on_event(void *arg, const struct driver_event *event)
{
	struct healer *h = arg;
	if (event->kind != DRIVER_ACTED)
		return;
	h->done = true;
	snprintf(h->error, sizeof h->error, "%s", event->error ? event->error : "");
}

static bool is_done(void *arg)
{
	return ((struct healer *)arg)->done;
}

static void act(struct healer *h, const struct open_step *step)
{
	struct err err = ERR_INIT;
	h->done = false;
	h->error[0] = '\0';
	if (step->undo == ACTION_INCLUDE) {
		if (handover_clear(h->loop, h->http, h->driver, &err))
			snprintf(h->error, sizeof h->error, "%s", err.text);
		return;
	}
	if (h->driver->ops->act(h->driver, step->node, step->undo, &err)) {
		snprintf(h->error, sizeof h->error, "%s", err.text);
		return;
	}
	enum loop_end end = loop_wait(h->loop, is_done, h, clock_mono_ns() + ACT_LIMIT_NS, true);
	if (end != LOOP_DONE)
		snprintf(h->error, sizeof h->error,
			 end == LOOP_INTERRUPTED ? "interrupted" : "no answer");
}

static const char *by_hand(enum action undo)
{
	switch (undo) {
	case ACTION_RESUME:
		return "resume it by hand";
	case ACTION_MEND:
		return "remove by hand what cuts it off";
	case ACTION_INCLUDE:
		return "by hand: DELETE /_cluster/voting_config_exclusions?wait_for_removal=false";
	default:
		return "start it by hand";
	}
}

static int store_undone(struct healer *h, const struct open_step *step, struct err *err)
{
	struct store_step_times times = STORE_STEP_TIMES_INIT;
	times.undone_ns = clock_mono_ns();
	int code = store_begin(h->store, err);
	if (!code)
		code = store_update_step(h->store, step->step_id, &times, err);
	if (!code)
		code = store_commit_durable(h->store, err);
	if (code)
		store_rollback(h->store);
	return code;
}

static void leave(struct healer *h, const struct open_step *step, const char *why)
{
	str_addf(&h->left, "%snode %s (%s): %s: %s", h->left.n ? "; " : "", step->name,
		 step->action, why, by_hand(step->undo));
}

static void undo_all(struct healer *h)
{
	for (size_t i = 0; i < h->steps.n; i++) {
		struct open_step *step = &h->steps.v[i];
		act(h, step);
		step->undone = !h->error[0];
		if (!step->undone)
			leave(h, step, h->error);
	}
}

/* What is missing is told when the wait is over. */
static void undo_again(void *arg)
{
	struct healer *h = arg;
	for (size_t i = 0; i < h->steps.n; i++)
		if (h->steps.v[i].undone && h->steps.v[i].undo != ACTION_INCLUDE)
			act(h, &h->steps.v[i]);
}

static bool await_nodes(struct healer *h, struct str *ret_why)
{
	bool nodes[TRACK_MAX_NODES] = {false}, any = false;
	struct heal_await wait = {.loop = h->loop,
				  .http = h->http,
				  .driver = h->driver,
				  .nodes = nodes,
				  .limit_ns = h->plan->limit_rejoin_ns,
				  .again = undo_again,
				  .arg = h};
	for (size_t i = 0; i < h->steps.n; i++) {
		nodes[h->steps.v[i].node] |= h->steps.v[i].undone;
		any = any || h->steps.v[i].undone;
	}
	return !any || heal_await(&wait, ret_why);
}

/* A step counts as undone when its node is back: until then it is tried again. */
static void note_undone(struct healer *h, struct err *err)
{
	struct str why = STR_INIT;
	bool back = await_nodes(h, &why);
	for (size_t i = 0; i < h->steps.n && !err->code; i++) {
		const struct open_step *step = &h->steps.v[i];
		if (!step->undone)
			continue;
		if (!back) {
			leave(h, step, why.s);
			continue;
		}
		printf("session %lld: node %s: %s undone\n", (long long)h->session_id, step->name,
		       step->action);
		store_undone(h, step, err);
	}
	str_done(&why);
}

/* ---- one cluster ---------------------------------------------------------------------------- */

static void forget_steps(struct healer *h)
{
	for (size_t i = 0; i < h->steps.n; i++) {
		free(h->steps.v[i].action);
		free(h->steps.v[i].name);
	}
	vec_done(&h->steps);
}

static int on_index(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	*(char **)arg = mem_strdup(store_text(row, 0));
	return 0;
}

/* The write probe's index: nobody else would remove it, and a session that goes on makes its own.
 */
static void remove_index(struct healer *h, struct err *err)
{
	const struct store_bind session[] = {{STORE_BIND_INT, h->session_id, NULL}};
	struct err index_err = ERR_INIT;
	char *index = NULL;
	if (!h->plan->write_probe_ns)
		return;
	if (store_query(h->store, SQL_INDEX_OF_SESSION, session, 1, on_index, &index, err) == 0 &&
	    index && writer_remove_index_of(h->loop, h->http, h->driver, index, &index_err))
		str_addf(&h->left, "%s%s", h->left.n ? "; " : "", index_err.text);
	free(index);
}

static void heal_open_cluster(struct healer *h, struct err *err)
{
	struct err close_err = ERR_INIT, mark_err = ERR_INIT;
	h->driver->on_event = on_event;
	h->driver->arg = h;
	/* every step was made on the far side of the same cut */
	for (size_t i = 0; i < h->steps.n; i++)
		h->driver->nodes.v[h->steps.v[i].node].cut_off = true;
	undo_all(h);
	note_undone(h, err);
	if (!err->code)
		remove_index(h, err);
	if (mark_clear(h->loop, h->http, h->driver, h->study_uuid, &mark_err))
		str_addf(&h->left, "%sthe drill's mark: %s", h->left.n ? "; " : "", mark_err.text);
	h->driver->ops->close(h->driver, &close_err);
}

static void heal_cluster(struct healer *h, struct err *err)
{
	const struct store_bind cluster[] = {{STORE_BIND_INT, h->cluster_id, NULL}};
	const struct store_bind both[] = {{STORE_BIND_INT, h->session_id, NULL},
					  {STORE_BIND_INT, h->cluster_id, NULL}};
	struct err open_err = ERR_INIT;
	if (store_query(h->store, SQL_NODES_OF_CLUSTER, cluster, 1, on_node, h, err) ||
	    store_query(h->store, SQL_OPEN_STEPS, both, 2, on_step, h, err))
		return;
	if (!h->plan->clusters.v[h->cluster].hosts.v[0].name)
		return; /* never opened */
	if (h->driver->ops->open(h->driver, h->cluster, &open_err)) {
		for (size_t i = 0; i < h->steps.n; i++)
			leave(h, &h->steps.v[i], open_err.text);
		return;
	}
	heal_open_cluster(h, err);
}

struct cluster_row {
	int64_t cluster_id;
	int index; /* -1: the plan has none of that label */
};

struct cluster_rows {
	const struct plan *plan;
	VEC(struct cluster_row) rows;
};

static int on_cluster(void *arg, const struct store_row *row, struct err *err)
{
	struct cluster_rows *all = arg;
	struct cluster_row found = {store_int(row, 0), -1};
	(void)err;
	for (size_t i = 0; i < all->plan->clusters.n; i++)
		if (strcmp(all->plan->clusters.v[i].label, store_text(row, 1)) == 0)
			found.index = (int)i;
	vec_push(&all->rows, found);
	return 0;
}

int heal_steps(struct loop *loop, struct store *store, int64_t session_id, const char *study_uuid,
	       struct plan *plan, struct err *err)
{
	struct healer h = {.loop = loop,
			   .store = store,
			   .plan = plan,
			   .session_id = session_id,
			   .study_uuid = study_uuid};
	const struct store_bind session[] = {{STORE_BIND_INT, session_id, NULL}};
	struct cluster_rows clusters = {.plan = plan};
	store_query(store, SQL_CLUSTERS_OF_SESSION, session, 1, on_cluster, &clusters, err);
	if (!err->code && http_open(loop, &h.http, err) == 0 &&
	    secret_apply(plan, h.http, err) == 0)
		driver_new(plan, loop, NULL, &h.driver, err);
	for (size_t i = 0; i < clusters.rows.n && !err->code; i++) {
		h.cluster = clusters.rows.v[i].index;
		h.cluster_id = clusters.rows.v[i].cluster_id;
		if (h.cluster >= 0)
			heal_cluster(&h, err);
		forget_steps(&h);
	}
	if (h.driver)
		h.driver->ops->free(h.driver);
	http_close(h.http);
	vec_done(&clusters.rows);
	if (!err->code && h.left.n)
		err_set(err, ERR_UNHEALED, "%s", h.left.s);
	str_done(&h.left);
	return err->code;
}
