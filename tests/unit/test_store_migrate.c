/* A file of format 1 brought up to the present format while everything that can go wrong does: the
 * disk is full, the process dies, at every single call. Before and after, every row that format 1
 * had is there. The file is a real one whose collector was killed: its log lies beside it. */
#include "lib/hash.h"
#include "lib/str.h"
#include "schema/store_impl.h"
#include "tests/unit/unit.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORIGINAL "tests/upgrade/format1-interrupted.sqlite"

/* ---- calls that fail, or are the last ---- */

enum trouble { NONE, NO_SPACE, DEATH };
static enum trouble trouble;
static int calls_left;

/* Dies, or says that the call must fail. */
static bool strikes(void)
{
	if (trouble == NONE || calls_left-- > 0)
		return false;
	if (trouble == DEATH)
		raise(SIGKILL);
	errno = ENOSPC;
	return true;
}

/* These stand before libc's, for the store and for SQLite. */

int fsync(int fd)
{
	return strikes() ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return strikes() ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return strikes() ? -1 : (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

/* Of a page only half is written when it dies. */
static ssize_t write_page(int fd, const void *data, size_t n, off_t at)
{
	if (trouble == DEATH && calls_left == 0)
		syscall(SYS_pwrite64, fd, data, n / 2, at);
	return strikes() ? -1 : (ssize_t)syscall(SYS_pwrite64, fd, data, n, at);
}

static int cut(int fd, off_t size)
{
	return strikes() ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

/* No room is needed to remove a file: only death comes here. */
static int remove_file(const char *path)
{
	return trouble == DEATH && strikes() ? -1 : (int)syscall(SYS_unlink, path);
}

static void begin_trouble(enum trouble kind, int after_calls)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_page);
	vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_page);
	vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)cut);
	vfs->xSetSystemCall(vfs, "unlink", (sqlite3_syscall_ptr)remove_file);
	trouble = kind;
	calls_left = after_calls;
}

static void end_trouble(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	trouble = NONE;
	vfs->xSetSystemCall(vfs, NULL, NULL);
}

/* ---- files ---- */

static char dir[64], file[128], backup[160];

static void copy_file(const char *from, const char *to)
{
	char data[65536];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t n;

	assert_non_null(in);
	assert_non_null(out);
	while ((n = fread(data, 1, sizeof data, in)) > 0)
		assert_int_equal(fwrite(data, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static void empty_dir(void)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	assert_non_null(d);
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.')
			assert_int_equal(unlinkat(dirfd(d), entry->d_name, 0), 0);
	closedir(d);
}

static int count_files(void)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)))
		n += entry->d_name[0] != '.';
	closedir(d);
	return n;
}

static void lay_out(void)
{
	char wal[160];

	empty_dir();
	snprintf(wal, sizeof wal, "%s-wal", file);
	copy_file(ORIGINAL, file);
	copy_file(ORIGINAL "-wal", wal);
}

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/test_migrate.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/drill.sqlite", dir);
	snprintf(backup, sizeof backup, "%s.format1.bak", file);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	end_trouble();
	empty_dir();
	return rmdir(dir);
}

/* ---- what a file holds ---- */

static int add_cells(void *arg, int n, char **cells, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++)
		str_addf(arg, "%s|", cells[i] ? cells[i] : "NULL");
	str_add(arg, "\n");
	return 0;
}

static VEC(char *) selects; /* every row that format 1 knows, in columns that it knows */

