/* phrase: numbers as people write them in a sentence. Pure. */
#ifndef REJOIN_REPORT_PHRASE_H
#define REJOIN_REPORT_PHRASE_H

#include "lib/str.h"
#include "schema/metric.h"
#include <stdint.h>

/* How durations of one sentence are written: all alike, by the one that leads. */
struct phrase_unit {
	const char *name; /* "s", "ms" */
	double per_s;
	int digits;
};

/* Below 0.1 s in milliseconds; about three digits. */
struct phrase_unit phrase_unit(double largest_s);
/* "0.62", "-0.10", "+0.05" (with sign); never "-0.00". Infinite: "no upper limit". */
void phrase_add_number(struct str *str, struct phrase_unit unit, double seconds, bool sign);
/* "0.62 s" in the unit that suits it. */
void phrase_add_time(struct str *str, double seconds);

/* "1 trial", "13,500 trials"; many: how it is written of more than one. */
void phrase_add_count(struct str *str, uint64_t n, const char *one, const char *many);
/* "13,500" */
void phrase_add_integer(struct str *str, uint64_t n);
/* "17", "0.4", "100" percent, without the sign: never 0 or 100 unless it is. */
void phrase_add_percent(struct str *str, double share);
/* "p = 0.003", "p < 0.001" */
void phrase_add_p(struct str *str, double p);

/* The words for a metric, here and nowhere else: "Re-election" begins a sentence or stands over a
 * table, "re-election" is for within. Options, SQL and CSV have metric_names. */
const char *phrase_metric(enum metric metric);
const char *phrase_metric_within(enum metric metric);

/* Between the parts of a list: "", ", " or " and ". */
const char *phrase_joint(size_t i, size_t n);

#endif
