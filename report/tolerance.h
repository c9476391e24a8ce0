/* tolerance: which losses of nodes each size of cluster survived, beside what the recorded voting
 * configurations predict.
 *
 * A cluster goes on while more than half of its voting configuration is left. Which nodes are taken
 * matters: of four master-eligible nodes one may not vote, and to lose that one is luck. What
 * counts is the worst choice, voters first. (Source: the quorum rules of both products' manuals.)
 */
#ifndef REJOIN_REPORT_TOLERANCE_H
#define REJOIN_REPORT_TOLERANCE_H

#include "report/model.h"

/* So many nodes lost in one way, over all trials. */
struct tolerance_row {
	size_t study; /* place in the model */
	int64_t master_eligible;
	char *fault;
	bool in_turn;	/* one after another without rejoin (cascade); else at once */
	int64_t n_lost; /* of a partition: nodes cut off */
	size_t n;	/* losses of which it is known how they ended */
	size_t n_survived;
	size_t n_predicted;	  /* of n: the voters that were left were a quorum */
	size_t n_worst;		  /* of n: they would have been, had voters alone been taken */
	size_t n_lucky;		  /* survived, though the worst choice would not have been */
	VEC(double) recoveries_s; /* from healing to a master again, of quorums lost; ascending */
};

/* What a size survives of nodes that end or hang; partitions are no losses: one side may go on. */
struct tolerance_size {
	size_t study;
	int64_t master_eligible;
	/* The most that every trial survived by the worst choice, with nothing less lost: as
	 * measured and as predicted. -1: no trial tells. [0] at once, [1] one after another */
	int64_t survived[2], predicted[2];
	int64_t lucky[2]; /* the most that some trial survived; by luck where it is more */
};

struct tolerance {
	VEC(struct tolerance_row) rows;	  /* by study, size, way, fault, n_lost */
	VEC(struct tolerance_size) sizes; /* by study and size */
};

/* Of the trials that the model holds. */
int tolerance_load(struct store *store, const struct model *model, bool include_warmup,
		   struct tolerance *ret, struct err *err);
void tolerance_done(struct tolerance *tolerance);

/* "1", "0 (2 with luck)", "" (no trial tells). The caller frees it. */
char *tolerance_text(const struct tolerance_size *size, bool in_turn);
/* Median of the recoveries, NAN: none. */
double tolerance_recovery_s(const struct tolerance_row *row);

#endif
