/* trial: one place of the schedule: gate, baseline, fault, watch, heal, watch again, settle.
 *
 * A state machine with a table of what may follow what. Every phase ends on what is observed, or on
 * its limit, which censors what was not seen. Whatever happens after the fault, the node is healed.
 */
#ifndef REJOIN_COLLECTOR_TRIAL_H
#define REJOIN_COLLECTOR_TRIAL_H

#include "collector/diagnose.h"
#include "collector/drill.h"
#include "collector/witness.h"

enum trial_state {
	TRIAL_GATE,	/* waits until the cluster is whole */
	TRIAL_BASELINE, /* random phase, then the intent, then fast polls of the cluster at rest */
	TRIAL_FAULT,
	TRIAL_WATCH, /* until the survivors agree, or have lost their quorum, and the victims are
			gone; of a cascade then the next fault */
	TRIAL_HEAL,
	TRIAL_REJOIN, /* until the cluster is as redundant as before */
	TRIAL_SETTLE, /* the gate again */
	TRIAL_DONE,
	N_TRIAL_STATES,
};
extern const char *const trial_state_names[N_TRIAL_STATES];

enum trial_outcome {
	OUTCOME_RECOVERED,
	OUTCOME_NO_REELECTION,	  /* the survivors did not agree within limits.reelection */
	OUTCOME_NO_REJOIN,	  /* the node was not back within limits.rejoin */
	OUTCOME_DISTURBED,	  /* noop: something changed though nothing was done */
	OUTCOME_GATE_FAILED,	  /* the cluster was not whole: no fault was done */
	OUTCOME_ABORTED,	  /* interrupted */
	OUTCOME_INSTRUMENT_ERROR, /* the driver could not do what was asked */
	N_OUTCOMES,
};
extern const char *const trial_outcome_names[N_OUTCOMES];

/* Something done to a node. */
struct trial_step {
	int64_t step_id; /* 0: not stored yet */
	int node;
	enum action action;
	int undoes; /* index of the step that it undoes, -1: none */
	int64_t intent_ns, issued_ns, done_ns, undone_ns;
	struct interval gone;
	bool begun;	  /* the driver took it on: whatever it tells, or not, it may be done */
	bool acted;	  /* and it has told how it went, or refused it */
	char error[1024]; /* "": none */
};

/* One round: nodes taken at the same time, and whether the others went on. Owned texts. */
struct trial_loss {
	char *taken, *voters_before, *left_out, *voters_after; /* JSON arrays of names */
	int n_lost;
	bool predicted, worst;
	bool cut_off_go_on; /* partition: the cut-off side has the quorum */
	int survived;	    /* 1, 0; -1: not known */
	int64_t issued_ns;
	struct interval reelection; /* after issued_ns */
	char *cut_off_master, *other_master;
};

struct trial {
	struct drill *d;
	const struct schedule_slot *slot;
	const struct plan_arm *arm;
	int64_t trial_id, base_ns;
	enum trial_state state;
	int64_t gate_deadline_ns;
	bool taken[TRACK_MAX_NODES]; /* by ordinal: all rounds */
	int victim;		     /* the first node taken, -1: none yet */
	int old_master;		     /* ordinal, before the fault; -1: none yet */
	int64_t term_before;
	const char *old_ephemeral_id;  /* the victim's, in a view of the track */
	VEC(struct trial_step) steps;  /* in the order in which they were begun */
	VEC(struct trial_loss) losses; /* by round */
	size_t round_steps;	       /* where the steps of this round begin */
	bool struck;		       /* a fault was done, or seen */
	bool must_stay;		       /* the fault's call failed: it may be done yet */
	int64_t redundant_since_ns;    /* 0: is not */
	int64_t whole_since_ns;	       /* when it settles; 0: is not */
	const struct track *judged;    /* watched: with what was lost, found out afterwards; else
					  NULL, and the metrics are of the observer's own */
	int64_t fault_issued_ns;       /* the first; TRACK_NEVER: none */
	struct witness witness;
	enum trial_outcome outcome;
	char reason[1024];
	enum diagnosis diagnosis; /* of a node that did not come back */
	bool writing;		  /* the write probe was begun */
	struct str lost_writes;	  /* the lost documents, in words */
	bool interrupted;
	bool cut_short; /* interrupted after the fault, with nodes that end with the run: not
			   healed, removed */
	struct err err; /* what stops the recording */
};

