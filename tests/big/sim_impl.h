/* sim_impl: what the files that record a simulated trial share. */
#ifndef REJOIN_TESTS_BIG_SIM_IMPL_H
#define REJOIN_TESTS_BIG_SIM_IMPL_H

#include "tests/big/sim.h"

struct sim_record {
	struct store *store;
	const struct sim_cluster *c;
	const struct sim_place *place;
	const struct sim_truth *truth;
	struct sim_seen *seen;
	int64_t trial_id;
	struct err *err;
};

/* sim_log.c: log_event and log_chunk. */
void sim_record_logs(const struct sim_record *r);

#endif
