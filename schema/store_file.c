#include "schema/store_impl.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HEADER_SIZE = 100,
	HEADER_PAGE_SIZE = 16, /* two bytes, 1 means 65536 */
	HEADER_READ_VERSION = 19,
	HEADER_CHANGE_COUNTER = 24,
	HEADER_N_PAGES = 28,
	HEADER_N_PAGES_VALID_FOR = 92, /* the change counter for which n_pages is right */
	READ_VERSION_WAL = 2,
};

static const char not_ours[] = "file is not a rejoin drill file";

static int env(const struct store *store, struct err *err, const char *text)
{
	return err_set(err, ERR_ENV, "%s: %s", store->path, text);
}

static int64_t beside_size(const struct store *store, const char *suffix)
{
	char *path = mem_printf("%s%s", store->path, suffix);
	struct stat st;
	int64_t size = stat(path, &st) == 0 ? (int64_t)st.st_size : 0;

	free(path);
	return size;
}

bool store_file_alone(const struct store *store)
{
	return !beside_size(store, "-wal") && !beside_size(store, "-journal");
}

bool store_file_in_wal_mode(const struct store *store)
{
	unsigned char version;

	return pread(store->lock_fd, &version, 1, HEADER_READ_VERSION) == 1 &&
	       version == READ_VERSION_WAL;
}

bool store_file_idle(const struct store *store)
{
	if (flock(store->lock_fd, LOCK_SH | LOCK_NB) != 0)
		return false;
	/* not kept: it would turn a collector away that starts meanwhile */
	flock(store->lock_fd, LOCK_UN);
	return true;
}

static uint32_t big_endian(const unsigned char *p, int n)
{
	uint32_t value = 0;

	while (n--)
		value = value << 8 | *p++;
	return value;
}

/* The pages the header promises; 0: it does not say. */
static int64_t promised_size(const unsigned char *header)
{
	uint32_t page = big_endian(header + HEADER_PAGE_SIZE, 2);

	if (memcmp(header + HEADER_CHANGE_COUNTER, header + HEADER_N_PAGES_VALID_FOR, 4) != 0)
		return 0;
	return (int64_t)(page == 1 ? 65536 : page) * big_endian(header + HEADER_N_PAGES, 4);
}

static int check_header(const struct store *store, int64_t size, struct err *err)
{
	unsigned char header[HEADER_SIZE];
	ssize_t n = pread(store->lock_fd, header, sizeof header, 0);

	if (n < 0)
		return env(store, err, strerror(errno));
	if (n == 0)
		return err_set(err, ERR_ENV, "%s: %s (it is empty)", store->path, not_ours);
	if (n < 16 || memcmp(header, "SQLite format 3", 16) != 0)
		return err_set(err, ERR_ENV, "%s: %s (not a database)", store->path, not_ours);
	/* A checkpoint that was cut off leaves the file short; the log beside it makes it whole. */
	if (n < HEADER_SIZE || (store_file_alone(store) && promised_size(header) > size))
		return env(store, err, "file is truncated");
	return 0;
}

static int open_new(struct store *store, struct err *err)
{
	int flags = O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC;

	store->lock_fd = open(store->path, flags, 0666);
	store->made_file = store->lock_fd >= 0;
	if (store->lock_fd < 0 && errno == EEXIST)
		store->lock_fd = open(store->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (store->lock_fd < 0 && errno == ENOENT)
		return env(store, err, "its folder does not exist");
	return store->lock_fd < 0 ? env(store, err, strerror(errno)) : 0;
}

static int open_existing(struct store *store, struct err *err)
{
	/* O_NONBLOCK: a FIFO must not hang us */
	store->lock_fd = open(store->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (store->lock_fd < 0)
		return env(store, err, errno == ENOENT ? "no such file" : strerror(errno));
	return 0;
}

int store_file_open(struct store *store, struct err *err)
{
	struct stat st;
	int rc = store->mode == STORE_CREATE ? open_new(store, err) : open_existing(store, err);

	if (rc)
		return rc;
	if (fstat(store->lock_fd, &st) != 0)
		return env(store, err, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return env(store, err, "is a folder, not a drill file");
	if (!S_ISREG(st.st_mode))
		return env(store, err, "is not a regular file");
	if (store->mode != STORE_READ && flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return env(store, err,
			   errno == EWOULDBLOCK ? "another collector is recording into it"
						: strerror(errno));
	if (store->mode != STORE_CREATE)
		return check_header(store, (int64_t)st.st_size, err);
	if (st.st_size > 0)
		return env(store, err, "exists already and is not empty");
	return 0;
}

void store_file_unmake(struct store *store)
{
	static const char *const suffixes[] = {"-wal", "-shm", "-journal"};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char *path = mem_printf("%s%s", store->path, suffixes[i]);

		unlink(path);
		free(path);
	}
	if (store->made_file)
		unlink(store->path);
	else if (truncate(store->path, 0) != 0)
		return; /* it was empty before; nothing more can be done */
}
