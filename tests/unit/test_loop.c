#include "lib/clock.h"
#include "lib/loop.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_TIMERS = 200 };

static int open_loop(void **state)
{
	struct err err = ERR_INIT;

	return loop_open((struct loop **)state, &err);
}

static int close_loop(void **state)
{
	loop_close(*state);
	return 0;
}

static int64_t soon(int64_t ms)
{
	return clock_mono_ns() + ms * NS_PER_MS;
}

/* ---- timers ---- */

struct ring {
	struct loop *loop;
	struct loop_timer timers[N_TIMERS];
	int64_t fired_due_ns[4 * N_TIMERS];
	size_t n_fired, n_wanted;
	int64_t n_early;
};
struct ringer {
	struct ring *ring;
	size_t i;
};

static bool rung(void *arg)
{
	const struct ring *ring = arg;

	return ring->n_fired >= ring->n_wanted;
}

static void on_ring(void *arg)
{
	struct ringer *r = arg;
	struct loop_timer *timer = &r->ring->timers[r->i];

	r->ring->n_early += clock_mono_ns() < timer->due_ns;
	r->ring->fired_due_ns[r->ring->n_fired++] = timer->due_ns;
}

static void timers_fire_in_order_and_never_early(void **state)
{
	struct ring ring = {.loop = *state, .n_wanted = N_TIMERS};
	struct ringer ringers[N_TIMERS];
	int64_t base_ns = clock_mono_ns();

	for (size_t i = 0; i < N_TIMERS; i++) {
		ringers[i] = (struct ringer){&ring, i};
		ring.timers[i] = (struct loop_timer){.fn = on_ring, .arg = &ringers[i]};
		loop_timer_set(ring.loop, &ring.timers[i],
			       base_ns + (int64_t)(i * 7919 % N_TIMERS) * 100 * NS_PER_US);
	}
	assert_int_equal(loop_wait(ring.loop, rung, &ring, soon(30000), false), LOOP_DONE);
	assert_int_equal(ring.n_early, 0);
	for (size_t i = 1; i < N_TIMERS; i++)
		assert_true(ring.fired_due_ns[i - 1] <= ring.fired_due_ns[i]);
}

/* Timer 0 stops the odd ones, moves those divisible by 4 behind the others, and 2 sets itself
 * again. */
static void on_meddle(void *arg)
{
	struct ringer *r = arg;
	struct ring *ring = r->ring;

	on_ring(arg);
	for (size_t i = 1; i < N_TIMERS; i++) {
		if (i % 2)
			loop_timer_stop(ring->loop, &ring->timers[i]);
		else if (i % 4 == 0)
			loop_timer_set(ring->loop, &ring->timers[i],
				       ring->timers[i].due_ns + 5 * NS_PER_MS);
	}
	loop_timer_stop(ring->loop, &ring->timers[1]); /* stopped already: nothing */
}

static void on_again(void *arg)
{
	struct ringer *r = arg;

	on_ring(arg);
	r->ring->timers[r->i].fn = on_ring;
	loop_timer_set(r->ring->loop, &r->ring->timers[r->i], soon(20));
}

static void timers_are_moved_and_stopped_in_callbacks(void **state)
{
	struct ring ring = {.loop = *state, .n_wanted = N_TIMERS / 2 + 1};
	struct ringer ringers[N_TIMERS];
	int64_t base_ns = clock_mono_ns();

	for (size_t i = 0; i < N_TIMERS; i++) {
		ringers[i] = (struct ringer){&ring, i};
		ring.timers[i] = (struct loop_timer){.fn = i == 0   ? on_meddle
							   : i == 2 ? on_again
								    : on_ring,
						     .arg = &ringers[i]};
		/* all at once due when the first runs */
		loop_timer_set(ring.loop, &ring.timers[i], base_ns + (int64_t)i);
	}
	assert_int_equal(loop_wait(ring.loop, rung, &ring, soon(30000), false), LOOP_DONE);
	assert_int_equal(loop_wait(ring.loop, NULL, NULL, soon(5), false), LOOP_DEADLINE);
	assert_int_equal(ring.n_fired, ring.n_wanted);
	assert_int_equal(ring.fired_due_ns[0], base_ns);
	assert_int_equal(ring.fired_due_ns[1], base_ns + 2);
	for (size_t i = 1; i < ring.n_fired; i++)
		assert_true(ring.fired_due_ns[i - 1] <= ring.fired_due_ns[i]);
	for (size_t i = 0; i < N_TIMERS; i++)
		assert_int_equal(ring.timers[i].slot, 0);
}

