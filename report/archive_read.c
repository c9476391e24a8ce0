#include "report/archive_read.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "report/archive.h"
#include "report/interrupt.h"
#include <archive.h>
#include <archive_entry.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool archive_is(const char *path)
{
	unsigned char magic[2] = {0};
	FILE *file = fopen(path, "re");
	bool is = file && fread(magic, 1, 2, file) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;

	if (file)
		fclose(file);
	return is;
}

void archive_problem(struct archive_copy *copy, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (!copy->problem && vasprintf(&text, fmt, ap) >= 0)
		copy->problem = text;
	va_end(ap);
}

/* ---- names ---- */

static bool is_plain(const char *path)
{
	bool at_start = true; /* of a part: it begins with a letter or a digit */

	if (strlen(path) > 255)
		return false;
	for (const char *p = path; *p; p++) {
		if (at_start ? !isalnum((unsigned char)*p) && *p != '_'
			     : !isalnum((unsigned char)*p) && !strchr("-_./", *p))
			return false;
		at_start = *p == '/';
	}
	return !at_start;
}

/* The path in the folder of an entry "rejoin-.../path"; NULL: no archive has such a name. */
static const char *inner_name(const char *path)
{
	static const char *const folders[] = {"views/", "plans/", "logs/trial-"};
	static const char *const files[] = {ARCHIVE_RECORDING, ARCHIVE_MANIFEST, ARCHIVE_SUMS,
					    ARCHIVE_README,    "workbook.xlsx",	 "page.html"};
	const char *slash = path ? strchr(path, '/') : NULL;

	if (!slash || !is_plain(path) || !str_starts(path, "rejoin-"))
		return NULL;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (str_starts(slash + 1, folders[i]))
			return slash + 1;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (strcmp(slash + 1, files[i]) == 0)
			return slash + 1;
	return NULL;
}

/* ---- unpacking ---- */

static int make_folders(const char *folder, const char *name, struct err *err)
{
	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *path = mem_printf("%s/%.*s", folder, (int)(slash - name), name);

		if (mkdir(path, 0700) && errno != EEXIST)
			err_set(err, ERR_ENV, "%s: %s", path, strerror(errno));
		free(path);
	}
	return err->code;
}

static int failed(struct archive *tar, struct err *err)
{
	const char *why = archive_error_string(tar);

	return err_set(err, ERR_ENV, "archive is damaged or cut short%s%s", why ? ": " : "",
		       why ? why : "");
}

static int copy_content(struct archive *tar, int fd, const char *name, struct err *err)
{
	char block[65536];
	la_ssize_t n;

	while ((n = archive_read_data(tar, block, sizeof block)) > 0) {
		if (file_write_all(fd, block, (size_t)n))
			return err_set(err, ERR_ENV, "unpacking %s: %s (TMPDIR says where)", name,
				       strerror(errno));
		if (interrupt_check(err))
			return err->code;
	}
	return n < 0 ? failed(tar, err) : 0;
}

static int unpack_file(struct archive *tar, const char *folder, const char *name,
		       struct archive_copy *copy, struct err *err)
{
	char *path = mem_printf("%s/%s", folder, name);
	int fd;

	if (!make_folders(folder, name, err)) {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0) {
			copy_content(tar, fd, name, err);
			close(fd);
		} else if (errno == EEXIST) {
			archive_problem(copy, "%s: is in it twice", name);
		} else {
			err_set(err, ERR_ENV, "unpacking %s: %s", name, strerror(errno));
		}
	}
	free(path);
	return err->code;
}

static int unpack_entry(struct archive *tar, struct archive_entry *entry, struct archive_copy *copy,
			struct err *err)
{
	const char *path = archive_entry_pathname(entry);
	const char *name = inner_name(path);

	if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) || !name) {
		char *shown = mem_strdup(path ? path : "");

		for (char *p = shown; *p; p++)
			if ((unsigned char)*p < ' ' || *p == 0x7f)
				*p = '?';
		archive_problem(copy, "%.200s: no archive has such an entry", shown);
		free(shown);
		return 0;
	}
	if (!copy->top)
		copy->top = mem_strndup(path, (size_t)(name - path) - 1);
	if (strlen(copy->top) != (size_t)(name - path) - 1 || !str_starts(path, copy->top)) {
		archive_problem(copy, "%s: is not in the folder %s", path, copy->top);
		return 0;
	}
	return unpack_file(tar, copy->scratch.temp, name, copy, err);
}

static int unpack(const char *path, struct archive_copy *copy, struct err *err)
{
	struct archive *tar = archive_read_new();
	struct archive_entry *entry;
	int rc = ARCHIVE_OK;

	archive_read_support_filter_gzip(tar);
	archive_read_support_format_tar(tar);
	if (archive_read_open_filename(tar, path, 65536) != ARCHIVE_OK)
		failed(tar, err);
	while (!err->code && !copy->problem &&
	       (rc = archive_read_next_header(tar, &entry)) == ARCHIVE_OK)
		unpack_entry(tar, entry, copy, err);
	if (!err->code && !copy->problem && rc != ARCHIVE_EOF)
		failed(tar, err);
	archive_read_free(tar);
	return err->code;
}

int archive_read(const char *path, struct archive_copy *ret, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	char *prefix = mem_printf("%s/rejoin-archive", folder && *folder ? folder : "/tmp");

	*ret = (struct archive_copy){0};
	if (beside_scratch(prefix, &ret->scratch, err)) {
		err_wrap(err, "cannot unpack into %s (TMPDIR says where)", prefix);
	} else {
		ret->recording = mem_printf("%s/" ARCHIVE_RECORDING, ret->scratch.temp);
		if (!unpack(path, ret, err) && !ret->problem)
			archive_check_sums(ret, err);
		if (err->code)
			err_wrap(err, "%s", path);
	}
	free(prefix);
	if (err->code)
		archive_copy_done(ret);
	return err->code;
}

void archive_copy_done(struct archive_copy *copy)
{
	beside_done(&copy->scratch);
	str_done(&copy->not_compared);
	free(copy->recording);
	free(copy->top);
	free(copy->made_by);
	free(copy->problem);
	*copy = (struct archive_copy){0};
}
