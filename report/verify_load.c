/* A trial's rows, as verify needs them. */
#include "report/verify.h"
#include "schema/sql.h"
#include <string.h>

static int64_t int_or_never(const struct store_row *row, int column)
{
	return store_is_null(row, column) ? TRACK_NEVER : store_int(row, column);
}

static bool is_node(const struct verify_trial *t, const struct store_row *row, int column)
{
	return !store_is_null(row, column) && store_int(row, column) >= 0 &&
	       store_int(row, column) < (int64_t)t->n_nodes;
}

static int on_node(void *arg, const struct store_row *row, struct err *err)
{
	struct verify_trial *t = arg;
	size_t i = (size_t)store_int(row, 0);

	(void)err;
	if (i >= TRACK_MAX_NODES)
		return 0;
	free(t->owned_names[i]);
	t->names[i] = t->owned_names[i] = mem_strdup(store_text(row, 1));
	if (i + 1 > t->n_nodes)
		t->n_nodes = i + 1;
	return 0;
}

static int on_step(void *arg, const struct store_row *row, struct err *err)
{
	struct verify_trial *t = arg;
	struct replay_step step = {.node = (int)store_int(row, 0),
				   .action = mem_strdup(store_text(row, 1)),
				   .undoes = store_int(row, 2),
				   .intent_ns = int_or_never(row, 3),
				   .issued_ns = int_or_never(row, 4),
				   .done_ns = int_or_never(row, 5),
				   .undone_ns = int_or_never(row, 6),
				   .gone = {int_or_never(row, 7), int_or_never(row, 8)},
				   .failed = store_int(row, 9),
				   .voided = store_int(row, 10)};

	(void)err;
	t->strange_samples = t->strange_samples || !is_node(t, row, 0);
	vec_push(&t->replay.steps, step);
	return 0;
}

static int on_loss(void *arg, const struct store_row *row, struct err *err)
{
	struct verify_trial *t = arg;
	size_t round = (size_t)store_int(row, 0);

	(void)err;
	if (round < 1 || round > t->replay.rounds.n + 1 || !is_node(t, row, 1)) {
		t->strange_samples = true;
		return 0;
	}
	if (round > t->replay.rounds.n) {
		vec_push(&t->replay.rounds, (struct replay_round){{false}});
		vec_push(&t->reelections,
			 (struct interval){int_or_never(row, 2), int_or_never(row, 3)});
	}
	t->replay.rounds.v[round - 1].taken[store_int(row, 1)] = true;
	return 0;
}

static int on_health(void *arg, const struct store_row *row, struct err *err)
{
	struct verify_trial *t = arg;
	struct health_change change = {.node = (int)store_int(row, 0),
				       .at = {store_int(row, 1), store_int(row, 2)}};
	const char *status = store_text(row, 3);

	(void)err;
	for (int i = 0; health_names[i]; i++)
		if (status && strcmp(health_names[i], status) == 0)
			change.status = (enum health)i;
	if (is_node(t, row, 0))
		vec_push(&t->healths, change);
	else
		t->strange_samples = true;
	return 0;
}

int verify_load_trial(struct verify *v, struct verify_trial *t, struct err *err)
{
	const struct store_bind trial[] = {{STORE_BIND_INT, t->trial_id, NULL}};
	const struct store_bind cluster[] = {{STORE_BIND_INT, t->cluster_id, NULL}};

	if (store_query(v->store, SQL_VERIFY_NODES, cluster, 1, on_node, t, err))
		return err->code;
	for (size_t i = 0; i < t->n_nodes; i++)
		if (!t->names[i])
			t->n_nodes = 0; /* a node is missing in between */
	if (store_query(v->store, SQL_VERIFY_STEPS, trial, 1, on_step, t, err) ||
	    store_query(v->store, SQL_VERIFY_LOSSES, trial, 1, on_loss, t, err) ||
	    store_query(v->store, SQL_VERIFY_HEALTHS, trial, 1, on_health, t, err))
		return err->code;
	t->replay.n_nodes = t->n_nodes;
	t->replay.names = t->names;
	t->replay.base_ns = t->base_ns;
	t->replay.watched = strcmp(t->fault, "watched") == 0;
	t->replay.samples = &t->samples;
	t->replay.healths = &t->healths;
	return 0;
}

/* What no answer can be: of another node, sent before it was due, longer than a trial can last. */
static bool is_strange(const struct verify_trial *t, const struct seal_sample *s)
{
	static const int64_t most_us = INT64_C(1) << 40;

	return s->strange || (size_t)s->node >= t->n_nodes || s->outcome < SAMPLE_OK ||
	       s->outcome > SAMPLE_TIMEOUT || s->late_us < 0 || s->took_us < 0 ||
	       s->late_us > most_us || s->took_us > most_us;
}

int verify_take_sample(void *arg, const struct seal_sample *s, struct err *err)
{
	struct verify_pass *pass = arg;
	struct verify *v = pass->v;
	struct verify_trial *t = pass->t;
	struct store_sample sample = {.due_us = s->due_us,
				      .late_us = s->late_us,
				      .took_us = s->took_us,
				      .node = (uint8_t)s->node,
				      .outcome = (uint8_t)s->outcome};

	v->n_samples++;
	if (s->snapshot_id && verify_view(v, s->snapshot_id, &sample.view, err))
		return err->code;
	if (is_strange(t, s) || (sample.outcome == SAMPLE_OK) != (sample.view != NULL))
		t->strange_samples = true;
	vec_push(&t->samples, sample);
	return 0;
}

void verify_trial_done(struct verify_trial *t)
{
	for (size_t i = 0; i < t->replay.steps.n; i++)
		free((char *)t->replay.steps.v[i].action);
	for (size_t i = 0; i < TRACK_MAX_NODES; i++)
		free(t->owned_names[i]);
	vec_done(&t->replay.steps);
	vec_done(&t->replay.rounds);
	vec_done(&t->reelections);
	vec_done(&t->healths);
	free(t->fault);
	free(t->outcome);
	free(t->old_ephemeral_id);
}
