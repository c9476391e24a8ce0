#include "report/archive.h"
#include "report/export_dir.h"
#include "report/interrupt.h"
#include "report/page.h"
#include "report/workbook.h"
#include "schema/sql.h"
#include "schema/store_copy.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

/* A name from the recording as part of a file name: nothing that leads anywhere else. */
static char *plain_name(const char *name)
{
	char *plain = mem_strdup(name);

	for (char *p = plain; *p; p++)
		if (!isalnum((unsigned char)*p) && (!strchr("-_.", *p) || p == plain))
			*p = '_';
	return plain;
}

static int make_folder(const char *folder, const char *name, struct err *err)
{
	char *path = mem_printf("%s/%s", folder, name);

	if (mkdir(path, 0777) && errno != EEXIST)
		err_set(err, ERR_ENV, "%s: %s", name, strerror(errno));
	free(path);
	return err->code;
}

static int take_plan(void *arg, const struct store_row *row, struct err *err)
{
	static const char *const suffixes[] = {"yml", "json"};
	char *uuid = plain_name(store_text(row, 0));

	for (int i = 0; i < 2 && !err->code; i++) {
		char *name = mem_printf("plans/%s.%s", uuid, suffixes[i]);
		const char *text = store_text(row, 1 + i);

		archive_put(arg, name, text, strlen(text), err);
		free(name);
	}
	free(uuid);
	return err->code;
}

static int take_log(void *arg, const struct store_row *row, struct err *err)
{
	char *folder = mem_printf("logs/trial-%05" PRId64, store_int(row, 0));
	char *node = plain_name(store_text(row, 2));
	char *name = mem_printf("%s/%03" PRId64 "-%s.log", folder, store_int(row, 1), node);
	struct str lines = STR_INIT;

	if (!make_folder(arg, folder, err) && !store_log_lines(row, 4, 3, &lines, err))
		archive_put(arg, name, lines.s ? lines.s : "", lines.n, err);
	if (err->code)
		err_wrap(err, "%s", name);
	str_done(&lines);
	free(name);
	free(node);
	free(folder);
	return err->code ? err->code : interrupt_check(err);
}

static int put_views(const char *folder, struct store *store, struct err *err)
{
	char *path = mem_printf("%s/views", folder);
	struct store_views views = {0};

	if (!make_folder(folder, "views", err) && !store_views_load(store, &views, err))
		export_files(store, &views, path, EXPORT_CSV, err);
	store_views_done(&views);
	free(path);
	return err->code;
}

int archive_fill_tables(const char *folder, struct err *err)
{
	char *db = mem_printf("%s/" ARCHIVE_RECORDING, folder);
	struct err ignored = ERR_INIT;
	struct store *store = NULL;

	if (!store_open(db, STORE_READ, &store, err) && !make_folder(folder, "plans", err) &&
	    !make_folder(folder, "logs", err) &&
	    !store_query(store, SQL_ARCHIVE_PLANS, NULL, 0, take_plan, (char *)folder, err) &&
	    !store_query(store, SQL_ARCHIVE_LOGS, NULL, 0, take_log, (char *)folder, err))
		put_views(folder, store, err);
	store_close(store, &ignored);
	free(db);
	return err->code;
}

int archive_fill_reports(const char *folder, struct err *err)
{
	const struct selection selection = {0};
	struct recording recording = {0};
	char *db = mem_printf("%s/" ARCHIVE_RECORDING, folder);
	char *workbook = mem_printf("%s/workbook.xlsx", folder);
	char *page = mem_printf("%s/page.html", folder);

	if (!recording_open(db, &selection, &recording, err) &&
	    !workbook_write(workbook, &recording, 0, err) && !interrupt_check(err))
		page_write(page, &recording, err);
	recording_close(&recording);
	free(page);
	free(workbook);
	free(db);
	return err->code;
}
