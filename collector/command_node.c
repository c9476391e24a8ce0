/* What is done to a node of the command driver. */
#include "collector/driver_command.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const enum command_template template_of[] = {
	[ACTION_START] = TEMPLATE_START,   [ACTION_STOP] = TEMPLATE_STOP,
	[ACTION_KILL] = TEMPLATE_KILL,	   [ACTION_PAUSE] = TEMPLATE_PAUSE,
	[ACTION_RESUME] = TEMPLATE_RESUME, [ACTION_CUT] = TEMPLATE_CUT,
	[ACTION_MEND] = TEMPLATE_MEND,
};

static const struct plan_command *templates(const struct command_node *node)
{
	return &node->command->plan->command;
}

/* ---- telling --------------------------------------------------------------------------------- */

static bool ends_node(enum action action)
{
	return action == ACTION_STOP || action == ACTION_KILL;
}

static int begin(struct command_node *node, enum action action, struct err *err);

static void finish(struct command_node *node, const char *error);

static void begin_queued(struct command_node *node)
{
	struct err err = ERR_INIT;

	if (!node->queued || node->acting)
		return;
	node->queued = false;
	if (begin(node, node->next, &err)) {
		node->acting = true;
		node->action = node->next;
		node->issued_ns = node->done_ns = clock_mono_ns();
		finish(node, err.text);
	}
}

/* Whoever is told may act at once: nothing of the action that is over is used after that. */
static void on_acted(void *arg)
{
	struct command_node *node = arg;
	char *error = node->error;
	struct driver_event event = {.kind = DRIVER_ACTED,
				     .action = node->action,
				     .issued_ns = node->issued_ns,
				     .done_ns = node->done_ns,
				     .error = error};

	if (ends_node(node->action) && error)
		command_node_stop_watch(node);
	if (ends_node(node->action) && !error && !command_node_is_watched(node)) {
		node->is_gone = true;
		node->gone = (struct interval){node->issued_ns, node->done_ns};
	}
	node->error = NULL;
	node->acting = false;
	command_node_tell(node, &event);
	free(error);
	if (node->is_gone)
		command_node_tell_gone(node);
	begin_queued(node);
}

/* The action is over, well with error NULL. Told from the loop. */
static void finish(struct command_node *node, const char *error)
{
	struct driver *driver = &node->command->base;

	if (error)
		node->error = mem_printf("%s %s: %s", action_names[node->action],
					 command_node_name(node), error);
	node->acted_timer.fn = on_acted;
	node->acted_timer.arg = node;
	loop_timer_set(driver->loop, &node->acted_timer, clock_mono_ns());
}

static void finish_with(struct command_node *node, struct str *error)
{
	finish(node, error->s);
	str_done(error);
}

/* ---- actions --------------------------------------------------------------------------------- */

static void run(struct command_node *node);

/* The start failed: because it runs already? One that does not may have been ending when it was
 * called, and in its own way: it is called once more. */
static void on_status_after(void *arg, struct call_result *result)
{
	struct command_node *node = arg;
	enum command_status status = command_status_of(result);
	char *error = node->error;

	node->call = NULL;
	node->error = NULL;
	if (status == STATUS_ENDED && !node->started_again) {
		node->started_again = true;
		run(node);
	} else {
		finish(node, status == STATUS_RUNS ? NULL : error);
	}
	free(error);
}

/* A start is called for in any case, and what runs is asked about afterwards: a stop that hangs, or
 * outlived the collector, may end the node after status has said that it runs. */
static bool ask_after(struct command_node *node, struct str *error)
{
	struct err ignored = ERR_INIT; /* the first failure is what counts */

	if (node->action != ACTION_START || !templates(node)->status.n ||
	    command_call(node, TEMPLATE_STATUS, NULL, COMMAND_STATUS_BYTES, on_status_after,
			 &node->call, &ignored))
		return false;
	node->error = str_take(error);
	return true;
}

static void on_done(void *arg, struct call_result *result)
{
	struct command_node *node = arg;
	enum command_template which = template_of[node->action];
	struct str error = STR_INIT;

	node->call = NULL;
	node->issued_ns = result->issued_ns;
	node->done_ns = result->done_ns;
	str_clear(&node->said);
	str_add(&node->said, result->said);
	if (!call_worked(result))
		call_explain(result, command_program(node, which), templates(node)->timeout_ns,
			     &error);
	if (!error.n || !ask_after(node, &error))
		finish_with(node, &error);
}

