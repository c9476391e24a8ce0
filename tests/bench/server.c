/* server: the cheapest possible nodes, so that a bench measures who asks and not who answers.
 *
 *     server N_PORTS
 *
 * One process, one epoll. Prints the ports on one line; answers every request with the same cluster
 * state (or health), until the end of standard input. Then prints, one a port, how many state
 * requests it answered: nobody can have lost what is counted here. */
#include "lib/mem.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_PORTS = 128, MAX_REQUEST_BYTES = 4096 };

struct connection {
	int fd; /* -1: standard input */
	int port;
	bool listens;
	size_t n;
	char request[MAX_REQUEST_BYTES];
};

static long n_states[MAX_PORTS];
static char *state, *health;

static char *whole(char *body)
{
	char *text = mem_printf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
				"Content-Length: %zu\r\n\r\n%s",
				strlen(body), body);
	free(body);
	return text;
}

/* As large as that of a real cluster of five nodes. */
static void make_answers(void)
{
	char *nodes = mem_strdup("");
	for (int i = 1; i <= 5; i++) {
		char *more = mem_printf(
			"%s%s\"bench-id-%d-aaaaaaaaaaa\":{\"name\":\"n%d\",\"ephemeral_id\":"
			"\"bench-ephemeral-%d-aa\",\"version\":\"8.19.0\",\"roles\":[\"data\","
			"\"data_content\",\"data_hot\",\"ingest\",\"master\"]}",
			nodes, i > 1 ? "," : "", i, i, i);
		free(nodes);
		nodes = more;
	}
	state = whole(mem_printf(
		"{\"cluster_uuid\":\"bench-cluster\",\"version\":7,\"state_uuid\":\"bench-state\","
		"\"master_node\":\"bench-id-1-aaaaaaaaaaa\",\"nodes\":{%s},\"metadata\":"
		"{\"cluster_coordination\":{\"term\":1,\"last_committed_config\":"
		"[\"bench-id-1-aaaaaaaaaaa\"],\"last_accepted_config\":"
		"[\"bench-id-1-aaaaaaaaaaa\"],\"voting_config_exclusions\":[]}}}",
		nodes));
	health = whole(mem_strdup("{\"status\":\"green\"}"));
	free(nodes);
}

static void watch(int epfd, int fd, int port, bool listens)
{
	struct connection *c = mem_alloc(sizeof *c);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
	c->fd = fd;
	c->port = port;
	c->listens = listens;
	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event))
		abort();
}

static int listen_somewhere(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&at, &n))
		abort();
	printf("%d ", ntohs(at.sin_port));
	return fd;
}

static void welcome(int epfd, const struct connection *listener)
{
	int on = 1, fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	watch(epfd, fd, listener->port, false);
}

/* False: the connection is over. */
static bool answer(struct connection *c)
{
	ssize_t n = read(c->fd, c->request + c->n, sizeof c->request - 1 - c->n);
	if (n <= 0)
		return false;
	c->n += (size_t)n;
	c->request[c->n] = '\0';
	if (c->n < 4 || strcmp(c->request + c->n - 4, "\r\n\r\n") != 0)
		return c->n < sizeof c->request - 1;
	bool is_state = strncmp(c->request, "GET /_cluster/state/", 20) == 0;
	const char *text = is_state ? state : health;
	size_t size = strlen(text);
	n_states[c->port] += is_state;
	c->n = 0;
	return write(c->fd, text, size) == (ssize_t)size;
}

static void serve(int epfd)
{
	struct epoll_event events[64];
	for (;;) {
		int n = epoll_wait(epfd, events, 64, -1);
		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;
			if (c->fd == STDIN_FILENO)
				return;
			if (c->listens) {
				welcome(epfd, c);
			} else if (!answer(c)) {
				close(c->fd);
				free(c);
			}
		}
	}
}

int main(int argc, char **argv)
{
	int n_ports = argc == 2 ? atoi(argv[1]) : 0;
	int epfd = epoll_create1(EPOLL_CLOEXEC);
	if (n_ports < 1 || n_ports > MAX_PORTS || epfd < 0) {
		fputs("usage: server N_PORTS (1 to 128)\n", stderr);
		return 2;
	}
	make_answers();
	for (int i = 0; i < n_ports; i++)
		watch(epfd, listen_somewhere(), i, true);
	putchar('\n');
	fflush(stdout);
	watch(epfd, STDIN_FILENO, 0, false);
	serve(epfd);
	for (int i = 0; i < n_ports; i++)
		printf("%ld\n", n_states[i]);
	return 0;
}
