/* cluster: what the fake nodes answer and how they behave, and the one way to change it.
 *
 * A node's view is its own: two nodes may name different masters. Texts are made before a change
 * is made visible, and swapped in between two readings of CLOCK_MONOTONIC. */
#ifndef REJOIN_TESTS_FAKE_CLUSTER_H
#define REJOIN_TESTS_FAKE_CLUSTER_H

#include "lib/err.h"
#include "lib/vec.h"
#include "tests/fake/docs.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum ask { ASK_STATE, ASK_HEALTH, ASK_NODE, N_ASKS };
enum mode {
	MODE_OK,
	MODE_REFUSE, /* no listening socket, no connections */
	MODE_RESET,  /* a request is answered with RST */
	MODE_HANG,   /* a request waits until the mode changes */
	MODE_DELAY,  /* a request waits between delay_lo_ns and delay_hi_ns */
	MODE_STATUS, /* an error answer with status */
	MODE_HALF,   /* the body ends before its Content-Length */
	MODE_WRONG,  /* 200 with a body that is no answer to the question */
	N_MODES
};
extern const char *const mode_names[N_MODES + 1];
enum wrong { WRONG_HTML, WRONG_JSON, WRONG_EMPTY, N_WRONGS };
extern const char *const wrong_names[N_WRONGS + 1];

struct behaviour {
	enum mode mode;
	int64_t delay_lo_ns, delay_hi_ns;
	unsigned status;
	enum wrong wrong;
	int64_t drop_every; /* 0: kept-alive connections stay */
};

struct node {
	char *name;
	json_t *view; /* master, term, version, members, voters, health, ephemeral, uuid */
	struct behaviour behaviour;
	char *texts[N_ASKS]; /* what is answered */
	struct port *port;   /* serve's */
};

struct cluster {
	VEC(struct node) nodes;
	bool opensearch;
	char *version;
	uint64_t seed;
	struct docs docs;
};

void cluster_done(struct cluster *cluster);
/* A node that is its own master of all nodes that are there at cluster_settle. */
int cluster_add(struct cluster *cluster, const char *name, struct err *err);
/* All nodes are there: the first is master of all, term 1, version 1, all vote, green. */
void cluster_settle(struct cluster *cluster);
int cluster_find(const struct cluster *cluster, const char *name); /* -1: none */

/* What one line of the script does to one node. */
struct change {
	int node;
	json_t *view;		   /* the members of the view that change; NULL is none */
	bool sets_mode, sets_drop; /* which of behaviour count */
	int64_t forget;		   /* a document that is lost; 0: none */
	struct behaviour behaviour;
};

/* The new texts and behaviour of a node, without showing them. */
void cluster_prepare(struct cluster *cluster, const struct change *change, char *ret_texts[N_ASKS],
		     struct behaviour *ret_behaviour);

#endif
