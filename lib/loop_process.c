/* Processes, by their pidfd. */
#include "lib/clock.h"
#include "lib/loop_impl.h"
#include "lib/mem.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

struct loop_process {
	struct loop *loop;
	struct loop_source *source;
	int pidfd;
	int64_t alive_ns; /* seen alive when the watch began; INT64_MIN: it was not */
	loop_exit_fn *fn;
	void *arg;
};

void loop_process_unwatch(struct loop *loop, struct loop_process *process)
{
	if (!process)
		return;
	loop_unwatch(loop, process->source);
	close(process->pidfd);
	free(process);
}

static void on_pidfd(void *arg, uint32_t events)
{
	struct loop_process *process = arg;
	struct loop *loop = process->loop;
	(void)events;
	int64_t earliest = loop->quiet_ns;
	if (earliest < process->alive_ns || process->alive_ns == INT64_MIN)
		earliest = process->alive_ns;
	loop_exit_fn *fn = process->fn;
	void *fn_arg = process->arg;
	int64_t now = loop->wake_ns;
	loop_process_unwatch(loop, process);
	fn(fn_arg, earliest, now);
}

int loop_process_watch(struct loop *loop, pid_t pid, loop_exit_fn *fn, void *arg,
		       struct loop_process **ret_process, struct err *err)
{
	int64_t alive_ns = clock_mono_ns();
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return err_set(err, ERR_ENV, "process %d: %s", (int)pid, strerror(errno));
	/* a child that ended and is not waited for yet has a pidfd, too */
	struct pollfd ended = {.fd = pidfd, .events = POLLIN};
	if (poll(&ended, 1, 0) != 0)
		alive_ns = INT64_MIN;
	struct loop_process *process = mem_alloc(sizeof *process);
	*process = (struct loop_process){
		.loop = loop, .pidfd = pidfd, .alive_ns = alive_ns, .fn = fn, .arg = arg};
	int code = loop_watch(loop, pidfd, EPOLLIN, on_pidfd, process, &process->source, err);
	if (code) {
		close(pidfd);
		free(process);
		return code;
	}
	*ret_process = process;
	return 0;
}
