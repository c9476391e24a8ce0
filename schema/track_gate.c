/* Whether a cluster is whole, and where its master is. */
#include "schema/track_impl.h"
#include <stdio.h>
#include <string.h>

static int ordinal_of(const struct track *t, const char *name)
{
	for (size_t i = 0; name && i < t->n_nodes; i++)
		if (strcmp(t->names[i], name) == 0)
			return (int)i;
	return -1;
}

int track_master(const struct track *t)
{
	const struct snapshot *first = t->nodes[0].view;

	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct snapshot *view = t->nodes[i].view;

		if (!view || !view->master_id || !snapshot_same_master(view, first))
			return -1;
	}
	return ordinal_of(t, snapshot_master_name(first));
}

int track_survivors_master(const struct track *t)
{
	const struct snapshot *view = track_common_master(t, true);

	return view ? ordinal_of(t, snapshot_master_name(view)) : -1;
}

int track_new_master(const struct track *t, int64_t *ret_term)
{
	const struct agreement *a = track_final_agreement(t);

	if (ret_term)
		*ret_term = a ? a->term : -1;
	return a ? ordinal_of(t, snapshot_master_name(a->view)) : -1;
}

/* What one node's view lacks, beside that of the first node; NULL: nothing. */
static const char *lacks(const struct track *t, const struct snapshot *view, size_t n_voters)
{
	const struct snapshot *first = t->nodes[0].view;

	if (!view->master_id)
		return "knows no master";
	if (view->n_members < t->n_nodes)
		return "does not list every node";
	if (view->n_members > t->n_nodes)
		return "lists nodes that the plan does not name";
	for (size_t i = 0; i < t->n_nodes; i++)
		if (!snapshot_member_by_name(view, t->names[i]))
			return "does not list every node";
	if (view->n_voters != n_voters)
		return "shows a voting configuration of another size";
	if (snapshot_live_voters(view) != n_voters)
		return "shows a voter that is not there";
	if (view == first)
		return NULL;
	if (!snapshot_same_master(view, first) || view->term != first->term)
		return "names another master or term";
	if (!snapshot_same_members(view, first))
		return "lists another set of processes";
	return snapshot_same_voters(view, first) ? NULL : "shows another voting configuration";
}

static bool fails(const struct track *t, size_t node, const char *what, char *why, size_t size)
{
	snprintf(why, size, "%s %s", t->names[node], what);
	return false;
}

bool track_is_whole(const struct track *t, size_t n_voters, enum health least_health, char *why,
		    size_t size)
{
	for (size_t i = 0; i < t->n_nodes; i++)
		if (!t->nodes[i].view || t->nodes[i].failing)
			return fails(t, i, "does not answer", why, size);
	for (size_t i = 0; i < t->n_nodes; i++) {
		const struct track_node *n = &t->nodes[i];
		const char *what = NULL;

		/* seen already with the node before */
		if (i == 0 || n->view != t->nodes[i - 1].view)
			what = lacks(t, n->view, n_voters);
		if (what && strstr(what, "of another size")) {
			snprintf(why, size, "%s shows %zu voters, not %zu", t->names[i],
				 n->view->n_voters, n_voters);
			return false;
		}
		if (what)
			return fails(t, i, what, why, size);
		if (n->health == HEALTH_NONE)
			return fails(t, i, "does not say how healthy it is", why, size);
		if (n->health == HEALTH_RED)
			return fails(t, i, "says that health is red", why, size);
		if (n->health < least_health)
			return fails(t, i, "says that health is yellow: shards are not assigned",
				     why, size);
	}
	if (size)
		why[0] = '\0';
	return true;
}