static void run(struct command_node *node)
{
	struct err err = ERR_INIT;

	node->issued_ns = node->done_ns = clock_mono_ns();
	if (command_call(node, template_of[node->action], NULL, 0, on_done, &node->call, &err)) {
		finish(node, err.text);
		return;
	}
	node->issued_ns = call_issued_ns(node->call);
	if (ends_node(node->action))
		command_node_begin_watch(node);
}

/* The first number in it, NULL: none. */
static char *find_pid(const struct str *out)
{
	static const char digits[] = "0123456789";
	const char *s = out->n ? out->s + strcspn(out->s, digits) : "";
	size_t n = strspn(s, digits);

	return n ? mem_strndup(s, n) : NULL;
}

static void on_status(void *arg, struct call_result *result)
{
	struct command_node *node = arg;
	enum command_status status = command_status_of(result);
	struct str error = STR_INIT;

	node->call = NULL;
	node->issued_ns = node->done_ns = result->done_ns;
	free(node->pid);
	node->pid = find_pid(&result->out);
	if (status == STATUS_RUNS && node->pid) {
		run(node);
	} else {
		str_add(&error, "status: ");
		if (status == STATUS_UNKNOWN)
			call_explain(result, command_program(node, TEMPLATE_STATUS),
				     templates(node)->timeout_ns, &error);
		else
			str_add(&error, status == STATUS_RUNS ? "it printed no pid"
							      : "the node does not run");
		finish_with(node, &error);
	}
}

static bool uses_pid(const struct command_node *node, enum command_template which)
{
	const plan_texts *texts = command_texts(templates(node), which);
	struct err ignored = ERR_INIT; /* checked when the driver was made */
	unsigned words = 0;

	for (size_t i = 0; i < texts->n; i++)
		if (command_words(texts->v[i], &words, &ignored) == 0 && words & 1U << WORD_PID)
			return true;
	return false;
}

static int begin(struct command_node *node, enum action action, struct err *err)
{
	enum command_template which = template_of[action];
	bool is_auto = action == ACTION_START && templates(node)->start_auto;
	int code = 0;

	if (!command_texts(templates(node), which)->n)
		return err_set(err, ERR_ENV, "the plan has no cluster.command.%s",
			       command_template_names[which]);
	node->action = action;
	node->started_again = false;
	node->issued_ns = node->done_ns = clock_mono_ns();
	node->since_utc_ns = clock_anchor_read().utc_ns;
	if (action == ACTION_START)
		command_node_stop_watch(node);
	if (is_auto)
		finish(node, NULL);
	else if (uses_pid(node, which))
		code = command_call(node, TEMPLATE_STATUS, NULL, COMMAND_STATUS_BYTES, on_status,
				    &node->call, err);
	else
		run(node);
	if (code)
		return err_wrap(err, "status");
	node->acting = true;
	return 0;
}

int command_node_act(struct command_node *node, enum action action, struct err *err)
{
	bool begun = !node->acting;

	assert(action <= ACTION_MEND);
	if (node->queued)
		err_set(err, ERR_ENV, "%s is not done yet", action_names[node->action]);
	else if (!node->acting)
		begin(node, action, err);
	if (err->code)
		return err_wrap(err, "%s %s", action_names[action], command_node_name(node));
	if (begun)
		return 0;
	/* what hangs must not keep what heals away: that comes after it, at the time-out at last */
	node->queued = true;
	node->next = action;
	return 0;
}

void command_node_drop_queued(struct command_node *node)
{
	struct driver_event event = {
		.kind = DRIVER_ACTED, .action = node->next, .error = "the cluster is being closed"};

	if (!node->queued || action_undoes(node->next))
		return;
	node->queued = false;
	event.issued_ns = event.done_ns = clock_mono_ns();
	command_node_tell(node, &event);
}

bool command_node_is_idle(const struct command_node *node)
{
	return !node->acting && !node->queued && !node->call && !node->watch_call;
}

void command_node_done(struct command_node *node)
{
	struct loop *loop = node->command->base.loop;

	loop_timer_stop(loop, &node->watch_timer);
	loop_timer_stop(loop, &node->acted_timer);
	call_abandon(node->call);
	call_abandon(node->watch_call);
	str_done(&node->said);
	free(node->error);
	free(node->pid);
	free(node->host);
	free(node->port);
}
