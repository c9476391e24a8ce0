#include "lib/file.h"
#include <errno.h>
#include <unistd.h>

/* A write that is short says nothing of why: the next one does. */
int file_write_all(int fd, const void *bytes, size_t n)
{
	const char *left = bytes;

	while (n > 0) {
		ssize_t done = write(fd, left, n);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			left += done;
			n -= (size_t)done;
		}
	}
	return 0;
}
