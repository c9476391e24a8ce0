/* capture: what a piece of a test writes to a descriptor, as text. */
#ifndef REJOIN_TESTS_CAPTURE_H
#define REJOIN_TESTS_CAPTURE_H

#include <stdio.h>

struct capture {
	FILE *stream;
	int saved_fd;
	char text[4096];
};

void capture_begin(struct capture *capture, FILE *stream);
const char *capture_end(struct capture *capture); /* valid as long as capture is */

#endif
