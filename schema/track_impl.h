/* track_impl: the state that track.c keeps and the other track_*.c read. Nobody else includes
 * it. */
#ifndef REJOIN_SCHEMA_TRACK_IMPL_H
#define REJOIN_SCHEMA_TRACK_IMPL_H

#include "schema/track.h"

/* What holds of a node's last answer, and since when. at is {NEVER, NEVER} where it did before the
 * fault. */
struct fact {
	bool holds;
	struct interval at;
};

/* The longest times between the answers of one node, after the fault and after the start. */
struct gaps {
	int64_t watch_ns, rejoin_ns;
};

struct track_node {
	const struct snapshot *view;	    /* NULL: has not answered */
	const struct snapshot *view_before; /* the fault */
	struct gaps gaps, health_gaps;
	int64_t sent_ns;	    /* of the last answer with a view */
	bool failing;		    /* the last poll gave no view */
	int64_t answered_sent_ns;   /* of the last poll that got any HTTP answer */
	struct fact master;	    /* holds: the view names one; at: since it names this one */
	struct fact back;	    /* lists every node that was taken as one that has come back */
	struct fact voters;	    /* as many as before the fault, all live */
	struct fact health_ok;	    /* no worse than before the fault */
	struct interval gone;	    /* after the fault: no longer shows the old master */
	struct interval first_back; /* back held for the first time */
	bool *left;		    /* by node: was taken, and was not listed here meanwhile */
	enum health health, health_before;
	int64_t health_sent_ns;

	/* of one that was taken */
	bool taken;
	const char *old_ephemeral_id;
	struct interval process_gone;
	bool delisted;		 /* some survivor no longer listed it */
	struct interval refused; /* it stopped answering HTTP */
	struct interval silent;	 /* likewise, and did not answer again before the start */
	struct interval booted;	 /* and answered again, after the start */
};

/* One node's view changed after the fault. */
struct view_change {
	int node;
	struct interval at;
	const struct snapshot *to;
};

/* The survivors came to show one new master. */
struct agreement {
	const struct snapshot *view; /* one of those that show it */
	int64_t term;
	struct interval at;
};

struct track {
	size_t n_nodes;
	const char *const *names;
	struct track_node *nodes;
	struct track_steps steps;
	master_changes master_changes;
	health_changes health_changes;

	bool faulted;
	size_t n_taken, n_rounds;
	const struct snapshot
		*with_master; /* a view from before the round that names the old master */
	size_t voters_before;
	VEC(struct view_change) view_changes;
	size_t round_from; /* the first view change of this round */
	VEC(struct agreement) agreements;
	bool agreed;
	struct fact rejoined, redundant;		 /* now */
	struct interval first_rejoined, first_redundant; /* for the first time */
	bool start_seen, leaderless_at_start;		 /* no survivor showed a master then */
};

#define INTERVAL_NEVER ((struct interval){TRACK_NEVER, TRACK_NEVER})

static inline int64_t track_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static inline int64_t track_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Both have happened. */
static inline struct interval interval_last(struct interval a, struct interval b)
{
	return (struct interval){track_max(a.lo_ns, b.lo_ns), track_max(a.hi_ns, b.hi_ns)};
}

static inline bool track_is_survivor(const struct track *t, size_t node)
{
	return !t->nodes[node].taken;
}

/* When the process of a node that was taken had ended. */
static inline struct interval track_end_of(const struct track *t, int node)
{
	const struct track_node *n = &t->nodes[node];

	return n->process_gone.hi_ns == TRACK_NEVER && t->n_taken == 1 ? t->steps.process_gone
								       : n->process_gone;
}

/* The view changes of the present round. */
#define track_each_change(c, t)                                                                    \
	for ((c) = (t)->view_changes.v + (t)->round_from;                                          \
	     (c) < (t)->view_changes.v + (t)->view_changes.n; (c)++)

bool track_shows_old_master(const struct track *t, const struct snapshot *view);

/* What comes after the node was started again is the healing's doing, no re-election. */
static inline bool track_is_after_start(const struct track *t, struct interval at)
{
	return t->steps.start_issued_ns != TRACK_NEVER && at.hi_ns > t->steps.start_issued_ns;
}

/* The agreement that ended the re-election: the last one before the start; NULL: none. */
const struct agreement *track_final_agreement(const struct track *t);

/* track_dual.c */
struct metric_value track_dual_master(const struct track *t);
/* track_return.c: did the answer show, or change, that taken nodes are back? at: since the one
 * before. */
void track_look_for_return(struct track *t, int node, struct interval at, bool view_changed);
/* One master, named by every node (or every survivor); NULL: not so. */
const struct snapshot *track_common_master(const struct track *t, bool survivors_only);
void track_set_fact(struct fact *fact, bool holds, struct interval at);
/* The nodes before the first one was taken. */
bool track_voters_as_before(const struct track *t, const struct snapshot *view);
/* track_floor.c: an answer came, the one before it was sent at last_sent_ns (NEVER: none). */
void track_note_gap(const struct track *t, struct gaps *gaps, int64_t last_sent_ns,
		    int64_t done_ns);
void track_add_floors(const struct track *t, metric_values *values);

#endif
