/* track_impl: the state that track.c keeps and track_metrics.c reads. Nobody else includes it. */
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
	struct fact back;	    /* lists the victim as one that has come back */
	struct fact voters;	    /* as many as before the fault, all live */
	struct fact health_ok;	    /* no worse than before the fault */
	struct interval gone;	    /* after the fault: no longer shows the old master */
	struct interval first_back; /* back held for the first time */
	bool left;		    /* after the fault: did not list the victim */
	enum health health, health_before;
	int64_t health_sent_ns;
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
	int victim; /* -1: none */
	const struct snapshot
		*with_master; /* a view from before the fault that names the old master */
	const char *old_ephemeral_id;
	size_t voters_before;
	bool delisted; /* some survivor no longer listed the victim */
	VEC(struct view_change) view_changes;
	VEC(struct agreement) agreements;
	bool agreed;
	struct fact rejoined, redundant;		 /* now */
	struct interval first_rejoined, first_redundant; /* for the first time */
	struct interval refused;			 /* the victim stopped answering HTTP */
	struct interval silent; /* likewise, and did not answer again before the start */
	struct interval booted; /* and answered again, after the start */
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
	return (int)node != t->victim;
}

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
/* track_floor.c: an answer came, the one before it was sent at last_sent_ns (NEVER: none). */
void track_note_gap(const struct track *t, struct gaps *gaps, int64_t last_sent_ns,
		    int64_t done_ns);
void track_add_floors(const struct track *t, metric_values *values);

#endif
