/* What happens beside the answers of a trial that is played again: faults, ends, returns, health.
 */
#include "lib/clock.h"
#include "schema/replay_impl.h"
#include <stdlib.h>
#include <string.h>

static bool is(const struct replay_step *step, const char *action)
{
	return strcmp(step->action, action) == 0;
}

static bool ends_process(const struct replay_step *step)
{
	return !step->undoes && (is(step, "stop") || is(step, "kill"));
}

/* Intended, and then nothing was done: the cluster changed, or the collector died. */
static bool is_void(const struct replay_step *step)
{
	return step->issued_ns == TRACK_NEVER && (step->voided || !step->failed);
}

static int64_t later(int64_t a_ns, int64_t b_ns)
{
	return a_ns > b_ns ? a_ns : b_ns;
}

/* ---- what the steps say ---- */

/* The first step of a round, with its instant; NULL: none was begun. */
static const struct replay_step *first_of_round(const struct play *p, int round)
{
	const struct replay_step *step;

	vec_each (step, &p->trial->steps)
		if (!step->undoes && step->issued_ns != TRACK_NEVER &&
		    (p->noop || p->round_of[step->node] == round))
			return step;
	return NULL;
}

/* The collector looks at a round for the last time right before it intends what comes next, a
 * further loss or the healing. TRACK_NEVER: nothing does. */
static int64_t end_of_round_ns(const struct play *p, int round)
{
	const struct replay_step *step, *last = NULL;

	vec_each (step, &p->trial->steps)
		if (!step->undoes && !is_void(step) && p->round_of[step->node] == round)
			last = step;
	return last && last + 1 < p->trial->steps.v + p->trial->steps.n ? last[1].intent_ns
									: TRACK_NEVER;
}

static const struct replay_step *first_undo(const struct replay_trial *trial)
{
	const struct replay_step *step;

	vec_each (step, &trial->steps)
		if (step->undoes && !is(step, "include"))
			return step;
	return NULL;
}

static bool exclusion_failed(const struct replay_trial *trial)
{
	const struct replay_step *step;

	vec_each (step, &trial->steps)
		if (is(step, "exclude") && step->failed)
			return true;
	return false;
}

void replay_find_rounds(struct play *p)
{
	const struct replay_trial *trial = p->trial;
	const struct replay_step *step;

	for (int i = 0; i < TRACK_MAX_NODES; i++)
		p->round_of[i] = -1;
	for (size_t r = 0; r < trial->rounds.n; r++)
		for (size_t i = 0; i < trial->n_nodes; i++)
			if (trial->rounds.v[r].taken[i])
				p->round_of[i] = (int)r;
	vec_each (step, &trial->steps) {
		p->noop = p->noop || (is(step, "noop") && !is_void(step));
		/* recorded before losses were: all at once */
		if (!trial->rounds.n && !step->undoes && !is_void(step))
			p->round_of[step->node] = 0;
	}
	p->n_rounds = p->noop || !trial->rounds.n ? 1 : trial->rounds.n;
}

/* A call that failed before its instant was told, as the first of the fault or of the return. */
const char *replay_why_not(const struct play *p)
{
	const struct replay_step *step, *undo = first_undo(p->trial);

	vec_each (step, &p->trial->steps) {
		if (step->undoes || is_void(step))
			continue;
		if (step->failed && step->issued_ns == TRACK_NEVER && !p->noop &&
		    p->round_of[step->node] >= 0)
			return "the driver failed before the instant of the fault was known";
		if (step->issued_ns != TRACK_NEVER)
			break;
	}
	if (undo && undo->failed && undo->issued_ns == TRACK_NEVER)
		return "the driver failed before the instant of the start was known";
	return NULL;
}

/* ---- events ---- */

static void add_event(struct play *p, int64_t at_ns, enum event_kind kind, size_t i)
{
	vec_push(&p->events, (struct event){at_ns, kind, i});
}

static int by_instant(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return (x->i > y->i) - (x->i < y->i);
}

void replay_collect_events(struct play *p)
{
	const struct replay_trial *trial = p->trial;
	const struct replay_step *undo = first_undo(trial), *first;

	for (size_t r = 0; r < p->n_rounds; r++) {
		if ((first = first_of_round(p, (int)r)))
			add_event(p, first->issued_ns, EVENT_TAKE, r);
		if (first && end_of_round_ns(p, (int)r) != TRACK_NEVER)
			add_event(p, end_of_round_ns(p, (int)r), EVENT_ROUND_END, r);
	}
	for (size_t i = 0; i < trial->steps.n; i++) {
		const struct replay_step *step = &trial->steps.v[i];

		if (step->gone.hi_ns != TRACK_NEVER && !is(step, "start"))
			add_event(p, step->gone.hi_ns, EVENT_GONE, i);
		if (p->noop && is(step, "noop") && !step->undoes && !is_void(step) &&
		    step->undone_ns != TRACK_NEVER)
			add_event(p, step->undone_ns, EVENT_NOOP_END, i);
	}
	if (undo && undo->issued_ns != TRACK_NEVER)
		add_event(p, undo->issued_ns, EVENT_START, 0);
	for (size_t i = 0; i < trial->healths->n; i++)
		add_event(p, trial->healths->v[i].at.hi_ns, EVENT_HEALTH, i);
	if (p->events.n)
		qsort(p->events.v, p->events.n, sizeof *p->events.v, by_instant);
}

