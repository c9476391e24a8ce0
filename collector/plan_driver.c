/* What goes with which driver: keys, access, and the templates of the command driver. */
#include "collector/command_template.h"
#include "collector/plan_impl.h"
#include "lib/auth.h"
#include "lib/str.h"
#include <string.h>

static const char *const of_local[] = {"cluster.home",	   "cluster.java",    "cluster.nodes",
				       "cluster.heap",	   "cluster.ports.",  "cluster.settings",
				       "factors.settings", "factors.indices", NULL};
static const char *const of_others[] = {"cluster.sizes", "cluster.auth.", "cluster.tls.", NULL};
static const char *const of_docker[] = {"cluster.docker.", NULL};
static const char *const of_command[] = {"cluster.command.", NULL};

static bool is_listed(const char *path, const char *const *names)
{
	for (; *names; names++)
		if (str_starts(path, *names))
			return true;
	return false;
}

bool plan_key_is_of(const struct plan_key *key, const char *driver)
{
	bool local = strcmp(driver, "local") == 0;

	if (is_listed(key->path, of_local))
		return local;
	if (is_listed(key->path, of_others))
		return !local;
	if (is_listed(key->path, of_docker))
		return strcmp(driver, "docker") == 0;
	return !is_listed(key->path, of_command) || strcmp(driver, "command") == 0;
}

static int check_keys(const struct plan_draft *draft, struct err *err)
{
	bool local = strcmp(draft->driver, "local") == 0;

	for (size_t i = 0; i < N_KEYS; i++)
		if (draft->where[i] && !plan_key_is_of(&plan_keys[i], draft->driver))
			return plan_fail(draft->where[i], plan_keys[i].path, err,
					 "driver %s does not know it: leave it out", draft->driver);
	if (local && !draft->home)
		return plan_fail(draft->root, plan_keys[KEY_HOME].path, err,
				 "missing: text is expected");
	if (!local && !draft->sizes.n)
		return plan_fail(draft->root, plan_keys[KEY_SIZES].path, err,
				 "missing: a map is expected, e.g. {3: {hosts: "
				 "[http://es1:9200, ...]}}");
	return 0;
}

/* The plan is stored, and what is wrong with it is shown: a secret that stands where only the way
 * to it belongs must be neither. */
static int check_ways(const struct plan_draft *draft, struct err *err)
{
	static const enum plan_key_id keys[] = {KEY_AUTH_PASSWORD_ENV, KEY_AUTH_API_KEY_ENV,
						KEY_AUTH_BEARER_ENV};
	const char *const names[] = {draft->access.password_env, draft->access.api_key_env,
				     draft->access.bearer_env};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (names[i] && !auth_is_variable(names[i]))
			return plan_fail(draft->where[keys[i]], plan_keys[keys[i]].path, err,
					 "the name of a variable is expected, e.g. ES_PASSWORD");
	if (draft->access.user && strchr(draft->access.user, ':'))
		return plan_fail(draft->where[KEY_AUTH_USER], plan_keys[KEY_AUTH_USER].path, err,
				 "a user's name without a colon is expected");
	return 0;
}

/* One way to be known, and the whole of it. */
static int check_credentials(const struct plan_draft *draft, struct err *err)
{
	const struct plan_node *secret = NULL, *user = draft->where[KEY_AUTH_USER];
	bool password = draft->access.password_env || draft->access.password_file;

	for (int key = KEY_AUTH_PASSWORD_ENV; key <= KEY_AUTH_BEARER_FILE; key++) {
		if (secret && draft->where[key])
			return plan_fail(draft->where[key], "cluster.auth", err,
					 "one of password, api_key and bearer is expected, from "
					 "the environment or from a file");
		if (draft->where[key])
			secret = draft->where[key];
	}
	if (password && !user)
		return plan_fail(secret, plan_keys[KEY_AUTH_USER].path, err,
				 "missing: text is expected with a password");
	if (user && !password)
		return plan_fail(user, plan_keys[KEY_AUTH_USER].path, err,
				 "a password_env or password_file is expected with it");
	return 0;
}

static int check_access(const struct plan_draft *draft, struct err *err)
{
	const struct plan_access *a = &draft->access;

	if (check_credentials(draft, err) || check_ways(draft, err))
		return err->code;
	if (a->pin && !str_starts(a->pin, "sha256//"))
		return plan_fail(draft->where[KEY_TLS_PIN], plan_keys[KEY_TLS_PIN].path, err,
				 "sha256// and the public key's hash in base64 is expected");
	if (a->insecure && (a->ca_file || a->pin))
		return plan_fail(draft->where[KEY_TLS_INSECURE], plan_keys[KEY_TLS_INSECURE].path,
				 err, "false is expected where a ca or pin is given");
	return 0;
}

/* ---- the command driver ---------------------------------------------------------------------- */

