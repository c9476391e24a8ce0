/* archive: a recording with everything that is made from it, as one tar.gz to keep or to hand in.
 *
 * One folder, named after the study's uuid, with
 *   README.txt        for whoever opens it without knowing rejoin
 *   recording.sqlite  a compact copy of the recording
 *   workbook.xlsx, page.html
 *   views/            every view as CSV, and datapackage.json
 *   plans/UUID.yml    the plan as it was read; UUID.json: canonical, study.plan_sha256 is its hash
 *   logs/trial-N/     what each node's own log got during the trial
 *   manifest.json     studies, seals, files
 *   SHA256SUMS        as sha256sum -c reads it
 *
 * The same recording gives the same bytes: files are as old as the last instant in the recording,
 * belong to 0:0, are sorted, and gzip's header has neither name nor time. */
#ifndef REJOIN_REPORT_ARCHIVE_H
#define REJOIN_REPORT_ARCHIVE_H

#include "lib/err.h"
#include "lib/str.h"
#include "schema/store.h"

/* Makes path from the recording db. A file there is replaced, when the new one is whole. */
int archive_write(const char *path, const char *db, struct err *err);

/* ---- its parts ---- */

#define ARCHIVE_RECORDING "recording.sqlite"
#define ARCHIVE_MANIFEST "manifest.json"
#define ARCHIVE_SUMS "SHA256SUMS"
#define ARCHIVE_README "README.txt"
#define ARCHIVE_MADE_BY "rejoin-report " REJOIN_VERSION

/* archive_fill.c: views, plans and logs, into the folder that holds recording.sqlite. */
int archive_fill_tables(const char *folder, struct err *err);
/* Workbook and page, likewise. */
int archive_fill_reports(const char *folder, struct err *err);

/* A file of the archive: its path in the folder. */
struct archive_file {
	char *path, *sha256;
	int64_t size;
};
struct archive_files {
	struct archive_file *v;
	size_t n, cap;
};
/* archive_files.c: the regular files of the folder, sorted and hashed. Anything else in it:
 * ERR_ENV. */
int archive_files_list(const char *folder, struct archive_files *ret_files, struct err *err);
void archive_files_done(struct archive_files *files);
const struct archive_file *archive_files_find(const struct archive_files *files, const char *path);
/* SHA256SUMS for them: of all but itself. */
void archive_sums(const struct archive_files *files, struct str *ret_text);

/* archive_about.c: README.txt and manifest.json, in this order, about the files in the folder.
 * made_with: the libraries of which the workbook's bytes are. */
int archive_about(const char *folder, struct store *store, const char *made_with, struct err *err);
/* Those of this program: "libxlsxwriter 1.1.4, zlib 1.2.13". The caller frees it. */
char *archive_made_with(void);
/* The folder's name in the tar. */
int archive_name(struct store *store, char **ret_name, struct err *err);

/* archive_tar.c: the folder as a tar.gz into the file path, which is there, under the name. */
int archive_tar(const char *folder, const char *name, int64_t mtime_s, const char *path,
		struct err *err);

/* Writes text into folder/name, a new file. */
int archive_put(const char *folder, const char *name, const char *text, size_t n, struct err *err);

#endif
