/* What the nodes of the command driver say in their own logs. */
#include "collector/driver_command.h"
#include "collector/driver_local.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LOG_BYTES = 16 << 20, MAX_TAIL_BYTES = 1 << 20, TAIL_LINES = 15 };
/* Log readers know whole seconds at worst: what is older than this is a clock that is wrong. */
#define COARSE_NS (2 * NS_PER_S)

/* A call that is waited for. The node is the call's; others may be under way. */
struct reading {
	bool done, worked, cut, timed_out;
	struct str text;
};

static struct reading *reading_of(struct command_node *node)
{
	return node->reading;
}

static void on_read(void *arg, struct call_result *result)
{
	struct reading *reading = reading_of(arg);

	reading->done = true;
	reading->worked = call_worked(result);
	reading->cut = result->out_cut;
	reading->timed_out = result->end == CALL_TIMED_OUT;
	reading->text = result->out;
	result->out = (struct str)STR_INIT;
}

static bool is_read(void *arg)
{
	const struct reading *reading = arg;

	return reading->done;
}

/* The call ends by itself, at its time-out at last. */
static void read_since(struct command_node *node, int64_t utc_ns, size_t max_bytes,
		       struct reading *reading)
{
	struct err err = ERR_INIT;
	struct call *call;
	char since[32];

	*reading = (struct reading){0};
	node->reading = reading;
	clock_utc_text(utc_ns, since);
	if (command_call(node, TEMPLATE_LOGS, since, max_bytes, on_read, &call, &err) == 0)
		loop_wait(node->command->base.loop, is_read, reading, 0, false);
	node->reading = NULL;
}

/* "2026-01-01T00:00:00,123" as lines have it; the bytes up to that many. */
enum { INSTANT_BYTES = 23 };

static void log_instant(int64_t utc_ns, char *buf)
{
	clock_utc_text(utc_ns, buf);
	buf[19] = ',';
	buf[INSTANT_BYTES] = '\0';
}

/* What stands before the first line of since: log readers begin at a whole second. */
static size_t early_bytes(const char *text, int64_t since_utc_ns)
{
	char from[32], since[32];
	const char *line = text;
	bool early = false;

	log_instant(since_utc_ns - COARSE_NS, from);
	log_instant(since_utc_ns, since);
	for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (line[0] == '[' && strlen(line) > INSTANT_BYTES)
			early = memcmp(line + 1, from, INSTANT_BYTES) >= 0 &&
				memcmp(line + 1, since, INSTANT_BYTES) < 0;
		if (!early)
			break;
	}
	return (size_t)(line - text);
}

enum tail_state command_read_log(struct driver *driver, int node, struct tail_mark *mark,
				 struct str *ret_text)
{
	struct command *command = (struct command *)driver; /* base is its first member */
	struct reading reading;

	if (!ret_text) { /* nothing is held open: the mark is an instant */
		*mark = (struct tail_mark){-1, (off_t)clock_anchor_read().utc_ns};
		return TAIL_WHOLE;
	}
	read_since(&command->nodes.v[node], mark->from, MAX_LOG_BYTES, &reading);
	if (reading.worked && reading.text.n) {
		size_t early = early_bytes(reading.text.s, mark->from);

		str_add_n(ret_text, reading.text.s + early, reading.text.n - early);
	}
	str_done(&reading.text);
	if (reading.worked)
		return reading.cut ? TAIL_LONG : TAIL_WHOLE;
	errno = reading.timed_out ? ETIMEDOUT : EIO;
	return TAIL_FAILED;
}

void command_explain(struct driver *driver, int node_index, struct str *ret_text)
{
	struct command *command = (struct command *)driver;
	struct command_node *node = &command->nodes.v[node_index];
	struct reading reading = {0};

	if (command->plan->command.logs.n)
		read_since(node, node->since_utc_ns, MAX_TAIL_BYTES, &reading);
	if (reading.text.n) {
		str_addf(ret_text, "%s logged last:\n", command_node_name(node));
		explain_lines(reading.text.s, TAIL_LINES, ret_text);
	} else if (node->said.n) {
		str_addf(ret_text, "the last command for %s said:\n", command_node_name(node));
		explain_lines(node->said.s, TAIL_LINES, ret_text);
	} else {
		str_addf(ret_text, "%s: no log of it was read%s\n", command_node_name(node),
			 command->plan->command.logs.n ? "" : " (cluster.command.logs)");
	}
	str_done(&reading.text);
}
