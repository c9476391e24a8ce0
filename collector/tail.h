/* tail: what a log file got since a mark was set, across a rotation.
 *
 * A mark holds the file open, so that the rest of one that is renamed or removed meanwhile can
 * still be read. Symbolic links are not followed: the file belongs to somebody else. */
#ifndef REJOIN_COLLECTOR_TAIL_H
#define REJOIN_COLLECTOR_TAIL_H

#include "lib/str.h"
#include <sys/types.h>

struct tail_mark {
	int fd; /* -1: there was no file */
	off_t from;
};

#define TAIL_MARK_INIT                                                                             \
	{                                                                                          \
		-1, 0                                                                              \
	}

enum tail_state {
	TAIL_WHOLE,   /* everything since the mark */
	TAIL_ROTATED, /* the file is another now, or was shortened: lines between may be missing */
	TAIL_GONE,    /* there is no file: what the marked one got */
	TAIL_LONG,    /* more than max_bytes: only the first of it */
	TAIL_FAILED,  /* it cannot be read; errno says why */
};

/* At the present end of the file. */
void tail_set(struct tail_mark *mark, const char *path);
/* Adds what came since to ret_text. The mark is to be done with afterwards. */
enum tail_state tail_read(const struct tail_mark *mark, const char *path, size_t max_bytes,
			  struct str *ret_text);
void tail_done(struct tail_mark *mark);

#endif
