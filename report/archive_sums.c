/* SHA256SUMS of an archive, against what it would be if it were made now. */
#include "lib/mem.h"
#include "report/archive.h"
#include "report/archive_read.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { N_HASH = 64, N_BETWEEN = 2 }; /* "HASH  path" */

static int read_text(const char *path, struct str *ret_text, struct err *err)
{
	char block[65536];
	size_t n;
	FILE *file = fopen(path, "re");

	if (!file)
		return err_set(err, ERR_ENV, ARCHIVE_SUMS ": %s", strerror(errno));
	while ((n = fread(block, 1, sizeof block, file)) > 0)
		str_add_n(ret_text, block, n);
	if (ferror(file))
		err_set(err, ERR_ENV, ARCHIVE_SUMS ": %s", strerror(errno));
	fclose(file);
	return err->code;
}

/* Line n, which begins with those of text, is not the line of file (NULL: no more are left). */
static void explain(struct archive_copy *copy, const char *text, size_t n,
		    const struct archive_files *files, const struct archive_file *file)
{
	char *line = mem_strndup(text, strcspn(text, "\n"));
	const char *path = strlen(line) > N_HASH + N_BETWEEN ? line + N_HASH + N_BETWEEN : NULL;
	const struct archive_file *named = path ? archive_files_find(files, path) : NULL;

	if (*text && !strchr(text, '\n'))
		archive_problem(copy, ARCHIVE_SUMS ": its last line is cut short");
	else if (*line && (!named || strcmp(path, ARCHIVE_SUMS) == 0))
		archive_problem(copy, ARCHIVE_SUMS ": line %zu names no file of it", n);
	else if (named && (strncmp(line, named->sha256, N_HASH) != 0 ||
			   strncmp(line + N_HASH, "  ", N_BETWEEN) != 0))
		archive_problem(copy, "%s: its content is not what " ARCHIVE_SUMS " says", path);
	else if (file)
		archive_problem(copy,
				ARCHIVE_SUMS " does not list %s, or not where it should stand",
				file->path);
	else
		archive_problem(copy, ARCHIVE_SUMS " lists %s twice", path ? path : "nothing");
	free(line);
}

/* Line by line: the first one that is not as it must be is told. */
static void compare(struct archive_copy *copy, const struct str *there,
		    const struct archive_files *files)
{
	const char *at = there->s ? there->s : "", *end = at + there->n;
	const struct archive_file *file = files->v;
	size_t n = 0;

	for (; file < files->v + files->n; file++) {
		char *line;
		size_t size;

		if (strcmp(file->path, ARCHIVE_SUMS) == 0)
			continue;
		line = mem_printf("%s  %s\n", file->sha256, file->path);
		size = strlen(line);
		n++;
		if ((size_t)(end - at) < size || memcmp(at, line, size) != 0)
			explain(copy, at, n, files, file);
		free(line);
		if (copy->problem)
			return;
		at += size;
	}
	if (at < end)
		explain(copy, at, n + 1, files, NULL);
}

int archive_check_sums(struct archive_copy *copy, struct err *err)
{
	char *path = mem_printf("%s/" ARCHIVE_SUMS, copy->scratch.temp);
	struct archive_files files = {0};
	struct str there = STR_INIT;

	if (!archive_files_list(copy->scratch.temp, &files, err)) {
		if (!archive_files_find(&files, ARCHIVE_SUMS))
			archive_problem(copy, ARCHIVE_SUMS " is missing");
		else if (!read_text(path, &there, err))
			compare(copy, &there, &files);
		if (!archive_files_find(&files, ARCHIVE_RECORDING))
			archive_problem(copy, ARCHIVE_RECORDING " is missing");
	}
	archive_files_done(&files);
	str_done(&there);
	free(path);
	return err->code;
}
