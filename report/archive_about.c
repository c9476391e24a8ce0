/* What an archive says of itself. */
#include "lib/deflate.h"
#include "report/archive.h"
#include "report/text.h"
#include "schema/sql.h"
#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <xlsxwriter.h>

/* ---- what each file is ---- */

static const struct kind {
	const char *prefix, *suffix, *what;
} kinds[] = {
	{ARCHIVE_README, "", "this text"},
	{ARCHIVE_RECORDING, "",
	 "the recording: an SQLite database, the evidence all the rest is made from"},
	{"workbook.xlsx", "", "figures, distributions and every trial, as a spreadsheet"},
	{"page.html", "", "the same to read in a browser; needs no network"},
	{"views/datapackage.json", "", "types, units and meanings of the columns of the tables"},
	{"views/", ".csv", "a table of the recording"},
	{"plans/", ".yml", "the plan, as it was read"},
	{"plans/", ".json", "the plan with its defaults; study.plan_sha256 is the SHA-256 of it"},
	{"logs/", ".log", "what a node's own log got during a trial"},
};

static bool ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && strcmp(s + n - k, suffix) == 0;
}

static const char *what_is(const char *path)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_starts(path, kinds[i].prefix) && ends(path, kinds[i].suffix))
			return kinds[i].what;
	return "";
}

/* ---- studies ---- */

static json_t *text_or_null(const struct store_row *row, int column)
{
	return store_is_null(row, column) ? json_null() : json_string(store_text(row, column));
}

static json_t *clean(const struct store_row *row, int column)
{
	char *text = text_column(row, column);
	json_t *json = json_string(text);

	free(text);
	return json;
}

static int take_study(void *arg, const struct store_row *row, struct err *err)
{
	json_t *study = json_object();

	(void)err;
	json_object_set_new(study, "uuid", clean(row, 0));
	json_object_set_new(study, "name", clean(row, 1));
	json_object_set_new(study, "created_utc", text_or_null(row, 2));
	json_object_set_new(study, "finished_utc", text_or_null(row, 3));
	json_object_set_new(study, "trials", json_integer(store_int(row, 4)));
	json_object_set_new(study, "seal_head", text_or_null(row, 5));
	json_object_set_new(study, "sealed_trials", json_integer(store_int(row, 6)));
	json_object_set_new(study, "public_key", text_or_null(row, 7));
	json_object_set_new(study, "sign_offs", json_integer(store_int(row, 8)));
	json_array_append_new(arg, study);
	return 0;
}

static int load_studies(struct store *store, json_t **ret_studies, struct err *err)
{
	*ret_studies = json_array();
	return store_query(store, SQL_ARCHIVE_STUDIES, NULL, 0, take_study, *ret_studies, err);
}

static const char *text_of(const json_t *study, const char *key)
{
	return json_string_value(json_object_get(study, key));
}

int archive_name(struct store *store, char **ret_name, struct err *err)
{
	json_t *studies;
	struct str name = STR_INIT;

	str_add(&name, "rejoin-");
	if (!load_studies(store, &studies, err)) {
		const char *uuid = text_of(json_array_get(studies, 0), "uuid");

		/* the start of the uuid is enough to tell unpacked archives apart */
		for (size_t i = 0; uuid && uuid[i] && i < 8; i++)
			str_addf(&name, "%c", isalnum((unsigned char)uuid[i]) ? uuid[i] : '_');
		if (!uuid)
			str_add(&name, "empty");
		if (json_array_size(studies) > 1)
			str_addf(&name, "-and-%zu-more", json_array_size(studies) - 1);
	}
	json_decref(studies);
	*ret_name = str_take(&name);
	return err->code;
}

/* ---- README.txt ---- */

static const char intro[] =
	"FAILOVER DRILL, RECORDED\n"
	"\n"
	"This folder holds what rejoin recorded of failover drills on an Elasticsearch or "
	"OpenSearch\n"
	"cluster: a node is stopped, every other node is watched until a new master is agreed, "
	"the\n"
	"node is started again and watched until it is back. Everything observed is in\n"
	"recording.sqlite; all other files are made from it.\n";

