/* What an archive's manifest says that does not depend on the version that wrote it. */
#include "lib/mem.h"
#include "report/archive.h"
#include "report/archive_read.h"
#include "report/text.h"
#include <jansson.h>
#include <string.h>

static json_t *load(const char *folder)
{
	char *path = mem_printf("%s/" ARCHIVE_MANIFEST, folder);
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);

	free(path);
	return root;
}

/* Members are added, never renamed: a version says of a study what both know of it. */
static bool same_study(const json_t *theirs, const json_t *ours)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)ours, key, value)
	{
		const json_t *there = json_object_get(theirs, key);

		if (there && !json_equal(there, value))
			return false;
	}
	return json_is_object(theirs) && json_object_get(theirs, "uuid");
}

static bool same_studies(const json_t *theirs, const json_t *ours)
{
	size_t i, n = json_array_size(ours);

	if (!json_is_array(theirs) || json_array_size(theirs) != n)
		return false;
	for (i = 0; i < n; i++)
		if (!same_study(json_array_get(theirs, i), json_array_get(ours, i)))
			return false;
	return true;
}

static bool is_listed(const json_t *entry, const struct archive_file *file)
{
	const char *sha256 = json_string_value(json_object_get(entry, "sha256"));

	return sha256 && strcmp(sha256, file->sha256) == 0 &&
	       json_integer_value(json_object_get(entry, "bytes")) == file->size;
}

/* Files of the archive that it must list. */
static size_t n_to_list(const struct archive_files *files)
{
	return files->n - !!archive_files_find(files, ARCHIVE_SUMS) -
	       !!archive_files_find(files, ARCHIVE_MANIFEST);
}

static void check_files(struct archive_copy *copy, const json_t *list,
			const struct archive_files *files)
{
	const char *last = "";
	json_t *entry;
	size_t i;

	json_array_foreach((json_t *)list, i, entry)
	{
		const char *path = json_string_value(json_object_get(entry, "path"));
		const struct archive_file *file = path ? archive_files_find(files, path) : NULL;

		if (!file) {
			archive_problem(copy,
					ARCHIVE_MANIFEST ": file %zu of its list is not there",
					i + 1);
			return;
		}
		if (!is_listed(entry, file) || strcmp(path, last) <= 0) {
			archive_problem(copy, ARCHIVE_MANIFEST ": does not list %s as it is",
					file->path);
			return;
		}
		last = file->path;
	}
	if (json_array_size(list) != n_to_list(files))
		archive_problem(copy, ARCHIVE_MANIFEST ": does not list every file");
}

void archive_check_manifest(struct archive_copy *copy, const char *ours,
			    const struct archive_files *files)
{
	json_t *there = load(copy->scratch.temp), *here = load(ours);

	if (json_equal(json_object_get(there, "manifest"), json_object_get(here, "manifest"))) {
		if (!same_studies(json_object_get(there, "studies"),
				  json_object_get(here, "studies")))
			archive_problem(copy, ARCHIVE_MANIFEST
					": its studies are not those of the recording");
		check_files(copy, json_object_get(there, "files"), files);
	}
	json_decref(there);
	json_decref(here);
}
