#include "report/workbook.h"
#include "report/sheet.h"
#include "report/zipcheck.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int (*const sheets[])(struct book *, struct err *) = {
	sheet_summary,	      sheet_reelection, sheet_rejoin, sheet_tolerance, sheet_trials,
	sheet_master_changes, sheet_log_events, sheet_nodes,  sheet_study,
};

static void set_properties(lxw_workbook *workbook, const struct model *model)
{
	lxw_doc_properties properties = {
		.title = (char *)"Failover drill",
		.subject = (char *)"Re-election and rejoin times of an Elasticsearch cluster",
		.author = (char *)"rejoin-report",
		.comments = (char *)"Made by rejoin-report " REJOIN_VERSION,
		.created = 1, /* 0 would be now: other bytes every time */
	};

	if (model->studies.n) {
		properties.title = model->studies.v[0].label;
		properties.category = model->studies.v[0].uuid;
		properties.created = (time_t)(model->studies.v[0].created_utc_us / 1000000);
	}
	workbook_set_properties(workbook, &properties);
}

/* Writes into the file temp, which is there already. */
static int write_sheets(const char *temp, const char *folder, struct store *store,
			const struct model *model, const struct grouping *grouping, struct err *err)
{
	/* Its own temporary files go where the result goes: one place that must have room. */
	lxw_workbook_options options = {.tmpdir = (char *)folder};
	struct book book = {.model = model, .grouping = grouping, .store = store};
	lxw_error error;

	book.workbook = workbook_new_opt(temp, &options);
	style_make(book.workbook, book.styles);
	set_properties(book.workbook, model);
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets && !err->code; i++)
		sheets[i](&book, err);
	error = workbook_close(book.workbook);
	if (error && !err->code)
		err_set(err, ERR_ENV, "%s",
			errno == ENOSPC ? strerror(errno) : lxw_strerror(error));
	return err->code ? err->code : zipcheck(temp, err);
}

/* The file's mode as if it had been created by name: mkstemp's is for secrets. */
static void set_usual_mode(const char *temp)
{
	mode_t mask = umask(0);

	umask(mask);
	if (chmod(temp, 0666 & ~mask))
		return; /* a file system without modes */
}

int workbook_write(const char *path, struct store *store, const struct model *model,
		   const struct grouping *grouping, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup("./");
	char *temp = mem_printf("%s.XXXXXX", path);
	int fd = mkstemp(temp);

	if (fd < 0) {
		err_set(err, ERR_ENV, "%s", strerror(errno));
	} else {
		close(fd);
		set_usual_mode(temp);
		write_sheets(temp, folder, store, model, grouping, err);
		if (!err->code && rename(temp, path))
			err_set(err, ERR_ENV, "%s", strerror(errno));
		if (err->code)
			unlink(temp);
	}
	free(temp);
	free(folder);
	return err->code ? err_wrap(err, "cannot write %s", path) : 0;
}
