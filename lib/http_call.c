/* One endpoint, its requests and their answers. */
#include "lib/clock.h"
#include "lib/http_impl.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <stdlib.h>
#include <string.h>

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
	curl_easy_setopt(call->easy, CURLOPT_CLOSESOCKETFUNCTION, http_close_socket);
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

void http_call_end(struct http_call *call, CURLcode code)
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
