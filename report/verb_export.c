#include "lib/log.h"
#include "lib/str.h"
#include "report/export_dir.h"
#include "report/export_to.h"
#include "report/interrupt.h"
#include "report/verbs.h"
#include <string.h>
#include <strings.h>

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

/* Samples and writes are many, and what they say is in the other views. */
static const char *const by_default[] = {"v_trial",   "v_metric", "v_master_change", "v_log_event",
					 "v_witness", "v_step",	  "v_node",	     "v_incident"};

static bool is_url(const char *to)
{
	return strncasecmp(to, "http://", 7) == 0 || strncasecmp(to, "https://", 8) == 0;
}

/* "ftp://host", or a URL of http that is not written well: no folder is meant. */
static bool is_other_url(const char *to)
{
	size_t n = strspn(to, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-");

	/* HOST:PORT or USER:PASSWORD@HOST, whose scheme was forgotten; ./a:1 is a folder */
	const char *colon = strrchr(to, ':');
	bool is_host = colon && !strchr(to, '/') && colon[1] &&
		       !colon[1 + strspn(colon + 1, "0123456789")];

	return is_host || (!strchr(to, '/') && strchr(to, '@')) ||
	       (n && to[n] == ':' && !is_url(to) &&
		(to[n + 1] == '/' || strncasecmp(to, "http:", 5) == 0 ||
		 strncasecmp(to, "https:", 6) == 0));
}

static int check_auth(const char *to, const struct cluster_access *a, struct err *err)
{
	const struct auth *auth = &a->auth;
	int n = !!auth->password_env + !!auth->password_file + !!auth->api_key_env +
		!!auth->api_key_file + !!auth->bearer_env + !!auth->bearer_file;

	if (is_other_url(to)) /* not shown: it may hold a password */
		return err_set(err, ERR_USAGE,
			       "--to: a folder, or a URL that begins with http:// or https://, is "
			       "expected");
	if (!is_url(to) && (n || auth->user || a->ca_file || a->insecure))
		return err_set(err, ERR_USAGE, "credentials and --ca are for --to https://...");
	if (n > 1)
		return err_set(err, ERR_USAGE, "one place of credentials is expected, not %d", n);
	if (!!auth->user != (auth->password_env || auth->password_file))
		return err_set(err, ERR_USAGE,
			       "--user goes with --password-env or --password-file");
	if (is_url(to) && strpbrk(to, "@?#"))
		return err_set(err, ERR_USAGE,
			       "--to: a URL without user, query and fragment is "
			       "expected");
	if (a->ca_file && a->insecure)
		return err_set(err, ERR_USAGE, "--ca and --insecure exclude each other");
	return 0;
}

static int to_cluster(struct store *store, const struct store_views *views, const char *to,
		      const struct cluster_access *access, struct err *err)
{
	struct cluster *cluster = NULL;
	struct export_count count = {0};
	int64_t done;

	if (!cluster_open(to, access, &cluster, err))
		export_to(store, views, cluster, &count, err);
	cluster_close(cluster);
	done = count.created + count.updated + count.there;
	if (err->code && done)
		return err_wrap(err,
				"cannot export all (%lld documents are there; the same command "
				"goes on from here)",
				(long long)done);
	if (err->code)
		return err_wrap(err, "cannot export");
	log_info("%lld documents created, %lld updated, %lld were there already, %lld failed",
		 (long long)count.created, (long long)count.updated, (long long)count.there,
		 (long long)count.failed);
	if (!count.failed)
		return 0;
	log_error("%lld documents were not taken", (long long)count.failed);
	return 1;
}

static int run_on(const char *path, const char *to, const struct opt_list *asked,
		  const struct cluster_access *access, struct err *err)
{
	const struct opt_list usual = {.v = (const char **)by_default,
				       .n = sizeof by_default / sizeof *by_default};
	struct store_views views = {0};
	struct err ignored = ERR_INIT;
	struct store *store = NULL;
	int r = 0;

	if (!to)
		return err_set(err, ERR_USAGE, "export needs --to DIR or --to https://...");
	if (check_auth(to, access, err) || store_open(path, STORE_READ, &store, err))
		return err->code;
	interrupt_catch();
	if (!store_hold(store, err) && !store_views_load(store, &views, err) &&
	    !choose(&views, is_url(to) && !asked->n ? &usual : asked, err))
		r = is_url(to) ? to_cluster(store, &views, to, access, err)
			       : export_dir(store, &views, to, err);
	store_views_done(&views);
	store_close(store, &ignored);
	return err->code ? err->code : r;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *to = NULL;
	struct opt_list args = {0}, views = {0};
	struct cluster_access access = {0};
#define PLACE(NAME, VALUE, HELP, TO)                                                               \
	{                                                                                          \
		.name = NAME, .kind = OPT_STRING, .value = VALUE, .help = HELP, .to = &access.TO   \
	}
	const struct opt opts[] = {
		{.name = "to",
		 .kind = OPT_STRING,
		 .value = "DIR|URL",
		 .help = "a folder that does not exist yet, or is empty; or http(s)://HOST:PORT",
		 .to = &to},
		{.name = "view",
		 .kind = OPT_LIST,
		 .value = "NAME",
		 .help = "only this view; may be given again",
		 .to = &views},
		PLACE("ca", "FILE", "URL: whom to trust, PEM", ca_file),
		{.name = "insecure",
		 .kind = OPT_FLAG,
		 .help = "URL: certificates are not checked",
		 .to = &access.insecure},
		PLACE("user", "NAME", "URL: basic authentication", auth.user),
		PLACE("password-env", "VAR", "its password, from the environment",
		      auth.password_env),
		PLACE("password-file", "FILE", "or from a file that only its owner may read",
		      auth.password_file),
		PLACE("api-key-env", "VAR", "URL: an API key, likewise", auth.api_key_env),
		PLACE("api-key-file", "FILE", "or from a file", auth.api_key_file),
		PLACE("bearer-env", "VAR", "URL: a bearer token, likewise", auth.bearer_env),
		PLACE("bearer-file", "FILE", "or from a file", auth.bearer_file),
		OPT_END,
	};
#undef PLACE
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = run_on(args.v[0], to, &views, &access, err);
	vec_done(&args);
	vec_done(&views);
	return r;
}

const struct opt_verb verb_export = {
	.name = "export",
	.args = "DB --to DIR|URL [--view NAME]...",
	.summary = "Hands a recording on to other tools: its views as CSV and NDJSON.",
	.text = "Writes each view as VIEW.csv and VIEW.ndjson, and datapackage.json: types, units "
		"and meanings\n"
		"of all columns. In CSV an empty field is NULL, \"\" an empty text. The folder "
		"appears when it\n"
		"is whole.\n"
		"\n"
		"Into Elasticsearch or OpenSearch: each row a document of rejoin-trial, "
		"rejoin-metric, ...; v_sample\n"
		"and v_write only with --view; trials that have not ended are left out. "
		"A repeat changes nothing\n"
		"but documents of rows that changed, and goes on where one was cut short. "
		"Exit 1: single\n"
		"documents were not taken.\n",
	.example = "rejoin-report export drill.sqlite --to drill-export\n"
		   "rejoin-report export drill.sqlite --to figures --view v_trial --view v_metric\n"
		   "rejoin-report export drill.sqlite --to https://es.example.com:9200 "
		   "--api-key-env ES_KEY\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
