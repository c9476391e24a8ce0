/* The watch for the end of a node of the command driver. */
#include "collector/driver_command.h"
#include "lib/clock.h"

#define WATCH_PERIOD_NS (100 * NS_PER_MS)

static const struct plan_command *templates(const struct command_node *node)
{
	return &node->command->plan->command;
}

void command_node_tell(struct command_node *node, struct driver_event *event)
{
	struct driver *driver = &node->command->base;

	event->node = node->index;
	if (driver->on_event)
		driver->on_event(driver->arg, event);
}

void command_node_tell_gone(struct command_node *node)
{
	struct driver_event event = {.kind = DRIVER_GONE, .gone = node->gone};

	node->is_gone = false;
	command_node_tell(node, &event);
}

bool command_node_is_watched(const struct command_node *node)
{
	return templates(node)->status.n && !templates(node)->start_auto;
}

static void on_watch_timer(void *arg);

static void watch_again(struct command_node *node)
{
	int64_t due_ns = node->watch_timer.due_ns + WATCH_PERIOD_NS, now_ns = clock_mono_ns();

	node->watch_timer.fn = on_watch_timer;
	node->watch_timer.arg = node;
	loop_timer_set(node->command->base.loop, &node->watch_timer,
		       due_ns > now_ns ? due_ns : now_ns);
}

static void on_watched(void *arg, struct call_result *result)
{
	struct command_node *node = arg;
	enum command_status status = command_status_of(result);

	node->watch_call = NULL;
	if (!node->watching || result->end == CALL_CANCELLED)
		return;
	if (status == STATUS_RUNS && result->issued_ns > node->runs_ns)
		node->runs_ns = result->issued_ns;
	if (status != STATUS_ENDED) {
		watch_again(node);
		return;
	}
	node->watching = false;
	node->is_gone = true;
	node->gone = (struct interval){node->runs_ns, result->done_ns};
	/* what asked for it is told first */
	if (!node->acting)
		command_node_tell_gone(node);
}

static void on_watch_timer(void *arg)
{
	struct command_node *node = arg;
	struct err err = ERR_INIT;

	if (node->watch_call || command_call(node, TEMPLATE_STATUS, NULL, COMMAND_STATUS_BYTES,
					     on_watched, &node->watch_call, &err))
		watch_again(node);
}

void command_node_begin_watch(struct command_node *node)
{
	if (node->watching || !command_node_is_watched(node))
		return;
	node->watching = true;
	node->runs_ns = node->watch_timer.due_ns = node->issued_ns;
	watch_again(node);
}

void command_node_stop_watch(struct command_node *node)
{
	node->watching = false;
	loop_timer_stop(node->command->base.loop, &node->watch_timer);
	if (node->watch_call)
		call_cancel(node->watch_call);
}
