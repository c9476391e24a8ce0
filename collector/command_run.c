/* A template of the command driver, filled in for a node and called. */
#include "collector/driver_command.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

enum {
	/* what shells, env and ssh exit with when they could not do what they were asked */
	EXIT_NOT_RUN = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SSH = 255,
};

static const struct plan_command *templates(const struct command_node *node)
{
	return &node->command->plan->command;
}

const char *command_node_name(const struct command_node *node)
{
	return node->command->base.nodes.v[node->index].name;
}

static bool shares_host(const struct command_node *node)
{
	const struct command *command = node->command;
	int n = 0;

	for (size_t i = 0; i < command->nodes.n; i++)
		n += strcmp(command->nodes.v[i].host, node->host) == 0;
	return n > 1;
}

/* Those that a cut parts the node from. To mend, all: after a crash nobody knows the sides. */
static void add_others(const struct command_node *node, enum command_template which,
		       struct str *text)
{
	const struct command *command = node->command;

	str_add(text, "");
	for (int i = 0; i < (int)command->nodes.n; i++) {
		const struct command_node *other = &command->nodes.v[i];

		if (i == node->index ||
		    (which == TEMPLATE_CUT && command->base.nodes.v[i].cut_off ==
						      command->base.nodes.v[node->index].cut_off))
			continue;
		str_addf(text, "%s%s", text->n ? " " : "", other->host);
		if (shares_host(other))
			str_addf(text, ":%s", other->port);
	}
}

static void push(plan_texts *argv, char *text)
{
	vec_push(argv, text);
}

/* Ends with NULL, as an argv does. */
static void fill_argv(const struct command_node *node, enum command_template which,
		      const char *const values[N_WORDS], plan_texts *argv)
{
	const plan_texts *texts = command_texts(templates(node), which);
	bool shell = templates(node)->shell;

	if (shell) {
		push(argv, mem_strdup("/bin/sh"));
		push(argv, mem_strdup("-c"));
	}
	for (size_t i = 0; i < texts->n; i++) {
		struct str text = STR_INIT;

		command_fill(texts->v[i], values, shell, &text);
		push(argv, str_take(&text));
	}
	push(argv, NULL);
}

int command_call(struct command_node *node, enum command_template which, const char *since,
		 size_t max_out_bytes, call_fn *fn, struct call **ret_call, struct err *err)
{
	struct str others = STR_INIT;
	plan_texts argv = {0};

	add_others(node, which, &others);
	const char *const values[N_WORDS] = {
		[WORD_NODE] = command_node_name(node),
		[WORD_HOST] = node->host,
		[WORD_PORT] = node->port,
		[WORD_PID] = node->pid,
		[WORD_OTHERS] = others.s,
		[WORD_SINCE] = since,
	};
	fill_argv(node, which, values, &argv);
	struct call_spec spec = {.argv = argv.v,
				 .envp = node->command->envp,
				 .timeout_ns = templates(node)->timeout_ns,
				 .max_out_bytes = max_out_bytes,
				 .fn = fn,
				 .arg = node};
	int code = call_begin(node->command->base.loop, &spec, ret_call, err);
	for (size_t i = 0; i < argv.n; i++)
		free(argv.v[i]);
	vec_done(&argv);
	str_done(&others);
	return code;
}

const char *command_program(const struct command_node *node, enum command_template which)
{
	return templates(node)->shell ? "sh" : command_texts(templates(node), which)->v[0];
}

enum command_status command_status_of(const struct call_result *result)
{
	if (result->end != CALL_EXITED || result->code == EXIT_NOT_RUN ||
	    result->code == EXIT_NOT_FOUND || result->code == EXIT_SSH)
		return STATUS_UNKNOWN;
	return result->code == 0 ? STATUS_RUNS : STATUS_ENDED;
}
