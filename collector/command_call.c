#include "collector/command_call.h"
#include "collector/logs.h"
#include "collector/plan_value.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is read after the end: more than a pipe holds, but not for ever from one who goes on. */
enum { MAX_SAID = 4096, MAX_LINE = 300, READ_BYTES = 65536, LAST_READS = 64 };

/* One output of the program. */
struct stream {
	struct call *call;
	int fd; /* -1: at its end */
	struct loop_source *source;
	void (*take)(struct call *call, const char *bytes, size_t n);
};

struct call {
	struct loop *loop;
	call_fn *fn;
	void *arg;
	size_t max_out_bytes;
	pid_t pid;
	struct loop_process *process;
	struct stream out, said;
	struct str said_text;
	struct loop_timer timer;
	bool timed_out, cancelled;
	struct call_result result;
};

/* ---- what it says ---------------------------------------------------------------------------- */

static void take_out(struct call *call, const char *bytes, size_t n)
{
	size_t room = call->max_out_bytes - call->result.out.n;

	str_add_n(&call->result.out, bytes, n < room ? n : room);
	if (n > room)
		call->result.out_cut = true;
}

static void take_said(struct call *call, const char *bytes, size_t n)
{
	struct str *text = &call->said_text;

	str_add_n(text, bytes, n);
	if (text->n > MAX_SAID) {
		memmove(text->s, text->s + text->n - MAX_SAID, MAX_SAID + 1);
		text->n = MAX_SAID;
	}
}

static void close_stream(struct stream *stream)
{
	if (stream->fd < 0)
		return;
	loop_unwatch(stream->call->loop, stream->source);
	close(stream->fd);
	stream->fd = -1;
}

/* False: nothing is to be had from it for now, or ever. */
static bool read_some(struct stream *stream)
{
	char buffer[READ_BYTES];
	ssize_t n = stream->fd < 0 ? -1 : read(stream->fd, buffer, sizeof buffer);

	if (n > 0)
		stream->take(stream->call, buffer, (size_t)n);
	else if (stream->fd >= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR)))
		close_stream(stream);
	return n > 0;
}

static void on_readable(void *arg, uint32_t events)
{
	(void)events;
	read_some(arg);
}

/* ---- its end --------------------------------------------------------------------------------- */

static void end_group(const struct call *call)
{
	kill(-call->pid, SIGKILL);
}

static void on_timeout(void *arg)
{
	struct call *call = arg;

	call->timed_out = true;
	end_group(call);
}

static void call_free(struct call *call)
{
	loop_timer_stop(call->loop, &call->timer);
	loop_process_unwatch(call->loop, call->process);
	close_stream(&call->out);
	close_stream(&call->said);
	str_done(&call->said_text);
	str_done(&call->result.out);
	free(call);
}

static void drain(struct stream *stream)
{
	for (int i = 0; i < LAST_READS && read_some(stream); i++)
		;
	close_stream(stream);
}

static void on_end(void *arg, int64_t earliest_ns, int64_t now_ns)
{
	struct call *call = arg;
	struct call_result *result = &call->result;
	int status = 0;

	(void)earliest_ns;
	call->process = NULL;
	waitpid(call->pid, &status, 0);
	drain(&call->out);
	drain(&call->said);
	result->done_ns = now_ns;
	result->end = call->cancelled	    ? CALL_CANCELLED
		      : call->timed_out	    ? CALL_TIMED_OUT
		      : WIFSIGNALED(status) ? CALL_SIGNALLED
					    : CALL_EXITED;
	result->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	str_add(&call->said_text, "");
	result->said = call->said_text.s;
	call->fn(call->arg, result);
	call_free(call);
}

void call_cancel(struct call *call)
{
	call->cancelled = true;
	end_group(call);
}

void call_abandon(struct call *call)
{
	if (!call)
		return;
	end_group(call);
	call_free(call);
}

