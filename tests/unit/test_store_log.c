#include "lib/deflate.h"
#include "schema/store_impl.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A trial of three nodes, of which the first is the victim. */
static char path[64];
static struct store *store;
static struct err err;

static void run(const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(store->db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static int set_up(void **state)
{
	int fd;

	(void)state;
	err.code = 0;
	snprintf(path, sizeof path, "/tmp/test_store_log.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(store_open(path, STORE_CREATE, &store, &err), 0);
	run("INSERT INTO study (study_id, uuid, name, plan_text, plan_json, plan_sha256, seed, "
	    "trials_planned, created_utc_us) VALUES (1, 'u', 's', '', '', '', 1, 1, 1);"
	    "INSERT INTO session (session_id, study_id, tool_version, command_line, libraries, "
	    "host, kernel, cpu, n_cpu, memory_bytes, sysctls, pid, start_mono_ns, start_utc_us, "
	    "start_error_ns) VALUES (1, 1, '', '', '', '', '', '', 1, 1, '', 1, 1, 1, 1);"
	    "INSERT INTO cluster (cluster_id, study_id, label, driver, master_eligible, n_nodes, "
	    "settings) VALUES (1, 1, 'c', 'local', 3, 3, '');"
	    "INSERT INTO node (node_id, cluster_id, ordinal, name, http_url, master_eligible) "
	    "VALUES (1, 1, 0, 'n1', '', 1), (2, 1, 1, 'n2', '', 1), (3, 1, 2, 'n3', '', 1);"
	    "INSERT INTO arm VALUES (1, 1, 0, 'c', 3, 'stop', 'master', '{}');"
	    "INSERT INTO trial (trial_id, study_id, session_id, arm_id, cluster_id, position, "
	    "block, warmup, base_ns, victim_node_id) VALUES (1, 1, 1, 1, 1, 1, 1, 0, 0, 1);");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store, &err);
	return unlink(path);
}

static int64_t ask(const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void applied(int64_t node, int64_t line, const char *master, int64_t term, int64_t lo_ns)
{
	struct store_log_event event = {
		.line = line,
		.kind = "applied",
		.utc_us = 1767225600123000,
		.at = {lo_ns, lo_ns == TRACK_NEVER ? TRACK_NEVER : lo_ns + 1000},
		.term = term,
		.state_version = -1,
		.master = master,
		.n_checks = -1,
		.ago_ms = -1,
		.text = "text",
	};

	assert_int_equal(store_add_log_event(store, 1, node, &event, &err), 0);
}

static void polled(int64_t node, const char *master, int64_t term, int64_t lo_ns)
{
	char *sql = mem_printf("INSERT INTO master_change VALUES (1, %lld, %lld, %lld, NULL, '%s', "
			       "%lld)",
			       (long long)node, (long long)lo_ns, (long long)lo_ns + 5000, master,
			       (long long)term);

	run(sql);
	free(sql);
}

static void test_pairs(void **state)
{
	(void)state;
	applied(2, 1, NULL, 1, 1000);
	applied(2, 4, "n3", 2, 10000);
	polled(2, "n3", 2, 11000);
	assert_int_equal(ask("SELECT count(*) FROM v_witness"), 1);
	assert_int_equal(ask("SELECT line FROM v_witness"), 4);
	assert_int_equal(ask("SELECT round(diff_s * 1e9) FROM v_witness"), 3000);
	assert_int_equal(ask("SELECT round(diff_error_s * 1e9) FROM v_witness"), 3000);
	assert_int_equal(ask("SELECT is_early FROM v_witness"), 0);
	/* another master, another term, another node, a line that has no place: no pair */
	applied(3, 1, "n2", 2, 10000);
	applied(3, 2, "n3", 3, 10000);
	applied(3, 3, "n3", 4, TRACK_NEVER);
	polled(3, "n3", 2, 11000);
	polled(3, "n3", 4, 12000);
	assert_int_equal(ask("SELECT count(*) FROM v_witness"), 1);
	assert_int_equal(ask("SELECT count(*) FROM log_event WHERE lo_ns IS NULL"), 1);
	/* the victim's return is no survivor's */
	applied(1, 1, "n3", 2, 10000);
	polled(1, "n3", 2, 11000);
	assert_int_equal(ask("SELECT count(*) FROM v_witness"), 1);
}

static void test_early(void **state)
{
	(void)state;
	applied(2, 1, "n3", 2, 20000);
	polled(2, "n3", 2, 14999);
	assert_int_equal(ask("SELECT is_early FROM v_witness"), 1);
	assert_true(ask("SELECT diff_s < 0 FROM v_witness"));
}

/* Lost and found in the same term: the first goes with the first; one unseen, and none does. */
static void test_again(void **state)
{
	(void)state;
	applied(2, 1, "n3", 2, 10000);
	applied(2, 9, "n3", 2, 50000);
	polled(2, "n3", 2, 51000);
	assert_int_equal(ask("SELECT count(*) FROM v_witness"), 0);
	polled(2, "n3", 2, 11000);
	assert_int_equal(ask("SELECT count(*) FROM v_witness"), 2);
	assert_int_equal(ask("SELECT count(*) FROM v_witness WHERE round(diff_s * 1e9) = 3000"), 2);
}

static void test_chunk(void **state)
{
	static const char lines[] = "first\nsecond \xff\n\0third\n";
	struct str back = STR_INIT;
	sqlite3_stmt *stmt;

	(void)state;
	assert_int_equal(store_add_log_chunk(store, 1, 2, 3, lines, sizeof lines - 1, &err), 0);
	assert_int_equal(ask("SELECT n_bytes FROM log_chunk WHERE n_lines = 3"), sizeof lines - 1);
	sqlite3_prepare_v2(store->db, "SELECT lines FROM log_chunk", -1, &stmt, NULL);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(deflate_unpack(sqlite3_column_blob(stmt, 0),
					(size_t)sqlite3_column_bytes(stmt, 0), sizeof lines - 1,
					&back, &err),
			 0);
	assert_memory_equal(back.s, lines, sizeof lines - 1);
	sqlite3_finalize(stmt);
	str_done(&back);
	/* once a trial and node */
	assert_int_equal(store_add_log_chunk(store, 1, 2, 3, lines, 5, &err), ERR_ENV);
}

static void test_clock(void **state)
{
	(void)state;
	assert_int_equal(store_set_trial_clock(store, 1, 5, 6, 7, &err), 0);
	assert_int_equal(ask("SELECT start_utc_us = 5 AND end_utc_us = 6 AND anchor_error_ns = 7 "
			     "FROM trial"),
			 1);
	assert_int_equal(store_set_trial_clock(store, 99, 5, 6, 7, &err), ERR_ENV);
}

/* each on a file of its own */
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pairs), TEST(test_early), TEST(test_again),
		TEST(test_chunk), TEST(test_clock),
	};

	return cmocka_run_group_tests_name("store_log", tests, NULL, NULL);
}
