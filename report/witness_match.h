/* witness_match: which log line of a survivor goes with which of its polled changes. Gives the rows
 * of the view v_witness, and the lines' places; but in one pass over two sorted lists, where the
 * view counts for every row anew. */
#ifndef REJOIN_REPORT_WITNESS_MATCH_H
#define REJOIN_REPORT_WITNESS_MATCH_H

#include "lib/err.h"
#include "lib/vec.h"
#include "schema/store.h"

struct witness_pair {
	int64_t trial_id, node_id, line;
	double diff_s, diff_error_s; /* polled instant less the line's; half the width of both */
	bool is_early;		     /* polled before the line can have been written */
};
typedef VEC(struct witness_pair) witness_pairs; /* by trial_id, node_id and line */

/* The caller frees with vec_done, after an error too. */
int witness_match(struct store *store, witness_pairs *ret_pairs, struct err *err);

/* NULL: the line goes with no polled change. */
const struct witness_pair *witness_find(const witness_pairs *pairs, int64_t trial_id,
					int64_t node_id, int64_t line);

#endif
