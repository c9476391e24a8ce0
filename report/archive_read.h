/* archive_read: an archive unpacked to be verified.
 *
 * What is in it is somebody's claim: it is unpacked into a private folder, only under names that an
 * archive has, and nothing of it is believed before SHA256SUMS holds. */
#ifndef REJOIN_REPORT_ARCHIVE_READ_H
#define REJOIN_REPORT_ARCHIVE_READ_H

#include "report/beside.h"

/* By its first bytes: gzip. A file that cannot be read: false. */
bool archive_is(const char *path);

struct archive_copy {
	struct beside scratch; /* scratch.temp: the folder */
	char *recording;       /* its recording.sqlite */
	char *problem;	       /* what does not hold, the first; NULL: all does */
};

/* Unpacks it, and checks the names and SHA256SUMS. What does not hold goes to problem: then the
 * recording may not be there. No archive, cut short or damaged: ERR_ENV. */
int archive_read(const char *path, struct archive_copy *ret, struct err *err);
/* Makes views, plans and logs again from the recording, and compares. An archive that another
 * version made is not compared: ret_compared says whether it was. */
int archive_compare(struct archive_copy *copy, bool *ret_compared, struct err *err);
void archive_copy_done(struct archive_copy *copy); /* {0} is fine */

#endif
