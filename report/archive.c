#include "report/archive.h"
#include "report/beside.h"
#include "report/interrupt.h"
#include "report/output.h"
#include "schema/sql.h"
#include "schema/store_copy.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int archive_put(const char *folder, const char *name, const char *text, size_t n, struct err *err)
{
	char *path = mem_printf("%s/%s", folder, name);
	FILE *file = fopen(path, "wxe");

	if (!file || fwrite(text, 1, n, file) != n || fflush(file))
		err_set(err, ERR_ENV, "%s: %s", name, strerror(errno));
	if (file)
		fclose(file);
	free(path);
	return err->code;
}

/* The copy is what all the rest is made from: one state, whatever is recorded meanwhile. */
static int copy_recording(const char *db, const char *folder, struct err *err)
{
	char *copy = mem_printf("%s/" ARCHIVE_RECORDING, folder);
	struct err ignored = ERR_INIT;
	struct store *store = NULL;

	if (!store_open(db, STORE_READ, &store, err))
		store_copy_into(store, copy, interrupt_seen, err);
	store_close(store, &ignored);
	free(copy);
	return err->code;
}

static int put_sums(const char *folder, struct err *err)
{
	struct archive_files files = {0};
	struct str text = STR_INIT;

	if (!archive_files_list(folder, &files, err)) {
		archive_sums(&files, &text);
		archive_put(folder, ARCHIVE_SUMS, text.s, text.n, err);
	}
	archive_files_done(&files);
	str_done(&text);
	return err->code;
}

static int pack(const char *folder, const char *out, struct err *err)
{
	char *copy = mem_printf("%s/" ARCHIVE_RECORDING, folder), *name = NULL;
	char *made_with = archive_made_with();
	struct err ignored = ERR_INIT;
	struct store *store = NULL;
	int64_t mtime_s = 0;

	if (!store_open(copy, STORE_READ, &store, err) &&
	    !store_query_int(store, SQL_ARCHIVE_INSTANT, NULL, 0, &mtime_s, err) &&
	    !archive_name(store, &name, err) && !archive_about(folder, store, made_with, err) &&
	    !put_sums(folder, err))
		archive_tar(folder, name, mtime_s, out, err);
	store_close(store, &ignored);
	free(made_with);
	free(name);
	free(copy);
	return err->code;
}

static int fill(void *arg, const char *temp, const char *near, struct err *err)
{
	struct beside work = {0};
	char *prefix = mem_printf("%s.parts", temp);

	(void)near;
	if (!beside_scratch(prefix, &work, err) && !copy_recording(arg, work.temp, err) &&
	    !archive_fill_tables(work.temp, err) && !archive_fill_reports(work.temp, err))
		pack(work.temp, temp, err);
	beside_done(&work);
	free(prefix);
	return err->code;
}

int archive_write(const char *path, const char *db, struct err *err)
{
	char *copy = mem_strdup(db);

	output_write(path, fill, copy, err);
	free(copy);
	return err->code;
}
