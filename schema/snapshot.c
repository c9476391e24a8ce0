#include "schema/snapshot.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int no_state(struct err *err, const char *why)
{
	return err_set(err, ERR_ENV, "not a cluster state: %s", why);
}

/* ---- the canonical tree ---- */

static void put(json_t *to, const char *key, json_t *borrowed)
{
	json_object_set(to, key, borrowed ? borrowed : json_null());
}

static json_t *get(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a),
		      json_string_value(*(json_t *const *)b));
}

static int compare_ids(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int order = strcmp(json_string_value(json_object_get(x, "id")),
			   json_string_value(json_object_get(y, "id")));

	if (order)
		return order;
	return strcmp(json_string_value(json_object_get(x, "name")),
		      json_string_value(json_object_get(y, "name")));
}

/* A sorted copy that shares the elements. */
static json_t *sorted(const json_t *array, int (*compare)(const void *, const void *))
{
	size_t n = json_array_size(array);
	json_t **v = mem_alloc((n + 1) * sizeof *v);
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++)
		v[i] = json_array_get(array, i);
	qsort(v, n, sizeof *v, compare);
	for (size_t i = 0; i < n; i++)
		json_array_append(out, v[i]);
	free(v);
	return out;
}

/* Puts the sorted texts of array (absent: none) at key. */
static int put_texts(json_t *to, const char *key, const json_t *array, struct err *err)
{
	if (array && !json_is_array(array))
		return no_state(err, "a list was expected");
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!json_is_string(json_array_get(array, i)))
			return no_state(err, "a list of texts was expected");
	json_object_set_new(to, key, sorted(array, compare_texts));
	return 0;
}

static int put_text(json_t *to, const char *key, json_t *value, struct err *err)
{
	if (value && !json_is_string(value))
		return err_set(err, ERR_ENV, "not a cluster state: %s is not a text", key);
	put(to, key, value);
	return 0;
}

/* Never negative: -1 stands for absent. */
static int put_int(json_t *to, const char *key, json_t *value, struct err *err)
{
	if (value && (!json_is_integer(value) || json_integer_value(value) < 0))
		return err_set(err, ERR_ENV, "not a cluster state: %s is not a number", key);
	put(to, key, value);
	return 0;
}

static int add_member(json_t *members, json_t *id, const json_t *node, struct err *err)
{
	json_t *member = json_object(), *roles = get(node, "roles");
	int rc = 0;

	json_array_append_new(members, member);
	if (!json_is_string(id) || !json_is_string(get(node, "name")))
		return no_state(err, "a node without id or name");
	put(member, "id", id);
	put(member, "name", get(node, "name"));
	rc = put_text(member, "ephemeral_id", get(node, "ephemeral_id"), err);
	if (!rc)
		rc = put_text(member, "version", get(node, "version"), err);
	/* null: the product does not show them here, which is not the same as having none */
	if (!rc && roles)
		rc = put_texts(member, "roles", roles, err);
	else if (!rc)
		put(member, "roles", NULL);
	return rc;
}

static int put_members(json_t *to, json_t *nodes, struct err *err)
{
	json_t *members = json_array(), *node, *id;
	const char *key;
	size_t i;
	int rc = 0;

	if (json_is_object(nodes)) {
		json_object_foreach(nodes, key, node)
		{
			id = json_string(key);
			rc = rc ? rc : add_member(members, id, node, err);
			json_decref(id);
		}
	} else if (json_is_array(nodes)) {
		json_array_foreach(nodes, i, node) rc =
			rc ? rc : add_member(members, get(node, "id"), node, err);
	} else if (nodes) {
		rc = no_state(err, "nodes is not an object");
	}
	if (!rc)
		json_object_set_new(to, "members", sorted(members, compare_ids));
	json_decref(members);
	return rc;
}

static json_t *first_of(const json_t *object, const char *key, const char *other)
{
	return get(object, key) ? get(object, key) : get(object, other);
}

static int put_exclusions(json_t *to, const json_t *list, struct err *err)
{
	json_t *exclusions = json_array(), *item;
	size_t i;
	int rc = 0;

	json_array_foreach(list, i, item)
	{
		json_t *id = first_of(item, "node_id", "id");
		json_t *name = first_of(item, "node_name", "name");

		if (!json_is_string(id) || !json_is_string(name))
			rc = no_state(err, "a voting exclusion without id or name");
		else
			json_array_append_new(exclusions,
					      json_pack("{s:O,s:O}", "id", id, "name", name));
	}
	if (!rc)
		json_object_set_new(to, "exclusions", sorted(exclusions, compare_ids));
	json_decref(exclusions);
	return rc;
}

/* What both forms have, under the names that the form gives it. */
struct form {
	json_t *master, *nodes, *term, *voters, *voters_accepted, *exclusions;
};

static struct form canonical_form(const json_t *root)
{
	return (struct form){
		get(root, "master"), get(root, "members"),	   get(root, "term"),
		get(root, "voters"), get(root, "voters_accepted"), get(root, "exclusions")};
}

static struct form node_form(const json_t *root)
{
	const json_t *c = get(get(root, "metadata"), "cluster_coordination");

	return (struct form){first_of(root, "master_node", "cluster_manager_node"),
			     get(root, "nodes"),
			     get(c, "term"),
			     get(c, "last_committed_config"),
			     get(c, "last_accepted_config"),
			     get(c, "voting_config_exclusions")};
}

