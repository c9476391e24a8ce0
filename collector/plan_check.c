/* What no key can say alone: defaults that follow from other keys, and what does not go together.
 */
#include "collector/plan_impl.h"
#include "lib/str.h"
#include <inttypes.h>
#include <string.h>

enum { MAX_CLUSTERS = 1000 };

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

	for (size_t k = 0; !draft->where[KEY_MASTER_ELIGIBLE] && k < draft->sizes.n; k++)
		if (draft->sizes.v[k].masters == draft->masters.v[i])
			return draft->sizes.v[k].where;
	return at->kind == NODE_LIST ? at->items.v[i] : at;
}

static int fill_from_hosts(struct plan_draft *draft, struct err *err)
{
	for (size_t i = 0; !draft->where[KEY_MASTER_ELIGIBLE] && i < draft->sizes.n; i++)
		vec_push(&draft->masters, draft->sizes.v[i].masters);
	for (size_t i = 0; i < draft->masters.n; i++) {
		bool found = false;

		for (size_t k = 0; k < draft->sizes.n; k++)
			found = found || draft->sizes.v[k].masters == draft->masters.v[i];
		if (!found)
			return plan_fail(level_place(draft, i), plan_keys[KEY_MASTER_ELIGIBLE].path,
					 err, "%" PRId64 ": one of cluster.sizes is expected",
					 draft->masters.v[i]);
	}
	return 0;
}

