/* http: HTTP requests on the event loop (libcurl's multi interface, curl_multi_socket_action).
 *
 * A call is one endpoint with one kept-alive connection and at most one request in flight. It is
 * made once and sent many times. Redirects are not followed, proxies are not used. */
#ifndef REJOIN_LIB_HTTP_H
#define REJOIN_LIB_HTTP_H

#include "lib/err.h"
#include "lib/loop.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http; /* all calls of one loop */
int http_open(struct loop *loop, struct http **ret_http, struct err *err);

/* How its servers are spoken to. Texts are copied. */
struct http_access {
	const char *ca_file;	   /* PEM; NULL: the system's */
	const char *pin;	   /* of the server's public key, "sha256//BASE64"; NULL: any */
	bool insecure;		   /* neither certificate nor host name is checked */
	const char *authorization; /* value of that header: a secret, wiped when http is closed */
	const char *unix_socket;   /* every call goes through it; NULL: TCP */
};
/* For every call made from now on. */
void http_set_access(struct http *http, const struct http_access *access);
/* Another one on the same loop, with the same access. */
int http_open_like(const struct http *http, struct http **ret_http, struct err *err);
void http_close(struct http *http); /* after its calls are freed */

enum http_result {
	HTTP_ANSWERED,	/* a whole answer with any status */
	HTTP_NET_ERROR, /* refused, reset, cut short, not HTTP */
	HTTP_TIMEOUT,
};

struct http_answer {
	enum http_result result;
	long status;	       /* 0 unless answered */
	int64_t retry_after_s; /* what a Retry-After asks for; 0: nothing */
	const char *body;      /* NUL-terminated; valid during the callback */
	size_t n;	       /* its bytes */
	int64_t sent_ns;       /* just before the request was handed to the network */
	int64_t done_ns;       /* when the whole answer, or its failure, was known */
	/* Connections that this request took beside the call's own kept-alive one: 0 usually.
	 * libcurl sends a request again, silently, where that one turns out to be lost: sent_ns is
	 * the first attempt's. */
	int n_connects;
	const char *why; /* NET_ERROR, TIMEOUT: in words */
	bool too_long;	 /* NET_ERROR: more than max_bytes; body holds the first of them */
};

struct http_call;
typedef void http_fn(void *arg, const struct http_answer *answer);

/* A GET of url. Answers longer than max_bytes count as HTTP_NET_ERROR. */
struct http_call *http_call_new(struct http *http, const char *url, int64_t timeout_ns,
				size_t max_bytes, http_fn *fn, void *arg);
void http_call_set_url(struct http_call *call, const char *url); /* from the next request on */
/* From the next request on: another method than GET, with a body (JSON) where body is not NULL.
 * Both are copied; NULL, NULL is GET again. */
void http_call_set_request(struct http_call *call, const char *method, const char *body);
/* Starts a request; fn is called from the loop, never from inside http_send. The call must be idle.
 */
void http_send(struct http_call *call);
bool http_busy(const struct http_call *call);
void http_call_free(struct http_call *call); /* ends a request in flight; NULL is fine */

const char *http_library_version(void); /* libcurl's */

#endif