/* Runs it and records it. 0, or an err_code when the recording cannot go on (the trial is then
 * recorded as far as it can be). What became of the cluster is in trial->outcome. */
int trial_run(struct trial *trial, struct drill *d, const struct schedule_slot *slot,
	      struct err *err);
/* Its first half: nothing but the clocks and the marks of the logs is taken. */
void trial_begin(struct trial *trial, struct drill *d, const struct schedule_slot *slot);
int trial_add(struct trial *trial);   /* its row; trial->err.code */
void trial_done(struct trial *trial); /* after trial_run, however it went */

/* From the driver, by way of the drill. */
void trial_on_driver(struct trial *trial, const struct driver_event *event);

/* For the other files of the trial. Waits for done, at most until deadline_ns; only the first
 * signal ends a wait. */
enum loop_end trial_wait(struct trial *trial, bool (*done)(void *), int64_t deadline_ns);
/* What went wrong first is what the trial is called. */
void trial_fail(struct trial *trial, enum trial_outcome outcome, const char *reason);
/* Whole, and the cluster that the study is about; why gets what is missing. */
bool trial_is_whole(const struct trial *trial, char *why, size_t size);
/* Interrupted with an open fault: nodes that end with the run need no healing. */
bool trial_cut_short(struct trial *trial);

/* trial_intend.c: what is going to be done. */
int trial_add_step(struct trial *trial, int node, enum action action, int undoes);
/* Chooses the nodes of the next round and makes what is going to be done to them durable.
 * False, and nothing is intended: there is no such node, or (ERR_ENV in trial->err) it cannot be
 * written. */
bool trial_intend(struct trial *trial);
void trial_void_intent(struct trial *trial); /* nothing was done after all */

/* trial_steps.c: what is done to nodes, step by step. */
void trial_act(struct trial *trial, struct trial_step *step);	       /* begins it */
bool trial_all_acted(void *trial);				       /* those of the round */
const char *trial_first_error(const struct trial *trial, size_t from); /* of steps; NULL: none */
/* Does what was intended, to all nodes of the round at once, and waits until it is done. False:
 * something could not be done (trial_fail was called). */
bool trial_strike(struct trial *trial);
bool trial_victims_gone(const struct trial *trial); /* those whose process is to end */
void trial_make_them_end(struct trial *trial);	    /* that did not end though asked to */

/* trial_undo.c: Undoes every step, in one go or node by node. False: something could not be undone.
 */
bool trial_undo(struct trial *trial);
int64_t trial_last_undone_ns(const struct trial *trial); /* when the last was issued, after that */
bool trial_is_undoing(const struct trial *trial);	 /* the driver has not told of all yet */
/* Something was undone, as far as the driver tells, and has not been seen to be back. */
bool trial_is_open(const struct trial *trial);
void trial_note_undone(struct trial *trial);			  /* that has been seen now */
bool trial_ended_again(const struct trial *trial, int *ret_node); /* a started node did */

/* trial_watch.c: the phase in which the others find out, agree anew or cannot. */
enum trial_state watch_run(struct trial *trial);

/* trial_rejoin.c: the phases after the healing. */
enum trial_state rejoin_run(struct trial *trial);
enum trial_state settle_run(struct trial *trial);

/* trial_loss.c */
void loss_begin(struct trial *trial, const bool *taken); /* before the strike */
bool loss_is_predicted_lost(const struct trial *trial);	 /* of this round: no quorum is left */
void loss_end(struct trial *trial);			 /* the watch of the round is over */
void loss_drop(struct trial *trial); /* the strike of the last one did not come */
void losses_done(struct trial *trial);

/* trial_noop.c: the phases of a trial in which nothing is done. */
enum trial_state noop_fault(struct trial *trial);
enum trial_state noop_watch(struct trial *trial);
enum trial_state noop_heal(struct trial *trial);
enum trial_state noop_rejoin(struct trial *trial);

/* record.c: everything that the trial showed, in one transaction. */
int record_trial(struct trial *trial, struct err *err);
/* record_writes.c: what the write probe saw; adds write_gap. */
void record_writes(struct trial *trial, metric_values *values);
/* The value of a metric of the trial just run, in seconds; NaN: none or censored. For the progress
 * line. */
double record_value(const metric_values *values, enum metric metric);

#endif