static void make_selects(void)
{
	static const char of_tables[] = "SELECT 'SELECT ' || group_concat('quote(' || c.name || "
					"')') || ' FROM ' || t.name || "
					"' ORDER BY 1, 2, 3' FROM sqlite_schema t, "
					"pragma_table_xinfo(t.name) c WHERE t.type = "
					"'table' GROUP BY t.name ORDER BY t.name";
	sqlite3 *format1;
	sqlite3_stmt *tables;

	assert_int_equal(sqlite3_open(":memory:", &format1), SQLITE_OK);
	assert_int_equal(sqlite3_exec(format1, sql_migrations[0].text, NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(format1, of_tables, -1, &tables, NULL), SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW)
		vec_push(&selects, mem_strdup((const char *)sqlite3_column_text(tables, 0)));
	sqlite3_finalize(tables);
	sqlite3_close(format1);
}

static void add_format_1_rows(sqlite3 *db, struct str *text)
{
	for (size_t i = 0; i < selects.n; i++) {
		char *why = NULL;

		if (sqlite3_exec(db, selects.v[i], add_cells, text, &why) != SQLITE_OK)
			fail_msg("%s: %s", selects.v[i], why);
	}
}

struct content {
	int64_t format;
	char digest[HASH_HEX_SIZE];
};

static struct content content_of(const char *path)
{
	struct content content = {0};
	struct str text = STR_INIT, check = STR_INIT, format = STR_INIT;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA integrity_check; PRAGMA foreign_key_check",
				      add_cells, &check, NULL),
			 SQLITE_OK);
	assert_string_equal(check.s, "ok|\n");
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version", add_cells, &format, NULL),
			 SQLITE_OK);
	content.format = strtol(format.s, NULL, 10);
	add_format_1_rows(db, &text);
	assert_in_range(text.n, 40000, 10000000);
	hash_sha256_hex(text.s, text.n, content.digest);
	sqlite3_close(db);
	str_done(&text);
	str_done(&check);
	str_done(&format);
	return content;
}

static struct content original;

static int migrate(struct err *err)
{
	struct store *store;
	int rc = store_open(file, STORE_APPEND, &store, err);

	if (!rc) {
		if (store_backup(store))
			assert_string_equal(store_backup(store), backup);
		rc = store_close(store, err);
	}
	return rc;
}

/* The file is of either format (which is returned) and whole; so is the backup copy, which the new
 * format must have. */
static int64_t nothing_is_half(void)
{
	struct content now = content_of(file);

	assert_string_equal(now.digest, original.digest);
	assert_in_range(now.format, 1, STORE_FORMAT);
	if (access(backup, F_OK) == 0) {
		struct content before = content_of(backup);

		assert_int_equal(before.format, 1);
		assert_string_equal(before.digest, original.digest);
	} else {
		assert_int_equal(now.format, 1);
	}
	return now.format;
}

static void finished(void)
{
	assert_int_equal(nothing_is_half(), STORE_FORMAT);
	assert_int_equal(count_files(), 2);
}

/* ---- tests ---- */

static void a_full_disk_leaves_the_file_as_it_was(void **state)
{
	int n, n_space = 0;

	(void)state;
	for (n = 0; n < 10000; n++) {
		struct err err = ERR_INIT;
		int rc;

		lay_out();
		begin_trouble(NO_SPACE, n);
		rc = migrate(&err);
		end_trouble();
		if (rc == 0)
			break;
		assert_int_equal(rc, ERR_ENV);
		/* SQLite does not say what a failing sync failed of */
		n_space += strstr(err.text, ": no space left on the device") != NULL;
		if (!strstr(err.text, ": no space left on the device") &&
		    !strstr(err.text, ": input/output error"))
			fail_msg("%s", err.text);
		nothing_is_half();
		err = (struct err)ERR_INIT;
		assert_int_equal(migrate(&err), 0);
		finished();
	}
	finished();
	assert_in_range(n, 60, 9999);
	assert_in_range(n_space, n - 10, n);
}

