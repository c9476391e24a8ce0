/* An archive's files against those that its recording gives. */
#include "lib/hash.h"
#include "lib/mem.h"
#include "report/archive.h"
#include "report/archive_read.h"
#include "report/text.h"
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define WORKBOOK "workbook.xlsx"
#define PROGRAM "rejoin-report "

enum { N_TABLES = 6 }; /* named of those that are not compared */

/* Of its manifest. */
struct claim {
	bool same_version, same_libraries;
	char *made_with; /* NULL: it does not say */
};

struct comparing {
	struct archive_copy *copy;
	struct claim claim;
	struct archive_files theirs, ours;
	bool workbook_differs; /* and may: ours is now theirs, so that the manifest can be compared
				*/
	size_t n_tables;       /* not compared */
};

static char *in(const char *folder, const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

/* ---- who made it ---- */

/* libraries NULL: they do not matter. */
static char *shown(const char *libraries, const char *by)
{
	char *text = mem_printf("%.60s%s%.80s", by, libraries ? " with " : "",
				libraries ? libraries : "");
	char *clean = text_clean(text);

	free(text);
	return clean;
}

static void read_claim(struct comparing *c)
{
	char *path = in(c->copy->scratch.temp, ARCHIVE_MANIFEST), *ours = archive_made_with();
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	const char *by = json_string_value(json_object_get(root, "made_by"));
	const char *with = json_string_value(json_object_get(root, "made_with"));

	if (access(path, F_OK)) {
		archive_problem(c->copy, ARCHIVE_MANIFEST ": is missing");
	} else if (!by || !str_starts(by, PROGRAM)) {
		archive_problem(c->copy,
				ARCHIVE_MANIFEST ": does not say which " PROGRAM "made it");
	} else {
		c->claim.same_version = strcmp(by, ARCHIVE_MADE_BY) == 0;
		c->claim.made_with = mem_strdup(with ? with : ours);
		c->claim.same_libraries = strcmp(c->claim.made_with, ours) == 0;
		c->copy->made_by = shown(c->claim.same_version ? c->claim.made_with : NULL, by);
	}
	json_decref(root);
	free(ours);
	free(path);
}

/* ---- made again ---- */

static int link_to(const char *from, const char *to, struct err *err)
{
	return link(from, to) ? err_set(err, ERR_ENV, "%s: %s", to, strerror(errno)) : 0;
}

/* Other libraries may have made another workbook. */
static int take_workbook(struct comparing *c, const char *folder, struct err *err)
{
	char *theirs = in(c->copy->scratch.temp, WORKBOOK), *ours = in(folder, WORKBOOK);
	char their_hash[HASH_HEX_SIZE], our_hash[HASH_HEX_SIZE];
	int64_t size;

	if (!c->claim.same_libraries && access(theirs, F_OK) == 0 &&
	    !hash_file_hex(theirs, their_hash, &size, err) &&
	    !hash_file_hex(ours, our_hash, &size, err)) {
		c->workbook_differs = strcmp(their_hash, our_hash) != 0;
		if (c->workbook_differs && !unlink(ours))
			link_to(theirs, ours, err);
	}
	free(ours);
	free(theirs);
	return err->code;
}

/* README.txt, manifest.json and the folder's name. */
static int make_about(struct comparing *c, const char *folder, struct err *err)
{
	char *db = in(folder, ARCHIVE_RECORDING), *name = NULL;
	struct err ignored = ERR_INIT;
	struct store *store = NULL;

	if (!store_open(db, STORE_READ, &store, err) && !archive_name(store, &name, err) &&
	    !archive_about(folder, store, c->claim.made_with, err) && c->claim.same_version &&
	    strcmp(name, c->copy->top) != 0)
		archive_problem(c->copy, "its folder is %s, that of the recording %s", c->copy->top,
				name);
	store_close(store, &ignored);
	free(name);
	free(db);
	return err->code;
}

static int make_again(struct comparing *c, const char *folder, struct err *err)
{
	char *db = in(folder, ARCHIVE_RECORDING);

	if (!link_to(c->copy->recording, db, err) && !archive_fill_tables(folder, err) &&
	    !archive_fill_reports(folder, err) && !take_workbook(c, folder, err))
		make_about(c, folder, err);
	free(db);
	return err->code;
}

/* ---- compared ---- */

/* Another version, or other libraries, may have made another one. */
static bool may_differ(const struct comparing *c, const char *path)
{
	if (!c->claim.same_version)
		return !str_starts(path, "plans/") && !str_starts(path, "logs/");
	return c->workbook_differs && strcmp(path, WORKBOOK) == 0;
}

static void on_difference(struct comparing *c, const char *path, const char *how)
{
	struct str *names = &c->copy->not_compared;

	if (!may_differ(c, path))
		archive_problem(c->copy, "%s: %s", path, how);
	else if (!strchr(path, '/') || c->n_tables++ < N_TABLES)
		str_addf(names, "%s%s", names->n ? ", " : "", path);
}

/* in_folders: those in views/, plans/ and logs/, else the others. */
static void compare_files(struct comparing *c, bool in_folders)
{
	const struct archive_file *file;

	vec_each (file, &c->ours) {
		const struct archive_file *there = archive_files_find(&c->theirs, file->path);

		if (in_folders != (strchr(file->path, '/') != NULL))
			continue;
		if (!there)
			on_difference(c, file->path, "is missing");
		else if (strcmp(there->sha256, file->sha256) != 0 ||
			 (c->workbook_differs && strcmp(file->path, WORKBOOK) == 0))
			on_difference(c, file->path, "is not what the recording says");
	}
	vec_each (file, &c->theirs)
		if (in_folders == (strchr(file->path, '/') != NULL) &&
		    strcmp(file->path, ARCHIVE_SUMS) != 0 &&
		    !archive_files_find(&c->ours, file->path))
			on_difference(c, file->path, "does not come from the recording");
}

/* First what people open: none of these is left out of the list. */
static void compare_all(struct comparing *c, const char *again)
{
	compare_files(c, false);
	compare_files(c, true);
	if (c->n_tables > N_TABLES)
		str_addf(&c->copy->not_compared, " and %zu more tables", c->n_tables - N_TABLES);
	if (!c->claim.same_version)
		archive_check_manifest(c->copy, again, &c->theirs);
}

int archive_compare(struct archive_copy *copy, struct err *err)
{
	struct comparing c = {.copy = copy};
	struct beside again = {0};

	read_claim(&c);
	if (!copy->problem && !beside_scratch(copy->scratch.temp, &again, err) &&
	    !make_again(&c, again.temp, err) && !archive_files_list(again.temp, &c.ours, err) &&
	    !archive_files_list(copy->scratch.temp, &c.theirs, err))
		compare_all(&c, again.temp);
	archive_files_done(&c.theirs);
	archive_files_done(&c.ours);
	beside_done(&again);
	free(c.claim.made_with);
	return err->code;
}