static void instants_long_past_fire_at_once(void **state)
{
	static const int64_t past[] = {0, 1, -5, INT64_MIN};
	struct ring ring = {.loop = *state, .n_wanted = 0};

	for (size_t i = 0; i < 4; i++) {
		struct ringer ringer = {&ring, 0};

		ring.timers[0] = (struct loop_timer){.fn = on_ring, .arg = &ringer};
		ring.n_wanted++;
		loop_timer_set(ring.loop, &ring.timers[0], past[i]);
		assert_int_equal(loop_wait(ring.loop, rung, &ring, soon(30000), false), LOOP_DONE);
	}
}

/* ---- descriptors ---- */

struct pair {
	struct loop *loop;
	struct loop_source *sources[2];
	int fds[2][2];
	int n_called;
};

static bool pair_called(void *arg)
{
	return ((const struct pair *)arg)->n_called > 0;
}

static void on_either(void *arg, uint32_t events)
{
	struct pair *pair = arg;

	assert_true(events & EPOLLIN);
	pair->n_called++;
	/* both are ready: whichever comes first takes the other one away, and itself */
	for (int i = 0; i < 2; i++) {
		loop_unwatch(pair->loop, pair->sources[i]);
		close(pair->fds[i][0]);
	}
}

static void sources_are_unwatched_in_callbacks(void **state)
{
	struct pair pair = {.loop = *state};
	struct err err = ERR_INIT;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe(pair.fds[i]), 0);
		assert_int_equal(write(pair.fds[i][1], "x", 1), 1);
		assert_int_equal(loop_watch(pair.loop, pair.fds[i][0], EPOLLIN, on_either, &pair,
					    &pair.sources[i], &err),
				 0);
	}
	assert_int_equal(loop_wait(pair.loop, pair_called, &pair, soon(30000), false), LOOP_DONE);
	assert_int_equal(loop_wait(pair.loop, NULL, NULL, soon(2), false), LOOP_DEADLINE);
	assert_int_equal(pair.n_called, 1);
	for (int i = 0; i < 2; i++)
		close(pair.fds[i][1]);
	loop_unwatch(pair.loop, NULL);
}

static void on_count(void *arg, uint32_t events)
{
	(void)events;
	++*(int *)arg;
}

static bool counted(void *arg)
{
	return *(int *)arg > 0;
}

static void rewatch_changes_the_events(void **state)
{
	struct err err = ERR_INIT;
	struct loop_source *source;
	int fds[2], n = 0;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(loop_watch(*state, fds[1], 0, on_count, &n, &source, &err), 0);
	assert_int_equal(loop_wait(*state, counted, &n, soon(2), false), LOOP_DEADLINE);
	assert_int_equal(loop_rewatch(*state, source, EPOLLOUT), 0);
	assert_int_equal(loop_wait(*state, counted, &n, soon(30000), false), LOOP_DONE);
	loop_unwatch(*state, source);
	close(fds[0]);
	close(fds[1]);
}

static void a_closed_descriptor_is_an_error(void **state)
{
	struct err err = ERR_INIT;
	struct loop_source *source;

	assert_int_equal(loop_watch(*state, -1, EPOLLIN, on_count, NULL, &source, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "event loop"));
}

/* ---- waits ---- */

