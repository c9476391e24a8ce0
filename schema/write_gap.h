/* write_gap: from the writes of a trial to the metric of the same name. Pure: the collector has it
 * of what it wrote, the report of what was stored. */
#ifndef REJOIN_SCHEMA_WRITE_GAP_H
#define REJOIN_SCHEMA_WRITE_GAP_H

#include "schema/samples.h"

struct write_run {
	const writes *writes;	 /* in the order of their ends */
	int64_t base_ns, end_ns; /* what due_us counts from; when writing ended */
	int64_t period_ns;
};

/* The longest stretch without an acknowledged write that ends after fault_ns; right-censored where
 * none was acknowledged by the end of the run, left-censored where it is no longer than between any
 * two writes. False: there was no write before. */
bool write_gap(const struct write_run *run, int64_t fault_ns, struct metric_value *ret_value);

#endif
