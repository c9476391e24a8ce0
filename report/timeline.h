/* timeline: one trial as each node saw it.
 *
 * Built from the trial's own polls (the only samples that a report reads), which also tell when a
 * node did not answer at all; a recording without samples gives what its master changes say. Times
 * are seconds from the fault (of a trial without one, from the start of its recording), so what
 * came before is negative. An edge between two spans lies in (lo, hi]: after the last answer that
 * showed the one was asked for, by the time the first answer of the other had come. */
#ifndef REJOIN_REPORT_TIMELINE_H
#define REJOIN_REPORT_TIMELINE_H

#include "report/group.h"

enum timeline_state {
	TIMELINE_MASTER, /* it named a master */
	TIMELINE_NONE,	 /* it answered that there is none */
	TIMELINE_SILENT, /* it did not answer, or not with a cluster state */
};

struct timeline_edge {
	double lo_s, hi_s; /* equal where the recording begins or ends */
};

struct timeline_span {
	enum timeline_state state;
	const char *master; /* a name in nodes, or in others; NULL unless TIMELINE_MASTER */
	int64_t term;	    /* -1: not known */
	struct timeline_edge from, to;
	double from_s, to_s; /* the middles of the edges: where it is drawn */
};

/* What a node said of the cluster's health, from at on. */
struct timeline_health {
	struct timeline_edge at;
	char *status; /* green, yellow, red, none */
};

struct timeline_node {
	char *name;
	int64_t ordinal;
	bool master_eligible;
	bool is_victim;
	VEC(struct timeline_span) spans; /* without gaps, ascending */
	VEC(struct timeline_health) healths;
};

struct timeline_step {
	size_t node; /* place in nodes */
	char *action, *error;
	/* seconds; NAN: did not happen, or is not known */
	double issued_s, done_s, gone_lo_s, gone_hi_s, undone_s;
};

struct timeline {
	const struct model_trial *trial;
	bool has_fault;	     /* times count from it */
	double from_s, to_s; /* what was recorded */
	VEC(struct timeline_node) nodes;
	VEC(struct timeline_step) steps; /* in the order they were issued */
	VEC(char *) others;		 /* masters that are no node of the cluster */
	bool has_samples;
};

enum timeline_why {
	TIMELINE_ASKED,	 /* by its id */
	TIMELINE_MEDIAN, /* its re-election is the median of its group */
	TIMELINE_FIRST,	 /* the first measured one of the groups: none reached re-election */
	TIMELINE_WARMUP, /* the first measured one of all: the groups hold none */
};

struct timeline_choice {
	const struct model_trial *trial; /* NULL: there is none to show */
	enum timeline_why why;
	/* of TIMELINE_MEDIAN: place in the grouping, and how many of it reached no re-election */
	size_t group, n_beyond;
};

/* The trial with this id; with 0 the one whose re-election is the median of the first group that
 * has any, else the first measured one, a warm-up only where there is no other. An id that is not
 * among the model's trials: ERR_USAGE. */
int timeline_choose(const struct model *model, const struct grouping *grouping, int64_t id,
		    struct timeline_choice *ret, struct err *err);

/* trial: of the model that was loaded from store, and lives as long. */
int timeline_load(struct store *store, const struct model_trial *trial, struct timeline *ret,
		  struct err *err);
void timeline_done(struct timeline *timeline);

/* Where name stands among the nodes; nodes.n + its place among others; SIZE_MAX: NULL. For colours:
 * a master has the same in every span. */
size_t timeline_place(const struct timeline *timeline, const char *name);

#endif
