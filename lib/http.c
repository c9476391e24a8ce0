#include "lib/http.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "lib/vec.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer timer; /* curl's own timer */
	struct loop_timer reap;	 /* something may have ended inside http_send */
	int n_added;		 /* handles in the multi */
	char *ca_file, *pin, *unix_socket;
	char *authorization; /* the whole header line: a secret */
	bool insecure;
	VEC(struct http_socket *) sockets; /* by descriptor; NULL: not watched */
};

struct http_call {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	CURLU *base;		/* scheme, host and port */
	char *target;		/* path and query, sent as they are */
	char *method, *request; /* NULL: GET; NULL: no body */
	long port;		/* of our end of the connection that was used last */
	int64_t timeout_ns;
	struct str body;
	size_t max_bytes;
	bool too_long;
	bool busy;
	int64_t sent_ns;
	char why[CURL_ERROR_SIZE];
	http_fn *fn;
	void *arg;
};

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

/* curl's */
static int close_socket(void *arg, curl_socket_t fd)
{
	struct http *http = arg;
	if ((size_t)fd < http->sockets.n && http->sockets.v[fd])
		drop_socket(http->sockets.v[fd]);
	return close(fd);
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	if (call->body.n + size * n > call->max_bytes) {
		call->too_long = true;
		return 0;
	}
	str_add_n(&call->body, data, size * n);
	return size * n;
}

static void prepare_access(struct http_call *call)
{
	const struct http *http = call->http;
	long check = !http->insecure;
	curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYPEER, check);
	curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYHOST, check ? 2L : 0L);
	if (http->ca_file)
		curl_easy_setopt(call->easy, CURLOPT_CAINFO, http->ca_file);
	if (http->pin)
		curl_easy_setopt(call->easy, CURLOPT_PINNEDPUBLICKEY, http->pin);
	if (http->unix_socket)
		curl_easy_setopt(call->easy, CURLOPT_UNIX_SOCKET_PATH, http->unix_socket);
}

static void prepare(struct http_call *call)
{
	prepare_access(call);
	curl_easy_setopt(call->easy, CURLOPT_CURLU, call->base);
	curl_easy_setopt(call->easy, CURLOPT_REQUEST_TARGET, call->target);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->why);
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)(call->timeout_ns / NS_PER_MS));
	curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(call->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(call->easy, CURLOPT_CLOSESOCKETDATA, call->http);
	curl_easy_setopt(call->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(call->easy, CURLOPT_NOPROXY, "*"); /* asks no environment */
	curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(call->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
	if (call->request)
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->request);
	else
		curl_easy_setopt(call->easy, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, call->method);
	curl_easy_setopt(call->easy, CURLOPT_USERAGENT, "rejoin/" REJOIN_VERSION);
}

/* A call that finds its connection lost may get an idle one of another call: no new one, and yet
 * not the same. */
static int count_connects(struct http_call *call)
{
	long n_connects = 0, port = 0;
	curl_easy_getinfo(call->easy, CURLINFO_NUM_CONNECTS, &n_connects);
	curl_easy_getinfo(call->easy, CURLINFO_LOCAL_PORT, &port);
	if (n_connects == 0 && port > 0 && port != call->port)
		n_connects = 1;
	if (port > 0)
		call->port = port;
	return (int)n_connects;
}

static int64_t retry_after_s(const struct http_call *call)
{
	curl_off_t seconds = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &seconds);
	return seconds;
}

static void finish(struct http_call *call, CURLcode code)
{
	struct http_answer answer = {.done_ns = clock_mono_ns(), .sent_ns = call->sent_ns};
	answer.n_connects = count_connects(call);
	curl_multi_remove_handle(call->http->multi, call->easy);
	call->http->n_added--;
	call->busy = false;
	answer.why = call->why[0] ? call->why : curl_easy_strerror(code);
	if (code == CURLE_OPERATION_TIMEDOUT) {
		answer.result = HTTP_TIMEOUT;
	} else if (code != CURLE_OK) {
		answer.result = HTTP_NET_ERROR;
		answer.too_long = call->too_long;
		if (call->too_long)
			answer.why = "the answer is too long";
	} else {
		answer.result = HTTP_ANSWERED;
		answer.why = NULL;
		curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &answer.status);
		answer.retry_after_s = retry_after_s(call);
	}
	/* A request on a kept-alive connection that turns out to be lost is sent again by libcurl,
	 * which counts that over the life of a handle and fails the sixth: start counting anew. */
	if (answer.n_connects) {
		curl_easy_reset(call->easy);
		prepare(call);
	}
	answer.body = call->body.s ? call->body.s : "";
	answer.n = call->body.n;
	call->fn(call->arg, &answer); /* may free the call */
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
		finish(call, msg->data.result);
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

/* A long path costs libcurl more to take apart, each time anew, than the request to send: it gets
 * the base alone and, beside it, the path as it is. */
static void set_url(struct http_call *call, const char *url)
{
	const char *host = strstr(url, "://");
	host = host ? host + 3 : url;
	const char *path = host + strcspn(host, "/?#");
	char *base = mem_printf("%.*s/", (int)(path - url), url);
	free(call->target);
	call->target = mem_printf("%s%s", *path == '/' ? "" : "/", path);
	/* what is not a URL fails the request, in libcurl's words */
	curl_url_set(call->base, CURLUPART_URL, base, 0);
	free(base);
}

struct http_call *http_call_new(struct http *http, const char *url, int64_t timeout_ns,
				size_t max_bytes, http_fn *fn, void *arg)
{
	struct http_call *call = mem_alloc(sizeof *call);
	*call = (struct http_call){.http = http, .max_bytes = max_bytes, .fn = fn, .arg = arg};
	call->easy = curl_easy_init();
	if (!call->easy)
		abort(); /* libcurl has no other reason than memory */
	call->headers = curl_slist_append(NULL, "Accept: application/json");
	call->headers = curl_slist_append(call->headers, "Content-Type: application/json");
	if (http->authorization)
		call->headers = curl_slist_append(call->headers, http->authorization);
	call->base = curl_url();
	if (!call->base)
		abort();
	set_url(call, url);
	call->timeout_ns = timeout_ns;
	prepare(call);
	return call;
}

void http_call_set_url(struct http_call *call, const char *url)
{
	set_url(call, url);
	prepare(call);
}

void http_call_set_request(struct http_call *call, const char *method, const char *body)
{
	char *old_method = call->method, *old_body = call->request;
	call->method = mem_strdup(method);
	call->request = mem_strdup(body);
	prepare(call);
	free(old_method);
	free(old_body);
}

void http_send(struct http_call *call)
{
	struct http *http = call->http;
	int running;
	str_clear(&call->body);
	call->too_long = false;
	call->why[0] = '\0';
	call->busy = true;
	call->sent_ns = clock_mono_ns();
	curl_multi_add_handle(http->multi, call->easy);
	http->n_added++;
	/* now, not in the next round: the request leaves at sent_ns */
	curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	if (running < http->n_added)
		loop_timer_set(http->loop, &http->reap, call->sent_ns);
}

bool http_busy(const struct http_call *call)
{
	return call->busy;
}

void http_call_free(struct http_call *call)
{
	if (!call)
		return;
	if (call->busy) {
		curl_multi_remove_handle(call->http->multi, call->easy);
		call->http->n_added--;
	}
	curl_easy_cleanup(call->easy);
	for (struct curl_slist *h = call->headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(call->headers);
	str_done(&call->body);
	curl_url_cleanup(call->base);
	free(call->target);
	free(call->method);
	free(call->request);
	free(call);
}

const char *http_library_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}
