#include "collector/diagnose.h"
#include "tests/unit/unit.h"
#include <string.h>

static void expect_beside(const char *log, const char *others, bool others_up,
			  enum diagnosis expected, const char *said)
{
	struct str text = STR_INIT;

	assert_string_equal(diagnosis_names[diagnose(log, others, others_up, &text)],
			    diagnosis_names[expected]);
	if (said)
		assert_non_null(strstr(text.s, said));
	else
		assert_int_equal(text.n, 0);
	str_done(&text);
}

static void expect(const char *log, const char *others, enum diagnosis expected, const char *said)
{
	expect_beside(log, others, true, expected, said);
}

static void what_prevents_a_start_is_said(void **state)
{
	(void)state;
	expect("java.lang.IllegalStateException: failed to obtain node locks, tried [/var/data]; "
	       "maybe "
	       "these locations are not writable\n",
	       "", DIAGNOSIS_LOCKED_DATA, "in use by another process: java.lang");
	expect("first\njava.net.BindException: Address already in use\nlast\n", "",
	       DIAGNOSIS_PORT_IN_USE, "in use: java.net.BindException: Address already in use");
	expect("java.lang.IllegalArgumentException: unknown setting [cluster.election.lasting] did "
	       "you "
	       "mean [cluster.election.duration]?\n",
	       "", DIAGNOSIS_BAD_SETTING, "cluster.election.lasting");
	expect("java.io.IOException: No space left on device\n", "", DIAGNOSIS_DISK_FULL, "disk");
	expect("bootstrap check failure [1] of [1]: max file descriptors [20000] is too low\n", "",
	       DIAGNOSIS_BOOTSTRAP_CHECK, "max file descriptors");
	expect("JVM arguments [-XX:+HeapDumpOnOutOfMemoryError, -Xmx256m]\n", "", DIAGNOSIS_NONE,
	       NULL);
	expect("java.lang.OutOfMemoryError: Java heap space\n", "", DIAGNOSIS_MEMORY, "heap");
	expect("all is well\n", "here too\n", DIAGNOSIS_NONE, NULL);
	expect("", "", DIAGNOSIS_NONE, NULL);
}

static void a_node_that_is_alone_is_told_from_a_lost_quorum(void **state)
{
	static const char alone[] = "master not discovered or elected yet, an election requires at "
				    "least 2 nodes with ids from [a, b, c], have only discovered "
				    "non-quorum [{n1}{a}{x}]; discovery will continue\n";
	static const char two[] =
		"cluster-manager not discovered or elected yet, an election requires "
		"3 nodes, have discovered [{n1}{a}{x}, {n2}{b}{y}] which is not a "
		"quorum\n";

	(void)state;
	expect(alone, "n2 is there\n", DIAGNOSIS_SEED_HOSTS, "seed_hosts");
	/* the others wrote when they elected a master, and went later */
	expect_beside(alone, "n2 was there\n", false, DIAGNOSIS_NO_QUORUM, "quorum");
	expect(two, "n3 is there\n", DIAGNOSIS_NO_QUORUM, "quorum");
}

static void neighbours_know_of_another_name(void **state)
{
	(void)state;
	expect("",
	       "handshake with [{n1}] failed: remote cluster name [b] does not match local cluster "
	       "name [a]\n",
	       DIAGNOSIS_CLUSTER_NAME, "cluster.name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_prevents_a_start_is_said),
		cmocka_unit_test(a_node_that_is_alone_is_told_from_a_lost_quorum),
		cmocka_unit_test(neighbours_know_of_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
