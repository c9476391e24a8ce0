/* The states of a simulated cluster. */
#include "lib/str.h"
#include "tests/big/sim.h"
#include <stdio.h>
#include <string.h>

const char *const sim_names[SIM_NODES] = {"n1", "n2", "n3", "n4", "n5"};

void sim_must(int code, const struct err *err)
{
	if (!code)
		return;
	fprintf(stderr, "big: %s\n", err->text);
	exit(3);
}

static int count(unsigned bits)
{
	return __builtin_popcount(bits);
}

/* Adds live master-eligible nodes until there are want. */
static unsigned with_more(const struct sim_cluster *c, unsigned voters, unsigned live, int want)
{
	for (int i = 0; i < c->size && count(voters) < want; i++)
		if (live >> i & 1)
			voters |= 1u << i;
	return voters;
}

unsigned sim_reconfigured(const struct sim_cluster *c, unsigned live, int master, unsigned before)
{
	unsigned eligible = live & ((1u << c->size) - 1);
	int want = count(eligible) - (count(eligible) % 2 == 0);
	unsigned voters;

	if (want < 3)
		return before; /* does not shrink below three */
	voters = with_more(c, before & eligible, eligible, want);
	for (int i = SIM_NODES; i-- && count(voters) > want;)
		if (i != master)
			voters &= ~(1u << i);
	return voters;
}

void sim_cluster_init(struct sim_cluster *c, int size)
{
	*c = (struct sim_cluster){.size = size, .term = 1, .version = 20};
	c->voters = sim_reconfigured(c, (1u << SIM_NODES) - 1, 0, 0);
}

/* 22 letters, as Elasticsearch's. */
char *sim_id(const struct sim_cluster *c, int node)
{
	return mem_printf("node-%d-of-%d-masters-id-%d", node + 1, c->size, node);
}

static void add_nodes(struct str *s, const struct sim_cluster *c, const struct sim_state *state)
{
	const char *comma = "";

	for (int i = 0; i < SIM_NODES; i++) {
		char *id = sim_id(c, i);

		if (state->members >> i & 1) {
			str_addf(s,
				 "%s\"%s\":{\"name\":\"%s\",\"ephemeral_id\":"
				 "\"process-%06d-of-%d-%d\",\"version\":\"8.19.0\",\"roles\":[%s]}",
				 comma, id, sim_names[i], state->generation[i], c->size, i + 1,
				 i < c->size ? "\"data\",\"master\"" : "\"data\"");
			comma = ",";
		}
		free(id);
	}
}

static void add_voters(struct str *s, const struct sim_cluster *c, unsigned voters)
{
	const char *comma = "";

	for (int i = 0; i < SIM_NODES; i++) {
		char *id = sim_id(c, i);

		if (voters >> i & 1) {
			str_addf(s, "%s\"%s\"", comma, id);
			comma = ",";
		}
		free(id);
	}
}

struct snapshot *sim_view(const struct sim_cluster *c, const struct sim_state *state)
{
	struct str s = STR_INIT;
	struct err err = ERR_INIT;
	struct snapshot *view;
	char *master = state->master < 0 ? NULL : sim_id(c, state->master);

	str_addf(&s, "{\"cluster_uuid\":\"cluster-of-%d-masters\",\"version\":%lld,", c->size,
		 (long long)state->version);
	str_addf(&s, "\"state_uuid\":\"state-%08lld-of-%d--\",", (long long)state->version,
		 c->size);
	if (master)
		str_addf(&s, "\"master_node\":\"%s\",", master);
	str_add(&s, "\"nodes\":{");
	add_nodes(&s, c, state);
	str_addf(&s, "},\"metadata\":{\"cluster_coordination\":{\"term\":%lld,",
		 (long long)state->term);
	str_add(&s, "\"last_committed_config\":[");
	add_voters(&s, c, state->voters);
	str_add(&s, "],\"last_accepted_config\":[");
	add_voters(&s, c, state->voters);
	str_add(&s, "]}}}");
	view = snapshot_parse(s.s, s.n, &err);
	sim_must(view ? 0 : err.code, &err);
	str_done(&s);
	free(master);
	return view;
}