static int fill_sizes(struct plan_draft *draft, struct err *err)
{
	if (draft->sizes.n)
		return fill_from_hosts(draft, err);
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

int plan_target_count(enum plan_target target, int master_eligible)
{
	if (target == TARGET_HALF)
		return master_eligible / 2;
	if (target == TARGET_MAJORITY)
		return master_eligible / 2 + 1;
	return target >= TARGET_1 ? (int)(target - TARGET_1) + 1 : 1;
}

/* A partition takes no voter away: one of its sides keeps more than half of them. */
static bool loses_quorum(enum plan_fault fault, enum plan_target target, int masters)
{
	int voters = plan_voters(masters), n = plan_target_count(target, masters);

	if (fault == FAULT_NOOP || fault == FAULT_PARTITION)
		return false;
	if (target == TARGET_NON_MASTER && masters == 1)
		return false; /* the one voter is the master */
	return target == TARGET_CASCADE || voters - n < plan_quorum(voters);
}

bool plan_loses_quorum(const struct plan *plan, const struct plan_arm *arm)
{
	return loses_quorum(arm->fault, arm->target,
			    plan->clusters.v[arm->cluster].master_eligible);
}

static bool is_allowed(const struct plan_draft *draft, enum plan_allow what)
{
	for (size_t i = 0; i < draft->allows.n; i++)
		if (draft->allows.v[i] == (int64_t)what)
			return true;
	return false;
}

/* Promise 3: a fault must not break quorum unless the plan asks for it. */
static int check_quorum(const struct plan_draft *draft, size_t i, enum plan_fault fault,
			enum plan_target target, struct err *err)
{
	const struct plan_node *at = level_place(draft, i);
	const char *path = plan_keys[KEY_MASTER_ELIGIBLE].path;
	int masters = (int)draft->masters.v[i];
	int voters = plan_voters(masters), quorum = plan_quorum(voters);
	int left = voters - plan_target_count(target, masters);

	if (is_allowed(draft, ALLOW_QUORUM_LOSS) || !loses_quorum(fault, target, masters))
		return 0;
	if (target == TARGET_MASTER)
		return plan_fail(
			at, path, err,
			"%d: losing the master leaves %d of %d voter%s where %d %s needed: "
			"at least 3 is expected, or allow: [quorum_loss]",
			masters, left, voters, voters == 1 ? "" : "s", quorum,
			quorum == 1 ? "is" : "are");
	return plan_fail(at, path, err,
			 "%d: target %s leaves fewer voters than the %d of %d that are needed: "
			 "allow: [quorum_loss] is expected",
			 masters, plan_target_names[target], quorum, voters);
}

static int nodes_of(const struct plan_draft *draft, int masters)
{
	for (size_t k = 0; k < draft->sizes.n; k++)
		if (draft->sizes.v[k].masters == masters)
			return (int)draft->sizes.v[k].hosts.n;
	return (int)draft->n_nodes;
}

/* Somebody must be left to watch, and somebody to be taken. */
static int check_count(const struct plan_draft *draft, enum plan_target target, int masters,
		       struct err *err)
{
	const struct plan_node *at = place(draft, KEY_TARGET, KEY_FAULT);
	const char *path = plan_keys[KEY_TARGET].path, *name = plan_target_names[target];
	int n_nodes = nodes_of(draft, masters), n = plan_target_count(target, masters);

	if (n == 0)
		return plan_fail(at, path, err,
				 "%s: of one master-eligible node that is none: another target is "
				 "expected",
				 name);
	if (n >= n_nodes)
		return plan_fail(at, path, err,
				 "%s: takes all of %d node%s: one that watches must be left", name,
				 n_nodes, n_nodes == 1 ? "" : "s");
	return 0;
}

/* What of fault and target goes together, on a cluster of that size. */
static int check_arm(const struct plan_draft *draft, size_t i, enum plan_fault fault,
		     enum plan_target target, struct err *err)
{
	const struct plan_node *at = place(draft, KEY_TARGET, KEY_FAULT);
	const char *path = plan_keys[KEY_TARGET].path, *name = plan_target_names[target];
	int masters = (int)draft->masters.v[i];

	if (fault == FAULT_NOOP || fault == FAULT_WATCHED)
		return 0;
	if (target == TARGET_NONE)
		return plan_fail(at, path, err, "none: of fault watched only: a node is expected");
	if (fault == FAULT_HANDOVER && target != TARGET_MASTER && target != TARGET_NON_MASTER)
		return plan_fail(at, path, err,
				 "%s: master or non_master is expected with fault handover", name);
	if (fault == FAULT_PARTITION && target == TARGET_CASCADE)
		return plan_fail(at, path, err,
				 "cascade: another target is expected with fault partition");
	if (check_quorum(draft, i, fault, target, err))
		return err->code;
	return check_count(draft, target, masters, err);
}

static int check_size(const struct plan_draft *draft, size_t i, struct err *err)
{
	int masters = (int)draft->masters.v[i], code = 0;

	if (!draft->sizes.n && masters > draft->n_nodes)
		return plan_fail(level_place(draft, i), plan_keys[KEY_MASTER_ELIGIBLE].path, err,
				 "%d: at most cluster.nodes (%" PRId64 ") is expected", masters,
				 draft->n_nodes);
	for (size_t f = 0; f < draft->faults.n; f++)
		for (size_t t = 0; t < draft->targets.n && !code; t++)
			code = check_arm(draft, i, (enum plan_fault)draft->faults.v[f],
					 (enum plan_target)draft->targets.v[t], err);
	return code;
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

/* Levels multiply: what nobody can wait for is a slip, and more than memory holds. */
static int check_clusters(const struct plan_draft *draft, struct err *err)
{
	size_t n = draft->masters.n * draft->indices.n;

	for (size_t i = 0; i < draft->sweep.n && n <= MAX_CLUSTERS; i++)
		n *= draft->sweep.v[i].values.n;
	if (n > MAX_CLUSTERS)
		return plan_fail(place(draft, KEY_SWEEP, KEY_INDICES), "factors", err,
				 "more than %d different clusters: fewer levels are expected",
				 MAX_CLUSTERS);
	return 0;
}

int plan_check(struct plan_draft *draft, struct err *err)
{
	int code = plan_check_driver(draft, err);

	if (!code)
		code = fill_sizes(draft, err);
	if (!code)
		code = check_clusters(draft, err);
	for (size_t i = 0; i < draft->masters.n && !code; i++)
		code = check_size(draft, i, err);
	if (!code)
		code = check_poll(draft, err);
	if (!code)
		code = check_ports(draft, err);
	return code;
}
