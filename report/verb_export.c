#include "lib/str.h"
#include "report/export_dir.h"
#include "report/interrupt.h"
#include "report/verbs.h"
#include <string.h>

static bool is_asked(const struct opt_list *asked, const char *name)
{
	for (size_t i = 0; i < asked->n; i++)
		if (strcmp(asked->v[i], name) == 0)
			return true;
	return false;
}

static int check_names(const struct store_views *views, const struct opt_list *asked,
		       struct err *err)
{
	VEC(const char *) names = {0};

	for (size_t i = 0; i < views->n; i++)
		vec_push(&names, views->v[i].name);
	vec_push(&names, NULL);
	for (size_t i = 0; i < asked->n; i++) {
		const char *near = str_nearest(asked->v[i], names.v);

		if (near && strcmp(near, asked->v[i]) == 0)
			continue;
		err_set(err, ERR_USAGE, "--view %s: there is no such view%s%s%s", asked->v[i],
			near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	}
	vec_done(&names);
	return err->code;
}

/* Leaves the views asked for, in the order of the recording. */
static int choose(struct store_views *views, const struct opt_list *asked, struct err *err)
{
	struct store_views chosen = {0}, others = {0};
	struct store_view *view;

	if (!asked->n || check_names(views, asked, err))
		return err->code;
	vec_each (view, views) {
		if (is_asked(asked, view->name))
			vec_push(&chosen, *view);
		else
			vec_push(&others, *view);
	}
	vec_done(views);
	*views = chosen;
	store_views_done(&others);
	return 0;
}

static int run_on(const char *path, const char *to, const struct opt_list *asked, struct err *err)
{
	struct store_views views = {0};
	struct err ignored = ERR_INIT;
	struct store *store = NULL;

	if (!to)
		return err_set(err, ERR_USAGE, "export needs --to DIR");
	if (store_open(path, STORE_READ, &store, err))
		return err->code;
	interrupt_catch();
	if (!store_hold(store, err) && !store_views_load(store, &views, err) &&
	    !choose(&views, asked, err))
		export_dir(store, &views, to, err);
	store_views_done(&views);
	store_close(store, &ignored);
	return err->code;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *to = NULL;
	struct opt_list args = {0}, views = {0};
	const struct opt opts[] = {
		{.name = "to",
		 .kind = OPT_STRING,
		 .value = "DIR",
		 .help = "a folder that does not exist yet, or is empty",
		 .to = &to},
		{.name = "view",
		 .kind = OPT_LIST,
		 .value = "NAME",
		 .help = "only this view; may be given again",
		 .to = &views},
		OPT_END,
	};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = run_on(args.v[0], to, &views, err);
	vec_done(&args);
	vec_done(&views);
	return r;
}

const struct opt_verb verb_export = {
	.name = "export",
	.args = "DB --to DIR [--view NAME]...",
	.summary = "Hands a recording on to other tools: its views as CSV and NDJSON.",
	.text = "Writes each view as VIEW.csv and VIEW.ndjson, and datapackage.json: types, units "
		"and meanings\n"
		"of all columns. In CSV an empty field is NULL, \"\" an empty text. The folder "
		"appears when it\n"
		"is whole.\n",
	.example =
		"rejoin-report export drill.sqlite --to drill-export\n"
		"rejoin-report export drill.sqlite --to figures --view v_trial --view v_metric\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
