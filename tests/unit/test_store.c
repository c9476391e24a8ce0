#include "schema/snapshot.h"
#include "schema/store_impl.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Counts what the store syncs: these stand before libc's. */
static int n_syncs;

int fsync(int fd)
{
	n_syncs++;
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	n_syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

static char dir[64], file[128];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/test_store.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/a drill?%%.sqlite", dir);
	return 0;
}

static int remove_dir(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	char path[160];

	(void)state;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		snprintf(path, sizeof path, "%s%s", file, suffixes[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static bool beside(const char *suffix)
{
	char path[160];

	snprintf(path, sizeof path, "%s%s", file, suffix);
	return access(path, F_OK) == 0;
}

static struct store *open_ok(enum store_mode mode)
{
	struct err err = ERR_INIT;
	struct store *store;
	int rc = store_open(file, mode, &store, &err);

	assert_string_equal(err.text, "");
	assert_int_equal(rc, 0);
	return store;
}

static void close_ok(struct store *store)
{
	struct err err = ERR_INIT;

	assert_int_equal(store_close(store, &err), 0);
	assert_string_equal(err.text, "");
}

static void refused_at(const char *path, enum store_mode mode, const char *why)
{
	struct err err = ERR_INIT;
	struct store *store;
	char text[300];

	snprintf(text, sizeof text, "%s: %s", path, why);
	assert_int_equal(store_open(path, mode, &store, &err), ERR_ENV);
	assert_null(store);
	assert_string_equal(err.text, text);
}

static void refused(enum store_mode mode, const char *why)
{
	refused_at(file, mode, why);
}

static void write_file(const void *data, size_t n)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void run_sql(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int64_t ask(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

#define OK(call) ok_(call, &err, __LINE__)

static void ok_(int rc, const struct err *err, int line)
{
	if (rc || err->code)
		fail_msg("line %d: %s", line, err->text);
}

struct ids {
	int64_t study, session, cluster, node[3], arm, trial;
};

static struct ids fill(struct store *store)
{
	struct err err = ERR_INIT;
	struct ids id;
	struct store_study study = {
		.name = "s", .plan_text = "p", .plan_json = "{}", .plan_sha256 = "x"};
	struct store_session session = {.tool_version = "1",
					.command_line = "[]",
					.libraries = "{}",
					.host = "h",
					.kernel = "k",
					.cpu = "c",
					.sysctls = "{}",
					.start = {5, 6000, 7}};
	struct store_cluster cluster = {.label = "3-masters",
					.driver = "local",
					.settings = "{}",
					.master_eligible = 3,
					.n_nodes = 3};
	struct store_arm arm = {.master_eligible = 3,
				.cluster = "3-masters",
				.fault = "stop",
				.target = "master",
				.factors = "{}"};
	struct store_trial trial = {.position = 1, .block = 1, .base_ns = 1000};

	OK(store_add_study(store, &study, &id.study, &err));
	session.study_id = cluster.study_id = arm.study_id = trial.study_id = id.study;
	OK(store_add_session(store, &session, &id.session, &err));
	OK(store_add_cluster(store, &cluster, &id.cluster, &err));
	for (int i = 0; i < 3; i++) {
		char name[] = {'n', (char)('0' + i), 0};
		struct store_node node = {id.cluster, i, name, "http://x", true};

		OK(store_add_node(store, &node, &id.node[i], &err));
	}
	OK(store_add_arm(store, &arm, &id.arm, &err));
	trial.session_id = id.session;
	trial.cluster_id = id.cluster;
	trial.arm_id = id.arm;
	OK(store_add_trial(store, &trial, &id.trial, &err));
	return id;
}

static struct snapshot *snapshot(const char *body)
{
	struct err err = ERR_INIT;
	struct snapshot *s = snapshot_parse(body, strlen(body), &err);

	assert_non_null(s);
	return s;
}

/* ---- opening ---- */

static void each_unusable_file_has_its_words(void **state)
{
	char text[200];

	(void)state;
	refused(STORE_READ, "no such file");
	refused(STORE_APPEND, "no such file");
	refused_at(dir, STORE_READ, "is a folder, not a drill file");
	refused_at(dir, STORE_CREATE, "is a folder, not a drill file");
	refused_at("/nowhere/x", STORE_CREATE, "its folder does not exist");
	refused_at("/dev/null", STORE_READ, "is not a regular file");
	write_file("", 0);
	refused(STORE_READ, "file is not a rejoin drill file (it is empty)");
	memset(text, 'x', sizeof text);
	write_file(text, sizeof text);
	refused(STORE_READ, "file is not a rejoin drill file (not a database)");
	refused(STORE_APPEND, "file is not a rejoin drill file (not a database)");
	refused(STORE_CREATE, "exists already and is not empty");
	unlink(file);
	run_sql("CREATE TABLE x (y)");
	refused(STORE_READ, "file is not a rejoin drill file (another program's database)");
	unlink(file);
	close_ok(open_ok(STORE_CREATE));
	run_sql("PRAGMA user_version = 3");
	refused(STORE_READ, "made by a newer rejoin (format 3; this one reads up to 2)");
	refused(STORE_APPEND, "made by a newer rejoin (format 3; this one reads up to 2)");
	run_sql("PRAGMA user_version = 0");
	refused(STORE_READ, "file is damaged (no format number)");
}

static void truncated_and_damaged(void **state)
{
	struct stat st;

	(void)state;
	close_ok(open_ok(STORE_CREATE));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(truncate(file, st.st_size - 4096), 0);
	refused(STORE_READ, "file is truncated");
	refused(STORE_APPEND, "file is truncated");
	assert_int_equal(truncate(file, 60), 0);
	refused(STORE_READ, "file is truncated");
}

static void damage_is_told_in_words(void **state)
{
	struct err err = ERR_INIT;
	struct store *store;
	int64_t n;
	char junk[4096];
	int fd;

	(void)state;
	close_ok(open_ok(STORE_CREATE));
	memset(junk, 0xee, sizeof junk);
	fd = open(file, O_WRONLY);
	for (int page = 1; page < 40; page++)
		if (lseek(fd, 0, SEEK_END) > page * 4096)
			assert_int_equal(pwrite(fd, junk, 4096, page * 4096), 4096);
	close(fd);
	store = NULL;
	if (store_open(file, STORE_READ, &store, &err) == 0) {
		const struct store_bind binds[] = {STORE_TEXT("x")};

		assert_int_equal(store_query_int(store, SQL_SNAPSHOT_BY_DIGEST, binds, 1, &n, &err),
				 ERR_ENV);
	}
	assert_non_null(strstr(err.text, "file is damaged"));
	close_ok(store);
}

static sqlite3_vfs *vfs(void)
{
	return sqlite3_vfs_find(NULL);
}

static sqlite3_syscall_ptr real_open, real_pwrite;

static int open_without_writing(const char *path, int flags, int mode)
{
	if ((flags & O_ACCMODE) != O_RDONLY) {
		errno = EACCES;
		return -1;
	}
	return ((int (*)(const char *, int, int))real_open)(path, flags, mode);
}

static int writes_left;

static ssize_t pwrite_until_full(int fd, const void *data, size_t n, off_t at)
{
	if (writes_left-- <= 0) {
		errno = ENOSPC;
		return -1;
	}
	return ((ssize_t(*)(int, const void *, size_t, off_t))real_pwrite)(fd, data, n, at);
}

static void fill_disk(int after_writes)
{
	writes_left = after_writes;
	vfs()->xSetSystemCall(vfs(), "pwrite", (sqlite3_syscall_ptr)pwrite_until_full);
	vfs()->xSetSystemCall(vfs(), "pwrite64", (sqlite3_syscall_ptr)pwrite_until_full);
}

static void heal_system(void)
{
	vfs()->xSetSystemCall(vfs(), NULL, NULL);
}

static void read_only_file(void **state)
{
	(void)state;
	close_ok(open_ok(STORE_CREATE));
	real_open = vfs()->xGetSystemCall(vfs(), "open");
	vfs()->xSetSystemCall(vfs(), "open", (sqlite3_syscall_ptr)open_without_writing);
	refused(STORE_APPEND, "is read-only");
	close_ok(open_ok(STORE_READ));
	heal_system();
	close_ok(open_ok(STORE_APPEND));
}

/* The n-th write fails, n = 1, 2, ...: always one clear line, nothing left behind, nothing lost. */
static void no_space_at_any_write_of_a_create(void **state)
{
	int n;

	(void)state;
	real_pwrite = vfs()->xGetSystemCall(vfs(), "pwrite64");
	if (!real_pwrite)
		real_pwrite = vfs()->xGetSystemCall(vfs(), "pwrite");
	for (n = 0; n < 10000; n++) {
		struct err err = ERR_INIT;
		struct store *store;
		int rc;

		fill_disk(n);
		rc = store_open(file, STORE_CREATE, &store, &err);
		heal_system();
		if (rc == 0) {
			close_ok(store);
			break;
		}
		assert_non_null(strstr(err.text, "no space left on the device"));
		assert_false(beside(""));
		assert_false(beside("-wal"));
		assert_false(beside("-journal"));
	}
	assert_in_range(n, 10, 9999);
}

static void no_space_in_a_transaction_leaves_the_store_usable(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct snapshot *s = snapshot("{\"version\":1}");
	struct err err = ERR_INIT, full = ERR_INIT;

	(void)state;
	OK(store_begin(store, &err));
	fill(store);
	OK(store_commit(store, &err));
	OK(store_begin(store, &err));
	OK(store_add_snapshot(store, s, &err));
	assert_int_not_equal(s->id, 0);
	fill_disk(0);
	assert_int_equal(store_commit(store, &full), ERR_ENV);
	heal_system();
	assert_non_null(strstr(full.text, "no space left on the device"));
	store_rollback(store);
	assert_int_equal(s->id, 0);
	OK(store_begin(store, &err));
	OK(store_add_snapshot(store, s, &err));
	OK(store_commit(store, &err));
	close_ok(store);
	store = open_ok(STORE_READ);
	assert_int_equal(ask(store, "SELECT count(*) FROM snapshot"), 1);
	close_ok(store);
	snapshot_free(s);
}

static void a_create_that_fails_keeps_an_empty_file_empty(void **state)
{
	struct err err = ERR_INIT;
	struct store *store;
	struct stat st;

	(void)state;
	write_file("", 0);
	fill_disk(2);
	assert_int_equal(store_open(file, STORE_CREATE, &store, &err), ERR_ENV);
	heal_system();
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, 0);
	close_ok(open_ok(STORE_CREATE));
}

static void a_second_collector_is_turned_away(void **state)
{
	struct store *store = open_ok(STORE_CREATE), *reader;

	(void)state;
	refused(STORE_APPEND, "another collector is recording into it");
	refused(STORE_CREATE, "another collector is recording into it");
	reader = open_ok(STORE_READ);
	assert_int_equal(ask(reader, "SELECT count(*) FROM study"), 0);
	close_ok(reader);
	close_ok(store);
	close_ok(open_ok(STORE_APPEND));
}

static void a_reader_sees_what_is_being_recorded(void **state)
{
	struct store *store = open_ok(STORE_CREATE), *reader;
	struct err err = ERR_INIT;

	(void)state;
	OK(store_begin(store, &err));
	fill(store);
	OK(store_commit(store, &err));
	reader = open_ok(STORE_READ);
	assert_int_equal(ask(reader, "SELECT count(*) FROM trial"), 1);
	/* closing while it reads is no failure */
	assert_int_equal(sqlite3_exec(reader->db, "BEGIN; SELECT * FROM trial", NULL, NULL, NULL),
			 0);
	close_ok(store);
	close_ok(reader);
	close_ok(open_ok(STORE_APPEND));
	assert_false(beside("-wal"));
}

static void a_finished_file_is_one_plain_file(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct err err = ERR_INIT;

	(void)state;
	fill(store);
	assert_true(beside("-wal"));
	OK(store_checkpoint(store, &err));
	close_ok(store);
	assert_false(beside("-wal"));
	assert_false(beside("-shm"));
	store = open_ok(STORE_READ);
	assert_int_equal(ask(store, "SELECT count(*) FROM trial"), 1);
	assert_int_not_equal(sqlite3_exec(store->db, "DELETE FROM trial", NULL, NULL, NULL), 0);
	assert_false(beside("-shm"));
	close_ok(store);
}

/* ---- writing ---- */

static void a_durable_commit_is_synced_and_a_plain_one_is_not(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct err err = ERR_INIT;
	struct store_step_times times = STORE_STEP_TIMES_INIT;
	struct ids id;
	int64_t step;

	(void)state;
	OK(store_begin(store, &err));
	id = fill(store);
	OK(store_commit_durable(store, &err));
	n_syncs = 0;
	OK(store_begin(store, &err));
	OK(store_add_step(store, id.session, id.trial, id.node[0], "kill", 0, 10, &step, &err));
	assert_int_equal(n_syncs, 0);
	OK(store_commit_durable(store, &err));
	assert_int_equal(n_syncs, 1);
	OK(store_begin(store, &err));
	times.issued_ns = 20;
	times.gone_hi_ns = 30;
	OK(store_update_step(store, step, &times, &err));
	times = (struct store_step_times)STORE_STEP_TIMES_INIT;
	times.done_ns = 25;
	times.error = "e";
	OK(store_update_step(store, step, &times, &err));
	OK(store_commit(store, &err));
	assert_int_equal(n_syncs, 1);
	assert_int_equal(ask(store,
			     "SELECT count(*) FROM step WHERE issued_ns = 20 AND done_ns = 25 AND "
			     "gone_lo_ns IS NULL AND gone_hi_ns = 30 AND error = 'e'"),
			 1);
	assert_int_equal(store_update_step(store, 99, &times, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "update_step: no row has id 99"));
	close_ok(store);
}

static void writes_are_packed_and_accounted(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct store_write write = {.number = 7,
				    .due_us = (INT64_C(1) << 35) - 1,
				    .late_us = 20,
				    .took_us = 3000,
				    .node = 127,
				    .outcome = SAMPLE_OK};
	struct store_write_count count = {.due = 3, .sent = 2, .skipped = 1, .ok = 1, .timeout = 1};
	struct err err = ERR_INIT;
	struct ids id;

	(void)state;
	id = fill(store);
	OK(store_add_write(store, id.trial, &write, &err));
	write.due_us = 0;
	write.outcome = SAMPLE_TIMEOUT;
	OK(store_add_write(store, id.trial, &write, &err));
	assert_int_equal(ask(store, "SELECT count(*) FROM write_probe WHERE due_us = 34359738367 "
				    "AND node = 127 AND number = 7 AND acked = 1"),
			 1);
	assert_int_equal(ask(store, "SELECT sum(acked) FROM write_probe"), 1);
	/* found and lost must add up to what was acknowledged */
	assert_int_equal(store_add_write_count(store, id.trial, &count, &err), ERR_ENV);
	err = (struct err)ERR_INIT;
	count.found = 1;
	OK(store_add_write_count(store, id.trial, &count, &err));
	assert_int_equal(ask(store, "SELECT lost_writes = 0 AND acknowledged_writes = 1 AND "
				    "false_changes IS NULL FROM v_trial WHERE trial_id = "
				    "(SELECT trial_id FROM write_count)"),
			 1);
	close_ok(store);
}

static void samples_pack_their_extremes(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct snapshot *s = snapshot("{\"version\":1}");
	const int64_t last_due = (INT64_C(1) << 35) - 1;
	struct err err = ERR_INIT;
	struct store_sample samples[] = {
		{0, 0, 0, s, 0, SAMPLE_OK},
		{last_due, 1 << 30, 1 << 30, NULL, 127, SAMPLE_TIMEOUT},
	};
	const int64_t last_trial = 2097151;
	struct ids id;

	(void)state;
	OK(store_begin(store, &err));
	id = fill(store);
	OK(store_add_snapshot(store, s, &err));
	OK(store_add_samples(store, id.trial, samples, 2, &err));
	OK(store_exec(store,
		      "INSERT INTO trial SELECT 2097151, study_id, session_id, arm_id, cluster_id, "
		      "2, 1, 0, 0, "
		      "NULL, NULL, "
		      "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM trial",
		      "test", &err));
	OK(store_add_samples(store, last_trial, samples, 2, &err));
	OK(store_commit(store, &err));
	assert_int_equal(ask(store, "SELECT count(*) FROM sample"), 4);
	assert_int_equal(ask(store, "SELECT max(sample_key) = 9223372036854775807 FROM sample"), 1);
	assert_int_equal(
		ask(store, "SELECT count(*) FROM sample WHERE due_us = 34359738367 AND node = 127"),
		2);
	assert_int_equal(ask(store, "SELECT count(*) FROM sample WHERE trial_id = 2097151"), 2);
	assert_int_equal(
		ask(store,
		    "SELECT count(*) FROM sample WHERE trial_id = 1 AND due_us = 0 AND node = 0"),
		1);
	close_ok(store);
	snapshot_free(s);
}

static void samples_that_make_no_sense_are_refused(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct snapshot *s = snapshot("{\"version\":1}"), *unstored = snapshot("{\"version\":2}");
	struct err err = ERR_INIT;
	struct ids id = fill(store);

	(void)state;
	OK(store_add_snapshot(store, s, &err));
	const struct store_sample bad[] = {
		{-1, 0, 0, s, 0, SAMPLE_OK},
		{INT64_C(1) << 35, 0, 0, s, 0, SAMPLE_OK},
		{0, -1, 0, s, 0, SAMPLE_OK},
		{0, 0, -1, s, 0, SAMPLE_OK},
		{0, 0, 0, s, 128, SAMPLE_OK},
		{0, 0, 0, NULL, 0, SAMPLE_OK},
		{0, 0, 0, unstored, 0, SAMPLE_OK},
		{0, 0, 0, s, 0, SAMPLE_TIMEOUT},
		{0, 0, 0, NULL, 0, 4},
	};
	for (size_t i = 0; i < STORE_COUNT(bad); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(store_add_samples(store, id.trial, &bad[i], 1, &e), ERR_ENV);
		assert_non_null(strstr(e.text, "cannot be stored"));
	}
	const struct store_sample good = {1, 0, 0, NULL, 0, SAMPLE_NET_ERROR};
	assert_int_equal(store_add_samples(store, 7, &good, 1, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "FOREIGN KEY"));
	err = (struct err)ERR_INIT;
	OK(store_begin(store, &err));
	OK(store_add_samples(store, id.trial, &good, 1, &err));
	assert_int_equal(store_add_samples(store, id.trial, &good, 1, &err), ERR_ENV);
	store_rollback(store);
	assert_int_equal(ask(store, "SELECT count(*) FROM sample"), 0);
	close_ok(store);
	snapshot_free(s);
	snapshot_free(unstored);
}

static void the_file_holds_the_identities(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	const struct store_poll_count good = {10, 8, 2, 5, 1, 1, 1, 3};
	struct store_poll_count bad = good;
	struct err err = ERR_INIT;
	struct ids id = fill(store);

	(void)state;
	OK(store_add_poll_count(store, id.trial, id.node[0], &good, &err));
	bad.skipped = 1;
	assert_int_equal(store_add_poll_count(store, id.trial, id.node[1], &bad, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "CHECK"));
	err = (struct err)ERR_INIT;
	bad = good;
	bad.ok = 6;
	assert_int_equal(store_add_poll_count(store, id.trial, id.node[1], &bad, &err), ERR_ENV);
	err = (struct err)ERR_INIT;
	OK(store_add_poll_count(store, id.trial, id.node[1], &good, &err));
	close_ok(store);
}

static void what_a_trial_ends_with(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct snapshot *a = snapshot("{\"master_node\":\"x\",\"version\":1}"),
			*b = snapshot("{\"version\":2}"), *same = snapshot("{\"version\":2}");
	struct master_change change = {0, {5, 9}, a, b};
	const struct metric_value values[] = {
		{METRIC_REELECTION, ORIGIN_FAULT_ISSUED, -1, 1000000000, 3000000000, 0},
		{METRIC_AGREEMENT, ORIGIN_FAULT_ISSUED, -1, 7, 0, 1},
		{METRIC_MASTERLESS, ORIGIN_OWN, 1, 0, 8, -1},
	};
	struct store_trial_end end = {
		.end_ns = 99, .outcome = "recovered", .term_before = 1, .term_after = 3};
	struct store_session_end session_end = {.end = clock_anchor_read(), .ended_by = "finished"};
	struct err err = ERR_INIT;
	struct ids id;

	(void)state;
	OK(store_begin(store, &err));
	id = fill(store);
	OK(store_add_snapshot(store, a, &err));
	OK(store_add_snapshot(store, b, &err));
	OK(store_add_snapshot(store, same, &err));
	assert_int_equal(same->id, b->id);
	assert_int_not_equal(a->id, b->id);
	OK(store_add_master_change(store, id.trial, id.node[1], &change, &err));
	OK(store_add_health_change(store, id.trial, id.node[1], "green", 1, 2, &err));
	for (int i = 0; i < 3; i++)
		OK(store_add_metric(store, id.trial, &values[i], i == 2 ? "n1" : "", &err));
	OK(store_add_incident(store, id.study, 0, "late_polls", 3, "d", TRACK_NEVER, &err));
	end.victim_node_id = id.node[0];
	OK(store_end_trial(store, id.trial, &end, &err));
	OK(store_set_cluster_seen(store, id.cluster, "u1", "elasticsearch", "8.19.0", &err));
	OK(store_set_cluster_seen(store, id.cluster, "u1", NULL, NULL, &err));
	OK(store_set_node_seen(store, id.node[0], "p", "[]", "8", "j", &err));
	OK(store_set_node_url(store, id.node[0], "http://y", &err));
	OK(store_end_session(store, id.session, &session_end, &err));
	OK(store_finish_study(store, id.study, &err));
	OK(store_commit(store, &err));
	assert_int_equal(ask(store,
			     "SELECT count(*) FROM v_trial WHERE terms = 2 AND victim = 'n0' AND "
			     "cluster_uuid = 'u1' AND started_utc IS NOT NULL"),
			 1);
	assert_int_equal(
		ask(store, "SELECT value_s = 2.0 FROM v_metric WHERE metric = 'reelection'"), 1);
	assert_int_equal(
		ask(store,
		    "SELECT value_s IS NULL AND hi_ns IS NULL FROM v_metric WHERE censored = 1"),
		1);
	assert_int_equal(
		ask(store, "SELECT observer = 'n1' FROM v_metric WHERE metric = 'masterless'"), 1);
	assert_int_equal(
		ask(store, "SELECT old_master = 'x' AND new_master IS NULL FROM v_master_change"),
		1);
	assert_int_equal(store_set_cluster_seen(store, id.cluster, "u2", NULL, NULL, &err),
			 ERR_ENV);
	assert_string_equal(
		err.text,
		"cluster 3-masters is another one: its uuid is u2, the recorded one's is u1");
	close_ok(store);
	snapshot_free(a);
	snapshot_free(b);
	snapshot_free(same);
}

static int stop_at_first(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	assert_string_equal(store_text(row, 1), "3-masters");
	assert_true(store_is_null(row, 0));
	++*(int *)arg;
	return 7;
}

static void queries_hand_rows_over(void **state)
{
	struct store *store = open_ok(STORE_CREATE);
	struct err err = ERR_INIT;
	struct ids id = fill(store);
	const struct store_bind binds[] = {STORE_INT(id.cluster)}, none[] = {STORE_INT(99)};
	int n = 0;
	int64_t value;

	(void)state;
	assert_int_equal(store_query(store, SQL_CLUSTER_UUID, binds, 1, stop_at_first, &n, &err),
			 7);
	assert_int_equal(n, 1);
	OK(store_query_int(store, SQL_CLUSTER_UUID, binds, 1, &value, &err));
	assert_int_equal(value, 0);
	assert_int_equal(store_query_int(store, SQL_CLUSTER_UUID, none, 1, &value, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "cluster_uuid: 0 rows instead of one"));
	close_ok(store);
}

/* A 5-node trial as it is recorded: 5 ms polls, late by a little, about 1 ms each, few states. */
static void a_sample_takes_at_most_24_bytes(void **state)
{
	enum { N = 200000 };
	static struct store_sample batch[1000];
	struct store *store = open_ok(STORE_CREATE);
	struct snapshot *s = snapshot("{\"version\":1}");
	struct err err = ERR_INIT;
	struct stat before, after;
	struct ids id;

	(void)state;
	OK(store_begin(store, &err));
	id = fill(store);
	OK(store_exec(store,
		      "INSERT INTO trial SELECT 1500, study_id, session_id, arm_id, cluster_id, 2, "
		      "1, 0, 0, "
		      "NULL, NULL, "
		      "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM trial",
		      "test", &err));
	OK(store_add_snapshot(store, s, &err));
	s->id = 0;
	OK(store_exec(store, "UPDATE snapshot SET snapshot_id = 20000", "test", &err));
	s->id = 20000;
	OK(store_commit(store, &err));
	OK(store_checkpoint(store, &err));
	assert_int_equal(stat(file, &before), 0);
	for (int done = 0; done < N; done += 1000) {
		for (int i = 0; i < 1000; i++)
			batch[i] = (struct store_sample){(done + i) / 5 * INT64_C(5000),
							 40 + i % 200,
							 500 + i % 3000,
							 i % 50 ? s : NULL,
							 (uint8_t)(i % 5),
							 i % 50 ? SAMPLE_OK : SAMPLE_NET_ERROR};
		OK(store_begin(store, &err));
		OK(store_add_samples(store, id.trial ? 1500 : 0, batch, 1000, &err));
		OK(store_commit(store, &err));
	}
	OK(store_checkpoint(store, &err));
	assert_int_equal(stat(file, &after), 0);
	assert_true((double)(after.st_size - before.st_size) / N <= 24.0);
	close_ok(store);
	snapshot_free(s);
}

/* Does some process hold SQLite's lock of readers on the file? POSIX tells only of other
 * processes'. */
static bool is_read_locked(void)
{
	enum { SHARED_FIRST = 0x40000002, SHARED_SIZE = 510 };
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct flock lock = {.l_type = F_WRLCK,
				     .l_whence = SEEK_SET,
				     .l_start = SHARED_FIRST,
				     .l_len = SHARED_SIZE};
		int fd = open(file, O_RDWR);

		_exit(fd < 0 || fcntl(fd, F_GETLK, &lock) != 0 ? 2 : lock.l_type == F_RDLCK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 1;
}

static void a_handle_beside_reads_too_and_takes_no_lock_away(void **state)
{
	struct err err = ERR_INIT;
	struct store *store, *other;
	int64_t last = -1;

	(void)state;
	close_ok(open_ok(STORE_CREATE));
	store = open_ok(STORE_READ);
	assert_false(is_read_locked());
	OK(store_begin_reading(store, &err));
	OK(store_query_int(store, SQL_SEAL_LAST_SNAPSHOT, NULL, 0, &last, &err));
	assert_true(is_read_locked());
	OK(store_open_beside(store, &other, &err));
	assert_non_null(other);
	last = -1;
	OK(store_query_int(other, SQL_SEAL_LAST_SNAPSHOT, NULL, 0, &last, &err));
	assert_int_equal(last, 0);
	close_ok(other);
	assert_true(is_read_locked());
	close_ok(store);
	assert_false(is_read_locked());
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(each_unusable_file_has_its_words),
		TEST(truncated_and_damaged),
		TEST(damage_is_told_in_words),
		TEST(read_only_file),
		TEST(no_space_at_any_write_of_a_create),
		TEST(no_space_in_a_transaction_leaves_the_store_usable),
		TEST(a_create_that_fails_keeps_an_empty_file_empty),
		TEST(a_second_collector_is_turned_away),
		TEST(a_reader_sees_what_is_being_recorded),
		TEST(a_handle_beside_reads_too_and_takes_no_lock_away),
		TEST(a_finished_file_is_one_plain_file),
		TEST(a_durable_commit_is_synced_and_a_plain_one_is_not),
		TEST(writes_are_packed_and_accounted),
		TEST(samples_pack_their_extremes),
		TEST(samples_that_make_no_sense_are_refused),
		TEST(the_file_holds_the_identities),
		TEST(what_a_trial_ends_with),
		TEST(queries_hand_rows_over),
		TEST(a_sample_takes_at_most_24_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
