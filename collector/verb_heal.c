#include "collector/heal.h"
#include "collector/reopen.h"
#include "collector/verbs.h"
#include "lib/log.h"
#include "lib/vec.h"
#include <stdio.h>
#include <stdio_ext.h>

/* What heal says is in the recording too: that nobody can read it is no reason to tell of nodes
 * what is not so. */
static void flush_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	__fpurge(stdout);
	clearerr(stdout);
	log_warn("cannot write to standard output");
}

int verb_heal(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const struct opt opts[] = {OPT_END};
	struct opt_list rest = {0};
	struct loop *loop = NULL;
	struct store *store = NULL;
	struct err close_err = ERR_INIT;
	int n_sessions = 0;
	int code = opt_parse(verb, opts, argc, argv, &rest, err);
	if (!code)
		code = loop_open(&loop, err);
	if (!code)
		code = loop_catch_signals(loop, err);
	if (!code)
		code = reopen(rest.v[0], &store, err);
	if (!code)
		code = heal_sessions(loop, store, &n_sessions, err);
	if (!code && n_sessions == 0)
		printf("nothing to heal\n");
	flush_output();
	if (store_close(store, &close_err) && code == 0)
		code = err_set(err, close_err.code, "%s", close_err.text);
	loop_close(loop);
	vec_done(&rest);
	return code;
}