/* ---- its start ------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Nothing of ours: our loop blocks signals, and other descriptors are none of its business. */
static int spawn(const struct call_spec *spec, int out_fd, int said_fd, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETSID);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out_fd, 1);
	posix_spawn_file_actions_adddup2(&files, said_fd, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	int code = posix_spawnp(ret_pid, spec->argv[0], &files, &attr, spec->argv, spec->envp);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return code;
}

/* Only our end must not block: the program's own end is an ordinary pipe to it. */
static int open_pipe(int fds[2], struct err *err)
{
	if (pipe2(fds, O_CLOEXEC) != 0) {
		fds[0] = fds[1] = -1;
		return err_set(err, ERR_ENV, "no pipe: %s", strerror(errno));
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static int start(struct call *call, const struct call_spec *spec, struct err *err)
{
	int out[2] = {-1, -1}, said[2] = {-1, -1}, code;

	if (open_pipe(out, err) == 0 && open_pipe(said, err) == 0) {
		call->result.issued_ns = clock_mono_ns();
		code = spawn(spec, out[1], said[1], &call->pid);
		if (code)
			err_set(err, ERR_ENV, "%s: cannot run: %s", base_name(spec->argv[0]),
				strerror(code));
	}
	close_fd(out[1]);
	close_fd(said[1]);
	if (err->code) {
		close_fd(out[0]);
		close_fd(said[0]);
		return err->code;
	}
	call->out.fd = out[0];
	call->said.fd = said[0];
	return 0;
}

static int watch_stream(struct stream *stream, struct err *err)
{
	return loop_watch(stream->call->loop, stream->fd, EPOLLIN, on_readable, stream,
			  &stream->source, err);
}

int call_begin(struct loop *loop, const struct call_spec *spec, struct call **ret_call,
	       struct err *err)
{
	struct call *call = mem_alloc(sizeof *call);

	*call = (struct call){.loop = loop,
			      .fn = spec->fn,
			      .arg = spec->arg,
			      .max_out_bytes = spec->max_out_bytes,
			      .out = {.call = call, .fd = -1, .take = take_out},
			      .said = {.call = call, .fd = -1, .take = take_said},
			      .timer = {.fn = on_timeout, .arg = call}};
	if (start(call, spec, err)) {
		free(call);
		return err->code;
	}
	if (watch_stream(&call->out, err) || watch_stream(&call->said, err) ||
	    loop_process_watch(loop, call->pid, on_end, call, &call->process, err)) {
		end_group(call);
		waitpid(call->pid, NULL, 0);
		call_free(call);
		return err->code;
	}
	loop_timer_set(loop, &call->timer, call->result.issued_ns + spec->timeout_ns);
	*ret_call = call;
	return 0;
}

int64_t call_issued_ns(const struct call *call)
{
	return call->result.issued_ns;
}

/* ---- in words -------------------------------------------------------------------------------- */

bool call_worked(const struct call_result *result)
{
	return result->end == CALL_EXITED && result->code == 0;
}

static struct log_slice last_line(const char *text)
{
	const char *end = text + strlen(text), *start;

	while (end > text && strchr(" \t\r\n", end[-1]))
		end--;
	for (start = end; start > text && !strchr("\r\n", start[-1]); start--)
		;
	return (struct log_slice){start, (size_t)(end - start)};
}

void call_explain(const struct call_result *result, const char *program, int64_t timeout_ns,
		  struct str *ret_text)
{
	struct log_slice line = last_line(result->said);

	str_addf(ret_text, "%s: ", base_name(program));
	if (result->end == CALL_EXITED) {
		str_addf(ret_text, "exit %d", result->code);
	} else if (result->end == CALL_SIGNALLED) {
		str_addf(ret_text, "ended by signal %d (%s)", result->code,
			 strsignal(result->code));
	} else if (result->end == CALL_CANCELLED) {
		str_add(ret_text, "given up");
	} else {
		str_add(ret_text, "not done after ");
		plan_value_add_duration(ret_text, timeout_ns);
		str_add(ret_text, " and ended");
	}
	if (line.n) {
		str_add(ret_text, ": ");
		logs_clean(line, MAX_LINE, ret_text);
	}
}
