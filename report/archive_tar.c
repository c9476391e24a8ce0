#include "report/archive.h"
#include "report/interrupt.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int failed(struct archive *tar, const char *doing, struct err *err)
{
	const char *why = archive_error_string(tar);

	return err_set(err, ERR_ENV, "%s: %s", doing, why ? why : strerror(archive_errno(tar)));
}

static int copy_content(struct archive *tar, int fd, const struct archive_file *file,
			struct err *err)
{
	char block[65536];
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) > 0) {
		if (archive_write_data(tar, block, (size_t)n) != n)
			return failed(tar, file->path, err);
		if (interrupt_check(err))
			return err->code;
	}
	return n < 0 ? err_set(err, ERR_ENV, "%s: %s", file->path, strerror(errno)) : 0;
}

static int add(struct archive *tar, const char *folder, const char *name, int64_t mtime_s,
	       const struct archive_file *file, struct err *err)
{
	struct archive_entry *entry = archive_entry_new();
	char *from = mem_printf("%s/%s", folder, file->path);
	char *to = mem_printf("%s/%s", name, file->path);
	int fd = open(from, O_RDONLY | O_CLOEXEC);

	archive_entry_set_pathname(entry, to);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, file->size);
	archive_entry_set_mtime(entry, mtime_s, 0);
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	if (fd < 0)
		err_set(err, ERR_ENV, "%s: %s", file->path, strerror(errno));
	else if (archive_write_header(tar, entry) != ARCHIVE_OK)
		failed(tar, file->path, err);
	else
		copy_content(tar, fd, file, err);
	if (fd >= 0)
		close(fd);
	archive_entry_free(entry);
	free(to);
	free(from);
	return err->code;
}

static int open_tar(struct archive *tar, const char *path, struct err *err)
{
	if (archive_write_add_filter_gzip(tar) != ARCHIVE_OK ||
	    archive_write_set_format_pax_restricted(tar) != ARCHIVE_OK ||
	    archive_write_set_options(tar, "gzip:!timestamp,gzip:compression-level=6") !=
		    ARCHIVE_OK ||
	    archive_write_open_filename(tar, path) != ARCHIVE_OK)
		return failed(tar, "tar", err);
	return 0;
}

int archive_tar(const char *folder, const char *name, int64_t mtime_s, const char *path,
		struct err *err)
{
	struct archive *tar = archive_write_new();
	struct archive_files files = {0};

	if (!archive_files_list(folder, &files, err) && !open_tar(tar, path, err)) {
		for (size_t i = 0; i < files.n && !err->code; i++)
			add(tar, folder, name, mtime_s, &files.v[i], err);
		if (!err->code && archive_write_close(tar) != ARCHIVE_OK)
			failed(tar, "tar", err);
	}
	archive_write_free(tar);
	archive_files_done(&files);
	return err->code;
}
