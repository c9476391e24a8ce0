#include "report/beside.h"
#include "lib/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_OPEN = 16 }; /* folders that nftw keeps open */

/* As if it had been created by name: what mkstemp and mkdtemp make is for secrets. */
static void set_usual_mode(const char *path, mode_t mode)
{
	mode_t mask = umask(0);

	umask(mask);
	if (chmod(path, mode & ~mask))
		return; /* a file system without modes */
}

/* "DIR/" is DIR. */
static char *without_slashes(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return mem_strndup(path, n);
}

/* Takes temp. */
static int cannot(char *temp, struct err *err)
{
	free(temp);
	return err_set(err, ERR_ENV, "%s",
		       errno == ENOENT ? "its folder does not exist" : strerror(errno));
}

/* Not there or empty, as git clone wants it. */
static int check_folder(const char *path, struct err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t n = 0;

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return err_set(err, ERR_USAGE, "%s",
			       errno == ENOTDIR ? "is a file, a folder is expected"
						: strerror(errno));
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return n ? err_set(err, ERR_USAGE, "exists already and is not empty") : 0;
}

int beside_folder(const char *path, struct beside *ret, struct err *err)
{
	char *temp;

	*ret = (struct beside){.path = without_slashes(path)};
	if (check_folder(ret->path, err))
		return err->code;
	temp = mem_printf("%s.XXXXXX", ret->path);
	if (!mkdtemp(temp))
		return cannot(temp, err);
	ret->temp = temp;
	ret->is_folder = true;
	set_usual_mode(temp, 0777);
	return 0;
}

int beside_scratch(const char *path, struct beside *ret, struct err *err)
{
	char *temp = mem_printf("%s.XXXXXX", path);

	*ret = (struct beside){.path = mem_strdup(path)};
	if (!mkdtemp(temp))
		return cannot(temp, err);
	ret->temp = temp;
	return 0;
}

/* The file that path leads to. A rename would put a file in the place of a link, a pipe or, for
 * root, of a device. NULL: err says why there is none. */
static char *final_file(const char *path, struct err *err)
{
	struct stat st;
	bool is_link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
	bool is_there = stat(path, &st) == 0;
	bool is_file = is_there && S_ISREG(st.st_mode);
	char *target = is_link && is_file ? realpath(path, NULL) : NULL;

	if (is_there && S_ISDIR(st.st_mode))
		err_set(err, ERR_ENV, "is a folder, a file is expected");
	else if (is_there && !is_file)
		err_set(err, ERR_ENV, "is not a file");
	else if (is_link && !target)
		err_set(err, ERR_ENV, "a link to a file that does not exist");
	return err->code || target ? target : mem_strdup(path);
}

int beside_file(const char *path, struct beside *ret, struct err *err)
{
	char *temp;
	int fd;

	*ret = (struct beside){.path = final_file(path, err)};
	if (err->code)
		return err->code;
	temp = mem_printf("%s.XXXXXX", ret->path);
	fd = mkstemp(temp);
	if (fd < 0)
		return cannot(temp, err);
	close(fd);
	ret->temp = temp;
	set_usual_mode(temp, 0666);
	return 0;
}

static int sync_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	int fd, rc;

	(void)st, (void)ftw;
	if (what != FTW_F && what != FTW_DP)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/* The entry in the folder, too. Not everywhere can a folder be synced. */
static void sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup("./");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		if (fsync(fd))
			errno = 0;
		close(fd);
	}
	free(folder);
}

int beside_commit(struct beside *beside, bool replace, struct err *err)
{
	/* a folder replaces none but an empty one anyway */
	unsigned flags = replace || beside->is_folder ? 0 : RENAME_NOREPLACE;
	int rc = nftw(beside->temp, sync_one, N_OPEN, FTW_DEPTH | FTW_PHYS);

	if (!rc)
		rc = renameat2(AT_FDCWD, beside->temp, AT_FDCWD, beside->path, flags);
	if (rc && errno == EINVAL && flags && access(beside->path, F_OK))
		rc = rename(beside->temp, beside->path); /* a file system that knows no flags */
	if (rc && (errno == EEXIST || errno == ENOTEMPTY))
		return err_set(err, ERR_USAGE, "exists already");
	if (rc)
		return err_set(err, ERR_ENV, "%s", strerror(errno));
	free(beside->temp);
	beside->temp = NULL;
	sync_parent(beside->path);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st, (void)what, (void)ftw;
	return remove(path);
}

void beside_remove(const char *path)
{
	nftw(path, remove_one, N_OPEN, FTW_DEPTH | FTW_PHYS);
}

void beside_done(struct beside *beside)
{
	if (beside->temp)
		beside_remove(beside->temp);
	free(beside->temp);
	free(beside->path);
	*beside = (struct beside){0};
}
