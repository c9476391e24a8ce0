#include "collector/watch.h"
#include "collector/progress.h"
#include "collector/trial.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "schema/watch_judge.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLICE_NS NS_PER_S

struct watch {
	struct drill *d;
	const struct watch_options *options;
	int64_t until_ns; /* 0: none */
	char *last_state; /* the cluster's at the end of the window before; NULL: none */
	size_t n_happened;
	bool happened; /* in the window before */

	/* of the window */
	struct trial trial;
	struct schedule_slot slot;
	const struct snapshot *before; /* whole; NULL: it has not been yet */
	int64_t silent_since_ns[TRACK_MAX_NODES];
	const struct snapshot *calm; /* what was whole since */
	int64_t calm_ns;
	size_t n_dropped;
	const char *names[TRACK_MAX_NODES]; /* the judged track's */
};

static const struct track *track_of(const struct watch *w)
{
	return observe_track(w->d->observe);
}

static size_t n_nodes(const struct watch *w)
{
	return w->d->driver->nodes.n;
}

/* ---- what is waited for ---- */

static bool is_whole(void *arg)
{
	const struct watch *w = arg;
	char why[256];

	return trial_is_whole(&w->trial, why, sizeof why);
}

/* A view that differs, or a node that has been silent for long enough to be called lost. */
static bool has_happened(void *arg)
{
	struct watch *w = arg;
	int64_t now_ns = clock_mono_ns();

	for (int i = 0; i < (int)n_nodes(w); i++) {
		if (watch_differs(w->before, track_view(track_of(w), i)))
			return true;
		if (track_answers(track_of(w), i))
			w->silent_since_ns[i] = 0;
		else if (!w->silent_since_ns[i])
			w->silent_since_ns[i] = now_ns;
		else if (now_ns - w->silent_since_ns[i] >= WATCH_SILENCE_NS)
			return true;
	}
	return false;
}

/* Whole, and the same, for the settle time. */
static bool is_calm(void *arg)
{
	struct watch *w = arg;
	const struct snapshot *view = track_view(track_of(w), 0);
	int64_t now_ns = clock_mono_ns();

	if (!is_whole(w)) {
		w->calm = NULL;
		return false;
	}
	if (watch_differs(w->calm, view)) {
		w->calm = view;
		w->calm_ns = now_ns;
	}
	return now_ns - w->calm_ns >= w->options->settle_ns;
}

/* ---- waiting ---- */

static void say_how_it_is(const struct watch *w, const char *what)
{
	int64_t s = (clock_mono_ns() - w->trial.base_ns) / NS_PER_S;

	log_status("watching %zu nodes  %s for %dh%02dm%02ds  %zu time%s something happened",
		   n_nodes(w), what, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60),
		   w->n_happened, w->n_happened == 1 ? "" : "s");
}

static int64_t earlier(int64_t a_ns, int64_t b_ns)
{
	return a_ns && a_ns < b_ns ? a_ns : b_ns;
}

/* In slices; where keep is false, samples of more than WATCH_KEPT_NS ago are dropped. */
static enum loop_end wait_sliced(struct watch *w, bool (*done)(void *), int64_t deadline_ns,
				 bool keep, const char *what)
{
	struct loop *loop = w->d->loop;

	deadline_ns = earlier(w->until_ns, deadline_ns);
	for (;;) {
		int64_t now_ns = clock_mono_ns();
		int64_t slice_ns = earlier(now_ns + SLICE_NS, deadline_ns);
		enum loop_end end = loop_wait(loop, done, w, slice_ns, true);

		if (end != LOOP_DEADLINE || clock_mono_ns() >= deadline_ns)
			return end;
		if (!keep)
			w->n_dropped += observe_forget(w->d->observe, now_ns - WATCH_KEPT_NS);
		say_how_it_is(w, what);
	}
}

/* ---- a window ---- */

static void add_incident(struct watch *w, const char *kind, size_t n, const char *detail)
{
	store_add_incident(w->d->store, w->d->study_id, w->trial.trial_id, kind, (int64_t)n, detail,
			   TRACK_NEVER, &w->trial.err);
}

/* Between two windows nobody looks. */
static bool changed_unseen(const struct watch *w)
{
	struct err ignored = ERR_INIT;
	struct snapshot *last;
	bool changed;

	if (!w->last_state || !w->before)
		return false;
	last = snapshot_parse(w->last_state, strlen(w->last_state), &ignored);
	changed = watch_differs(last, w->before);
	snapshot_free(last);
	return changed;
}

static void keep_last_state(struct watch *w)
{
	const struct snapshot *view = track_view(track_of(w), 0);

	free(w->last_state);
	w->last_state = view ? mem_strdup(view->body) : NULL;
}

static void set_reason(struct watch *w, const char *what)
{
	snprintf(w->trial.reason, sizeof w->trial.reason, "%s", what);
}

