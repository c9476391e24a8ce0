#include "report/export_dir.h"
#include "report/beside.h"
#include "report/datapackage.h"
#include "report/interrupt.h"
#include "report/rows.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct format {
	int bit;
	const char *suffix;
	void (*head)(const struct store_view *view, struct str *ret_line);
	void (*row)(const struct store_view *view, const struct store_row *row,
		    struct str *ret_line);
} formats[];

static void json_head(const struct store_view *view, struct str *ret_line)
{
	(void)view, (void)ret_line;
}

static void json_row(const struct store_view *view, const struct store_row *row,
		     struct str *ret_line)
{
	rows_json(view, row, 0, ret_line);
}

static const struct format formats[] = {
	{EXPORT_CSV, "csv", rows_csv_head, rows_csv},
	{EXPORT_NDJSON, "ndjson", json_head, json_row},
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

/* Both files of a view are written in one pass. */
struct files {
	const struct store_view *view;
	FILE *of[N_FORMATS]; /* NULL: not asked for */
	struct str line;
	int64_t n;
};

static int cannot(const char *view, struct err *err)
{
	return err_set(err, ERR_ENV, "%s: %s", view, strerror(errno));
}

static int put_line(struct files *files, int k, struct err *err)
{
	if (files->line.n && fwrite(files->line.s, 1, files->line.n, files->of[k]) != files->line.n)
		return cannot(files->view->name, err);
	str_clear(&files->line);
	return 0;
}

static int on_row(void *arg, const struct store_row *row, struct err *err)
{
	struct files *files = arg;

	for (int k = 0; k < N_FORMATS && !err->code; k++)
		if (files->of[k]) {
			formats[k].row(files->view, row, &files->line);
			put_line(files, k, err);
		}
	files->n++;
	return err->code ? err->code : interrupt_check(err);
}

static int write_view(struct store *store, const char *folder, int asked, struct files *files,
		      struct err *err)
{
	for (int k = 0; k < N_FORMATS && !err->code; k++) {
		char *path = mem_printf("%s/%s.%s", folder, files->view->name, formats[k].suffix);

		if (asked & formats[k].bit)
			files->of[k] = fopen(path, "wxe");
		if ((asked & formats[k].bit) && !files->of[k])
			cannot(files->view->name, err);
		free(path);
		if (files->of[k] && !err->code) {
			formats[k].head(files->view, &files->line);
			put_line(files, k, err);
		}
	}
	if (!err->code)
		store_view_rows(store, files->view, on_row, files, err);
	for (int k = 0; k < N_FORMATS; k++)
		if (files->of[k] && fclose(files->of[k]) && !err->code)
			cannot(files->view->name, err);
	return err->code;
}

int export_files(struct store *store, const struct store_views *views, const char *folder,
		 int asked, struct err *err)
{
	struct datapackage package = {.has_ndjson = asked & EXPORT_NDJSON};
	struct store_view *view;

	vec_each (view, views) {
		struct files files = {.view = view};

		if (!err->code)
			write_view(store, folder, asked, &files, err);
		vec_push(&package.n_rows, files.n);
		str_done(&files.line);
	}
	if (!err->code)
		datapackage_write(&package, views, folder, err);
	vec_done(&package.n_rows);
	return err->code;
}

int export_dir(struct store *store, const struct store_views *views, const char *folder,
	       struct err *err)
{
	struct beside beside = {0};

	if (!beside_folder(folder, &beside, err) &&
	    !export_files(store, views, beside.temp, EXPORT_CSV | EXPORT_NDJSON, err))
		beside_commit(&beside, false, err);
	beside_done(&beside);
	return err->code ? err_wrap(err, "cannot write %s", folder) : 0;
}
