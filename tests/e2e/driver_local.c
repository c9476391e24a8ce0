/* The local driver on real nodes, told what to do by its arguments:
 *   driver_local HOME WORK_DIR N_NODES COMMAND...
 * commands: open, up (all answer), act:NODE:ACTION, gone:NODE, explain:NODE, close, hang (until
 * killed), free. driver_local --sweep WORK_DIR Every event is a line on stdout with its durations
 * in ms. */
#include "collector/driver.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define LIMIT_NS (600 * NS_PER_S)

struct bench {
	struct loop *loop;
	struct driver *driver;
	struct plan plan;
	int64_t begun_ns, acted_ns[16];
	int gone[16], acted[16]; /* events not yet waited for */
	int node;		 /* waited for */
};

static double ms(int64_t ns)
{
	return (double)ns / 1e6;
}

static void on_event(void *arg, const struct driver_event *e)
{
	struct bench *bench = arg;

	if (e->kind == DRIVER_ACTED) {
		bench->acted[e->node]++;
		bench->acted_ns[e->node] = e->issued_ns;
		printf("acted n%d %s in %.3f ms%s%s\n", e->node + 1, action_names[e->action],
		       ms(e->done_ns - e->issued_ns), e->error ? ": " : "",
		       e->error ? e->error : "");
	} else {
		bench->gone[e->node]++;
		printf("gone n%d within %.3f ms", e->node + 1, ms(e->gone.hi_ns - e->gone.lo_ns));
		if (bench->acted_ns[e->node])
			printf(", %.1f ms after its last action",
			       ms(e->gone.hi_ns - bench->acted_ns[e->node]));
		printf("\n");
	}
	fflush(stdout);
}

/* What GET path of the node says; false unless it holds want. */
static bool says(const struct driver_node *node, const char *path, const char *want)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct timeval limit = {.tv_sec = 2};
	char text[8192] = "";
	size_t n = 0;
	ssize_t got;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_port = htons((uint16_t)strtol(strrchr(node->http_url, ':') + 1, NULL, 10));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
	    dprintf(fd, "GET %s HTTP/1.0\r\nConnection: close\r\n\r\n", path) > 0)
		while (n < sizeof text - 1 && (got = read(fd, text + n, sizeof text - 1 - n)) > 0)
			n += (size_t)got;
	close(fd);
	return strstr(text, want) != NULL;
}

