/* One life of a node: started, found, signalled, ended. */
#include "collector/driver_local.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the launcher gets to pass on the server's last words. */
#define LINGER_NS (2 * NS_PER_S)

/* Processes that must end before the next life. */
static bool has_processes(const struct local_node *node)
{
	return node->launcher_watch || node->server_watch;
}

bool life_running(const struct local_node *node)
{
	return has_processes(node) && !node->told_gone;
}

static void tell_gone(struct local_node *node, int64_t earliest_ns, int64_t now_ns)
{
	struct driver *driver = &node->local->base;

	if (node->told_gone)
		return;
	node->told_gone = true;
	if (driver->on_event)
		driver->on_event(driver->arg, &(struct driver_event){
						      .kind = DRIVER_GONE,
						      .node = node->index,
						      .gone = {earliest_ns, now_ns},
					      });
}

static void tell_acted(void *arg)
{
	struct local_node *node = arg;
	struct driver *driver = &node->local->base;
	struct driver_event event = node->acted;
	char *error = node->acted_error;

	node->acted_error = NULL;
	node->acting = false;
	event.error = error;
	if (driver->on_event)
		driver->on_event(driver->arg, &event);
	free(error);
}

void life_acted(struct local_node *node, const char *error)
{
	node->acted_error = mem_strdup(error);
	node->acted_timer.fn = tell_acted;
	node->acted_timer.arg = node;
	loop_timer_set(node->local->base.loop, &node->acted_timer, clock_mono_ns());
}

static void forget(struct local_node *node)
{
	loop_timer_stop(node->local->base.loop, &node->linger);
	if (node->server_fd >= 0)
		close(node->server_fd);
	node->server_fd = -1;
	node->launcher = node->server = 0;
	node->ending = false;
}

static void start_again(struct local_node *node)
{
	struct err err = ERR_INIT;

	node->start_wanted = false;
	life_start(node, &err);
	life_acted(node, err.code ? err.text : NULL);
}

/* Both are gone: nothing of the life is left behind, and the next one may begin. */
static void finish(struct local_node *node)
{
	int status;

	if (has_processes(node) || node->launcher == 0)
		return;
	/* still our zombie, so the group's number is still its own */
	kill(-node->launcher, SIGKILL);
	if (waitpid(node->launcher, &status, 0) == node->launcher)
		node->exit_status = status;
	/* a server that outlived its launcher became our child */
	while (waitpid(-node->launcher, NULL, WNOHANG) > 0)
		;
	forget(node);
	if (node->start_wanted)
		start_again(node);
}

static void on_linger(void *arg)
{
	struct local_node *node = arg;

	if (node->launcher_watch)
		kill(-node->launcher, SIGKILL);
}

static void on_server_end(void *arg, int64_t earliest_ns, int64_t now_ns)
{
	struct local_node *node = arg;

	node->server_watch = NULL;
	process_tidy(node->server);
	tell_gone(node, earliest_ns, now_ns);
	if (node->launcher_watch) {
		node->linger.fn = on_linger;
		node->linger.arg = node;
		loop_timer_set(node->local->base.loop, &node->linger, now_ns + LINGER_NS);
	}
	finish(node);
}

static void on_launcher_end(void *arg, int64_t earliest_ns, int64_t now_ns)
{
	struct local_node *node = arg;

	node->launcher_watch = NULL;
	life_find_server(node);
	if (node->server_watch == NULL)
		tell_gone(node, earliest_ns, now_ns);
	finish(node);
}

static pid_t read_pid_file(const struct local_node *node)
{
	char *path = mem_printf("%s/pid", node->dir), *text = files_read(path, 0, 32);
	long pid = text ? strtol(text, NULL, 10) : 0;

	free(text);
	free(path);
	return pid > 1 && pid < INT32_MAX ? (pid_t)pid : 0;
}

void life_find_server(struct local_node *node)
{
	struct err gone = ERR_INIT; /* ended already: the launcher's end will tell */
	pid_t pid = node->server == 0 && node->launcher ? read_pid_file(node) : 0;
	int fd = pid ? pidfd_open(pid, 0) : -1;
	char *entry = mem_printf("REJOIN_NODE=%s", node->dir);

	/* the pidfd first: what is then seen of the process is true of what the pidfd means */
	if (fd >= 0 && process_has_env(pid, entry) &&
	    loop_process_watch(node->local->base.loop, pid, on_server_end, node,
			       &node->server_watch, &gone) == 0) {
		node->server = pid;
		node->server_fd = fd;
		fd = -1;
	}
	if (fd >= 0)
		close(fd);
	free(entry);
}

