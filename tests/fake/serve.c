#include "lib/clock.h"
#include "lib/mem.h"
#include "tests/fake/serve_impl.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct node *port_node(const struct port *port)
{
	return &port->serve->cluster->nodes.v[port->i];
}

int serve_port(const struct node *node)
{
	return node->port->number;
}

void port_run(struct port *port)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	do
		MHD_run(port->daemon);
	while (MHD_get_timeout(port->daemon, &wait_ms) == MHD_YES && wait_ms == 0);
}

static void on_ready(void *arg, uint32_t events)
{
	(void)events;
	port_run(arg);
}

/* A socket bound to the port (0: any), which another one of ours may have bound too. */
static int bind_port(int *port, struct err *err)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)*port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0) {
		err_set(err, ERR_ENV, "port %d: %s", *port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*port = ntohs(at.sin_port);
	return fd;
}

static int start(struct port *port, struct err *err)
{
	struct serve *serve = port->serve;
	const union MHD_DaemonInfo *info;
	int fd = bind_port(&port->number, err);

	if (fd < 0)
		return err->code;
	if (listen(fd, 512) < 0) {
		close(fd);
		return err_set(err, ERR_ENV, "port %d: %s", port->number, strerror(errno));
	}
	port->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
					request_answer, port, MHD_OPTION_LISTEN_SOCKET, fd,
					MHD_OPTION_NOTIFY_COMPLETED, request_completed, port,
					MHD_OPTION_END);
	if (!port->daemon) {
		close(fd);
		return err_set(err, ERR_ENV, "microhttpd does not start");
	}
	info = MHD_get_daemon_info(port->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	return loop_watch(serve->loop, info->epoll_fd, EPOLLIN, on_ready, port, &port->source, err);
}

static void stop(struct port *port)
{
	if (!port->daemon)
		return;
	loop_unwatch(port->serve->loop, port->source);
	port->source = NULL;
	request_unpark(port, true);
	MHD_stop_daemon(port->daemon);
	port->daemon = NULL;
}

static int add_port(struct serve *serve, size_t i, struct err *err)
{
	struct port *port = mem_alloc(sizeof *port);

	*port = (struct port){.serve = serve, .i = i};
	vec_push(&serve->ports, port);
	serve->cluster->nodes.v[i].port = port;
	port->reserved_fd = bind_port(&port->number, err);
	return port->reserved_fd < 0 ? err->code : start(port, err);
}

int serve_open(struct loop *loop, struct cluster *cluster, struct serve **ret_serve,
	       struct err *err)
{
	struct serve *serve = mem_alloc(sizeof *serve);

	*serve = (struct serve){.loop = loop, .cluster = cluster};
	rng_seed(&serve->rng, cluster->seed, 0);
	for (size_t i = 0; i < cluster->nodes.n; i++) {
		if (add_port(serve, i, err)) {
			serve_close(serve);
			return err->code;
		}
	}
	*ret_serve = serve;
	return 0;
}

void serve_close(struct serve *serve)
{
	if (!serve)
		return;
	for (size_t i = 0; i < serve->ports.n; i++) {
		stop(serve->ports.v[i]);
		if (serve->ports.v[i]->reserved_fd >= 0)
			close(serve->ports.v[i]->reserved_fd);
		free(serve->ports.v[i]);
	}
	vec_done(&serve->ports);
	free(serve);
}

int serve_swap(struct serve *serve, int i, char *texts[N_ASKS], const struct behaviour *behaviour,
	       int64_t *ret_before_ns, int64_t *ret_after_ns, struct err *err)
{
	struct port *port = serve->ports.v[i];
	struct node *node = port_node(port);
	char *old[N_ASKS];

	memcpy(old, node->texts, sizeof old);
	*ret_before_ns = clock_mono_ns();
	memcpy(node->texts, texts, sizeof old);
	node->behaviour = *behaviour;
	if (node->behaviour.mode == MODE_REFUSE)
		stop(port);
	else if (!port->daemon && start(port, err))
		return err->code;
	*ret_after_ns = clock_mono_ns();
	for (int ask = 0; ask < N_ASKS; ask++)
		free(old[ask]);
	if (port->daemon && node->behaviour.mode != MODE_HANG) {
		request_unpark(port, false);
		port_run(port);
	}
	return 0;
}
