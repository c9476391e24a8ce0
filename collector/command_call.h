/* command_call: one program run to its end, without holding the loop up.
 *
 * It is given a clean environment and default signals, reads nothing, and leads a session of its
 * own: ^C at the collector's terminal does not reach it, it has no terminal to ask for a password
 * at, and on a time-out all of its group is ended. Where the collector itself dies it goes on. What
 * it says is read, and kept up to a limit; its end is that of the program itself, also where it
 * leaves a process behind that holds its output open. */
#ifndef REJOIN_COLLECTOR_COMMAND_CALL_H
#define REJOIN_COLLECTOR_COMMAND_CALL_H

#include "lib/err.h"
#include "lib/loop.h"
#include "lib/str.h"

struct call_result {
	int64_t issued_ns, done_ns; /* just before it was started, just after its end was seen */
	enum { CALL_EXITED, CALL_SIGNALLED, CALL_TIMED_OUT, CALL_CANCELLED } end;
	int code;	  /* EXITED: exit code; SIGNALLED: the signal */
	struct str out;	  /* of its output the first bytes; fn may take it */
	bool out_cut;	  /* there was more */
	const char *said; /* of its error output the last bytes, never NULL; until fn returns */
};
typedef void call_fn(void *arg, struct call_result *result);

struct call_spec {
	char *const *argv; /* argv[0] is looked for in PATH; copied by the kernel: may go at once */
	char *const *envp;
	int64_t timeout_ns;
	size_t max_out_bytes;
	call_fn *fn; /* called once, from the loop */
	void *arg;
};

struct call;
/* ERR_ENV: it could not be started: "ssh: cannot run: No such file or directory". */
int call_begin(struct loop *loop, const struct call_spec *spec, struct call **ret_call,
	       struct err *err);
int64_t call_issued_ns(const struct call *call); /* just before it was started */
/* Ends all of its group; fn is told CALL_CANCELLED when it is over. */
void call_cancel(struct call *call);
/* Forgets it, whatever it does; fn is not called. NULL is fine. */
void call_abandon(struct call *call);

bool call_worked(const struct call_result *result); /* exit 0 */
/* Adds why not, with the last line that it said: "ssh: exit 255: Permission denied". */
void call_explain(const struct call_result *result, const char *program, int64_t timeout_ns,
		  struct str *ret_text);

#endif
