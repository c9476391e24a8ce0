#include "lib/loop.h"
#include "lib/clock.h"
#include "lib/loop_impl.h"
#include "lib/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, HASTY_NICE = -10, ARMED_EXPIRED = -1 };

struct loop_source {
	int fd;
	loop_fd_fn *fn;
	void *arg;
	bool dead;
};

/* ---- the timers' descriptor ----------------------------------------------------------------- */

static void arm_timerfd(struct loop *loop)
{
	int64_t due = loop->heap.n ? loop->heap.v[0]->due_ns : 0;
	/* an instant of 0 would disarm it: anything past fires at once */
	if (loop->heap.n && due < 1)
		due = 1;
	if (due == loop->armed_ns)
		return;
	struct itimerspec spec = {
		.it_value = {.tv_sec = due / NS_PER_S, .tv_nsec = due % NS_PER_S}};
	timerfd_settime(loop->timerfd, TFD_TIMER_ABSTIME, &spec, NULL);
	loop->armed_ns = due;
}

static void on_timerfd(void *arg, uint32_t events)
{
	struct loop *loop = arg;
	(void)events;
	/* not read: setting it anew, which the next round does, takes back that it is ready */
	loop->armed_ns = ARMED_EXPIRED;
}

/* ---- descriptors ---------------------------------------------------------------------------- */

int loop_watch(struct loop *loop, int fd, uint32_t events, loop_fd_fn *fn, void *arg,
	       struct loop_source **ret_source, struct err *err)
{
	struct loop_source *source = mem_alloc(sizeof *source);
	*source = (struct loop_source){.fd = fd, .fn = fn, .arg = arg};
	struct epoll_event event = {.events = events, .data.ptr = source};
	if (epoll_ctl(loop->epfd, EPOLL_CTL_ADD, fd, &event) < 0) {
		free(source);
		return err_set(err, ERR_ENV, "event loop: epoll_ctl: %s", strerror(errno));
	}
	*ret_source = source;
	return 0;
}

int loop_rewatch(struct loop *loop, struct loop_source *source, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = source};
	return epoll_ctl(loop->epfd, EPOLL_CTL_MOD, source->fd, &event);
}

void loop_unwatch(struct loop *loop, struct loop_source *source)
{
	if (!source || source->dead)
		return;
	epoll_ctl(loop->epfd, EPOLL_CTL_DEL, source->fd, NULL);
	source->dead = true;
	vec_push(&loop->dead, source);
}

static void bury(struct loop *loop)
{
	for (size_t i = 0; i < loop->dead.n; i++)
		free(loop->dead.v[i]);
	loop->dead.n = 0;
}

/* ---- signals -------------------------------------------------------------------------------- */

static void on_signal(void *arg, uint32_t events)
{
	struct loop *loop = arg;
	struct signalfd_siginfo info;
	(void)events;
	if (read(loop->sigfd, &info, sizeof info) == (ssize_t)sizeof info && !loop->signal)
		loop->signal = (int)info.ssi_signo;
}

/* Whose default is to end the process in the middle of what it does; the write itself says EPIPE or
 * EFBIG. Children that are to have the default are given it again. */
static void ignore_failed_writes(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

int loop_catch_signals(struct loop *loop, struct err *err)
{
	sigset_t set;
	ignore_failed_writes();
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop->sigfd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->sigfd < 0)
		return err_set(err, ERR_ENV, "event loop: signalfd: %s", strerror(errno));
	return loop_watch(loop, loop->sigfd, EPOLLIN, on_signal, loop, &loop->signal_source, err);
}

int loop_interrupted(const struct loop *loop)
{
	return loop->signal;
}

/* ---- the loop ------------------------------------------------------------------------------- */

int loop_open(struct loop **ret_loop, struct err *err)
{
	struct loop *loop = mem_alloc(sizeof *loop);
	loop->sigfd = loop->awake_fd = -1;
	loop->epfd = epoll_create1(EPOLL_CLOEXEC);
	loop->timerfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->epfd < 0 || loop->timerfd < 0) {
		err_set(err, ERR_ENV, "event loop: %s", strerror(errno));
		loop_close(loop);
		return err->code;
	}
	if (loop_watch(loop, loop->timerfd, EPOLLIN, on_timerfd, loop, &loop->timer_source, err)) {
		loop_close(loop);
		return err->code;
	}
	loop->asked_ns = loop->quiet_ns = loop->wake_ns = clock_mono_ns();
	*ret_loop = loop;
	return 0;
}

