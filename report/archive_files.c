#include "lib/hash.h"
#include "report/archive.h"
#include <errno.h>
#include <fts.h>
#include <string.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int by_path(const void *a, const void *b)
{
	const struct archive_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int add_file(const FTSENT *entry, size_t n_folder, struct archive_files *files,
		    struct err *err)
{
	char hex[HASH_HEX_SIZE];
	int64_t size = 0;

	if (hash_file_hex(entry->fts_path, hex, &size, err))
		return err->code;
	vec_push(files, (struct archive_file){.path = mem_strdup(entry->fts_path + n_folder + 1),
					      .sha256 = mem_strdup(hex),
					      .size = size});
	return 0;
}

int archive_files_list(const char *folder, struct archive_files *ret_files, struct err *err)
{
	char *const roots[] = {(char *)folder, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	FTSENT *entry;

	*ret_files = (struct archive_files){0};
	if (!fts)
		return err_set(err, ERR_ENV, "%s: %s", folder, strerror(errno));
	while (!err->code && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_F)
			add_file(entry, strlen(folder), ret_files, err);
		else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP)
			err_set(err, ERR_ENV, "%s: not a file", entry->fts_path);
	}
	fts_close(fts);
	if (ret_files->n)
		qsort(ret_files->v, ret_files->n, sizeof *ret_files->v, by_path);
	if (err->code)
		archive_files_done(ret_files);
	return err->code;
}

void archive_files_done(struct archive_files *files)
{
	struct archive_file *file;

	vec_each (file, files) {
		free(file->path);
		free(file->sha256);
	}
	vec_done(files);
}

const struct archive_file *archive_files_find(const struct archive_files *files, const char *path)
{
	const struct archive_file key = {.path = (char *)path};

	if (!files->n)
		return NULL;
	return bsearch(&key, files->v, files->n, sizeof *files->v, by_path);
}

void archive_sums(const struct archive_files *files, struct str *ret_text)
{
	const struct archive_file *file;

	vec_each (file, files)
		if (strcmp(file->path, ARCHIVE_SUMS) != 0)
			str_addf(ret_text, "%s  %s\n", file->sha256, file->path);
}
