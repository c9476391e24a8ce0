/* samples: lists of what the store keeps of a trial's polls and writes. */
#ifndef REJOIN_SCHEMA_SAMPLES_H
#define REJOIN_SCHEMA_SAMPLES_H

#include "lib/vec.h"
#include "schema/store.h"

typedef VEC(struct store_sample) samples;
typedef VEC(struct store_write) writes;

#endif