void loop_close(struct loop *loop)
{
	if (!loop)
		return;
	loop_unwatch(loop, loop->timer_source);
	loop_unwatch(loop, loop->signal_source);
	bury(loop);
	vec_done(&loop->dead);
	vec_done(&loop->heap);
	loop_stay_awake(loop, false);
	if (loop->sigfd >= 0)
		close(loop->sigfd);
	if (loop->timerfd >= 0)
		close(loop->timerfd);
	if (loop->epfd >= 0)
		close(loop->epfd);
	free(loop);
}

/* sched_setattr(2), which libc does not offer yet */
struct sched_attr_v0 {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};

bool loop_hasten(void)
{
	/* the shortest slice there is: a request is sent in far less */
	struct sched_attr_v0 attr = {.size = sizeof attr,
				     .policy = SCHED_OTHER,
				     .flags = 0x01 /* SCHED_FLAG_RESET_ON_FORK */,
				     .nice = HASTY_NICE,
				     .runtime_ns = 100 * NS_PER_US};
	if (syscall(SYS_sched_setattr, 0, &attr, 0) == 0)
		return true;
	attr.nice = getpriority(PRIO_PROCESS, 0);
	return syscall(SYS_sched_setattr, 0, &attr, 0) == 0;
}

bool loop_stay_awake(struct loop *loop, bool on)
{
	if (!on && loop->awake_fd >= 0) {
		close(loop->awake_fd);
		loop->awake_fd = -1;
	} else if (on && loop->awake_fd < 0) {
		int32_t latency_us = 0;
		int fd = open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC);
		if (fd >= 0 && write(fd, &latency_us, sizeof latency_us) == sizeof latency_us)
			loop->awake_fd = fd;
		else if (fd >= 0)
			close(fd);
	}
	return loop->awake_fd >= 0;
}

/* Asks without waiting first: what only comes while waiting was not ready when that began, which
 * bounds it from below as closely as can be. */
static int ask(struct loop *loop, struct epoll_event *events)
{
	loop->quiet_ns = loop->asked_ns;
	loop->asked_ns = clock_mono_ns();
	int n = epoll_wait(loop->epfd, events, MAX_EVENTS, 0);
	if (n <= 0) {
		loop->quiet_ns = loop->asked_ns;
		n = epoll_wait(loop->epfd, events, MAX_EVENTS, -1);
	}
	loop->wake_ns = clock_mono_ns();
	return n;
}

static void run_round(struct loop *loop)
{
	struct epoll_event events[MAX_EVENTS];
	arm_timerfd(loop);
	int n = ask(loop, events);
	loop_run_timers(loop);
	for (int i = 0; i < n; i++) {
		struct loop_source *source = events[i].data.ptr;
		if (source->dead)
			continue;
		source->fn(source->arg, events[i].events);
		/* an answer may take long to read: what fell due meanwhile must not wait for the
		 * rest */
		loop_run_timers(loop);
	}
	bury(loop);
}

static void on_deadline(void *arg)
{
	*(bool *)arg = true;
}

enum loop_end loop_wait(struct loop *loop, bool (*done)(void *arg), void *arg, int64_t deadline_ns,
			bool interruptible)
{
	bool late = false;
	struct loop_timer deadline = {.fn = on_deadline, .arg = &late};
	if (deadline_ns)
		loop_timer_set(loop, &deadline, deadline_ns);
	enum loop_end end = LOOP_DONE;
	while (!done || !done(arg)) {
		if (interruptible && loop->signal) {
			end = LOOP_INTERRUPTED;
			break;
		}
		if (late) {
			end = LOOP_DEADLINE;
			break;
		}
		run_round(loop);
	}
	loop_timer_stop(loop, &deadline);
	return end;
}