static void a_death_leaves_the_file_of_one_format_or_the_other(void **state)
{
	int n, n_new = 0, status = -1;

	(void)state;
	for (n = 0; n < 10000 && status != 0; n++) {
		struct err err = ERR_INIT;
		pid_t pid;

		lay_out();
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			begin_trouble(DEATH, n);
			_exit(migrate(&err) ? 1 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
		n_new += nothing_is_half() == STORE_FORMAT;
		/* and whoever opens it next tidies up */
		assert_int_equal(migrate(&err), 0);
		finished();
	}
	print_message("%d calls, %d of them after the commit\n", n, n_new);
	/* it died before the commit, and after it */
	assert_in_range(n, 60, 9999);
	assert_in_range(n_new, 2, n - 50);
}

static void a_backup_never_takes_the_place_of_a_file(void **state)
{
	struct err err = ERR_INIT;
	struct store *store;
	char second[176], text[8] = "";
	FILE *f;

	(void)state;
	lay_out();
	f = fopen(backup, "w");
	fputs("mine", f);
	fclose(f);
	assert_int_equal(store_open(file, STORE_APPEND, &store, &err), 0);
	snprintf(second, sizeof second, "%s.2", backup);
	assert_string_equal(store_backup(store), second);
	assert_int_equal(store_close(store, &err), 0);
	f = fopen(backup, "r");
	assert_non_null(fgets(text, sizeof text, f));
	fclose(f);
	assert_string_equal(text, "mine");
	assert_int_equal(content_of(second).format, 1);
	assert_string_equal(content_of(second).digest, original.digest);
	/* the present format needs none */
	assert_int_equal(store_open(file, STORE_APPEND, &store, &err), 0);
	assert_null(store_backup(store));
	assert_int_equal(store_close(store, &err), 0);
	assert_int_equal(count_files(), 3);
}

static void a_backup_is_as_private_as_the_recording(void **state)
{
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	lay_out();
	assert_int_equal(chmod(file, 0640), 0);
	assert_int_equal(migrate(&err), 0);
	assert_int_equal(stat(backup, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void hash_bytes(char ret_hex[HASH_HEX_SIZE])
{
	static char data[1 << 20];
	FILE *f = fopen(file, "r");
	size_t n;

	assert_non_null(f);
	n = fread(data, 1, sizeof data, f);
	assert_in_range(n, 1, sizeof data - 1);
	fclose(f);
	hash_sha256_hex(data, n, ret_hex);
}

static void reading_touches_nothing(void **state)
{
	struct err err = ERR_INIT;
	struct store *store, *beside;
	char before[HASH_HEX_SIZE], after[HASH_HEX_SIZE];
	struct content now;
	struct str text = STR_INIT;

	(void)state;
	empty_dir();
	copy_file("tests/upgrade/format1.sqlite", file);
	now = content_of(file);
	hash_bytes(before);
	assert_int_equal(store_open(file, STORE_READ, &store, &err), 0);
	assert_null(store_backup(store));
	/* nobody else has the private copy */
	assert_int_equal(store_open_beside(store, &beside, &err), 0);
	assert_null(beside);
	add_format_1_rows(store->db, &text);
	hash_sha256_hex(text.s, text.n, after);
	assert_string_equal(after, now.digest);
	str_done(&text);
	assert_int_equal(
		sqlite3_exec(store->db, "SELECT * FROM v_study, v_sign_off", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(store_close(store, &err), 0);
	hash_bytes(after);
	assert_string_equal(after, before);
	assert_int_equal(count_files(), 1);
}

static int note_original(void **state)
{
	make_dir(state);
	make_selects();
	assert_int_equal(selects.n, 20);
	lay_out();
	original = content_of(file);
	assert_int_equal(original.format, 1);
	return remove_dir(state);
}

static int free_selects(void **state)
{
	(void)state;
	for (size_t i = 0; i < selects.n; i++)
		free(selects.v[i]);
	vec_done(&selects);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_full_disk_leaves_the_file_as_it_was),
		TEST(a_death_leaves_the_file_of_one_format_or_the_other),
		TEST(a_backup_never_takes_the_place_of_a_file),
		TEST(a_backup_is_as_private_as_the_recording),
		TEST(reading_touches_nothing),
	};

	return cmocka_run_group_tests_name("store_migrate", tests, note_original, free_selects);
}