static char **make_environment(const struct local_node *node)
{
	const struct local *local = node->local;
	const char *prefix = home_env(&local->home), *path = getenv("PATH");
	char **envp = mem_alloc(10 * sizeof *envp);
	size_t n = 0;

	envp[n++] = mem_printf("PATH=%s", path ? path : "/usr/bin:/bin");
	envp[n++] = mem_printf("HOME=%s/tmp", node->dir);
	envp[n++] = mem_strdup("LANG=C.UTF-8");
	envp[n++] = mem_printf("REJOIN_RUN=%s", local->work_dir);
	envp[n++] = mem_printf("REJOIN_NODE=%s", node->dir);
	envp[n++] = mem_printf("%s_PATH_CONF=%s/config", prefix, node->dir);
	envp[n++] = mem_printf("%s_JAVA_HOME=%s", prefix, local->java);
	envp[n++] = mem_printf("%s_TMPDIR=%s/tmp", prefix, node->dir);
	/* the launcher's: quick to start, and no files of its own in the machine's temporary folder
	 */
	envp[n++] = mem_printf("CLI_JAVA_OPTS=-XX:-UsePerfData -XX:TieredStopAtLevel=1 "
			       "-Djava.io.tmpdir=%s/tmp",
			       node->dir);
	return envp;
}

static int spawn(struct local_node *node, struct err *err)
{
	const struct local *local = node->local;
	const char *program = home_program(&local->home);
	char *bin = mem_printf("%s/bin/%s", local->home.dir, program);
	char *pid_path = mem_printf("%s/pid", node->dir);
	char *out = mem_printf("%s/logs/stdout", node->dir);
	char *log = mem_printf("%s/logs/%s.log", node->dir, local->cluster_name);
	char *option = mem_strdup("-p"), **envp = make_environment(node);
	char *argv[] = {bin, option, pid_path, NULL};
	struct process_spec spec = {argv, envp, node->dir, out, node->owner, local->as_root};

	node->out_from = files_size(out);
	node->log_from = files_size(log);
	if (unlink(pid_path) != 0 && errno != ENOENT)
		err_set(err, ERR_ENV, "cannot remove %s: %s", pid_path, strerror(errno));
	else
		process_spawn(&spec, &node->launcher, &node->acted.issued_ns, &node->acted.done_ns,
			      err);
	for (char **e = envp; *e; e++)
		free(*e);
	free(envp);
	free(option);
	free(log);
	free(out);
	free(pid_path);
	free(bin);
	return err->code;
}

int life_start(struct local_node *node, struct err *err)
{
	if (nodes_write_config(node, err) != 0 || spawn(node, err) != 0)
		return err_wrap(err, "start %s", node->name);
	node->told_gone = false;
	node->exit_status = 0;
	if (loop_process_watch(node->local->base.loop, node->launcher, on_launcher_end, node,
			       &node->launcher_watch, err) != 0) {
		kill(-node->launcher, SIGKILL);
		waitpid(node->launcher, NULL, 0);
		forget(node);
		return err_wrap(err, "start %s", node->name);
	}
	return 0;
}

int life_signal(struct local_node *node, int signal_number, struct err *err)
{
	int result;

	life_find_server(node);
	if (!life_running(node))
		return err_set(err, ERR_ENV, "%s does not run", node->name);
	/* a launcher that is paused would not be found again when it is to go on */
	if (node->server_watch == NULL && signal_number != SIGTERM && signal_number != SIGKILL)
		return err_set(err, ERR_ENV, "%s has not come up yet", node->name);
	node->acted.issued_ns = clock_mono_ns();
	/* while it has no pid file the launcher stands for it; not reaped, so its number is its own
	 */
	result = node->server_watch ? pidfd_send_signal(node->server_fd, signal_number, NULL, 0)
				    : kill(-node->launcher, signal_number);
	node->acted.done_ns = clock_mono_ns();
	if (result != 0)
		return err_set(err, ERR_ENV, "%s: signal %d: %s", node->name, signal_number,
			       strerror(errno));
	if (signal_number == SIGTERM || signal_number == SIGKILL)
		node->ending = true;
	return 0;
}

void life_kill(struct local_node *node)
{
	node->ending = true;
	if (node->server_watch)
		pidfd_send_signal(node->server_fd, SIGKILL, NULL, 0);
	if (node->launcher)
		kill(-node->launcher, SIGKILL);
}

void life_abandon(struct local_node *node)
{
	loop_process_unwatch(node->local->base.loop, node->launcher_watch);
	loop_process_unwatch(node->local->base.loop, node->server_watch);
	node->launcher_watch = node->server_watch = NULL;
	forget(node);
}