static bool all_up(struct bench *bench)
{
	char want[64];
	size_t n = bench->driver->nodes.n;

	snprintf(want, sizeof want, "\"number_of_nodes\":%zu", n);
	for (size_t i = 0; i < n; i++)
		if (!says(&bench->driver->nodes.v[i], "/_cluster/health?local=true", want))
			return false;
	return true;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static bool node_gone(void *arg)
{
	struct bench *bench = arg;

	return bench->gone[bench->node] > 0;
}

static bool node_acted(void *arg)
{
	struct bench *bench = arg;

	return bench->acted[bench->node] > 0;
}

static int fail(const struct err *err)
{
	printf("error %d: %s\n", err->code, err->text);
	return err->code ? -err->code : 1;
}

static int wait_up(struct bench *bench)
{
	int64_t limit_ns = clock_mono_ns() + LIMIT_NS;

	while (!all_up(bench)) {
		if (clock_mono_ns() > limit_ns) {
			struct str text = STR_INIT;
			for (size_t i = 0; i < bench->driver->nodes.n; i++)
				bench->driver->ops->explain(bench->driver, (int)i, &text);
			printf("not up: %s", text.s);
			str_done(&text);
			return 1;
		}
		loop_wait(bench->loop, never, NULL, clock_mono_ns() + 100 * NS_PER_MS, false);
	}
	printf("up after %.1f s\n", ms(clock_mono_ns() - bench->begun_ns) / 1e3);
	return 0;
}

static int act(struct bench *bench, const char *name, struct err *err)
{
	bench->acted[bench->node] = 0;
	if (strcmp(name, "start") != 0)
		bench->gone[bench->node] = 0;
	bench->begun_ns = clock_mono_ns();
	for (int a = 0; a < N_ACTIONS; a++)
		if (strcmp(name, action_names[a]) == 0 &&
		    bench->driver->ops->act(bench->driver, bench->node, (enum action)a, err) != 0)
			return fail(err);
	return loop_wait(bench->loop, node_acted, bench, clock_mono_ns() + LIMIT_NS, false) !=
	       LOOP_DONE;
}

static int wait_gone(struct bench *bench)
{
	int64_t limit_ns = clock_mono_ns() + LIMIT_NS;

	return loop_wait(bench->loop, node_gone, bench, limit_ns, false) != LOOP_DONE;
}

static int explain(struct bench *bench)
{
	struct str text = STR_INIT;

	bench->driver->ops->explain(bench->driver, bench->node, &text);
	printf("%s", text.s);
	str_done(&text);
	return 0;
}

static int obey(struct bench *bench, const char *command, struct err *err)
{
	const struct driver_ops *ops = bench->driver->ops;
	const char *colon = strchr(command, ':');

	if (colon)
		bench->node = (int)strtol(colon + 1, NULL, 10) - 1;
	if (strcmp(command, "open") == 0) {
		bench->begun_ns = clock_mono_ns();
		return ops->open(bench->driver, 0, err) ? fail(err) : 0;
	}
	if (strcmp(command, "close") == 0) {
		bench->begun_ns = clock_mono_ns();
		if (ops->close(bench->driver, err) != 0)
			return fail(err);
		printf("closed in %.1f ms\n", ms(clock_mono_ns() - bench->begun_ns));
		return 0;
	}
	if (strcmp(command, "up") == 0)
		return wait_up(bench);
	if (strcmp(command, "hang") == 0)
		return loop_wait(bench->loop, never, NULL, 0, true) != LOOP_INTERRUPTED;
	if (str_starts(command, "gone:"))
		return wait_gone(bench);
	if (str_starts(command, "explain:"))
		return explain(bench);
	return act(bench, strrchr(command, ':') + 1, err);
}

static int sweep(struct bench *bench, const char *work_dir)
{
	struct err err = ERR_INIT;
	int n;

	if (driver_local_ops.sweep(bench->loop, work_dir, &n, &err) != 0)
		return fail(&err);
	printf("swept %d\n", n);
	return 0;
}

static int drive(struct bench *bench, char **argv, struct err *err)
{
	struct err closing = ERR_INIT;
	int result = 0;

	if (driver_new(&bench->plan, bench->loop, argv[2], &bench->driver, err) != 0)
		return fail(err);
	bench->driver->on_event = on_event;
	bench->driver->arg = bench;
	for (char **command = argv + 4; *command && result == 0; command++) {
		result = obey(bench, *command, err);
		fflush(stdout);
	}
	if (bench->driver->ops->close(bench->driver, &closing) != 0)
		result = fail(&closing);
	bench->driver->ops->free(bench->driver);
	return result;
}

static int plan_and_drive(struct bench *bench, char **argv, struct err *err)
{
	struct plan_setting setting;
	struct plan_cluster cluster = {.n_nodes = (int)strtol(argv[3], NULL, 10)};
	char *set = mem_strdup(getenv("SETTING")), *equals = set ? strchr(set, '=') : NULL;

	cluster.label = mem_strdup("3-masters");
	cluster.master_eligible = cluster.n_nodes < 3 ? cluster.n_nodes : 3;
	if (equals) {
		*equals = '\0';
		setting = (struct plan_setting){set, equals + 1};
		cluster.settings.v = &setting;
		cluster.settings.n = 1;
	}
	bench->plan.driver = mem_strdup("local");
	bench->plan.home = argv[1];
	bench->plan.heap_bytes = INT64_C(256) << 20;
	vec_push(&bench->plan.clusters, cluster);
	int result = drive(bench, argv, err);
	vec_done(&bench->plan.clusters);
	free(bench->plan.driver);
	free(cluster.label);
	free(set);
	return result;
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	struct err err = ERR_INIT;
	int result = 2;

	if (loop_open(&bench.loop, &err) != 0 || loop_catch_signals(bench.loop, &err) != 0)
		return fail(&err);
	if (argc == 3 && strcmp(argv[1], "--sweep") == 0)
		result = sweep(&bench, argv[2]);
	else if (argc >= 5)
		result = plan_and_drive(&bench, argv, &err);
	loop_close(bench.loop);
	return result;
}
