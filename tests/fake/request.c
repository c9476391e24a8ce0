#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "tests/fake/serve_impl.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct request {
	struct port *port;
	struct MHD_Connection *connection;
	struct loop_timer timer;
	bool parked;
	bool waited;		       /* its delay is over or running */
	struct MHD_Response *response; /* made when it came; NULL: made when it is answered */
	unsigned status;	       /* of the response */
	char *method, *url;
	struct str body;
	struct request *next;
};

static int fd_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* ---- waiting ---- */

static void park(struct request *r)
{
	MHD_suspend_connection(r->connection);
	r->parked = true;
	r->next = r->port->parked;
	r->port->parked = r;
}

static void unpark(struct request *r)
{
	struct request **at = &r->port->parked;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->parked = false;
	loop_timer_stop(r->port->serve->loop, &r->timer);
	MHD_resume_connection(r->connection);
}

void request_unpark(struct port *port, bool all)
{
	struct request *r, *next;

	for (r = port->parked; r; r = next) {
		next = r->next;
		if (all || !r->timer.slot)
			unpark(r);
	}
}

static void on_delay_over(void *arg)
{
	struct request *r = arg;
	struct port *port = r->port;

	unpark(r);
	port_run(port);
}

/* ---- answers ---- */

static const char *const wrong_bodies[N_WRONGS] = {
	"<html><body>Welcome to nginx!</body></html>",
	"{\"took\":3,\"hits\":{\"total\":0}}",
	"",
};

static enum ask ask_of(const char *url)
{
	if (strncmp(url, "/_cluster/state/", 16) == 0)
		return ASK_STATE;
	if (strcmp(url, "/_cluster/health") == 0)
		return ASK_HEALTH;
	return strncmp(url, "/_nodes/_local", 14) == 0 ? ASK_NODE : N_ASKS;
}

static struct MHD_Response *text_response(const char *text, const char *type)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);

	MHD_add_response_header(response, "Content-Type", type);
	return response;
}

struct half {
	size_t n;
	char text[];
};

static ssize_t read_half(void *arg, uint64_t at, char *buf, size_t max)
{
	const struct half *half = arg;
	size_t n;

	if (at >= half->n)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = half->n - (size_t)at;
	if (n > max)
		n = max;
	memcpy(buf, half->text + at, n);
	return (ssize_t)n;
}

static struct MHD_Response *half_response(const char *text)
{
	size_t n = strlen(text);
	struct half *half = mem_alloc(sizeof *half + n);

	half->n = n / 2;
	memcpy(half->text, text, n);
	return MHD_create_response_from_callback(n, 1024, read_half, half, free);
}

static struct MHD_Response *make_from_docs(struct request *r)
{
	struct docs *docs = &r->port->serve->cluster->docs;
	char *text = docs_answer(docs, r->method, r->url, r->body.s ? r->body.s : "", &r->status);
	struct MHD_Response *response = text_response(text, "application/json");

	free(text);
	return response;
}

static struct MHD_Response *make(struct request *r, const struct node *node, enum ask ask)
{
	const struct behaviour *b = &node->behaviour;

	if (ask == N_ASKS && !docs_is_for(r->url)) {
		r->status = 400;
		return text_response("{\"error\":\"no handler\",\"status\":400}",
				     "application/json");
	}
	r->status = b->mode == MODE_STATUS ? b->status : 200;
	switch (b->mode) {
	case MODE_STATUS:
		return text_response("{\"error\":{\"type\":\"fake\"}}", "application/json");
	case MODE_HALF:
		return half_response(ask == N_ASKS ? "{\"result\":" : node->texts[ask]);
	case MODE_WRONG:
		return text_response(wrong_bodies[b->wrong],
				     b->wrong == WRONG_HTML ? "text/html" : "application/json");
	default:
		if (ask == N_ASKS)
			return make_from_docs(r);
		return text_response(node->texts[ask], "application/json");
	}
}

/* A connect to nowhere ends a TCP connection with RST at once; closing it would send FIN first. */
static enum MHD_Result reset(struct MHD_Connection *connection)
{
	struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

	connect(fd_of(connection), &nowhere, sizeof nowhere);
	return MHD_NO;
}

/* The next node's health, which is there to be had. */
static void send_elsewhere(const struct request *r)
{
	const struct serve *serve = r->port->serve;
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d/_cluster/health",
		 serve->ports.v[(r->port->i + 1) % serve->ports.n]->number);
	MHD_add_response_header(r->response, MHD_HTTP_HEADER_LOCATION, url);
}

static enum MHD_Result answer(struct request *r, enum ask ask)
{
	const struct node *node = port_node(r->port);
	enum MHD_Result result;

	if (!r->response)
		r->response = make(r, node, ask);
	if (r->status / 100 == 3)
		send_elsewhere(r);
	result = MHD_queue_response(r->connection, r->status, r->response);
	MHD_destroy_response(r->response);
	r->response = NULL;
	return result;
}

/* What is answered may be what held when the request came or what holds when it is answered: either
 * is true to [sent, done], so a coin decides. */
static void delay(struct request *r, enum ask ask)
{
	const struct node *node = port_node(r->port);
	const struct behaviour *b = &node->behaviour;
	struct serve *serve = r->port->serve;
	uint64_t span = (uint64_t)(b->delay_hi_ns - b->delay_lo_ns) + 1;
	int64_t wait_ns = b->delay_lo_ns + (int64_t)rng_below(&serve->rng, span);

	r->waited = true;
	if (rng_below(&serve->rng, 2))
		r->response = make(r, node, ask);
	park(r);
	loop_timer_set(serve->loop, &r->timer, clock_mono_ns() + wait_ns);
}

enum MHD_Result request_answer(void *arg, struct MHD_Connection *connection, const char *url,
			       const char *method, const char *version, const char *upload,
			       size_t *upload_size, void **request)
{
	struct port *port = arg;
	struct request *r = *request;
	enum mode mode = port_node(port)->behaviour.mode;

	(void)version;
	if (!r) {
		/* an answer given at the first call would end the connection */
		*request = r = mem_alloc(sizeof *r);
		*r = (struct request){.port = port,
				      .connection = connection,
				      .method = mem_strdup(method),
				      .url = mem_strdup(url)};
		r->timer = (struct loop_timer){.fn = on_delay_over, .arg = r};
		return MHD_YES;
	}
	if (*upload_size) {
		str_add_n(&r->body, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (mode == MODE_RESET)
		return reset(connection);
	if (mode == MODE_HANG) {
		park(r);
		return MHD_YES;
	}
	if (mode == MODE_DELAY && !r->waited) {
		delay(r, ask_of(url));
		return MHD_YES;
	}
	return answer(r, ask_of(url));
}

void request_completed(void *arg, struct MHD_Connection *connection, void **request,
		       enum MHD_RequestTerminationCode code)
{
	struct port *port = arg;
	struct request *r = *request;
	int64_t every = port_node(port)->behaviour.drop_every;

	if (!r)
		return;
	loop_timer_stop(port->serve->loop, &r->timer);
	if (r->response)
		MHD_destroy_response(r->response);
	str_done(&r->body);
	free(r->method);
	free(r->url);
	free(r);
	*request = NULL;
	if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK && ++port->n_answers && every &&
	    port->n_answers % every == 0)
		shutdown(fd_of(connection), SHUT_RDWR);
}
