/* The operations of the command driver. */
#include "collector/driver_command.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define CLOSE_GRACE_NS (10 * NS_PER_S)
/* What is under way asks for status at most; the start that waits for it is called twice, with a
 * status after each. */
enum { CLOSE_CALLS = 2 + 4 };
/* Before anything is done to a node, what it logged in this time explains it. */
#define EXPLAIN_NS (600 * NS_PER_S)

static const char *const always_passed[] = {"PATH", "HOME", "LANG", NULL};

static struct command *command_of(struct driver *driver)
{
	return (struct command *)driver; /* base is its first member */
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* "http://[::1]:9200" -> "::1" and "9200". */
static void split_url(const char *url, char **ret_host, char **ret_port)
{
	const char *scheme_end = strstr(url, "://");
	const char *host = scheme_end ? scheme_end + 3 : url;
	bool in_brackets = host[0] == '[';
	size_t n = in_brackets ? strcspn(++host, "]") : strcspn(host, ":");
	const char *after = host + n + (in_brackets && host[n]);

	*ret_host = mem_strndup(host, n);
	if (after[0] == ':' && after[1])
		*ret_port = mem_strdup(after + 1);
	else
		*ret_port = mem_strdup(strncmp(url, "https", 5) == 0 ? "443" : "80");
}

static unsigned words_used(const struct plan_command *command)
{
	struct err ignored = ERR_INIT; /* checked when the driver was made */
	unsigned all = 0, words = 0;

	for (int i = 0; i < N_TEMPLATES; i++) {
		const plan_texts *texts = command_texts(command, (enum command_template)i);

		for (size_t k = 0; k < texts->n; k++)
			if (command_words(texts->v[k], &words, &ignored) == 0)
				all |= words;
	}
	return all;
}

/* A value may reach a shell at the far end of ssh: one that it would read otherwise is refused. */
static int check_value(const struct command *command, unsigned words, const char *value,
		       const char *url, struct err *err)
{
	if (!(words_used(&command->plan->command) & words) || command_is_plain(value))
		return 0;
	return err_set(err, ERR_ENV,
		       "%s: '%s' cannot stand in a command: letters, digits and ._:@%%+,=/- are "
		       "expected",
		       url, value);
}

static int add_node(struct command *command, const struct plan_host *host, int masters,
		    struct err *err)
{
	struct command_node node = {.command = command, .index = (int)command->nodes.n};
	struct driver_node shown = {.name = mem_strdup(host->name),
				    .http_url = mem_strdup(host->url),
				    .master_eligible = host->master_eligible};

	split_url(host->url, &node.host, &node.port);
	node.since_utc_ns = clock_anchor_read().utc_ns - EXPLAIN_NS;
	vec_push(&command->nodes, node);
	vec_push(&command->base.nodes, shown);
	if (!host->name)
		return err_set(err, ERR_ENV,
			       "cluster.sizes.%d.hosts: %s: the name of its node is not known, "
			       "and commands are given by it",
			       masters, host->url);
	if (check_value(command, 1U << WORD_NODE, host->name, host->url, err))
		return err->code;
	return check_value(command, 1U << WORD_HOST | 1U << WORD_OTHERS, node.host, host->url, err);
}

static void nodes_done(struct command *command)
{
	for (size_t i = 0; i < command->nodes.n; i++) {
		command_node_done(&command->nodes.v[i]);
		free(command->base.nodes.v[i].name);
		free(command->base.nodes.v[i].http_url);
	}
	vec_done(&command->nodes);
	vec_done(&command->base.nodes);
	command->is_open = false;
}

/* ---- operations ------------------------------------------------------------------------------ */

static int command_open(struct driver *driver, int cluster, struct err *err)
{
	struct command *command = command_of(driver);
	const struct plan_cluster *planned = &command->plan->clusters.v[cluster];

	if (command->is_open)
		return err_set(err, ERR_ENV, "another cluster is still open");
	command->is_open = true;
	/* timers point at nodes: they must not move once there is one */
	vec_reserve(&command->nodes, planned->hosts.n);
	for (size_t i = 0; i < planned->hosts.n; i++)
		if (add_node(command, &planned->hosts.v[i], planned->master_eligible, err))
			break;
	if (err->code)
		nodes_done(command);
	return err->code;
}

static int command_act(struct driver *driver, int node, enum action action, struct err *err)
{
	return command_node_act(&command_of(driver)->nodes.v[node], action, err);
}

static bool all_idle(void *arg)
{
	const struct command *command = arg;

	for (size_t i = 0; i < command->nodes.n; i++)
		if (!command_node_is_idle(&command->nodes.v[i]))
			return false;
	return true;
}

/* A command that is under way is not given up halfway: nobody could say what it had done. What
 * waits behind it to bring the node back is the only thing that does. */
static int command_close(struct driver *driver, struct err *err)
{
	struct command *command = command_of(driver);
	int64_t limit_ns = command->plan->command.timeout_ns * CLOSE_CALLS + CLOSE_GRACE_NS;

	if (!command->is_open)
		return 0;
	for (size_t i = 0; i < command->nodes.n; i++) {
		command_node_drop_queued(&command->nodes.v[i]);
		command_node_stop_watch(&command->nodes.v[i]);
	}
	if (loop_wait(driver->loop, all_idle, command, clock_mono_ns() + limit_ns, false) !=
	    LOOP_DONE)
		err_set(err, ERR_ENV, "a command of cluster.command does not end");
	nodes_done(command);
	return err->code;
}

static void command_free(struct driver *driver)
{
	struct command *command = driver ? command_of(driver) : NULL;

	if (!command)
		return;
	nodes_done(command);
	for (char **entry = command->envp; entry && *entry; entry++)
		free(*entry);
	free(command->envp);
	free(command);
}

#define COMMAND_OPS                                                                                \
	.name = "command", .owns_nodes = false, .open = command_open, .act = command_act,          \
	.explain = command_explain, .close = command_close, .free = command_free,                  \
	.sweep = driver_sweep_nothing

const struct driver_ops driver_command_ops = {COMMAND_OPS, .read_log = command_read_log};
/* of a plan without cluster.command.logs */
static const struct driver_ops without_logs = {COMMAND_OPS, .read_log = NULL};

/* ---- making it ------------------------------------------------------------------------------- */

static void pass_on(char **envp, const char *name)
{
	const char *value = getenv(name);
	size_t n = 0;

	for (; envp[n]; n++)
		if (str_starts(envp[n], name) && envp[n][strlen(name)] == '=')
			return;
	if (!value && strcmp(name, "PATH") == 0)
		value = "/usr/local/bin:/usr/bin:/bin";
	if (value)
		envp[n] = mem_printf("%s=%s", name, value);
}

static char **make_environment(const plan_texts *names)
{
	size_t n_always = sizeof always_passed / sizeof *always_passed;
	char **envp = mem_alloc((n_always + names->n) * sizeof *envp);

	for (size_t i = 0; always_passed[i]; i++)
		pass_on(envp, always_passed[i]);
	for (size_t i = 0; i < names->n; i++)
		pass_on(envp, names->v[i]);
	return envp;
}

int driver_command_new(const struct plan *plan, struct loop *loop, const char *work_dir,
		       struct driver **ret_driver, struct err *err)
{
	struct command *command;

	(void)work_dir;
	if (command_check(plan, err))
		return err->code;
	command = mem_alloc(sizeof *command);
	command->base.ops = plan->command.logs.n ? &driver_command_ops : &without_logs;
	command->base.loop = loop;
	command->plan = plan;
	command->envp = make_environment(&plan->command.env);
	*ret_driver = &command->base;
	return 0;
}
