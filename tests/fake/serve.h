/* serve: the nodes' loopback ports (libmicrohttpd, polled from the loop: one thread). */
#ifndef REJOIN_TESTS_FAKE_SERVE_H
#define REJOIN_TESTS_FAKE_SERVE_H

#include "lib/loop.h"
#include "lib/rng.h"
#include "tests/fake/cluster.h"

struct serve;

/* Opens a port for every node. They stay the nodes' own, also while one refuses. */
int serve_open(struct loop *loop, struct cluster *cluster, struct serve **ret_serve,
	       struct err *err);
void serve_close(struct serve *serve); /* NULL is fine */
int serve_port(const struct node *node);

/* Shows texts (taken) and behaviour; ret_before_ns and ret_after_ns enclose the moment. */
int serve_swap(struct serve *serve, int node, char *texts[N_ASKS],
	       const struct behaviour *behaviour, int64_t *ret_before_ns, int64_t *ret_after_ns,
	       struct err *err);

#endif
