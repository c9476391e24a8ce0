/* What the files that derive a trial again share. */
#ifndef REJOIN_REPORT_VERIFY_DERIVE_H
#define REJOIN_REPORT_VERIFY_DERIVE_H

#include "report/verify.h"

struct stored_change {
	int node;
	struct interval at;
	char *from, *to;
	int64_t term;
};

struct stored_metric {
	struct metric_value value;
	bool known; /* metric, origin and observer are names that we know */
	bool met;
	char name[128];
};

/* A trial's derived rows. */
struct stored {
	const struct verify_trial *t;
	VEC(struct stored_change) changes;
	VEC(struct stored_metric) metrics;
};

/* How what is stored differs; empty: it does not. */
struct difference {
	char text[400];
};

/* verify_metric.c */
int verify_metrics_load(struct verify *v, struct stored *s, struct err *err);
void verify_metrics_compare(struct stored *s, const struct replay *replay,
			    const struct verify_open_gap *open_gap, struct difference *d);

#endif
