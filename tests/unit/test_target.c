#include "collector/local_cut.h"
#include "collector/target.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Four masters: n2 is elected, n4 is left out of the voting configuration; n5 only holds data. */
static const struct target_node four[5] = {
	{.up = true, .voter = true, .master_eligible = true},
	{.up = true, .master = true, .voter = true, .master_eligible = true},
	{.up = true, .voter = true, .master_eligible = true},
	{.up = true, .master_eligible = true},
	{.up = true},
};

static void expect(enum plan_target target, uint64_t pick, size_t n, const char *expected)
{
	bool taken[5];
	char text[6] = "";

	assert_int_equal(target_choose(target, four, 5, 4, pick, taken), n);
	for (int i = 0; i < 5; i++)
		text[i] = taken[i] ? 'x' : '.';
	assert_string_equal(text, expected);
}

static void the_worst_choice_comes_first(void **state)
{
	(void)state;
	expect(TARGET_MASTER, 7, 1, ".x...");
	expect(TARGET_CASCADE, 7, 1, ".x...");
	expect(TARGET_HALF, 7, 2, "xx...");
	expect(TARGET_MAJORITY, 7, 3, "xxx..");
	expect(TARGET_1 + 3, 7, 4, "xxxx.");
	expect(TARGET_8, 7, 5, "xxxxx");
}

static void draws_are_of_all_who_are_meant(void **state)
{
	static const char *const others[] = {"x....", "..x..", "...x.", "....x"};

	(void)state;
	for (uint64_t pick = 0; pick < 4; pick++)
		expect(TARGET_NON_MASTER, pick + 8, 1, others[pick]);
	expect(TARGET_RANDOM, 1, 1, ".x...");
	expect(TARGET_RANDOM, 9, 1, "....x");
}

static void more_than_half_of_the_voters_must_be_left(void **state)
{
	const bool one[5] = {true}, two[5] = {true, true}, lucky[5] = {true, false, false, true};

	(void)state;
	assert_true(target_survives(four, 5, one));
	assert_false(target_survives(four, 5, two));
	assert_true(target_survives(four, 5, lucky));
	assert_true(target_survives_worst(four, 5, 1));
	assert_false(target_survives_worst(four, 5, 2));
}

/* ---- the firewall's rules of a cut ---- */

static void rules_hold_what_is_cut(void **state)
{
	static const struct cut_node nodes[3] = {{101, 9301}, {102, 9302}, {103, 9303}};
	struct cut cut;
	struct str text = STR_INIT;
	char expected[1024];

	(void)state;
	cut_init(&cut, NULL, "/run/somewhere", NULL, NULL);
	cut_set_nodes(&cut, nodes, 3);
	cut.pairs[2][0] = cut.pairs[0][2] = true;
	cut_rules(&cut, &text);
	snprintf(expected, sizeof expected,
		 "*filter\n:%s - [0:0]\n"
		 "-A %s -p tcp -m owner --uid-owner 103 -m tcp --dport 9301 -j DROP\n"
		 "-A %s -p tcp -m owner --uid-owner 101 -m tcp --dport 9303 -j DROP\n"
		 "-I OUTPUT -o lo -j %s\nCOMMIT\n",
		 cut.chain, cut.chain, cut.chain, cut.chain);
	assert_string_equal(text.s, expected);
	str_clear(&text);
	cut.linked = true;
	cut.pairs[2][0] = cut.pairs[0][2] = false;
	cut_rules(&cut, &text);
	snprintf(expected, sizeof expected,
		 "*filter\n:%s - [0:0]\n-D OUTPUT -o lo -j %s\n-X %s\nCOMMIT\n", cut.chain,
		 cut.chain, cut.chain);
	assert_string_equal(text.s, expected);
	str_done(&text);
	cut_done(&cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_choice_comes_first),
		cmocka_unit_test(draws_are_of_all_who_are_meant),
		cmocka_unit_test(more_than_half_of_the_voters_must_be_left),
		cmocka_unit_test(rules_hold_what_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
