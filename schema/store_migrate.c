#include "schema/store_impl.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As Cyrus's sqldb does it: the version was read, the file is locked, the version is read again,
 * and all steps to the present one are one transaction. */
static int apply(struct store *store, const char *doing, struct err *err)
{
	char set_version[64];
	int64_t version = 0;
	int rc = store_exec(store, "BEGIN IMMEDIATE", doing, err);

	if (!rc)
		rc = store_pragma_int(store, "PRAGMA user_version", &version, err);
	for (int i = 0; !rc && i < sql_n_migrations; i++)
		if (sql_migrations[i].version > version)
			rc = store_exec(store, sql_migrations[i].text, doing, err);
	snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", STORE_FORMAT);
	if (!rc)
		rc = store_exec(store, set_version, doing, err);
	if (!rc)
		rc = store_exec(store, "COMMIT", doing, err);
	if (rc)
		store_rollback(store);
	return rc;
}

int store_make_tables(struct store *store, struct err *err)
{
	return apply(store, "create", err);
}

int store_copy_pages(struct store *store, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", store->db, "main");

	if (!backup)
		return sqlite3_extended_errcode(to);
	sqlite3_backup_step(backup, -1);
	return sqlite3_backup_finish(backup);
}

static int fail_with(const struct store *store, const char *doing, const char *why, struct err *err)
{
	return err_set(err, ERR_ENV, "%s: %s: %s", store->path, doing, why);
}

/* A private database without a name: what does not fit into memory goes to a temporary file that
 * nobody else sees, and it is gone when it is closed. */
int store_migrate_copy(struct store *store, struct err *err)
{
	static const char doing[] = "reading an older format";
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
			  SQLITE_OPEN_EXRESCODE;
	sqlite3 *copy = NULL;
	int rc = sqlite3_open_v2("", &copy, flags, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
				  NULL, NULL);
	if (rc == SQLITE_OK)
		rc = store_copy_pages(store, copy);
	if (rc != SQLITE_OK) {
		fail_with(store, doing, store_meaning(copy, rc), err);
		sqlite3_close(copy);
		return err->code;
	}
	sqlite3_close(store->db);
	store->db = copy;
	return apply(store, doing, err);
}

/* ---- in place: a backup copy first ---- */

static bool same_bytes(const char *a, const char *b)
{
	FILE *fa = fopen(a, "re"), *fb = fopen(b, "re");
	bool same = fa && fb;
	char block_a[16384], block_b[sizeof block_a];
	size_t n = 1;

	while (same && n > 0) {
		n = fread(block_a, 1, sizeof block_a, fa);
		same = fread(block_b, 1, sizeof block_b, fb) == n &&
		       memcmp(block_a, block_b, n) == 0 && !ferror(fa) && !ferror(fb);
	}
	if (fa)
		fclose(fa);
	if (fb)
		fclose(fb);
	return same;
}

/* Gives the finished copy a name that nothing had. One there already with the same content is from
 * a migration that was cut off. */
static int name_backup(const struct store *store, const char *made, int version, char **ret_path)
{
	for (int i = 1; i < 1000; i++) {
		char *path = i == 1 ? mem_printf("%s.format%d.bak", store->path, version)
				    : mem_printf("%s.format%d.bak.%d", store->path, version, i);

		*ret_path = path;
		if (renameat2(AT_FDCWD, made, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
			return 0;
		if (errno == EEXIST && same_bytes(made, path))
			return unlink(made) == 0 ? 0 : errno;
		/* a file system that does not know the flag; other collectors are locked out */
		if (errno == EINVAL && access(path, F_OK) != 0)
			return rename(made, path) == 0 ? 0 : errno;
		if (errno != EEXIST && errno != EINVAL)
			return errno;
		free(path);
		*ret_path = NULL;
	}
	return EEXIST;
}

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 || fsync(fd) != 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

static int sync_folder_of(const char *path)
{
	char *copy = mem_strdup(path);
	int error = sync_path(dirname(copy));

	free(copy);
	return error;
}

/* Made before SQLite sees it, so that it is as private as the recording is. */
static int make_like(const struct store *store, const char *path)
{
	struct stat st;
	int fd, error = 0;

	unlink(path); /* of a migration that was cut off: only one collector at a time gets here */
	if (fstat(store->lock_fd, &st) != 0)
		return errno;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	if (fchmod(fd, st.st_mode & 0777) != 0)
		error = errno;
	close(fd);
	return error;
}

static int fill_copy(struct store *store, const char *path, const char *doing, struct err *err)
{
	sqlite3 *to = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc = sqlite3_open_v2(path, &to, flags, NULL);

	if (rc == SQLITE_OK)
		rc = store_copy_pages(store, to);
	/* a copy stands alone, whatever lay beside the file */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fail_with(store, doing, store_meaning(to, rc), err);
	sqlite3_close(to);
	return err->code;
}

static int back_up(struct store *store, int version, struct err *err)
{
	char *made = mem_printf("%s.format%d.bak.new", store->path, version);
	char *doing = mem_printf("backup copy of format %d", version);
	int error = make_like(store, made);

	if (!error && !fill_copy(store, made, doing, err)) {
		error = sync_path(made);
		if (!error)
			error = name_backup(store, made, version, &store->backup);
		if (!error)
			error = sync_folder_of(made);
	}
	if (error)
		fail_with(store, doing, store_io_meaning(error), err);
	if (err->code)
		unlink(made);
	free(doing);
	free(made);
	return err->code;
}

int store_migrate_file(struct store *store, int version, struct err *err)
{
	int rc = back_up(store, version, err);

	return rc ? rc : apply(store, "migrate", err);
}