static bool always(void *arg)
{
	(void)arg;
	return true;
}

static void waits_end_as_they_should(void **state)
{
	int64_t deadline_ns = soon(3);

	assert_int_equal(loop_wait(*state, always, NULL, 1, true), LOOP_DONE);
	assert_int_equal(loop_wait(*state, NULL, NULL, deadline_ns, false), LOOP_DEADLINE);
	assert_true(clock_mono_ns() >= deadline_ns);
	assert_int_equal(loop_wait(*state, NULL, NULL, 1, false), LOOP_DEADLINE);
}

static void signals_end_waits_that_ask(void **state)
{
	struct err err = ERR_INIT;
	sigset_t old;

	sigprocmask(SIG_SETMASK, NULL, &old);
	assert_int_equal(loop_catch_signals(*state, &err), 0);
	assert_int_equal(loop_interrupted(*state), 0);
	raise(SIGTERM);
	assert_int_equal(loop_wait(*state, NULL, NULL, soon(30000), true), LOOP_INTERRUPTED);
	assert_int_equal(loop_interrupted(*state), SIGTERM);
	raise(SIGINT);
	assert_int_equal(loop_wait(*state, NULL, NULL, soon(2), false), LOOP_DEADLINE);
	assert_int_equal(loop_interrupted(*state), SIGTERM); /* the first */
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void a_reader_that_went_away_fails_a_write_and_ends_nothing(void **state)
{
	struct err err = ERR_INIT;
	sigset_t old;
	int fds[2];

	sigprocmask(SIG_SETMASK, NULL, &old);
	assert_int_equal(loop_catch_signals(*state, &err), 0);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	errno = 0;
	assert_int_equal(write(fds[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(fds[1]);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* ---- processes ---- */

struct end {
	int64_t earliest_ns, now_ns;
	int n;
};

static void on_end(void *arg, int64_t earliest_ns, int64_t now_ns)
{
	struct end *end = arg;

	*end = (struct end){earliest_ns, now_ns, end->n + 1};
}

static bool has_ended(void *arg)
{
	return ((const struct end *)arg)->n > 0;
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static void on_kill(void *arg)
{
	kill(*(pid_t *)arg, SIGKILL);
}

static void on_nothing(void *arg)
{
	struct ring *ring = arg;

	loop_timer_set(ring->loop, &ring->timers[0], soon(1));
}

/* The child is killed at a known instant, in the midst of a loop that is busy. */
static void a_process_ends_inside_its_interval(void **state)
{
	struct ring busy = {.loop = *state};
	struct err err = ERR_INIT;

	busy.timers[0] = (struct loop_timer){.fn = on_nothing, .arg = &busy};
	on_nothing(&busy);
	for (int i = 0; i < 20; i++) {
		pid_t pid = child();
		struct loop_timer killer = {.fn = on_kill, .arg = &pid};
		struct loop_process *process;
		struct end end = {0};
		int status;

		assert_int_equal(loop_process_watch(*state, pid, on_end, &end, &process, &err), 0);
		loop_timer_set(*state, &killer, soon(2));
		assert_int_equal(loop_wait(*state, has_ended, &end, soon(30000), false), LOOP_DONE);
		assert_true(end.earliest_ns < end.now_ns);
		/* killed after due_ns: it cannot have ended before */
		assert_true(end.now_ns > killer.due_ns);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(end.n, 1);
	}
	loop_timer_stop(*state, &busy.timers[0]);
}

/* Killed while the loop is not asked: the interval must reach back to before. */
static void an_end_between_rounds_is_inside(void **state)
{
	pid_t pid = child();
	struct loop_process *process;
	struct err err = ERR_INIT;
	struct end end = {0};
	siginfo_t info;
	int64_t before_ns;

	assert_int_equal(loop_process_watch(*state, pid, on_end, &end, &process, &err), 0);
	loop_wait(*state, NULL, NULL, soon(1), false);
	before_ns = clock_mono_ns();
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(loop_wait(*state, has_ended, &end, soon(30000), false), LOOP_DONE);
	assert_true(end.earliest_ns < before_ns);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
}

static void a_process_that_had_ended_has_no_lower_bound(void **state)
{
	pid_t pid = child();
	struct loop_process *process;
	struct err err = ERR_INIT;
	struct end end = {0};
	siginfo_t info;

	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(loop_process_watch(*state, pid, on_end, &end, &process, &err), 0);
	assert_int_equal(loop_wait(*state, has_ended, &end, soon(30000), false), LOOP_DONE);
	assert_true(end.earliest_ns == INT64_MIN);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	assert_int_equal(loop_process_watch(*state, pid, on_end, &end, &process, &err), ERR_ENV);
}

static void an_unwatched_process_tells_nothing(void **state)
{
	pid_t pid = child();
	struct loop_process *process;
	struct err err = ERR_INIT;
	struct end end = {0};
	int status;

	assert_int_equal(loop_process_watch(*state, pid, on_end, &end, &process, &err), 0);
	loop_process_unwatch(*state, process);
	loop_process_unwatch(*state, NULL);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(loop_wait(*state, NULL, NULL, soon(2), false), LOOP_DEADLINE);
	assert_int_equal(end.n, 0);
}

/* What the collector may do, the nodes must not inherit: it would change what is measured. */
static void children_are_not_hastened(void **state)
{
	int status;
	pid_t hasty = fork();

	(void)state;
	if (hasty == 0) {
		int before = getpriority(PRIO_PROCESS, 0);

		/* an old kernel in a container may refuse: then there is nothing to inherit */
		loop_hasten();
		pid_t child = fork();
		if (child == 0)
			_exit(getpriority(PRIO_PROCESS, 0) == before ? 0 : 1);
		_exit(waitpid(child, &status, 0) == child && status == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(hasty, &status, 0), hasty);
	assert_int_equal(status, 0);
}

/* Is /dev/cpu_dma_latency open in this process? */
static bool holds_latency(void)
{
	char link[64], target[64];
	for (int fd = 0; fd < 64; fd++) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(link, target, sizeof target - 1);
		if (n > 0 && strncmp(target, "/dev/cpu_dma_latency", (size_t)n) == 0)
			return true;
	}
	return false;
}

static void cores_are_kept_awake_only_while_asked(void **state)
{
	bool allowed = access("/dev/cpu_dma_latency", W_OK) == 0;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(loop_stay_awake(*state, true), allowed);
		assert_int_equal(holds_latency(), allowed);
	}
	for (int i = 0; i < 2; i++) {
		assert_false(loop_stay_awake(*state, false));
		assert_false(holds_latency());
	}
}

int main(void)
{
#define LOOP_TEST(name) cmocka_unit_test_setup_teardown(name, open_loop, close_loop)
	const struct CMUnitTest tests[] = {
		LOOP_TEST(timers_fire_in_order_and_never_early),
		LOOP_TEST(timers_are_moved_and_stopped_in_callbacks),
		LOOP_TEST(instants_long_past_fire_at_once),
		LOOP_TEST(sources_are_unwatched_in_callbacks),
		LOOP_TEST(rewatch_changes_the_events),
		LOOP_TEST(a_closed_descriptor_is_an_error),
		LOOP_TEST(waits_end_as_they_should),
		LOOP_TEST(signals_end_waits_that_ask),
		LOOP_TEST(a_reader_that_went_away_fails_a_write_and_ends_nothing),
		LOOP_TEST(a_process_ends_inside_its_interval),
		LOOP_TEST(an_end_between_rounds_is_inside),
		LOOP_TEST(a_process_that_had_ended_has_no_lower_bound),
		LOOP_TEST(an_unwatched_process_tells_nothing),
		LOOP_TEST(children_are_not_hastened),
		LOOP_TEST(cores_are_kept_awake_only_while_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
