/* libcurl's multi interface on the loop, and how servers are spoken to. */
#include "lib/clock.h"
#include "lib/http_impl.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* One per socket. curl forgets its sockets between requests; ours stay watched until they are
 * closed, which is cheaper than to begin anew with each request. */
struct http_socket {
	struct http *http;
	struct loop_source *source;
	curl_socket_t fd;
	uint32_t events;
	bool idle; /* no request is on it */
};

static void drop_socket(struct http_socket *socket)
{
	loop_unwatch(socket->http->loop, socket->source);
	socket->http->sockets.v[socket->fd] = NULL;
	free(socket);
}

int http_close_socket(void *arg, curl_socket_t fd)
{
	struct http *http = arg;
	if ((size_t)fd < http->sockets.n && http->sockets.v[fd])
		drop_socket(http->sockets.v[fd]);
	return close(fd);
}

static void reap(void *arg)
{
	struct http *http = arg;
	CURLMsg *msg;
	int left;
	while ((msg = curl_multi_info_read(http->multi, &left))) {
		struct http_call *call = NULL;
		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		http_call_end(call, msg->data.result);
	}
}

static void on_timer(void *arg)
{
	struct http *http = arg;
	int running;
	curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	reap(http);
}

static void on_socket(void *arg, uint32_t events)
{
	struct http_socket *socket = arg;
	struct http *http = socket->http;
	int mask = 0, running;
	if (socket->idle) {
		/* the other side is done with it: curl finds out when it wants it again */
		drop_socket(socket);
		return;
	}
	if (events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP))
		mask |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		mask |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		mask |= CURL_CSELECT_ERR;
	curl_multi_socket_action(http->multi, socket->fd, mask, &running); /* may free socket */
	reap(http);
}

static int socket_wanted(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct http *http = arg;
	(void)easy, (void)known;
	while (http->sockets.n <= (size_t)fd)
		vec_push(&http->sockets, NULL);
	struct http_socket *socket = http->sockets.v[fd];
	if (what == CURL_POLL_REMOVE) {
		if (socket)
			socket->idle = true;
		return 0;
	}
	uint32_t events = 0;
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	if (socket && !socket->idle && socket->events == events)
		return 0;
	if (socket && loop_rewatch(http->loop, socket->source, events) == 0) {
		socket->idle = false;
		socket->events = events;
		return 0;
	}
	/* another file by now: the resolver's sockets are closed behind our back */
	if (socket)
		drop_socket(socket);
	socket = mem_alloc(sizeof *socket);
	*socket = (struct http_socket){.http = http, .fd = fd, .events = events};
	struct err err = ERR_INIT;
	if (loop_watch(http->loop, fd, events, on_socket, socket, &socket->source, &err)) {
		free(socket);
		return -1;
	}
	http->sockets.v[fd] = socket;
	return 0;
}

static int timer_wanted(CURLM *multi, long timeout_ms, void *arg)
{
	struct http *http = arg;
	(void)multi;
	if (timeout_ms < 0)
		loop_timer_stop(http->loop, &http->timer);
	else
		loop_timer_set(http->loop, &http->timer, clock_mono_ns() + timeout_ms * NS_PER_MS);
	return 0;
}

int http_open(struct loop *loop, struct http **ret_http, struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return err_set(err, ERR_ENV, "libcurl cannot be initialised");
	struct http *http = mem_alloc(sizeof *http);
	http->loop = loop;
	http->multi = curl_multi_init();
	if (!http->multi) {
		free(http);
		return err_set(err, ERR_ENV, "libcurl cannot be initialised");
	}
	http->timer = (struct loop_timer){.fn = on_timer, .arg = http};
	http->reap = (struct loop_timer){.fn = reap, .arg = http};
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, socket_wanted);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, timer_wanted);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, 512L);
	*ret_http = http;
	return 0;
}

static void replace(char **text, const char *with)
{
	free(*text);
	*text = mem_strdup(with);
}

static void wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

void http_set_access(struct http *http, const struct http_access *access)
{
	replace(&http->ca_file, access->ca_file);
	replace(&http->pin, access->pin);
	replace(&http->unix_socket, access->unix_socket);
	http->insecure = access->insecure;
	wipe(http->authorization);
	http->authorization = access->authorization
				      ? mem_printf("Authorization: %s", access->authorization)
				      : NULL;
}

int http_open_like(const struct http *http, struct http **ret_http, struct err *err)
{
	const struct http_access access = {
		.ca_file = http->ca_file,
		.pin = http->pin,
		.unix_socket = http->unix_socket,
		.insecure = http->insecure,
		.authorization = http->authorization ? strchr(http->authorization, ' ') + 1 : NULL,
	};
	if (http_open(http->loop, ret_http, err))
		return err->code;
	http_set_access(*ret_http, &access);
	return 0;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	curl_multi_cleanup(http->multi);
	free(http->ca_file);
	free(http->pin);
	free(http->unix_socket);
	wipe(http->authorization);
	loop_timer_stop(http->loop, &http->timer);
	loop_timer_stop(http->loop, &http->reap);
	for (size_t i = 0; i < http->sockets.n; i++)
		if (http->sockets.v[i])
			drop_socket(http->sockets.v[i]);
	vec_done(&http->sockets);
	free(http);
	curl_global_cleanup();
}

const char *http_library_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}
