/* What no key can say alone: defaults that follow from other keys, and what does not go together.
 */
#include "collector/plan_impl.h"
#include <inttypes.h>

int plan_voters(int master_eligible)
{
	return master_eligible % 2 ? master_eligible : master_eligible - 1;
}

int plan_quorum(int voters)
{
	return voters / 2 + 1;
}

/* Where a value stands, or whatever it was reckoned from. */
static const struct plan_node *place(const struct plan_draft *draft, enum plan_key_id key,
				     enum plan_key_id otherwise)
{
	if (draft->where[key])
		return draft->where[key];
	return draft->where[otherwise] ? draft->where[otherwise] : draft->root;
}

static const struct plan_node *level_place(const struct plan_draft *draft, size_t i)
{
	const struct plan_node *at = place(draft, KEY_MASTER_ELIGIBLE, KEY_NODES);

	return at->kind == NODE_LIST ? at->items.v[i] : at;
}

static int fill_sizes(struct plan_draft *draft, struct err *err)
{
	if (!draft->masters.n && !draft->n_nodes)
		return plan_fail(draft->root, plan_keys[KEY_MASTER_ELIGIBLE].path, err,
				 "missing: a whole number or a list of them is expected");
	if (!draft->masters.n)
		vec_push(&draft->masters, draft->n_nodes);
	if (!draft->n_nodes)
		for (size_t i = 0; i < draft->masters.n; i++)
			if (draft->masters.v[i] > draft->n_nodes)
				draft->n_nodes = draft->masters.v[i];
	return 0;
}

static bool takes_a_node(const struct plan_draft *draft)
{
	for (size_t i = 0; i < draft->faults.n; i++)
		if (draft->faults.v[i] != FAULT_NOOP)
			return true;
	return false;
}

/* Promise 3: a fault must not break quorum. Every fault so far but noop takes one node, the elected
 * master, which is a voter. */
static int check_size(const struct plan_draft *draft, size_t i, struct err *err)
{
	const struct plan_node *at = level_place(draft, i);
	const char *path = plan_keys[KEY_MASTER_ELIGIBLE].path;
	int masters = (int)draft->masters.v[i];
	int voters = plan_voters(masters), quorum = plan_quorum(voters);

	if (masters > draft->n_nodes)
		return plan_fail(at, path, err,
				 "%d: at most cluster.nodes (%" PRId64 ") is expected", masters,
				 draft->n_nodes);
	if (takes_a_node(draft) && voters - 1 < quorum)
		return plan_fail(
			at, path, err,
			"%d: losing the master leaves %d of %d voter%s where %d %s needed: "
			"at least 3 is expected",
			masters, voters - 1, voters, voters == 1 ? "" : "s", quorum,
			quorum == 1 ? "is" : "are");
	return 0;
}

static int check_poll(const struct plan_draft *draft, struct err *err)
{
	if (draft->poll_timeout_ns < draft->poll_fast_ns)
		return plan_fail(place(draft, KEY_POLL_TIMEOUT, KEY_POLL_FAST),
				 plan_keys[KEY_POLL_TIMEOUT].path, err,
				 "shorter than poll.fast: at least poll.fast is expected");
	return 0;
}

static int check_ports(const struct plan_draft *draft, struct err *err)
{
	int64_t http = draft->http_port, transport = draft->transport_port;
	int64_t n = draft->n_nodes;

	if (http + n - 1 > 65535)
		return plan_fail(draft->where[KEY_PORTS_HTTP], plan_keys[KEY_PORTS_HTTP].path, err,
				 "%" PRId64 ": at most %" PRId64 " is expected with %" PRId64
				 " nodes",
				 http, 65536 - n, n);
	if (transport + n - 1 > 65535)
		return plan_fail(
			draft->where[KEY_PORTS_TRANSPORT], plan_keys[KEY_PORTS_TRANSPORT].path, err,
			"%" PRId64 ": at most %" PRId64 " is expected with %" PRId64 " nodes",
			transport, 65536 - n, n);
	if (http && transport && http < transport + n && transport < http + n)
		return plan_fail(draft->where[KEY_PORTS_TRANSPORT],
				 plan_keys[KEY_PORTS_TRANSPORT].path, err,
				 "%" PRId64 ": ports of its own are expected: HTTP takes %" PRId64
				 " to %" PRId64,
				 transport, http, http + n - 1);
	return 0;
}

int plan_check(struct plan_draft *draft, struct err *err)
{
	int code = fill_sizes(draft, err);

	for (size_t i = 0; i < draft->masters.n && !code; i++)
		code = check_size(draft, i, err);
	if (!code)
		code = check_poll(draft, err);
	if (!code)
		code = check_ports(draft, err);
	return code;
}
