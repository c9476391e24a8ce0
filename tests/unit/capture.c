#include "tests/unit/capture.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void must(int r)
{
	if (r < 0)
		abort();
}

void capture_begin(struct capture *capture, FILE *stream)
{
	int fd = memfd_create("capture", 0);

	must(fd);
	fflush(stream);
	capture->stream = stream;
	capture->saved_fd = dup(fileno(stream));
	must(dup2(fd, fileno(stream)));
	close(fd);
}

const char *capture_end(struct capture *capture)
{
	int fd = fileno(capture->stream);
	ssize_t n;

	fflush(capture->stream);
	n = pread(fd, capture->text, sizeof capture->text - 1, 0);
	must((int)n);
	capture->text[n] = '\0';
	must(dup2(capture->saved_fd, fd));
	close(capture->saved_fd);
	return capture->text;
}
