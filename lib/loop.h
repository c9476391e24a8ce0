/* loop: the event loop. epoll for descriptors, one timerfd for all timers, signalfd, pidfd.
 *
 * One thread. Callbacks run from loop_wait and must not block. A callback may add, change and
 * remove any source or timer, itself included. */
#ifndef REJOIN_LIB_LOOP_H
#define REJOIN_LIB_LOOP_H

#include "lib/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;

int loop_open(struct loop **ret_loop, struct err *err);
void loop_close(struct loop *loop);

/* Asks the kernel to let this thread run soon after it is woken, ahead of busy processes, also its
 * own children: a short slice (Linux 6.12 on), and priority where that is allowed. Children do not
 * inherit either. Best effort; true: something was granted. */
bool loop_hasten(void);

/* While on, the idle cores of this machine do not sleep: PM QoS, /dev/cpu_dma_latency at 0, as
 * cyclictest does. To wake a core takes longer than to send a request, in a virtual machine many
 * times so. Costs power, so switch it off again; the kernel does when the process ends. Needs the
 * right to write that device (root, usually): returns whether it is on. */
bool loop_stay_awake(struct loop *loop, bool on);

/* Descriptors. events are EPOLL* bits; watching an fd again changes them. The fd stays the
 * caller's. */
typedef void loop_fd_fn(void *arg, uint32_t events);
struct loop_source;
int loop_watch(struct loop *loop, int fd, uint32_t events, loop_fd_fn *fn, void *arg,
	       struct loop_source **ret_source, struct err *err);
int loop_rewatch(struct loop *loop, struct loop_source *source, uint32_t events);
void loop_unwatch(struct loop *loop,
		  struct loop_source *source); /* NULL is fine; before the fd is closed */

/* Timers, on CLOCK_MONOTONIC. Embedded in the caller's struct; zeroed is stopped. Setting a
 * running timer moves it. A timer fires once. */
struct loop_timer {
	int64_t due_ns;
	void (*fn)(void *arg);
	void *arg;
	size_t slot; /* loop's own: 1 + place in the heap; 0 while stopped */
};
void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t due_ns);
void loop_timer_stop(struct loop *loop, struct loop_timer *timer);

/* SIGINT, SIGTERM and SIGHUP are blocked and read through signalfd: the first one makes
 * loop_interrupted true and ends every wait that asked for it. SIGPIPE and SIGXFSZ are ignored from
 * then on: a reader that went away, or a limit, fails a write and does not end the process. */
int loop_catch_signals(struct loop *loop, struct err *err);
int loop_interrupted(const struct loop *loop); /* the signal's number, or 0 */

/* Calls fn once when process pid has ended (pidfd; the process need not be a child). earliest_ns is
 * the last moment at which it was seen alive: it ended in (earliest_ns, now]. INT64_MIN: it had
 * ended before it was watched. */
typedef void loop_exit_fn(void *arg, int64_t earliest_ns, int64_t now_ns);
struct loop_process;
int loop_process_watch(struct loop *loop, pid_t pid, loop_exit_fn *fn, void *arg,
		       struct loop_process **ret_process, struct err *err);
void loop_process_unwatch(struct loop *loop, struct loop_process *process); /* NULL is fine */

/* Runs until done(arg) is true (asked first, then after every round of events), deadline_ns (0:
 * none) has passed, or, with interruptible, a signal has come. */
enum loop_end { LOOP_DONE, LOOP_DEADLINE, LOOP_INTERRUPTED };
enum loop_end loop_wait(struct loop *loop, bool (*done)(void *arg), void *arg, int64_t deadline_ns,
			bool interruptible);

#endif
