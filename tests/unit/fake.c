#include "tests/unit/fake.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void must(bool held)
{
	if (!held)
		abort();
}

/* Beside the folder of the tests. */
static char *program(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	must(n > 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	return mem_printf("%s/../fake-node", self);
}

static void on_out(void *arg, uint32_t events)
{
	struct fake *fake = arg;
	char buf[65536];
	ssize_t n = read(fake->out_fd, buf, sizeof buf);

	(void)events;
	if (n <= 0) {
		fake->ended = true;
		loop_unwatch(fake->loop, fake->source);
		fake->source = NULL;
		return;
	}
	str_add_n(&fake->out, buf, (size_t)n);
	for (ssize_t i = 0; i < n; i++)
		fake->n_lines += buf[i] == '\n';
}

static void spawn(struct fake *fake)
{
	int in[2], out[2];
	char *path = program(), *argv[] = {path, NULL};
	posix_spawn_file_actions_t actions;

	must(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	must(posix_spawn(&fake->pid, path, &actions, NULL, argv, environ) == 0);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	fake->in_fd = in[1];
	fake->out_fd = out[0];
	free(path);
}

static bool has_told(void *arg)
{
	const struct fake *fake = arg;

	return fake->n_lines >= fake->n_wanted || fake->ended;
}

void fake_await(struct fake *fake, size_t n_changes)
{
	fake->n_wanted = n_changes + 1;
	must(loop_wait(fake->loop, has_told, fake, clock_mono_ns() + 30 * NS_PER_S, false) ==
		     LOOP_DONE &&
	     !fake->ended);
}

void fake_plan(struct fake *fake, const char *line)
{
	char *text = mem_printf("%s\n", line);
	size_t n = strlen(text);

	must(write(fake->in_fd, text, n) == (ssize_t)n);
	free(text);
}

void fake_say(struct fake *fake, const char *line, size_t n_changes)
{
	size_t n_before = fake->n_lines - 1;

	fake_plan(fake, line);
	fake_await(fake, n_before + n_changes);
}

void fake_start(struct fake *fake, struct loop *loop, const char *settings, const char *nodes)
{
	struct err err = ERR_INIT;
	char *text = mem_printf("%snodes %s", settings, nodes);

	*fake = (struct fake){.loop = loop};
	spawn(fake);
	must(loop_watch(loop, fake->out_fd, EPOLLIN, on_out, fake, &fake->source, &err) == 0);
	fake_plan(fake, text);
	fake_await(fake, 0);
	fake->about = json_loads(fake->out.s, JSON_DISABLE_EOF_CHECK, NULL);
	must(fake->about != NULL);
	free(text);
}

char *fake_url(const struct fake *fake, const char *node)
{
	const json_t *port = json_object_get(json_object_get(fake->about, "ports"), node);

	return mem_printf("http://127.0.0.1:%d", (int)json_integer_value(port));
}

void fake_nodes(const struct fake *fake, struct driver *driver, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *name = mem_printf("n%zu", i + 1);
		struct driver_node node = {
			.name = name, .http_url = fake_url(fake, name), .master_eligible = true};

		vec_push(&driver->nodes, node);
	}
}

void fake_nodes_done(struct driver *driver)
{
	struct driver_node *node;

	vec_each (node, &driver->nodes) {
		free(node->name);
		free(node->http_url);
	}
	vec_done(&driver->nodes);
}

json_t *fake_truth(const struct fake *fake)
{
	json_t *all = json_array();
	const char *at = strchr(fake->out.s, '\n') + 1;

	while (*at) {
		json_array_append_new(all, json_loads(at, JSON_DISABLE_EOF_CHECK, NULL));
		at = strchr(at, '\n') + 1;
	}
	return all;
}

static bool has_ended(void *arg)
{
	return ((const struct fake *)arg)->ended;
}

void fake_stop(struct fake *fake)
{
	int status;

	close(fake->in_fd);
	loop_wait(fake->loop, has_ended, fake, clock_mono_ns() + 30 * NS_PER_S, false);
	if (!fake->ended)
		kill(fake->pid, SIGKILL);
	loop_unwatch(fake->loop, fake->source);
	must(waitpid(fake->pid, &status, 0) == fake->pid);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(fake->out_fd);
	str_done(&fake->out);
	json_decref(fake->about);
}
