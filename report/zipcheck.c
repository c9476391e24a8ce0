#include "report/zipcheck.h"
#include "lib/mem.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* The fields of the zip format that are used, by their offsets (APPNOTE 4.3). */
enum {
	END_SIZE = 22,	 /* end of central directory, without a comment */
	END_N = 10,	 /* number of entries */
	END_OFFSET = 16, /* where the central directory starts */
	ENTRY_SIZE = 46, /* an entry of it, without its texts */
	ENTRY_METHOD = 10,
	ENTRY_PACKED = 20,
	ENTRY_NAME = 28,
	ENTRY_EXTRA = 30,
	ENTRY_COMMENT = 32,
	ENTRY_LOCAL = 42, /* where the local header is */
	LOCAL_SIZE = 30,
	LOCAL_NAME = 26,
	LOCAL_EXTRA = 28,
	DEFLATED = 8,
};

static size_t get16(const unsigned char *p)
{
	return p[0] | (size_t)p[1] << 8;
}

static size_t get32(const unsigned char *p)
{
	return get16(p) | get16(p + 2) << 16;
}

/* Unpacks only to see the last byte. */
static bool ends_well(const unsigned char *packed, size_t n)
{
	unsigned char out[65536], last = 0;
	z_stream z = {.next_in = (unsigned char *)packed, .avail_in = (unsigned)n};
	int r = inflateInit2(&z, -MAX_WBITS);

	while (r == Z_OK) {
		z.next_out = out;
		z.avail_out = sizeof out;
		r = inflate(&z, Z_NO_FLUSH);
		if (z.next_out > out)
			last = z.next_out[-1];
		if (last == '\n' && z.next_out - out > 1)
			last = z.next_out[-2];
	}
	inflateEnd(&z);
	return r == Z_STREAM_END && last == '>';
}

static bool is_whole(const unsigned char *zip, size_t n)
{
	const unsigned char *end = zip + n - END_SIZE;
	size_t at, n_entries;

	if (n < END_SIZE || memcmp(end, "PK\5\6", 4) != 0)
		return false;
	n_entries = get16(end + END_N);
	at = get32(end + END_OFFSET);
	for (; n_entries; n_entries--) {
		const unsigned char *entry = zip + at;
		size_t local, start, packed;

		if (at + ENTRY_SIZE > n)
			return false;
		local = get32(entry + ENTRY_LOCAL);
		packed = get32(entry + ENTRY_PACKED);
		if (local + LOCAL_SIZE > n || get16(entry + ENTRY_METHOD) != DEFLATED)
			return false;
		start = local + LOCAL_SIZE + get16(zip + local + LOCAL_NAME) +
			get16(zip + local + LOCAL_EXTRA);
		if (start + packed > n || !ends_well(zip + start, packed))
			return false;
		at += ENTRY_SIZE + get16(entry + ENTRY_NAME) + get16(entry + ENTRY_EXTRA) +
		      get16(entry + ENTRY_COMMENT);
	}
	return true;
}

int zipcheck(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = {0};
	void *zip = MAP_FAILED;
	bool whole = false;

	/* The sync makes file systems that allocate late say now that they are full. */
	if (fd >= 0 && fsync(fd) == 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		zip = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (zip != MAP_FAILED) {
		whole = is_whole(zip, (size_t)st.st_size);
		munmap(zip, (size_t)st.st_size);
	}
	if (fd >= 0)
		close(fd);
	return whole ? 0 : err_set(err, ERR_ENV, "it came out incomplete: no space left?");
}