static void note_before(struct watch *w, const struct snapshot *before)
{
	struct trial *t = &w->trial;
	const struct snapshot_member *m = NULL;
	const char *master = snapshot_master_name(before);

	t->old_master = -1;
	for (int i = 0; master && i < (int)n_nodes(w); i++)
		if (strcmp(w->d->driver->nodes.v[i].name, master) == 0)
			t->old_master = i;
	t->term_before = before->term;
	if (t->victim >= 0)
		m = snapshot_member_by_name(before, w->d->driver->nodes.v[t->victim].name);
	t->old_ephemeral_id = m ? m->ephemeral_id : NULL;
}

/* Until the cluster is whole and calm. */
static void follow(struct watch *w)
{
	char why[256];
	enum loop_end end;

	w->n_happened++;
	if (trial_add(&w->trial))
		return;
	log_status("%s", "");
	log_info("something happens");
	end = wait_sliced(w, is_calm, clock_mono_ns() + w->d->plan->limit_rejoin_ns, true,
			  "something happened,");
	if (end == LOOP_DONE || trial_is_whole(&w->trial, why, sizeof why))
		return;
	trial_fail(&w->trial, OUTCOME_NO_REJOIN, why);
}

/* The window is over: what do its samples show? Something may have happened in one that nothing was
 * seen to happen in: it began with a cluster that was not whole, or ended at that moment. */
static void judge(struct watch *w, struct watch_verdict *verdict)
{
	const struct driver *driver = w->d->driver;
	const samples *all = observe_samples(w->d->observe);

	for (size_t i = 0; i < n_nodes(w); i++)
		w->names[i] = driver->nodes.v[i].name;
	watch_judge(all, w->trial.base_ns, n_nodes(w), w->names, verdict);
	w->trial.victim = verdict->first_lost;
	w->trial.judged = verdict->track;
	w->trial.struck = verdict->track != NULL;
	if (verdict->before)
		note_before(w, verdict->before);
}

static void begin_window(struct watch *w)
{
	w->slot.position++;
	w->slot.block = 1;
	trial_begin(&w->trial, w->d, &w->slot);
	w->before = w->calm = NULL;
	w->n_dropped = 0;
	memset(w->silent_since_ns, 0, sizeof w->silent_since_ns);
	observe_begin(w->d->observe, w->trial.base_ns);
	observe_pace(w->d->observe, PACE_REJOIN);
}

/* One quiet window, one in which something happened (true), or one in which the cluster never was
 * whole. */
static bool watch_window(struct watch *w)
{
	int64_t deadline_ns = w->trial.base_ns + WATCH_WINDOW_NS;
	enum loop_end end = wait_sliced(w, is_whole, deadline_ns, false, "not whole");

	if (end != LOOP_DONE)
		return false;
	w->before = track_view(track_of(w), 0);
	if (w->slot.position == 1)
		log_info("watching %zu nodes: ^C ends it", n_nodes(w));
	else if (w->happened)
		log_info("watching on: whole again");
	end = wait_sliced(w, has_happened, deadline_ns, false, "quiet");
	if (end == LOOP_DONE)
		follow(w);
	return end == LOOP_DONE;
}

/* It never was whole: broken all along, or the watch ended before every node had been heard. */
static void fail_unseen(struct watch *w, const char *why)
{
	bool broken = clock_mono_ns() - w->trial.base_ns >= w->options->settle_ns;

	trial_fail(&w->trial, broken ? OUTCOME_NO_REJOIN : OUTCOME_ABORTED,
		   broken ? why : "the watch ended before every node had answered");
}

static void end_window(struct watch *w, bool happened, struct err *err)
{
	struct watch_verdict verdict = {.first_lost = -1};
	struct trial *t = &w->trial;
	char why[256];

	if (!w->before && !trial_is_whole(t, why, sizeof why))
		fail_unseen(w, why);
	observe_end(w->d->observe);
	judge(w, &verdict);
	if (!happened && trial_add(t) == 0 && w->before && !t->struck)
		set_reason(w, "nothing happened");
	if (!t->err.code && changed_unseen(w))
		add_incident(w, "changed_unseen", 1,
			     "the cluster was another than at the end of the window before");
	keep_last_state(w); /* for the next window, not for this one */
	if (!t->err.code && w->n_dropped)
		add_incident(w, "quiet_polls", w->n_dropped,
			     "polls of quiet time: counted, their samples not kept");
	if (!t->err.code)
		record_trial(t, &t->err);
	*err = t->err;
	w->happened = happened;
	w->d->n_run++;
	track_free(verdict.track);
	trial_done(t);
}

static bool is_over(const struct watch *w)
{
	return loop_interrupted(w->d->loop) || (w->until_ns && clock_mono_ns() >= w->until_ns);
}

int watch_run_windows(void *options, struct drill *d, struct err *err)
{
	struct watch w = {.d = d, .options = options};

	if (cluster_open(d, 0, err))
		return err->code;
	if (w.options->for_ns)
		w.until_ns = clock_mono_ns() + w.options->for_ns;
	while (!err->code && (w.slot.position == 0 || !is_over(&w))) {
		begin_window(&w);
		end_window(&w, watch_window(&w), err);
	}
	free(w.last_state);
	return err->code ? err->code : store_finish_study(d->store, d->study_id, err);
}
