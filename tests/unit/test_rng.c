#include "lib/rng.h"
#include "tests/unit/unit.h"

/* Published first outputs of SplitMix64 from state 0 (the generator's reference code). */
static void known_sequence(void **state)
{
	struct rng rng = {.state = 0};

	(void)state;
	assert_true(rng_next(&rng) == UINT64_C(0xe220a8397b1dcdaf));
	assert_true(rng_next(&rng) == UINT64_C(0x6e789e6aa1b965f4));
	assert_true(rng_next(&rng) == UINT64_C(0x06c45d188009454f));
}

static void seeds_and_streams(void **state)
{
	struct rng a, b, c, d;

	(void)state;
	rng_seed(&a, 42, 1);
	rng_seed(&b, 42, 1);
	rng_seed(&c, 42, 2);
	rng_seed(&d, 43, 1);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_next(&a);

		assert_true(x == rng_next(&b));
		assert_true(x != rng_next(&c));
		assert_true(x != rng_next(&d));
	}
}

static void below_is_even(void **state)
{
	struct rng rng;
	int n[7] = {0};

	(void)state;
	rng_seed(&rng, 7, 0);
	for (int i = 0; i < 70000; i++)
		n[rng_below(&rng, 7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(n[i], 9500, 10500);
	assert_int_equal(rng_below(&rng, 1), 0);
	for (int i = 0; i < 1000; i++)
		assert_true(rng_below(&rng, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_sequence),
		cmocka_unit_test(seeds_and_streams),
		cmocka_unit_test(below_is_even),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
