#include "report/workbook.h"
#include "report/output.h"
#include "report/trace.h"
#include "report/workbook_impl.h"
#include "report/zipcheck.h"
#include <errno.h>
#include <string.h>

static int (*const sheets[])(struct book *, struct err *) = {
	sheet_summary,	      sheet_figures,   sheet_compare,	 sheet_reelection, sheet_rejoin,
	sheet_phases,	      sheet_tolerance, sheet_contested,	 sheet_trials,	   sheet_timeline,
	sheet_master_changes, sheet_snapshots, sheet_log_events, sheet_nodes,	   sheet_study,
	sheet_survival,	      sheet_method,
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

static int write_sheets(struct book *book, struct err *err)
{
	trace_prepare(book);
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets && !err->code; i++)
		sheets[i](book, err);
	trace_done(book);
	return err->code;
}

int book_fill(const struct recording *recording, int64_t timeline_trial, bool long_only,
	      int (*write)(struct book *, struct err *), const char *temp, const char *folder,
	      struct err *err)
{
	/* Its own temporary files go where the result goes: one place that must have room. */
	lxw_workbook_options options = {.tmpdir = (char *)folder, .constant_memory = long_only};
	struct book book = {.recording = recording,
			    .model = &recording->model,
			    .grouping = &recording->grouping,
			    .store = recording->store,
			    .timeline_trial = timeline_trial};
	lxw_error error;

	book.workbook = workbook_new_opt(temp, &options);
	style_make(book.workbook, book.styles);
	set_properties(book.workbook, book.model);
	write(&book, err);
	error = workbook_close(book.workbook);
	if (error && !err->code)
		err_set(err, ERR_ENV, "%s",
			errno == ENOSPC ? strerror(errno) : lxw_strerror(error));
	return err->code ? err->code : zipcheck(temp, err);
}

struct source {
	const struct recording *recording;
	int64_t timeline_trial;
};

static int fill(void *arg, const char *temp, const char *folder, struct err *err)
{
	const struct source *source = arg;

	return book_fill(source->recording, source->timeline_trial, false, write_sheets, temp,
			 folder, err);
}

int workbook_write(const char *path, const struct recording *recording, int64_t timeline_trial,
		   struct err *err)
{
	struct source source = {recording, timeline_trial};

	return output_write(path, fill, &source, err);
}