/* A list is run as it is; a shell takes one text (a list of one in the canonical form). */
static int check_shape(const struct plan_draft *draft, enum plan_key_id key, struct err *err)
{
	const struct plan_node *at = draft->where[key];

	if (!draft->command.shell && at->kind == NODE_TEXT)
		return plan_fail(at, plan_keys[key].path, err,
				 "a list is expected, e.g. [ssh, '{host}', ...], or shell: true");
	if (draft->command.shell && at->kind == NODE_LIST && at->items.n > 1)
		return plan_fail(at, plan_keys[key].path, err,
				 "one text is expected with shell: true");
	return 0;
}

static int check_template(const struct plan_draft *draft, enum command_template which,
			  struct err *err)
{
	enum plan_key_id key = (enum plan_key_id)(KEY_COMMAND_STOP + (int)which);
	const plan_texts *texts = command_texts(&draft->command, which);
	const struct plan_node *at = draft->where[key];

	if (!at || (which == TEMPLATE_START && draft->command.start_auto))
		return 0;
	if (check_shape(draft, key, err))
		return err->code;
	if (!texts->v[0][0])
		return plan_fail(at, plan_keys[key].path, err, "empty: a program is expected");
	for (size_t i = 0; i < texts->n; i++) {
		struct err why = ERR_INIT;

		if (command_check_text(&draft->command, which, texts->v[i], &why))
			return plan_fail(at->kind == NODE_LIST ? at->items.v[i] : at,
					 plan_keys[key].path, err, "%s", why.text);
	}
	return 0;
}

static int check_env(const struct plan_draft *draft, struct err *err)
{
	for (size_t i = 0; i < draft->command.env.n; i++) {
		const struct plan_node *at = draft->where[KEY_COMMAND_ENV];

		if (!auth_is_variable(draft->command.env.v[i]))
			return plan_fail(at->kind == NODE_LIST ? at->items.v[i] : at,
					 plan_keys[KEY_COMMAND_ENV].path, err,
					 "the name of a variable is expected, e.g. KUBECONFIG");
	}
	return 0;
}

static int check_command(const struct plan_draft *draft, struct err *err)
{
	struct str names = STR_INIT;
	int code = check_env(draft, err);

	for (int i = 0; i < N_TEMPLATES && !code; i++)
		code = check_template(draft, (enum command_template)i, err);
	for (size_t i = 0; i < draft->faults.n && !code; i++) {
		enum plan_fault fault = (enum plan_fault)draft->faults.v[i];

		if (command_missing(&draft->command, fault, &names))
			code = plan_fail(draft->where[KEY_FAULT] ? draft->where[KEY_FAULT]
								 : draft->root,
					 "cluster.command", err, "fault %s needs %s",
					 plan_fault_names[fault], names.s);
	}
	str_done(&names);
	return code;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* A driver that does nothing can do no harm either. */
static int check_none(struct plan_draft *draft, struct err *err)
{
	for (size_t i = 0; i < draft->faults.n && draft->where[KEY_FAULT]; i++)
		if (draft->faults.v[i] != FAULT_WATCHED)
			return plan_fail(draft->where[KEY_FAULT], plan_keys[KEY_FAULT].path, err,
					 "%s: watched is expected with driver none",
					 plan_fault_names[draft->faults.v[i]]);
	draft->faults.n = 0;
	vec_push(&draft->faults, FAULT_WATCHED);
	return 0;
}

static int check_others(const struct plan_draft *draft, struct err *err)
{
	for (size_t i = 0; i < draft->faults.n; i++)
		if (draft->faults.v[i] == FAULT_WATCHED)
			return plan_fail(draft->where[KEY_FAULT], plan_keys[KEY_FAULT].path, err,
					 "watched: driver none is expected with it");
	return 0;
}

static int check_docker(const struct plan_draft *draft, struct err *err)
{
	for (size_t i = 0; i < draft->faults.n; i++)
		if (draft->faults.v[i] == FAULT_PARTITION)
			return plan_fail(draft->where[KEY_FAULT], plan_keys[KEY_FAULT].path, err,
					 "partition: driver docker cannot cut nodes off from each "
					 "other; driver command can (cut, mend)");
	return 0;
}

int plan_check_driver(struct plan_draft *draft, struct err *err)
{
	const plan_texts *start = &draft->command.start;
	int code = check_keys(draft, err);

	draft->command.start_auto = start->n == 1 && strcmp(start->v[0], "auto") == 0;
	if (!code)
		code = check_access(draft, err);
	if (!code && strcmp(draft->driver, "command") == 0)
		code = check_command(draft, err);
	if (!code && strcmp(draft->driver, "docker") == 0)
		code = check_docker(draft, err);
	if (!code && strcmp(draft->driver, "none") == 0)
		code = check_none(draft, err);
	else if (!code)
		code = check_others(draft, err);
	return code;
}

int plan_can_run(const struct plan *plan, struct err *err)
{
	if (strcmp(plan->driver, "none") != 0)
		return 0;
	return err_set(err, ERR_USAGE,
		       "%s: cluster.driver: none: nothing is done to these nodes: rejoin-collector "
		       "watch records what others do",
		       plan->file);
}
