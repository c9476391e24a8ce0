/* Every master change and metric once more, from the stored samples. */
#include "report/verify_derive.h"
#include "lib/clock.h"
#include "schema/sql.h"
#include <stdio.h>
#include <string.h>

/* ---- what is stored ---- */

static int on_change(void *arg, const struct store_row *row, struct err *err)
{
	struct stored *s = arg;
	struct stored_change change = {.node = store_is_null(row, 0) ? -1 : (int)store_int(row, 0),
				       .at = {store_int(row, 1), store_int(row, 2)},
				       .from = mem_strdup(store_text(row, 3)),
				       .to = mem_strdup(store_text(row, 4)),
				       .term = store_is_null(row, 5) ? -1 : store_int(row, 5)};

	(void)err;
	vec_push(&s->changes, change);
	return 0;
}

static int load(struct verify *v, struct stored *s, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, s->t->trial_id, NULL}};

	if (store_query(v->store, SQL_VERIFY_MASTER_CHANGES, binds, 1, on_change, s, err))
		return err->code;
	return verify_metrics_load(v, s, err);
}

static void stored_done(struct stored *s)
{
	for (size_t i = 0; i < s->changes.n; i++) {
		free(s->changes.v[i].from);
		free(s->changes.v[i].to);
	}
	vec_done(&s->changes);
	vec_done(&s->metrics);
}

/* ---- master changes ---- */

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *name_of(const struct snapshot *view)
{
	return view ? snapshot_master_name(view) : NULL;
}

/* The first answer of a node that is kept: a watch drops those of quiet time, and with them what
 * came before it. */
static int64_t first_kept_ns(const struct verify_trial *t, int node)
{
	const struct store_sample *s;

	vec_each (s, &t->samples)
		if (s->node == node && s->view)
			return t->base_ns + (s->due_us + s->late_us + s->took_us) * NS_PER_US;
	return INT64_MAX;
}

static bool same_change(const struct stored_change *a, const struct master_change *b)
{
	return a->at.lo_ns == b->at.lo_ns && a->at.hi_ns == b->at.hi_ns &&
	       same_text(a->from, name_of(b->from)) && same_text(a->to, name_of(b->to)) &&
	       a->term == (b->to ? b->to->term : -1);
}

/* Of each node, the stored ones in their order are the derived ones in theirs. */
static void compare_changes(const struct stored *s, const struct replay *replay,
			    struct difference *d)
{
	const master_changes *derived = track_master_changes(replay->track);
	size_t at = 0;

	for (int node = 0; node < (int)s->t->n_nodes; node++) {
		int64_t from_ns = s->t->n_quiet ? first_kept_ns(s->t, node) : INT64_MIN;
		const struct master_change *c;

		while (at < s->changes.n && s->changes.v[at].node == node &&
		       s->changes.v[at].at.hi_ns <= from_ns)
			at++;
		vec_each (c, derived) {
			if (c->node != node)
				continue;
			if (at < s->changes.n && s->changes.v[at].node == node &&
			    same_change(&s->changes.v[at], c)) {
				at++;
				continue;
			}
			snprintf(d->text, sizeof d->text,
				 "the samples show that %s saw the master change to %s at %.6f s: "
				 "stored "
				 "is another change, or none",
				 s->t->names[node], name_of(c->to) ? name_of(c->to) : "none",
				 (double)(c->at.hi_ns - s->t->base_ns) / 1e9);
			return;
		}
	}
	if (at < s->changes.n)
		snprintf(d->text, sizeof d->text,
			 "a change of master is stored, at %.6f s, that the samples do not show",
			 (double)(s->changes.v[at].at.hi_ns - s->t->base_ns) / 1e9);
}

/* ---- the trial's own columns ---- */

static const char *node_name(const struct verify_trial *t, int node)
{
	return node >= 0 && (size_t)node < t->n_nodes ? t->names[node] : "none";
}

static void compare_masters(const struct stored *s, const struct replay *replay,
			    struct difference *d)
{
	const struct verify_trial *t = s->t;

