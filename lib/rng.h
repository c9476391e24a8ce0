/* rng: a small seeded generator (SplitMix64), the same numbers on every machine.
 * Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014). */
#ifndef REJOIN_LIB_RNG_H
#define REJOIN_LIB_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

/* stream: another sequence for the same seed (one per use, so that uses do not disturb each other).
 */
void rng_seed(struct rng *rng, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t n); /* 0..n-1, without bias; n > 0 */

#endif
