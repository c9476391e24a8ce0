/* What is done to containers. */
#include "collector/driver_docker.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

/* What the engine itself needs beside the time that a container is given. */
#define ENGINE_LIMIT_NS (60 * NS_PER_S)
enum { MAX_SAID_BYTES = 64 << 10, DONE = 204, DONE_ALREADY = 304 };

static const char *const paths[N_ACTIONS] = {
	[ACTION_START] = "start", [ACTION_STOP] = "stop",      [ACTION_KILL] = "kill?signal=KILL",
	[ACTION_PAUSE] = "pause", [ACTION_RESUME] = "unpause",
};

static void send_waiting(struct docker_node *node);

static void forget(struct docker_act *act)
{
	struct docker_node *node = act->node;
	size_t i = 0;

	while (node->acts.v[i] != act)
		i++;
	memmove(&node->acts.v[i], &node->acts.v[i + 1],
		(--node->acts.n - i) * sizeof *node->acts.v);
	http_call_free(act->call);
	free(act);
}

/* What undoes is harmless on a container that needs it not. */
static bool worked(enum action action, const struct http_answer *answer)
{
	if (answer->result != HTTP_ANSWERED)
		return false;
	return answer->status == DONE || answer->status == DONE_ALREADY ||
	       (action == ACTION_RESUME && answer->status >= 400 &&
		strstr(answer->body, "is not paused"));
}

static void note_worked(struct docker_node *node, enum action action,
			const struct http_answer *answer)
{
	bool was_so = answer->status != DONE;

	if (action == ACTION_START && !was_so)
		docker_watch_stop(node); /* an end that nobody could tell is over */
	if (action == ACTION_START)
		docker_watch_begin(node, answer->sent_ns);
	else if (!was_so) /* so it ran when the engine was asked */
		docker_watch_ran(node, answer->sent_ns);
	if (action == ACTION_STOP)
		docker_watch_ended(node, answer->done_ns);
}

static void on_acted(void *arg, const struct http_answer *answer)
{
	struct docker_act *act = arg;
	struct docker_node *node = act->node;
	struct str error = STR_INIT;
	struct driver_event event = {.kind = DRIVER_ACTED,
				     .action = act->action,
				     .issued_ns = answer->sent_ns,
				     .done_ns = answer->done_ns};

	if (worked(act->action, answer)) {
		note_worked(node, act->action, answer);
	} else {
		str_addf(&error, "docker: %s %s: ", action_names[act->action],
			 docker_node_name(node));
		docker_engine_explain(node->docker->engine, answer, &error);
	}
	forget(act);
	event.error = error.n ? error.s : NULL;
	docker_node_tell(node, &event);
	/* what asked for it is told first */
	docker_watch_tell(node);
	send_waiting(node);
	str_done(&error);
}

int64_t docker_stop_limit_ns(const struct docker_node *node)
{
	int64_t planned_ns = node->docker->plan->docker.stop_timeout_ns;

	return planned_ns ? planned_ns : node->container.stop_timeout_ns;
}

static char *act_url(const struct docker_node *node, enum action action)
{
	int64_t planned_ns = node->docker->plan->docker.stop_timeout_ns;
	char *rest, *url;

	if (action != ACTION_STOP || !planned_ns)
		return docker_node_url(node, paths[action]);
	rest = mem_printf("stop?t=%lld", (long long)((planned_ns + NS_PER_S - 1) / NS_PER_S));
	url = docker_node_url(node, rest);
	free(rest);
	return url;
}

static void send_act(struct docker_act *act)
{
	struct docker_node *node = act->node;
	int64_t limit_ns = ENGINE_LIMIT_NS;
	char *url = act_url(node, act->action);

	if (act->action == ACTION_STOP && docker_stop_limit_ns(node) > 0)
		limit_ns += docker_stop_limit_ns(node);
	else if (act->action == ACTION_STOP && docker_stop_limit_ns(node) < 0)
		limit_ns = 0; /* the container may take as long as it likes */
	act->call = http_call_new(node->docker->engine->http, url, limit_ns, MAX_SAID_BYTES,
				  on_acted, act);
	http_call_set_request(act->call, "POST", "");
	http_send(act->call);
	free(url);
}

static bool any(const struct docker_node *node, bool waiting)
{
	for (size_t i = 0; i < node->acts.n; i++)
		if (!node->acts.v[i]->call == waiting)
			return true;
	return false;
}

static void send_waiting(struct docker_node *node)
{
	for (size_t i = 0; i < node->acts.n && !any(node, false); i++)
		if (!node->acts.v[i]->call)
			send_act(node->acts.v[i]);
}

int docker_node_act(struct docker_node *node, enum action action, struct err *err)
{
	struct docker_act *act;
	bool now = !node->acts.n || (action == ACTION_KILL && !any(node, true));

	if (!paths[action])
		return err_set(err, ERR_ENV,
			       "docker: %s %s: the docker driver cannot cut nodes off from each "
			       "other",
			       action_names[action], docker_node_name(node));
	act = mem_alloc(sizeof *act);
	*act = (struct docker_act){.node = node, .action = action};
	vec_push(&node->acts, act);
	if (now)
		send_act(act);
	return 0;
}

void docker_node_drop_waiting(struct docker_node *node)
{
	for (size_t i = node->acts.n; i-- > 0;) {
		struct driver_event event = {.kind = DRIVER_ACTED,
					     .action = node->acts.v[i]->action,
					     .error = "the cluster is being closed"};

		if (node->acts.v[i]->call || action_undoes(event.action))
			continue;
		event.issued_ns = event.done_ns = clock_mono_ns();
		forget(node->acts.v[i]);
		docker_node_tell(node, &event);
	}
}

void docker_node_drop_acts(struct docker_node *node)
{
	while (node->acts.n)
		forget(node->acts.v[node->acts.n - 1]);
	vec_done(&node->acts);
}

bool docker_node_ends(const struct docker_node *node)
{
	for (size_t i = 0; i < node->acts.n; i++)
		if (node->acts.v[i]->call && (node->acts.v[i]->action == ACTION_STOP ||
					      node->acts.v[i]->action == ACTION_KILL))
			return true;
	return false;
}
