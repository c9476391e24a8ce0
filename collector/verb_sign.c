/* sign: who stands for a study's result, added to the recording and never changed; and the
 * signature of a key under the head of its seal. */
#include "collector/host.h"
#include "collector/json_compact.h"
#include "collector/reopen.h"
#include "collector/verbs.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/vec.h"
#include "schema/seal.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 100, COMMENT_MAX_BYTES = 4000 };

struct sign_args {
	const char *db, *name, *comment, *decision, *study, *key;
};

static int check_text(const char *option, const char *text, size_t max, struct err *err)
{
	if (!text)
		return 0;
	if (strlen(text) > max)
		return err_set(err, ERR_USAGE, "%s: text of at most %zu bytes is expected", option,
			       max);
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return err_set(err, ERR_USAGE,
				       "%s: a control character: one line of text is expected",
				       option);
	return json_check_text(option, text, err);
}

static int check_args(const struct sign_args *args, struct err *err)
{
	if (!args->name && args->key && !args->comment && !args->decision)
		return 0;
	if (!args->name)
		return err_set(
			err, ERR_USAGE, "%s",
			args->key ? "--name is expected with --decision and --comment: who signs"
				  : "--name is expected: who signs; or --key");
	if (!args->comment && !args->decision)
		return err_set(err, ERR_USAGE, "--decision, --comment or both are expected");
	if (check_text("--name", args->name, NAME_MAX_BYTES, err))
		return err->code;
	return check_text("--comment", args->comment, COMMENT_MAX_BYTES, err);
}

/* The study that is meant. */
struct choice {
	const struct sign_args *args;
	int64_t study_id, n_planned, n_done;
	size_t n;
	bool finished;
	char *name;
};

static int on_study(void *arg, const struct store_row *row, struct err *err)
{
	struct choice *choice = arg;
	const char *wanted = choice->args->study;

	(void)err;
	if (wanted && strcmp(wanted, store_text(row, 1)) != 0 &&
	    strcmp(wanted, store_text(row, 2)) != 0)
		return 0;
	free(choice->name);
	choice->n++;
	choice->study_id = store_int(row, 0);
	choice->name = mem_strdup(store_text(row, 1));
	choice->finished = store_int(row, 3);
	choice->n_done = store_int(row, 4);
	choice->n_planned = store_int(row, 5);
	return 0;
}

static int choose(struct store *store, struct choice *choice, struct err *err)
{
	const struct sign_args *args = choice->args;
	int code = store_query(store, SQL_STUDIES_TO_SIGN, NULL, 0, on_study, choice, err);

	if (code || choice->n == 1)
		return code;
	if (args->study)
		return err_set(err, ERR_USAGE, "--study %s: %s has %s study of that name or uuid",
			       args->study, args->db, choice->n ? "more than one" : "no");
	if (!choice->n)
		return err_set(err, ERR_ENV, "%s holds no study", args->db);
	return err_set(err, ERR_USAGE,
		       "%s holds several studies: --study, with a name or uuid, is expected",
		       args->db);
}

static int add(struct store *store, const struct choice *choice, struct err *err)
{
	char host[256] = "unknown";
	char *account = host_account();
	const struct seal_sign_off sign_off = {.name = choice->args->name,
					       .decision = choice->args->decision,
					       .comment = choice->args->comment,
					       .signed_utc_us =
						       clock_anchor_read().utc_ns / NS_PER_US,
					       .account = account,
					       .host = host,
					       .tool_version = REJOIN_VERSION};
	int code;

	gethostname(host, sizeof host - 1);
	code = seal_sign_off(store, choice->study_id, &sign_off, err);
	free(account);
	return code;
}

static int read_key(const char *path, struct sign_key **ret_key, struct err *err)
{
	if (!path)
		return 0;
	if (sign_key_read(path, ret_key, err))
		return err_wrap(err, "--key");
	prctl(PR_SET_DUMPABLE, 0); /* no core dump holds it, and no other process reads it */
	return 0;
}

static void say(const struct choice *choice)
{
	const struct sign_args *args = choice->args;

	if (args->name)
		printf("study %s: %s by %s\n", choice->name,
		       args->decision ? args->decision : "commented", args->name);
	if (args->key)
		printf("study %s: its head is signed with %s\n", choice->name, args->key);
	if (!choice->finished)
		printf("note: its schedule is not through: %" PRId64 " of %" PRId64 " trials\n",
		       choice->n_done, choice->n_planned);
}

static int sign(const struct sign_args *args, struct err *err)
{
	struct choice choice = {.args = args};
	struct err close_err = ERR_INIT;
	struct store *store = NULL;
	struct sign_key *key = NULL;
	int n_sealed;
	int code = read_key(args->key, &key, err);

	if (!code)
		code = reopen(args->db, &store, err);
	if (!code)
		code = choose(store, &choice, err);
	/* what nobody sealed, as in format 1, is sealed now: a signature is of something */
	if (!code)
		code = seal_close_all(store, true, &n_sealed, err);
	/* the one that can be refused first; neither is part of what the other signs */
	if (!code && key)
		code = seal_sign(store, choice.study_id, key, err);
	if (!code && args->name)
		code = add(store, &choice, err);
	sign_key_free(key);
	if (store_close(store, &close_err) && !code)
		code = err_set(err, close_err.code, "%s", close_err.text);
	if (!code)
		say(&choice);
	free(choice.name);
	return code;
}

int verb_sign(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	static const char *const decisions[] = {"accepted", "rejected", NULL};
	struct sign_args args = {0};
	struct opt_list rest = {0};
	const struct opt opts[] = {
		{.name = "name",
		 .kind = OPT_STRING,
		 .value = "NAME",
		 .help = "who signs; with --decision, --comment or both",
		 .to = &args.name},
		{.name = "decision",
		 .kind = OPT_STRING,
		 .value = "DECISION",
		 .help = "what is said of the result",
		 .to = &args.decision,
		 .choices = decisions},
		{.name = "comment",
		 .kind = OPT_STRING,
		 .value = "TEXT",
		 .help = "why, or what a reader must know",
		 .to = &args.comment},
		{.name = "study",
		 .kind = OPT_STRING,
		 .value = "NAME",
		 .help = "which study, by its name or uuid, where the file holds several",
		 .to = &args.study},
		{.name = "key",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "sign the head of the seal with this Ed25519 key",
		 .to = &args.key},
		OPT_END,
	};
	int code = opt_parse(verb, opts, argc, argv, &rest, err);

	if (!code)
		code = check_args(&args, err);
	if (!code) {
		args.db = rest.v[0];
		code = sign(&args, err);
	}
	vec_done(&rest);
	return code;
}
