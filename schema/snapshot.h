/* snapshot: a cluster state as one node showed it, parsed; and the set of those seen so far.
 *
 * Its source is GET /_cluster/state/master_node,version,nodes,metadata (see collector/probe.h). Ids
 * are Elasticsearch's: a node's persistent id outlives a restart, its ephemeral id does not. */
#ifndef REJOIN_SCHEMA_SNAPSHOT_H
#define REJOIN_SCHEMA_SNAPSHOT_H

#include "lib/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot_member {
	const char *id; /* persistent */
	const char *name;
	const char *ephemeral_id;
	const char *version;  /* NULL where the product does not say */
	bool master_eligible; /* by its roles; where the product does not show them (OpenSearch): it
				 is a voter */
};

struct snapshot {
	int64_t id;		  /* snapshot_id in the store; 0: not stored yet */
	const char *cluster_uuid; /* NULL: none yet */
	const char *state_uuid;
	const char *master_id;		 /* NULL: this node knows no master */
	int64_t term;			 /* -1: not shown */
	int64_t version;		 /* -1: not shown */
	struct snapshot_member *members; /* sorted by id */
	size_t n_members;
	const char **voters; /* last committed voting configuration: persistent ids, sorted */
	size_t n_voters;
	char *body; /* canonical JSON: the stored text; what the rest points into is derived from it
		     */
	void *tree; /* jansson's, owns the texts above */
};

/* Parses a body of the store or of a node (any member order, unknown members ignored). Returns NULL
 * with err filled when it is no cluster state. */
struct snapshot *snapshot_parse(const char *body, size_t n, struct err *err);
/* A body of the store, which is canonical already: taken as it is. NULL: it is not. */
struct snapshot *snapshot_parse_stored(const char *body, size_t n);
void snapshot_free(struct snapshot *s);

const struct snapshot_member *
snapshot_member_by_id(const struct snapshot *s,
		      const char *id); /* NULL: not there; id may be NULL */
const struct snapshot_member *snapshot_member_by_name(const struct snapshot *s, const char *name);
const char *snapshot_master_name(const struct snapshot *s); /* NULL: no master */

/* The voters of s that are members of it. */
size_t snapshot_live_voters(const struct snapshot *s);

/* The same master process: the same persistent id. NULL is no master and equals itself. */
bool snapshot_same_master(const struct snapshot *a, const struct snapshot *b);

/* The same processes as members, and the same voting configuration. */
bool snapshot_same_members(const struct snapshot *a, const struct snapshot *b);
bool snapshot_same_voters(const struct snapshot *a, const struct snapshot *b);

/* Snapshots kept for a recording: the same body is the same pointer. */
struct snapshot_set;
struct snapshot_set *snapshot_set_new(void);
/* Takes s: returns it, or the equal one already there (s is then freed). Pointers stay valid until
 * snapshot_set_free. */
struct snapshot *snapshot_set_take(struct snapshot_set *set, struct snapshot *s);
void snapshot_set_free(struct snapshot_set *set);

#endif
