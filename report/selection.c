#include "report/selection.h"
#include "lib/str.h"
#include "report/where.h"
#include <string.h>

static int ask_metric(struct recording *recording, const char *word, struct err *err)
{
	int metric = metric_by_name(word);
	const char *nearest = str_nearest(word, metric_names);

	if (metric == METRIC_MASTERLESS)
		return err_set(err, ERR_USAGE, "--metric: '%s' is measured per node", word);
	if (metric >= 0) {
		recording->metrics[metric] = true;
		return 0;
	}
	if (nearest)
		return err_set(err, ERR_USAGE, "--metric: unknown metric '%s'; did you mean '%s'?",
			       word, nearest);
	return err_set(err, ERR_USAGE, "--metric: unknown metric '%s'", word);
}

static int choose_metrics(struct recording *recording, const char *list, struct err *err)
{
	char *copy, *rest, *word;

	recording->metrics_asked = list;
	for (size_t i = 0; !list && i < N_HEADLINE; i++)
		recording->metrics[model_metrics[i]] = true;
	if (!list)
		return 0;
	copy = rest = mem_strdup(list);
	while (!err->code && (word = strsep(&rest, ",")))
		ask_metric(recording, word, err);
	free(copy);
	return err->code;
}

int recording_open(const char *path, const struct selection *selection, struct recording *ret,
		   struct err *err)
{
	enum origin from;
	int r;

	*ret = (struct recording){.selection = selection};
	r = model_from(selection->from, &from, err);
	if (!r)
		r = choose_metrics(ret, selection->metrics, err);
	if (!r)
		r = store_open(path, STORE_READ, &ret->store, err);
	if (!r)
		r = model_load(ret->store, from, &ret->model, err);
	if (!r && selection->where)
		r = where_choose(&ret->model, selection->where, &ret->chosen, err);
	if (!r)
		r = grouping_make(&ret->model, selection->by, selection->include_warmup,
				  &ret->grouping, err);
	if (!r)
		r = tolerance_load(ret->store, &ret->model, selection->include_warmup,
				   &ret->tolerance, err);
	if (r)
		recording_close(ret);
	return r;
}

void recording_close(struct recording *recording)
{
	struct err ignored = ERR_INIT;

	tolerance_done(&recording->tolerance);
	grouping_done(&recording->grouping);
	model_done(&recording->model);
	free(recording->chosen);
	if (recording->store)
		store_close(recording->store, &ignored);
	*recording = (struct recording){0};
}
