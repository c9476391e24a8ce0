/* Ending every process of a run, whoever started it. */
#include "collector/driver_local.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define END_LIMIT_NS (10 * NS_PER_S)

struct ended {
	pid_t pid;
	bool ours;		    /* it was killed, not found to be another by then */
	struct loop_process *watch; /* NULL: ended */
	size_t *n_alive;
};

typedef VEC(pid_t) pids;

static void add_pid(void *arg, pid_t pid)
{
	pids *list = arg;

	vec_push(list, pid);
}

static void on_end(void *arg, int64_t earliest_ns, int64_t now_ns)
{
	struct ended *ended = arg;

	(void)earliest_ns;
	(void)now_ns;
	ended->watch = NULL;
	(*ended->n_alive)--;
}

static bool none_alive(void *arg)
{
	return *(size_t *)arg == 0;
}

/* A pid may be given to another process at any moment, a pidfd not: so the look comes after it. */
static bool kill_if_ours(pid_t pid, const char *entry)
{
	int fd = pidfd_open(pid, 0);
	bool killed = fd >= 0 && process_has_env(pid, entry) &&
		      pidfd_send_signal(fd, SIGKILL, NULL, 0) == 0;

	if (fd >= 0)
		close(fd);
	return killed;
}

/* Kills those in list and waits for them. Returns how many it killed. */
static int end_all(struct loop *loop, const pids *list, const char *entry, int64_t deadline_ns)
{
	struct ended *ended = mem_alloc((list->n + 1) * sizeof *ended);
	size_t n_alive = 0;
	int n = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct err gone = ERR_INIT; /* no such process any more: nothing to wait for */
		ended[i] = (struct ended){.pid = list->v[i], .n_alive = &n_alive};
		n_alive += loop_process_watch(loop, list->v[i], on_end, &ended[i], &ended[i].watch,
					      &gone) == 0;
		ended[i].ours = kill_if_ours(list->v[i], entry);
		if (ended[i].ours) {
			n++;
		} else if (ended[i].watch) {
			loop_process_unwatch(loop, ended[i].watch);
			ended[i].watch = NULL;
			n_alive--;
		}
	}
	loop_wait(loop, none_alive, &n_alive, deadline_ns, false);
	for (size_t i = 0; i < list->n; i++) {
		if (ended[i].ours)
			process_tidy(list->v[i]);
		loop_process_unwatch(loop, ended[i].watch);
	}
	free(ended);
	return n;
}

static int refuse_left(const pids *list, struct err *err)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < list->n; i++)
		str_addf(&text, " %d", (int)list->v[i]);
	err_set(err, ERR_UNHEALED, "processes that do not end:%s (try: kill -9%s)", text.s, text.s);
	str_done(&text);
	return err->code;
}

int process_end_run(struct loop *loop, const char *work_dir, int *ret_n, struct err *err)
{
	int64_t deadline_ns = clock_mono_ns() + END_LIMIT_NS;
	char *entry = mem_printf("REJOIN_RUN=%s", work_dir);
	pids list = {0};

	*ret_n = 0;
	/* again until none is found: one of them may just have started another */
	for (process_each_of_run(work_dir, add_pid, &list); list.n > 0 && err->code == 0;) {
		if (clock_mono_ns() >= deadline_ns) {
			refuse_left(&list, err);
			break;
		}
		*ret_n += end_all(loop, &list, entry, deadline_ns);
		list.n = 0;
		process_each_of_run(work_dir, add_pid, &list);
	}
	vec_done(&list);
	free(entry);
	return err->code;
}