static bool is_state(const json_t *root)
{
	static const char *const keys[] = {"master_node", "cluster_manager_node", "nodes",
					   "version",	  "cluster_uuid",	  "metadata"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (json_object_get(root, keys[i]))
			return true;
	return false;
}

static int build(json_t *to, const json_t *root, struct err *err)
{
	bool canonical = json_is_array(get(root, "members"));
	struct form form = canonical ? canonical_form(root) : node_form(root);
	int rc = 0;

	if (!json_is_object(root) || (!canonical && !is_state(root)))
		return no_state(err, "it shows none of master_node, nodes, version, metadata");
	rc = put_text(to, "cluster_uuid", get(root, "cluster_uuid"), err);
	rc = rc ? rc : put_text(to, "state_uuid", get(root, "state_uuid"), err);
	rc = rc ? rc : put_text(to, "master", form.master, err);
	rc = rc ? rc : put_int(to, "version", get(root, "version"), err);
	rc = rc ? rc : put_int(to, "term", form.term, err);
	rc = rc ? rc : put_members(to, form.nodes, err);
	rc = rc ? rc : put_texts(to, "voters", form.voters, err);
	rc = rc ? rc : put_texts(to, "voters_accepted", form.voters_accepted, err);
	return rc ? rc : put_exclusions(to, form.exclusions, err);
}

/* ---- the struct ---- */

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int64_t number(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

static bool is_voter(const struct snapshot *s, const char *id)
{
	for (size_t i = 0; i < s->n_voters; i++)
		if (strcmp(s->voters[i], id) == 0)
			return true;
	return false;
}

static bool eligible(const struct snapshot *s, const char *id, const json_t *roles)
{
	json_t *role;
	size_t i;

	if (!json_is_array(roles))
		return is_voter(s, id);
	json_array_foreach(roles, i, role)
	{
		const char *name = json_string_value(role);

		if (strcmp(name, "master") == 0 || strcmp(name, "cluster_manager") == 0)
			return true;
	}
	return false;
}

static void fill(struct snapshot *s)
{
	const json_t *members = json_object_get(s->tree, "members");
	const json_t *voters = json_object_get(s->tree, "voters");

	s->cluster_uuid = text(s->tree, "cluster_uuid");
	s->state_uuid = text(s->tree, "state_uuid");
	s->master_id = text(s->tree, "master");
	s->term = number(s->tree, "term");
	s->version = number(s->tree, "version");
	s->n_voters = json_array_size(voters);
	s->voters = mem_alloc((s->n_voters + 1) * sizeof *s->voters);
	for (size_t i = 0; i < s->n_voters; i++)
		s->voters[i] = json_string_value(json_array_get(voters, i));
	s->n_members = json_array_size(members);
	s->members = mem_alloc((s->n_members + 1) * sizeof *s->members);
	for (size_t i = 0; i < s->n_members; i++) {
		const json_t *m = json_array_get(members, i);

		s->members[i] = (struct snapshot_member){
			.id = text(m, "id"),
			.name = text(m, "name"),
			.ephemeral_id = text(m, "ephemeral_id"),
			.version = text(m, "version"),
		};
		s->members[i].master_eligible =
			eligible(s, s->members[i].id, json_object_get(m, "roles"));
	}
}

struct snapshot *snapshot_parse(const char *body, size_t n, struct err *err)
{
	struct snapshot *s = NULL;
	json_error_t where;
	json_t *root = json_loadb(body, n, JSON_REJECT_DUPLICATES, &where);
	json_t *tree = json_object();

	if (!root)
		err_set(err, ERR_ENV, "not a cluster state: not JSON at byte %d", where.position);
	else if (build(tree, root, err) == 0) {
		s = mem_alloc(sizeof *s);
		s->tree = json_incref(tree);
		s->body = json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS);
		fill(s);
	}
	json_decref(tree);
	json_decref(root);
	return s;
}

static bool are_texts(const json_t *array)
{
	json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
	{
		if (!json_is_string(item))
			return false;
	}
	return json_is_array(array);
}

/* What the struct is filled from has the types that it must. */
static bool is_canonical(const json_t *root)
{
	const json_t *members = json_object_get(root, "members");
	json_t *member;
	size_t i;

	if (!json_is_array(members) || !are_texts(json_object_get(root, "voters")))
		return false;
	json_array_foreach(members, i, member)
	{
		const json_t *roles = json_object_get(member, "roles");

		if (!text(member, "id") || !text(member, "name") ||
		    (!json_is_null(roles) && !are_texts(roles)))
			return false;
	}
	return true;
}

struct snapshot *snapshot_parse_stored(const char *body, size_t n)
{
	json_t *root = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
	struct snapshot *s;

	if (!is_canonical(root)) {
		json_decref(root);
		return NULL;
	}
	s = mem_alloc(sizeof *s);
	s->tree = root;
	s->body = mem_strndup(body, n);
	fill(s);
	return s;
}

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	json_decref(s->tree);
	free(s->body);
	free(s->voters);
	free(s->members);
	free(s);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool snapshot_same_members(const struct snapshot *a, const struct snapshot *b)
{
	if (a->n_members != b->n_members)
		return false;
	for (size_t i = 0; i < a->n_members; i++)
		if (!same_text(a->members[i].id, b->members[i].id) ||
		    !same_text(a->members[i].ephemeral_id, b->members[i].ephemeral_id))
			return false;
	return true;
}

bool snapshot_same_voters(const struct snapshot *a, const struct snapshot *b)
{
	if (a->n_voters != b->n_voters)
		return false;
	for (size_t i = 0; i < a->n_voters; i++)
		if (!same_text(a->voters[i], b->voters[i]))
			return false;
	return true;
}
