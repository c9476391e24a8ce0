#include "report/compare_report.h"
#include "lib/str.h"
#include "report/compare_join.h"
#include <string.h>

const char *const compare_file_labels[COMPARE_MAX_FILES] = {"A", "B"};

#define FACTOR_FILE "file"

static void mark_file(struct model *model, const char *label)
{
	struct model_arm *arm;

	vec_each (arm, &model->arms)
		json_object_set_new(arm->factors, FACTOR_FILE, json_string(label));
}

static int refuse_same_study(const struct compare_report *report, struct err *err)
{
	const struct model_study *a, *b;

	vec_each (a, &report->recordings[0].model.studies)
		vec_each (b, &report->recordings[1].model.studies)
			if (strcmp(a->uuid, b->uuid) == 0)
				return err_set(err, ERR_USAGE,
					       "%s and %s hold the same study, '%s' (%s): it "
					       "differs in nothing from itself",
					       report->files[0], report->files[1], a->name,
					       a->uuid);
	return 0;
}

static void add_side(const struct compare_report *report, size_t file, const char *label,
		     const struct model_study *study, struct condition_side *ret)
{
	*ret = (struct condition_side){report->recordings[file].store, study->id, label};
}

/* Of two files the files; of one the studies, where they are what is compared. */
static int load_conditions(struct compare_report *report, size_t n_first, struct err *err)
{
	const struct model *model = &report->recordings[0].model;
	struct condition_side *sides = mem_alloc((model->studies.n + 1) * sizeof *sides);
	bool studies = false;
	size_t n = 0;

	for (size_t i = 0; i < report->grouping.names.n; i++)
		studies |= report->of.is_compared[i] &&
			   strcmp(report->grouping.names.v[i], "study") == 0;
	for (size_t i = 0; i < model->studies.n && (studies || report->n_files > 1); i++) {
		const struct model_study *study = &model->studies.v[i];
		size_t file = i >= n_first;

		add_side(report, file,
			 report->n_files > 1 ? compare_file_labels[file] : study->label, study,
			 &sides[n++]);
	}
	report->labels = mem_alloc((n + 1) * sizeof *report->labels);
	conditions_load(sides, n, &report->differences, report->labels, &report->n_labels, err);
	free(sides);
	return err->code;
}

/* What varies, and what is asked for. */
static int group(struct compare_report *report, const char *by, struct err *err)
{
	const struct model *model = &report->recordings[0].model;
	struct str all = STR_INIT;

	if (grouping_make(model, NULL, report->selection.include_warmup, &report->grouping, err))
		return err->code;
	if (!by)
		return 0;
	for (size_t i = 0; i < report->grouping.names.n; i++)
		str_addf(&all, "%s,", report->grouping.names.v[i]);
	str_add(&all, by);
	grouping_done(&report->grouping);
	grouping_make(model, all.s, report->selection.include_warmup, &report->grouping, err);
	str_done(&all);
	return err->code;
}

/* One study a file: its name says no more than the file does. */
static void name_files_only(struct compare_report *report)
{
	for (size_t i = 0; i < report->grouping.names.n; i++)
		if (report->of.is_joined[i] && (strcmp(report->grouping.names.v[i], "study") != 0 ||
						report->recordings[0].model.studies.n == 2))
			report->of.varies[i] = false;
}

static int open_files(struct compare_report *report, struct err *err)
{
	for (size_t i = 0; i < COMPARE_MAX_FILES && report->files[i]; i++)
		if (recording_open(report->files[i], &report->selection, &report->recordings[i],
				   err))
			return report->n_files > 1 ? err_wrap(err, "%s", compare_file_labels[i])
						   : err->code;
	return 0;
}

static int join_files(struct compare_report *report, struct err *err)
{
	if (refuse_same_study(report, err))
		return err->code;
	for (size_t i = 0; i < COMPARE_MAX_FILES; i++)
		mark_file(&report->recordings[i].model, compare_file_labels[i]);
	compare_join(&report->recordings[0].model, &report->recordings[1].model);
	return 0;
}

int compare_report_open(const char *const *files, size_t n_files, const struct selection *selection,
			struct compare_report *ret, struct err *err)
{
	const char *by = n_files > 1 ? FACTOR_FILE : selection->by;
	size_t n_first;

	*ret = (struct compare_report){.selection = *selection, .n_files = n_files};
	ret->selection.by = NULL;
	for (size_t i = 0; i < n_files; i++)
		ret->files[i] = files[i];
	if (n_files > 1 && selection->by)
		return err_set(err, ERR_USAGE,
			       "--by: two files are compared with each other; --where chooses "
			       "among their trials");
	if (open_files(ret, err))
		goto fail;
	n_first = ret->recordings[0].model.studies.n;
	if ((n_files > 1 && join_files(ret, err)) || group(ret, by, err))
		goto fail;
	compare_init(&ret->of, &ret->grouping, by);
	if (n_files > 1)
		name_files_only(ret);
	if (load_conditions(ret, n_first, err))
		goto fail;
	return 0;
fail:
	compare_report_close(ret);
	return err->code;
}

void compare_report_run(struct compare_report *report, bool every)
{
	const struct recording *r = &report->recordings[0];

	for (size_t i = 0; i < model_n_metrics; i++) {
		enum metric m = model_metrics[i];
		bool wanted = r->metrics_asked ? r->metrics[m]
			      : every	       ? r->model.has[m]
					       : m == METRIC_REELECTION || m == METRIC_REJOIN;

		if (wanted)
			compare_add(&report->of, &r->model, &report->grouping, m);
	}
}

void compare_report_close(struct compare_report *report)
{
	conditions_done(&report->differences);
	free(report->labels);
	compare_done(&report->of);
	grouping_done(&report->grouping);
	for (size_t i = 0; i < COMPARE_MAX_FILES; i++)
		recording_close(&report->recordings[i]);
	*report = (struct compare_report){0};
}