	if (!replay->struck || t->replay.watched)
		return;
	if (t->old_master != replay->old_master || t->term_before != replay->term_before)
		snprintf(d->text, sizeof d->text,
			 "the master before is stored as %s of term %lld, the samples show %s of "
			 "%lld",
			 node_name(t, t->old_master), (long long)t->term_before,
			 node_name(t, replay->old_master), (long long)replay->term_before);
	else if (!same_text(t->old_ephemeral_id, replay->old_ephemeral_id))
		snprintf(d->text, sizeof d->text,
			 "old_ephemeral_id is not what the samples show of the victim");
	else if (t->new_master != replay->new_master || t->term_after != replay->term_after)
		snprintf(d->text, sizeof d->text,
			 "the new master is stored as %s of term %lld, the samples show %s of %lld",
			 node_name(t, t->new_master), (long long)t->term_after,
			 node_name(t, replay->new_master), (long long)replay->term_after);
}

/* ---- the rounds ---- */

/* The collector saw each round to its end. */
static bool saw_rounds_end(const struct verify_trial *t)
{
	const struct replay_step *step;

	vec_each (step, &t->replay.steps)
		if (!step->undoes && step->failed && !step->voided)
			return false;
	return strcmp(t->outcome, "aborted") != 0;
}

/* loss.reelection_lo_ns and _hi_ns. */
static void compare_rounds(const struct stored *s, const struct replay *replay,
			   struct difference *d)
{
	const struct verify_trial *t = s->t;

	for (size_t i = 0; i < t->reelections.n; i++) {
		struct interval stored = t->reelections.v[i], derived = {TRACK_NEVER, TRACK_NEVER};

		if (i < replay->reelections.n && replay->reelections.v[i].hi_ns != TRACK_NEVER)
			derived = replay->reelections.v[i];
		if (stored.lo_ns == derived.lo_ns && stored.hi_ns == derived.hi_ns)
			continue;
		if (stored.lo_ns == TRACK_NEVER && stored.hi_ns == TRACK_NEVER &&
		    !saw_rounds_end(t))
			continue;
		snprintf(d->text, sizeof d->text,
			 "round %zu: the re-election that table loss says is not the one that the "
			 "samples show",
			 i + 1);
		return;
	}
}

/* ---- all ---- */

static int64_t fault_ns(const struct replay *replay)
{
	return track_steps(replay->track)->fault_issued_ns;
}

/* One way of ordering what happened in the same microsecond. */
static int try_order(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		     struct stored *s, unsigned order, struct difference *d, struct err *err)
{
	struct replay replay;
	struct verify_open_gap open_gap = {0};

	d->text[0] = '\0';
	replay_run(&t->replay, order, &replay);
	if (replay.struck && !replay.why_not && !t->replay.watched)
		verify_write_gap(v, study, t, fault_ns(&replay), &replay.values, &open_gap, err);
	compare_changes(s, &replay, d);
	if (!d->text[0] && replay.why_not)
		v->n_underived += order == 0;
	else if (!d->text[0])
		verify_metrics_compare(s, &replay, &open_gap, d);
	if (!d->text[0] && !replay.why_not)
		compare_masters(s, &replay, d);
	if (!d->text[0] && !replay.why_not)
		compare_rounds(s, &replay, d);
	replay_done(&replay);
	return err->code;
}

int verify_derive(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		  struct err *err)
{
	struct stored s = {.t = t};
	struct difference first, other;

	if (t->strange_samples || !t->n_nodes) {
		verify_fail(v, VERIFY_DERIVED,
			    "trial %lld (position %lld): it has rows that no trial can have",
			    (long long)t->trial_id, (long long)t->position);
		return 0;
	}
	if (load(v, &s, err) || try_order(v, study, t, &s, REPLAY_PLAIN, &first, err))
		goto out;
	other = first;
	for (unsigned order = 1; other.text[0] && order < N_REPLAY_ORDERS; order++)
		if (try_order(v, study, t, &s, order, &other, err))
			goto out;
	if (other.text[0])
		verify_fail(v, VERIFY_DERIVED, "trial %lld (position %lld): %s",
			    (long long)t->trial_id, (long long)t->position, first.text);
	v->n_changes += s.changes.n;
	v->n_metrics += s.metrics.n;
out:
	stored_done(&s);
	return err->code;
}