static const char how[] =
	"\n"
	"HOW TO CHECK IT\n"
	"\n"
	"1. That no file was changed:\n"
	"       sha256sum -c SHA256SUMS\n"
	"2. That the recording was not changed, and that its figures follow from the raw samples:\n"
	"       rejoin-report verify recording.sqlite        (or: verify ARCHIVE.tar.gz)\n"
	"   It checks the structure, the chain of seals, the accounting of every poll, and "
	"derives\n"
	"   every change of master and every duration again. A seal that is signed is checked "
	"with\n"
	"   --key, the public key that the signer gave you by another way than this folder.\n"
	"3. That all other files are those of the recording: verify ARCHIVE.tar.gz makes them "
	"again\n"
	"   and compares. What another version made is only compared as far as this one makes the\n"
	"   same: it says which files were not, and verify by that version compares them too.\n"
	"   rejoin-report archive gives the same bytes for the same recording.\n"
	"\n"
	"HOW TO READ IT\n"
	"\n"
	"A duration was measured as an interval: the event lies between a poll that did not show "
	"it\n"
	"yet and one that did. Figures are of the middles. A trial that reached its limit counts "
	"as\n"
	"longer than that (censored), it is never left out. Trials that failed, were aborted or\n"
	"refused are in the recording with their reasons. v_incident.csv lists what went wrong "
	"with\n"
	"the instrument itself. Times in v_*.csv named *_ns are nanoseconds on the recording "
	"host's\n"
	"monotonic clock; views/datapackage.json explains every column.\n";

static void add_studies(struct str *text, const json_t *studies)
{
	size_t i;
	const json_t *study;

	str_add(text, "\nSTUDIES\n");
	json_array_foreach(studies, i, study)
	{
		const char *finished = text_of(study, "finished_utc");
		const char *head = text_of(study, "seal_head");

		str_addf(text,
			 "\n%s\n    uuid      %s\n    recorded  %s to %s\n    trials    %lld\n",
			 text_of(study, "name"), text_of(study, "uuid"),
			 text_of(study, "created_utc"), finished ? finished : "(not finished)",
			 (long long)json_integer_value(json_object_get(study, "trials")));
		if (head)
			str_addf(text, "    seal      %s%s\n", head,
				 text_of(study, "public_key") ? ", signed" : "");
		else
			str_add(text, "    seal      none: the study was not closed\n");
		str_addf(text, "    sign-offs %lld\n",
			 (long long)json_integer_value(json_object_get(study, "sign_offs")));
	}
}

static void add_files(struct str *text)
{
	str_add(text, "\nFILES\n\n");
	for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++) {
		struct str name = STR_INIT;

		str_addf(&name, "%s%s%s", kinds[i].prefix, *kinds[i].suffix ? "*" : "",
			 kinds[i].suffix);
		str_addf(text, "    %-23s %s\n", name.s, kinds[i].what);
		str_done(&name);
	}
	str_add(text, "    manifest.json           studies, seals and files, for programs\n"
		      "    SHA256SUMS              of every file\n"
		      "\nMade by " ARCHIVE_MADE_BY ".\n");
}

/* ---- manifest.json ---- */

static json_t *list_files(const struct archive_files *files)
{
	json_t *list = json_array();
	const struct archive_file *file;

	vec_each (file, files)
		json_array_append_new(list,
				      json_pack("{ss ss sI ss}", "path", file->path, "what",
						what_is(file->path), "bytes",
						(json_int_t)file->size, "sha256", file->sha256));
	return list;
}

char *archive_made_with(void)
{
	return mem_printf("libxlsxwriter %s, zlib %s", lxw_version(), deflate_library());
}

static int put_manifest(const char *folder, const json_t *studies, const char *made_with,
			struct err *err)
{
	struct archive_files files = {0};
	json_t *root;
	char *text;

	if (archive_files_list(folder, &files, err))
		return err->code;
	root = json_pack("{si ss ss si sO so}", "manifest", 1, "made_by", ARCHIVE_MADE_BY,
			 "made_with", made_with, "format", STORE_FORMAT, "studies", studies,
			 "files", list_files(&files));
	text = json_dumps(root, JSON_INDENT(1));
	if (!text)
		err_set(err, ERR_ENV, ARCHIVE_MANIFEST ": a text in the recording is not UTF-8");
	else
		archive_put(folder, ARCHIVE_MANIFEST, text, strlen(text), err);
	free(text);
	json_decref(root);
	archive_files_done(&files);
	return err->code;
}

int archive_about(const char *folder, struct store *store, const char *made_with, struct err *err)
{
	struct str text = STR_INIT;
	json_t *studies;

	if (!load_studies(store, &studies, err)) {
		str_add(&text, intro);
		add_studies(&text, studies);
		str_add(&text, how);
		add_files(&text);
		if (!archive_put(folder, ARCHIVE_README, text.s, text.n, err))
			put_manifest(folder, studies, made_with, err);
	}
	json_decref(studies);
	str_done(&text);
	return err->code;
}
