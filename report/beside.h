/* beside: a file or folder that is made beside its final name and renamed when it is whole.
 *
 * Under the final name there is all of it or none, whenever the program or the machine stops: what
 * was written is synced before it is renamed. What is left of a program that was killed is called
 * NAME.XXXXXX. Errors do not name it: the caller does. */
#ifndef REJOIN_REPORT_BESIDE_H
#define REJOIN_REPORT_BESIDE_H

#include "lib/err.h"
#include <stdbool.h>

struct beside {
	char *path; /* the final name, with links followed for a file */
	char *temp; /* write here; NULL: nothing is there */
	bool is_folder;
};

/* A new and empty folder. Something at path that is not an empty folder: ERR_USAGE. */
int beside_folder(const char *path, struct beside *ret, struct err *err);
/* A new and empty file with the usual mode, beside the one that path leads to where it is a link.
 * Something there that is no file: ERR_ENV. */
int beside_file(const char *path, struct beside *ret, struct err *err);
/* A new folder for working files, private, that never gets a final name. */
int beside_scratch(const char *path, struct beside *ret, struct err *err);
/* Syncs it (all files of a folder), and gives it the final name. A folder at path must
 * still be empty, a file there not exist, unless replace: ERR_USAGE. */
int beside_commit(struct beside *beside, bool replace, struct err *err);
/* Removes what has not got its final name, and frees. {0} is fine. */
void beside_done(struct beside *beside);

/* Removes path with everything in it. */
void beside_remove(const char *path);

#endif
