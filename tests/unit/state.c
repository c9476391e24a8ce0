#include "tests/unit/state.h"
#include "lib/str.h"
#include "tests/unit/unit.h"

/* Calls add for the nodes of the set, with commas between. */
static void add_each(struct str *s, const struct state *state, unsigned nodes,
		     void (*add)(struct str *s, const struct state *state, int node))
{
	const char *comma = "";

	for (int i = 0; i < state->n_nodes; i++) {
		if (!(nodes >> i & 1))
			continue;
		str_add(s, comma);
		add(s, state, i);
		comma = ",";
	}
}

static void add_node(struct str *s, const struct state *state, int node)
{
	str_addf(s,
		 "\"id%d\":{\"name\":\"n%d\",\"ephemeral_id\":\"e%d-%u\",\"roles\":[\"master\"]}",
		 node, node, node, state->anew >> node & 1);
}

static void add_voter(struct str *s, const struct state *state, int node)
{
	(void)state;
	str_addf(s, "\"id%d\"", node);
}

const struct snapshot *state_make(struct snapshot_set *set, const struct state *state)
{
	struct str s = STR_INIT;
	struct err err = ERR_INIT;
	struct snapshot *parsed;

	str_add(&s, "{\"version\":1,");
	if (state->master >= 0)
		str_addf(&s, "\"master_node\":\"id%d\",", state->master);
	str_add(&s, "\"nodes\":{");
	add_each(&s, state, state->listed, add_node);
	str_addf(&s,
		 "},\"metadata\":{\"cluster_coordination\":{\"term\":%d,"
		 "\"last_committed_config\":[",
		 state->term);
	add_each(&s, state, state->voters, add_voter);
	str_add(&s, "]}}}");
	parsed = snapshot_parse(s.s, s.n, &err);
	assert_string_equal(err.text, "");
	str_done(&s);
	return snapshot_set_take(set, parsed);
}
