/* http_impl: what http.c (the loop, the sockets, the access) and http_call.c (the calls) share.
 * Nobody else includes it. */
#ifndef REJOIN_LIB_HTTP_IMPL_H
#define REJOIN_LIB_HTTP_IMPL_H

#include "lib/http.h"
#include "lib/vec.h"
#include <curl/curl.h>

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

/* curl's: closes a socket of arg, a struct http, and no longer watches it. */
int http_close_socket(void *arg, curl_socket_t fd);
/* http_call.c: a request ended. Calls fn, which may free the call. */
void http_call_end(struct http_call *call, CURLcode code);

#endif
