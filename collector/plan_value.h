/* plan_value: numbers with units, as plans write them and as the canonical JSON shows them. */
#ifndef REJOIN_COLLECTOR_PLAN_VALUE_H
#define REJOIN_COLLECTOR_PLAN_VALUE_H

#include "lib/str.h"
#include <stdbool.h>
#include <stdint.h>

/* Decimal digits, an optional minus, no leading zero (010 is eight to some readers of YAML). */
bool plan_value_int(const char *text, int64_t *ret_value);
/* "5ms", "1.5s"; ns, us, ms, s, m, h. The unit is never optional; whole nanoseconds only. */
bool plan_value_duration(const char *text, int64_t *ret_ns);
/* "256m", "1.5g"; k, m, g as the JVM counts them (1024); whole kibibytes only. */
bool plan_value_size(const char *text, int64_t *ret_bytes);

/* In the largest unit that divides the value: the same text for the same value. */
void plan_value_add_duration(struct str *text, int64_t ns);
void plan_value_add_size(struct str *text, int64_t bytes);

#endif
