#include "collector/tail.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(const char *path, struct stat *ret_stat)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, ret_stat) == 0 && S_ISREG(ret_stat->st_mode))
		return fd;
	if (fd >= 0) {
		close(fd);
		errno = EINVAL; /* no file to read */
	}
	return -1;
}

void tail_set(struct tail_mark *mark, const char *path)
{
	struct stat st;

	mark->fd = open_file(path, &st);
	mark->from = mark->fd < 0 ? 0 : st.st_size;
}

void tail_done(struct tail_mark *mark)
{
	if (mark->fd >= 0)
		close(mark->fd);
	mark->fd = -1;
}

/* state, or what is worse. */
static enum tail_state add_rest(int fd, off_t from, size_t max_bytes, enum tail_state state,
				struct str *text)
{
	char buffer[65536];
	ssize_t n;

	while ((n = pread(fd, buffer, sizeof buffer, from)) > 0) {
		if (text->n + (size_t)n > max_bytes) {
			str_add_n(text, buffer, max_bytes - text->n);
			return TAIL_LONG;
		}
		str_add_n(text, buffer, (size_t)n);
		from += n;
	}
	return n < 0 ? TAIL_FAILED : state;
}

enum tail_state tail_read(const struct tail_mark *mark, const char *path, size_t max_bytes,
			  struct str *ret_text)
{
	struct stat now, then;
	enum tail_state state = TAIL_WHOLE;
	int fd = open_file(path, &now);
	bool marked = mark->fd >= 0 && fstat(mark->fd, &then) == 0;
	bool same = marked && fd >= 0 && now.st_dev == then.st_dev && now.st_ino == then.st_ino;
	off_t from = same ? mark->from : 0;

	if (fd < 0 && errno != ENOENT)
		return TAIL_FAILED;
	if (fd < 0)
		state = TAIL_GONE;
	else if ((marked && !same) || now.st_size < from)
		state = TAIL_ROTATED;
	if (marked && !same)
		state = add_rest(mark->fd, mark->from, max_bytes, state, ret_text);
	if (fd < 0)
		return state;
	if (now.st_size < from)
		from = 0; /* shortened: what is there now came after */
	if (state != TAIL_LONG && state != TAIL_FAILED)
		state = add_rest(fd, from, max_bytes, state, ret_text);
	close(fd);
	return state;
}
