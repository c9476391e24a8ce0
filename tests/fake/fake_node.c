/* fake-node: a cluster without Elasticsearch, as a script says. README.md has the format. */
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "tests/fake/script.h"
#include "tests/fake/serve.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct fake;

/* A line that waits for its instant. */
struct pending {
	struct fake *fake;
	struct script_line line;
	struct loop_timer timer;
	struct pending *next;
};

struct fake {
	struct loop *loop;
	struct cluster cluster;
	struct serve *serve;
	int64_t start_ns;
	struct pending *pending;
	struct str input; /* of stdin, up to the last line's end */
	struct loop_source *input_source;
	int line_number;
	bool ended;
	struct err err;
};

/* ---- what it tells ---- */

static void tell(json_t *taken)
{
	json_dumpf(taken, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(taken);
}

static void tell_ports(struct fake *fake)
{
	json_t *ports = json_object();
	const struct node *node;

	vec_each (node, &fake->cluster.nodes)
		json_object_set_new(ports, node->name, json_integer(serve_port(node)));
	tell(json_pack("{s:o,s:I,s:i}", "ports", ports, "start_ns", (json_int_t)fake->start_ns,
		       "pid", (int)getpid()));
}

static void tell_change(const struct node *node, const struct pending *p, int64_t before_ns,
			int64_t after_ns)
{
	tell(json_pack("{s:I,s:I,s:I,s:s,s:O,s:O,s:O,s:s,s:s}", "at_ns",
		       (json_int_t)p->timer.due_ns, "before_ns", (json_int_t)before_ns, "after_ns",
		       (json_int_t)after_ns, "node", node->name, "master",
		       json_object_get(node->view, "master"), "term",
		       json_object_get(node->view, "term"), "version",
		       json_object_get(node->view, "version"), "mode",
		       mode_names[node->behaviour.mode], "change", p->line.text));
}

/* ---- changes ---- */

static void pending_free(struct pending *p)
{
	struct pending **at = &p->fake->pending;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	loop_timer_stop(p->fake->loop, &p->timer);
	script_line_done(&p->line);
	free(p);
}

static void on_instant(void *arg)
{
	struct pending *p = arg;
	struct fake *fake = p->fake;
	struct change *change;
	char *texts[N_ASKS];
	struct behaviour behaviour;
	int64_t before_ns, after_ns;

	vec_each (change, &p->line.changes) {
		struct node *node = &fake->cluster.nodes.v[change->node];
		cluster_prepare(&fake->cluster, change, texts, &behaviour);
		if (serve_swap(fake->serve, change->node, texts, &behaviour, &before_ns, &after_ns,
			       &fake->err))
			break;
		tell_change(node, p, before_ns, after_ns);
	}
	pending_free(p);
}

static void plan(struct fake *fake, struct script_line *line)
{
	struct pending *p = mem_alloc(sizeof *p);
	int64_t now_ns = clock_mono_ns();
	int64_t from[] = {now_ns, fake->start_ns, 0};

	*p = (struct pending){.fake = fake, .line = *line, .next = fake->pending};
	p->timer = (struct loop_timer){.fn = on_instant, .arg = p};
	fake->pending = p;
	p->timer.due_ns = from[line->origin] + line->at_ns;
	if (p->timer.due_ns <= now_ns)
		on_instant(p);
	else
		loop_timer_set(fake->loop, &p->timer, p->timer.due_ns);
}

static int begin(struct fake *fake)
{
	if (serve_open(fake->loop, &fake->cluster, &fake->serve, &fake->err))
		return fake->err.code;
	fake->start_ns = clock_mono_ns();
	tell_ports(fake);
	return 0;
}

static void take_line(struct fake *fake, const char *text)
{
	struct script_line line;

	fake->line_number++;
	if (script_read(&fake->cluster, text, &line, &fake->err) == 0) {
		if (line.kind == LINE_NODES)
			begin(fake);
		else if (line.kind == LINE_CHANGE)
			plan(fake, &line);
	}
	if (fake->err.code)
		err_wrap(&fake->err, "line %d", fake->line_number);
}

/* ---- where lines come from ---- */

static void take_lines(struct fake *fake)
{
	char *at = fake->input.s, *end;

	while (at && !fake->err.code && (end = strchr(at, '\n'))) {
		*end = '\0';
		take_line(fake, at);
		at = end + 1;
	}
	if (at && at != fake->input.s) {
		char *rest = mem_strdup(at);
		str_clear(&fake->input);
		str_add(&fake->input, rest);
		free(rest);
	}
}

/* True while there may be more. */
static bool read_some(struct fake *fake, int fd)
{
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n > 0)
		str_add_n(&fake->input, buf, (size_t)n);
	take_lines(fake);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void on_input(void *arg, uint32_t events)
{
	struct fake *fake = arg;

	(void)events;
	if (!read_some(fake, STDIN_FILENO))
		fake->ended = true;
}

static int read_script(struct fake *fake, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(&fake->err, ERR_USAGE, "%s: %s", path, strerror(errno));
	while (!fake->err.code && read_some(fake, fd))
		;
	close(fd);
	if (fake->err.code)
		err_wrap(&fake->err, "%s", path);
	fake->line_number = 0;
	return fake->err.code;
}

static bool is_over(void *arg)
{
	const struct fake *fake = arg;

	return fake->ended || fake->err.code;
}

static int run(struct fake *fake, const char *path)
{
	struct err *err = &fake->err;

	if (loop_open(&fake->loop, err) || loop_catch_signals(fake->loop, err))
		return err->code;
	if (path && read_script(fake, path))
		return err->code;
	if (loop_watch(fake->loop, STDIN_FILENO, EPOLLIN, on_input, fake, &fake->input_source, err))
		return err_wrap(err, "stdin: a pipe is expected");
	loop_wait(fake->loop, is_over, fake, 0, true);
	return err->code;
}

int main(int argc, char **argv)
{
	struct fake fake = {.line_number = 0};

	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		fputs("usage: fake-node [SCRIPT] (see tests/fake/README.md)\n", stderr);
		return 2;
	}
	run(&fake, argv[1]);
	if (fake.err.code)
		fprintf(stderr, "fake-node: %s\n", fake.err.text);
	while (fake.pending)
		pending_free(fake.pending);
	serve_close(fake.serve);
	if (fake.loop)
		loop_unwatch(fake.loop, fake.input_source);
	loop_close(fake.loop);
	cluster_done(&fake.cluster);
	str_done(&fake.input);
	return err_exit_code(fake.err.code);
}
