/* local_files: folders and files of the local driver's nodes.
 *
 * The nodes' folders belong to other users when the collector is root. Nothing in here follows a
 * symbolic link found in them: a link is copied and removed as a link. */
#ifndef REJOIN_COLLECTOR_LOCAL_FILES_H
#define REJOIN_COLLECTOR_LOCAL_FILES_H

#include "lib/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whose a new file is. */
struct files_owner {
	uid_t uid;
	gid_t gid;
};

/* Mode 0755 whatever the umask. A folder that is there already is fine. */
int files_mkdir(const char *path, struct files_owner owner, struct err *err);

/* Writes the whole file anew (mode 0644). */
int files_write(const char *path, const char *text, struct files_owner owner, struct err *err);

/* What stands in the file from byte `from` on, at most its last max_bytes. NULL if it cannot be
 * read. */
char *files_read(const char *path, off_t from, size_t max_bytes);
off_t files_size(const char *path); /* 0 if there is none */
bool files_is_dir(const char *path);

/* "/real/parent/name" of a path whose last part need not exist. */
char *files_absolute(const char *path);

/* Can any user of the machine get at path, and read all that is below it? */
bool files_reachable(const char *path);
bool files_tree_readable(const char *path);

/* The same tree once more, readable by all: hard links where that gives the same, else copies. `to`
 * must not exist. */
int files_copy_tree(const char *from, const char *to, struct err *err);

/* Removes the folder with all in it, the entry called `last` (may be NULL) at the very end, so
 * that a removal cut short can be told and repeated. One that is gone already is fine. */
int files_remove_tree(const char *path, const char *last, struct err *err);

#endif
