/* probe: the requests that are put to a node, and how their answers are read.
 *
 * Every request stays on the node that is asked: with local=true, and on Elasticsearch 9.2 and
 * later without it (there _cluster/state is always local and the parameter only draws a warning). A
 * request that is forwarded to a master that is gone would hang, and the observer's time-out would
 * pass for the outage. */
#ifndef REJOIN_COLLECTOR_PROBE_H
#define REJOIN_COLLECTOR_PROBE_H

#include "schema/track.h"
#include <stddef.h>

/* Path and query of the state probe: master, version, term, members with ephemeral ids and the
 * voting configuration in one answer. product and version NULL: not known yet. */
char *probe_state_url(const char *base_url, const char *product,
		      const char *version); /* caller frees */
char *probe_health_url(const char *base_url);
char *probe_node_url(const char *base_url); /* the node's own description */

/* Health of an answer's body: HEALTH_NONE where it shows none. */
enum health probe_health(const char *body, size_t n);

/* From the answer to probe_node_url; members are NULL where the node does not say. */
struct probe_node {
	char *persistent_id, *name, *version, *jvm, *roles /* JSON array */, *product;
};
int probe_node_read(const char *body, size_t n, struct probe_node *ret_node, struct err *err);
void probe_node_done(struct probe_node *node);

#endif
