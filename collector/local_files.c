#include "collector/local_files.h"
#include "lib/file.h"
#include "lib/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(struct err *err, const char *what, const char *path)
{
	return err_set(err, ERR_ENV, "%s %s: %s", what, path, strerror(errno));
}

int files_mkdir(const char *path, struct files_owner owner, struct err *err)
{
	if (mkdir(path, 0755) != 0) {
		if (errno == EEXIST && files_is_dir(path))
			return 0;
		return failed(err, "cannot make folder", path);
	}
	if (chmod(path, 0755) != 0 || lchown(path, owner.uid, owner.gid) != 0)
		return failed(err, "cannot prepare folder", path);
	return 0;
}

int files_write(const char *path, const char *text, struct files_owner owner, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0)
		return failed(err, "cannot write", path);
	int bad = file_write_all(fd, text, strlen(text)) != 0 || fchmod(fd, 0644) != 0 ||
		  fchown(fd, owner.uid, owner.gid) != 0;
	if (bad)
		failed(err, "cannot write", path);
	if (close(fd) != 0 && !bad)
		failed(err, "cannot write", path);
	return err->code;
}

char *files_read(const char *path, off_t from, size_t max_bytes)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size - from > (off_t)max_bytes)
		from = st.st_size - (off_t)max_bytes;
	char *text = mem_alloc(max_bytes + 1);
	size_t n = 0;
	ssize_t got = 0;
	/* files of /proc have no size: read until there is no more */
	while (n < max_bytes && (got = pread(fd, text + n, max_bytes - n, from + (off_t)n)) > 0)
		n += (size_t)got;
	close(fd);
	if (got < 0 && n == 0) {
		free(text);
		return NULL;
	}
	return text;
}

off_t files_size(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : 0;
}

bool files_is_dir(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *files_absolute(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	char *copy = mem_strndup(path, n);
	char *slash = strrchr(copy, '/');
	const char *name = slash ? slash + 1 : copy;
	char *parent = slash ? mem_strndup(copy, slash == copy ? 1 : (size_t)(slash - copy))
			     : mem_strdup(".");
	char *real = realpath(parent, NULL);
	char *joined = real ? mem_printf("%s/%s", strcmp(real, "/") == 0 ? "" : real, name)
			    : mem_strdup(copy);

	free(real);
	free(parent);
	free(copy);
	return joined;
}

bool files_reachable(const char *path)
{
	char *part = realpath(path, NULL);
	struct stat st;
	bool open_to_all = part != NULL;

	while (open_to_all && part[0] != '\0') {
		open_to_all =
			stat(part, &st) == 0 && (!S_ISDIR(st.st_mode) || st.st_mode & S_IXOTH);
		*strrchr(part, '/') = '\0';
	}
	free(part);
	return open_to_all && stat("/", &st) == 0 && st.st_mode & S_IXOTH;
}

/* A folder below `at`, not through a link. The caller closes it with closedir. */
static DIR *open_dir(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && dir == NULL)
		close(fd);
	return dir;
}

static const char *next_name(DIR *dir)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	return NULL;
}

static bool readable_at(int at, const char *name)
{
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	if (S_ISLNK(st.st_mode))
		return true;
	if (!(st.st_mode & S_IROTH) || (st.st_mode & S_IXUSR && !(st.st_mode & S_IXOTH)))
		return false;
	if (!S_ISDIR(st.st_mode))
		return true;
	DIR *dir = open_dir(at, name);
	bool readable = dir != NULL;
	const char *entry;
	while (readable && (entry = next_name(dir)) != NULL)
		readable = readable_at(dirfd(dir), entry);
	if (dir)
		closedir(dir);
	return readable;
}

bool files_tree_readable(const char *path)
{
	return readable_at(AT_FDCWD, path);
}

static int copy_bytes(int in, int out)
{
	char buffer[1 << 16];
	ssize_t got;

	while ((got = read(in, buffer, sizeof buffer)) > 0)
		if (file_write_all(out, buffer, (size_t)got) != 0)
			return -1;
	return got < 0 ? -1 : 0;
}

static int copy_file(int from, const char *name, int to, mode_t mode)
{
	mode_t wanted = 0644 | (mode & S_IXUSR ? 0111 : 0);

	if ((mode & wanted) == wanted && linkat(from, name, to, name, 0) == 0)
		return 0;
	int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int out = in < 0 ? -1 : openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, wanted);
	int result = in < 0 || out < 0 || copy_bytes(in, out) != 0 || fchmod(out, wanted) != 0;
	int why = errno;

	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0 && !result) {
		result = -1;
		why = errno;
	}
	errno = why;
	return result ? -1 : 0;
}

static int copy_link(int from, const char *name, int to)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from, name, target, sizeof target - 1);

	if (n < 0)
		return -1;
	target[n] = '\0';
	return symlinkat(target, to, name);
}

static int copy_entries(int from, int to);

static int copy_dir(int from, const char *name, int to, const char *new_name)
{
	if (mkdirat(to, new_name, 0755) != 0)
		return -1;
	int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int out = openat(to, new_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int result = in < 0 || out < 0 || fchmod(out, 0755) != 0 ? -1 : copy_entries(in, out);
	int why = errno;

	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	errno = why;
	return result;
}

static int copy_entries(int from, int to)
{
	DIR *dir = open_dir(from, ".");
	const char *name;
	struct stat st;
	int result = dir ? 0 : -1;

	while (result == 0 && (name = next_name(dir)) != NULL) {
		if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			result = -1;
		else if (S_ISDIR(st.st_mode))
			result = copy_dir(from, name, to, name);
		else if (S_ISLNK(st.st_mode))
			result = copy_link(from, name, to);
		else if (S_ISREG(st.st_mode))
			result = copy_file(from, name, to, st.st_mode);
	}
	int why = errno;
	if (dir)
		closedir(dir);
	errno = why;
	return result;
}

int files_copy_tree(const char *from, const char *to, struct err *err)
{
	if (copy_dir(AT_FDCWD, from, AT_FDCWD, to) == 0)
		return 0;
	return err_set(err, ERR_ENV, "cannot copy %s to %s: %s", from, to, strerror(errno));
}

static int remove_at(int at, const char *name, const char *last)
{
	if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	DIR *dir = open_dir(at, name);
	if (dir == NULL)
		return errno == ENOENT ? 0 : -1;
	const char *entry;
	int result = 0;
	while (result == 0 && (entry = next_name(dir)) != NULL)
		if (last == NULL || strcmp(entry, last) != 0)
			result = remove_at(dirfd(dir), entry, NULL);
	if (result == 0 && last != NULL)
		result = remove_at(dirfd(dir), last, NULL);
	int why = errno;
	closedir(dir);
	errno = why;
	if (result != 0)
		return -1;
	return unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -1;
}

int files_remove_tree(const char *path, const char *last, struct err *err)
{
	return remove_at(AT_FDCWD, path, last) == 0 ? 0 : failed(err, "cannot remove", path);
}