static void note_before(struct play *p, const bool *taken)
{
	struct replay *to = p->to;
	const struct replay_trial *trial = p->trial;
	int victim = -1, master = track_master(to->track);
	const struct snapshot *view = master < 0 ? NULL : track_view(to->track, master);
	const struct snapshot_member *m;

	to->old_master = master;
	to->term_before = view ? view->term : -1;
	for (size_t i = 0; i < trial->n_nodes && victim < 0; i++)
		if (taken[i])
			victim = (int)i;
	if (master >= 0 && taken[master])
		victim = master;
	if (p->noop && trial->steps.n)
		victim = first_of_round(p, 0)->node;
	m = view && victim >= 0 ? snapshot_member_by_name(view, trial->names[victim]) : NULL;
	to->old_ephemeral_id = m ? m->ephemeral_id : NULL;
}

/* The round that ends now: how long it was to the new master. */
void replay_end_round(struct play *p)
{
	struct interval shown;
	int64_t issued_ns;

	if (p->n_begun == p->to->reelections.n || p->noop)
		return;
	issued_ns = first_of_round(p, (int)p->n_begun - 1)->issued_ns;
	shown = track_reelection(p->to->track);
	if (shown.hi_ns != TRACK_NEVER)
		shown = (struct interval){later(0, shown.lo_ns - issued_ns),
					  shown.hi_ns - issued_ns};
	vec_push(&p->to->reelections, shown);
}

static bool stays_alive(const struct replay_trial *trial)
{
	const struct replay_step *step;
	bool failed = false;

	if (exclusion_failed(trial))
		return false;
	vec_each (step, &trial->steps) {
		if (step->undoes || is_void(step))
			continue;
		if (is(step, "pause") || is(step, "cut"))
			return true;
		failed = failed || step->failed;
	}
	return failed;
}

int64_t replay_fault_done_ns(const struct replay_trial *trial)
{
	const struct replay_step *step;
	int64_t done_ns = TRACK_NEVER;

	if (exclusion_failed(trial))
		return TRACK_NEVER;
	vec_each (step, &trial->steps)
		if (!step->undoes && !step->failed)
			done_ns = later(done_ns, step->done_ns);
	return done_ns;
}

static void take(struct play *p, size_t round)
{
	const struct replay_trial *trial = p->trial;
	struct track_steps *steps = track_steps(p->to->track);
	bool taken[TRACK_MAX_NODES] = {false};

	replay_end_round(p);
	for (size_t i = 0; i < trial->n_nodes && !p->noop; i++)
		taken[i] = p->round_of[i] >= 0 && p->round_of[i] <= (int)round;
	if (!p->to->struck)
		note_before(p, taken);
	p->n_begun = round + 1;
	track_take(p->to->track, p->noop ? NULL : taken);
	if (!p->to->struck)
		steps->fault_issued_ns = first_of_round(p, (int)round)->issued_ns;
	steps->noop = p->noop;
	steps->stay_alive = !p->noop && stays_alive(trial);
	p->to->struck = true;
}

/* The victims' processes have all ended: when the last one had. */
static void note_all_gone(struct play *p)
{
	const struct replay_trial *trial = p->trial;
	struct interval *last = &track_steps(p->to->track)->process_gone;

	for (size_t i = 0; i < trial->steps.n; i++) {
		const struct replay_step *step = &trial->steps.v[i];
		int round = p->round_of[step->node];

		if (ends_process(step) && !is_void(step) && !step->failed && !p->gone[i] &&
		    round >= 0 && (size_t)round < p->n_begun)
			return;
	}
	for (size_t i = 0; i < trial->steps.n; i++) {
		if (!p->gone[i] || !ends_process(&trial->steps.v[i]))
			continue;
		last->lo_ns = later(last->lo_ns, trial->steps.v[i].gone.lo_ns);
		last->hi_ns = later(last->hi_ns, trial->steps.v[i].gone.hi_ns);
	}
}

/* The answer before a change was sent at its lo; of the change's own, only that it was later. */
static void change_health(struct play *p, const struct health_change *c)
{
	bool first = !p->has_health[c->node];

	if (!first)
		track_health_same(p->to->track, c->node, c->at.lo_ns);
	track_health(p->to->track, c->node, first ? p->trial->base_ns : c->at.lo_ns, c->at.hi_ns,
		     c->status);
	p->has_health[c->node] = true;
}

static void apply(struct play *p, const struct event *event)
{
	struct track *track = p->to->track;
	const struct replay_step *step;

	switch (event->kind) {
	case EVENT_TAKE:
		take(p, event->i);
		break;
	case EVENT_GONE:
		step = &p->trial->steps.v[event->i];
		p->gone[event->i] = true;
		track_gone(track, step->node, step->gone);
		note_all_gone(p);
		break;
	case EVENT_HEALTH:
		change_health(p, &p->trial->healths->v[event->i]);
		break;
	case EVENT_ROUND_END:
		replay_end_round(p);
		break;
	case EVENT_START:
		track_steps(track)->start_issued_ns = event->at_ns;
		break;
	case EVENT_NOOP_END:
		track_steps(track)->noop_end_ns = event->at_ns;
		break;
	}
}

static int64_t slack_ns(const struct play *p, enum event_kind kind)
{
	bool late = kind == EVENT_TAKE || kind == EVENT_GONE ? p->order & REPLAY_FAULT_LATE
							     : p->order & REPLAY_START_LATE;

	return late ? NS_PER_US : 0;
}

/* Those that came before an answer. */
void replay_apply_until(struct play *p, int64_t done_ns)
{
	while (p->next_event < p->events.n) {
		const struct event *event = &p->events.v[p->next_event];

		if (event->at_ns + slack_ns(p, event->kind) >= done_ns)
			return;
		apply(p, event);
		p->next_event++;
	}
}

void replay_apply_rest(struct play *p)
{
	while (p->next_event < p->events.n)
		apply(p, &p->events.v[p->next_event++]);
}
