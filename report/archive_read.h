/* archive_read: an archive unpacked to be verified.
 *
 * What is in it is somebody's claim: it is unpacked into a private folder, only under names that an
 * archive has, and nothing of it is believed before SHA256SUMS holds. */
#ifndef REJOIN_REPORT_ARCHIVE_READ_H
#define REJOIN_REPORT_ARCHIVE_READ_H

#include "lib/str.h"
#include "report/beside.h"

/* By its first bytes: gzip. A file that cannot be read: false. */
bool archive_is(const char *path);

struct archive_copy {
	struct beside scratch; /* scratch.temp: the folder */
	char *recording;       /* its recording.sqlite */
	char *top;	       /* what the folder is called in it */
	char *problem;	       /* what does not hold, the first; NULL: all does */

	/* archive_compare */
	/* As its manifest says, fit for a terminal: "rejoin-report 0.1.0", with the libraries where
	 * they are all that differs. */
	char *made_by;
	struct str not_compared; /* names of files that may say anything: "page.html, ..." */
};

/* Unpacks it, and checks the names and SHA256SUMS. What does not hold goes to problem: then the
 * recording may not be there. No archive, cut short or damaged: ERR_ENV. */
int archive_read(const char *path, struct archive_copy *ret, struct err *err);
/* Makes everything again from the recording and compares: tables, plans, logs, page, workbook,
 * README.txt, manifest.json. One that differs is a problem, unless the archive says that another
 * version made it, which may make others of all but plans and logs, or that other libraries did, of
 * which a workbook's bytes are: then it goes to not_compared. Whoever forges a file can claim that
 * too, so what is not compared must be told. What a manifest of another version says of studies and
 * files is compared all the same. */
int archive_compare(struct archive_copy *copy, struct err *err);
void archive_copy_done(struct archive_copy *copy); /* {0} is fine */

/* ---- its parts ---- */

/* The first one stays. */
void archive_problem(struct archive_copy *copy, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* archive_manifest.c: what it says of studies is what the manifest in the folder ours says, and it
 * lists the files as they are. Of a manifest of another layout nothing is known. */
struct archive_files;
void archive_check_manifest(struct archive_copy *copy, const char *ours,
			    const struct archive_files *files);
/* archive_sums.c: SHA256SUMS is what it would be if it were made now. */
int archive_check_sums(struct archive_copy *copy, struct err *err);

#endif
