#include "report/archive_read.h"
#include "report/verbs.h"
#include "report/verify.h"
#include <stdio.h>
#include <string.h>

static int check_heads(const struct opt_list *heads, struct err *err)
{
	for (size_t i = 0; i < heads->n; i++)
		if (strlen(heads->v[i]) != HASH_HEX_SIZE - 1 ||
		    strspn(heads->v[i], "0123456789abcdef") != HASH_HEX_SIZE - 1)
			return err_set(err, ERR_USAGE,
				       "--head: 64 hexadecimal digits (lower case) are expected");
	return 0;
}

/* What verify says of a recording. */
struct checked {
	struct str text;
	const char *verdict;
	bool holds;
};

static int check(const char *path, const struct verify_options *options, struct checked *ret,
		 struct err *err)
{
	struct verify v;
	struct store *store;
	struct err ignored = ERR_INIT;

	if (store_open(path, STORE_READ, &store, err))
		return err->code;
	verify_run(store, options, &v, err);
	ret->holds = verify_holds(&v);
	ret->verdict = verify_verdict(&v);
	verify_print(&v, &ret->text);
	verify_done(&v);
	store_close(store, &ignored);
	return err->code;
}

/* shown: how the result calls it. */
static int tell(const struct checked *checked, const char *shown)
{
	fputs(checked->text.s, stdout);
	printf("%s: %s\n", shown, checked->verdict);
	return !checked->holds;
}

static int verify_file(const char *path, const struct verify_options *options, struct err *err)
{
	struct checked checked = {.text = STR_INIT};
	int r = check(path, options, &checked, err) ? err->code : tell(&checked, path);

	str_done(&checked.text);
	return r;
}

static void tell_compared(const struct archive_copy *copy, const struct checked *checked)
{
	fputs("archive     names and SHA256SUMS hold; ", stdout);
	if (!checked->holds)
		puts("page, workbook, tables, plans and logs were not made again: the recording "
		     "does not hold");
	else if (copy->not_compared.n)
		printf("%s made it, and this one makes other files than these: %s\n"
		       "            to compare these too: verify by %s\n",
		       copy->made_by, copy->not_compared.s, copy->made_by);
	else
		puts("page, workbook, tables, plans and logs are those of the recording");
}

static int tell_archive(const struct archive_copy *copy, struct checked *checked, const char *path)
{
	char *verdict;

	if (copy->problem) {
		printf("archive     DOES NOT HOLD: %s\n%s: DOES NOT HOLD\n", copy->problem, path);
		return 1;
	}
	tell_compared(copy, checked);
	if (!copy->not_compared.n)
		return tell(checked, path);
	verdict = mem_printf("%s%s these files were not compared with the recording: %s",
			     checked->verdict, strchr(checked->verdict, ',') ? ", and" : ", but",
			     copy->not_compared.s);
	checked->verdict = verdict;
	tell(checked, path);
	free(verdict);
	return 0;
}

/* Nothing is made from a recording that does not hold: there is no telling what is in it. */
static int verify_archive(const char *path, const struct verify_options *options, struct err *err)
{
	struct archive_copy copy = {0};
	struct checked checked = {.text = STR_INIT, .verdict = ""};
	int r;

	if (archive_read(path, &copy, err))
		return err->code;
	if (!copy.problem && !check(copy.recording, options, &checked, err) && checked.holds)
		archive_compare(&copy, err);
	r = err->code ? err->code : tell_archive(&copy, &checked, path);
	str_done(&checked.text);
	archive_copy_done(&copy);
	return r;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const char *key = NULL;
	struct verify_options options = {0};
	struct opt_list heads = {0};
	unsigned char public_key[SIGN_PUBLIC_SIZE];
	const struct opt opts[] = {
		{.name = "key",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "this Ed25519 public key must have signed every study",
		 .to = &key},
		{.name = "head",
		 .kind = OPT_LIST,
		 .value = "HEX",
		 .help = "a study must have this head or last sign-off; may be given again",
		 .to = &heads},
		OPT_END,
	};
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r)
		r = check_heads(&heads, err);
	options.heads = heads.v;
	options.n_heads = heads.n;
	if (!r && key) {
		r = sign_public_read(key, public_key, err);
		options.public_key = public_key;
	}
	if (!r)
		r = archive_is(args.v[0]) ? verify_archive(args.v[0], &options, err)
					  : verify_file(args.v[0], &options, err);
	vec_done(&args);
	vec_done(&heads);
	return r;
}

const struct opt_verb verb_verify = {
	.name = "verify",
	.args = "DB|FILE.tar.gz [--key FILE] [--head HEX]...",
	.summary =
		"Checks that a recording is whole, unchanged, and that its figures follow from it.",
	.text = "Checks the file and its schema, the accounting of polls and writes, and the "
		"seal;\n"
		"derives every change of master and every metric again from the raw samples.\n"
		"Names the first trial that differs, and how. Exit code 0: all of it holds, 1: not "
		"so.\n"
		"Of an archive also its SHA256SUMS, and, made again from the recording (which "
		"takes as "
		"long as\n"
		"archive does), every other file: page, workbook, tables, plans, logs, README.txt, "
		"manifest.json.\n"
		"Of an archive that another version made, files that this one makes otherwise are "
		"only held\n"
		"against SHA256SUMS. The recording holds or not all the same, so the exit code is "
		"0 or 1 as ever;\n"
		"the last line names these files ('holds, but'), and verify by that version "
		"compares them.\n"
		"\n"
		"Who can write the file can seal it anew: note the head elsewhere when the drill "
		"is\n"
		"done, or sign it (rejoin-collector run --sign-key). Head and key cover every row "
		"of\n"
		"their study but its sign-offs: for these too, note the link that is printed "
		"after\n"
		"the last of them, and give it to --head. schema/SEAL.md says what each proves.\n",
	.example = "rejoin-report verify drill.sqlite\n"
		   "rejoin-report verify drill.sqlite --key seal.pub\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
