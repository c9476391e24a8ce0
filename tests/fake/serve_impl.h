/* serve_impl: shared by serve.c (ports) and request.c (what becomes of a request). */
#ifndef REJOIN_TESTS_FAKE_SERVE_IMPL_H
#define REJOIN_TESTS_FAKE_SERVE_IMPL_H

#include "tests/fake/serve.h"
#include <microhttpd.h>

struct port {
	struct serve *serve;
	size_t i;	 /* of its node */
	int reserved_fd; /* bound, never listening: nobody else gets the port */
	int number;
	struct MHD_Daemon *daemon; /* NULL while refusing */
	struct loop_source *source;
	struct request *parked; /* list of the suspended ones */
	int64_t n_answers;
};

struct serve {
	struct loop *loop;
	struct cluster *cluster;
	struct rng rng;
	VEC(struct port *) ports;
};

struct node *port_node(const struct port *port);
void port_run(struct port *port); /* lets microhttpd do what there is to do */

/* microhttpd's callbacks; arg is the port */
enum MHD_Result request_answer(void *arg, struct MHD_Connection *connection, const char *url,
			       const char *method, const char *version, const char *upload,
			       size_t *upload_size, void **request);
void request_completed(void *arg, struct MHD_Connection *connection, void **request,
		       enum MHD_RequestTerminationCode code);
/* Lets parked requests go on: those without a timer, or all of them. */
void request_unpark(struct port *port, bool all);

#endif
