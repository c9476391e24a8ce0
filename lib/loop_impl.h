/* loop_impl: the state that loop.c shares with loop_timer.c and loop_process.c. Nobody else
 * includes it. */
#ifndef REJOIN_LIB_LOOP_IMPL_H
#define REJOIN_LIB_LOOP_IMPL_H

#include "lib/loop.h"
#include "lib/vec.h"

struct loop {
	int epfd, timerfd, sigfd;
	int awake_fd; /* /dev/cpu_dma_latency while the cores are kept awake */
	int signal;
	int64_t asked_ns; /* just before epoll was asked last */
	int64_t quiet_ns; /* what is ready in this round was not so at some moment after this */
	int64_t wake_ns;  /* epoll had answered */
	int64_t armed_ns; /* what timerfd is set to; 0: disarmed; -1: it has expired */
	VEC(struct loop_timer *) heap;
	VEC(struct loop_source *)
	dead; /* freed after the round: events of it may still be in hand */
	struct loop_source *timer_source, *signal_source;
};

/* loop_timer.c: runs the timers that were due when it was called; those set meanwhile wait for the
 * next call. */
void loop_run_timers(struct loop *loop);

#endif
