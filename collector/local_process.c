/* Starting processes as another user, and finding those of a run. */
#include "collector/driver_local.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENVIRON_MAX_BYTES (256 << 10)

/* What went wrong between fork and exec, through a pipe that exec closes. */
struct child_failure {
	char what[32];
	int errnum;
};

static void child_fail(int pipe_fd, const char *what)
{
	struct child_failure failure = {.errnum = errno};

	memcpy(failure.what, what, strnlen(what, sizeof failure.what - 1));
	if (write(pipe_fd, &failure, sizeof failure) < 0)
		_exit(126);
	_exit(127);
}

/* The collector blocks signals for its loop and may ignore others: the node must do neither. */
static void child_reset_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void child_become(const struct files_owner *owner, int pipe_fd)
{
	if (setgroups(0, NULL) != 0 || setresgid(owner->gid, owner->gid, owner->gid) != 0 ||
	    setresuid(owner->uid, owner->uid, owner->uid) != 0)
		child_fail(pipe_fd, "change user");
}

static _Noreturn void child_run(const struct process_spec *spec, pid_t parent, int out_fd,
				int pipe_fd)
{
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	child_reset_signals();
	if (setsid() < 0)
		child_fail(pipe_fd, "make a session");
	if (null_fd < 0 || dup2(null_fd, 0) < 0 || dup2(out_fd, 1) < 0 || dup2(out_fd, 2) < 0)
		child_fail(pipe_fd, "redirect");
	if (close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0 && errno != ENOSYS)
		child_fail(pipe_fd, "close files");
	if (spec->switch_user)
		child_become(&spec->owner, pipe_fd);
	umask(022);
	if (chdir(spec->dir) != 0)
		child_fail(pipe_fd, "enter its folder");
	/* after the change of user, which clears it; the parent may have died before it was set */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		child_fail(pipe_fd, "tie it to the collector");
	if (getppid() != parent)
		_exit(127);
	execve(spec->argv[0], spec->argv, spec->envp);
	child_fail(pipe_fd, "run");
	_exit(127);
}

static int open_output(const struct process_spec *spec, struct err *err)
{
	int fd = open(spec->out_path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0 || fchown(fd, spec->owner.uid, spec->owner.gid) != 0) {
		err_set(err, ERR_ENV, "cannot write %s: %s", spec->out_path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

int process_spawn(const struct process_spec *spec, pid_t *ret_pid, int64_t *ret_issued_ns,
		  int64_t *ret_done_ns, struct err *err)
{
	struct child_failure failure;
	int pipe_fds[2], out_fd = open_output(spec, err);
	pid_t parent = getpid();

	if (out_fd < 0)
		return err->code;
	if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
		close(out_fd);
		return err_set(err, ERR_ENV, "no pipe: %s", strerror(errno));
	}
	*ret_issued_ns = clock_mono_ns();
	pid_t pid = fork();
	if (pid == 0)
		child_run(spec, parent, out_fd, pipe_fds[1]);
	int why = errno;
	close(pipe_fds[1]);
	close(out_fd);
	ssize_t got = 0;
	/* ends at exec: from then on the node is what its pid says */
	while (pid > 0 && (got = read(pipe_fds[0], &failure, sizeof failure)) < 0 && errno == EINTR)
		;
	*ret_done_ns = clock_mono_ns();
	close(pipe_fds[0]);
	if (pid < 0)
		return err_set(err, ERR_ENV, "no new process: %s", strerror(why));
	if (got == (ssize_t)sizeof failure) {
		waitpid(pid, NULL, 0);
		return err_set(err, ERR_ENV, "%s: cannot %s: %s", spec->argv[0], failure.what,
			       strerror(failure.errnum));
	}
	*ret_pid = pid;
	return 0;
}

bool process_has_env(pid_t pid, const char *entry)
{
	char *path = mem_printf("/proc/%d/environ", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = mem_alloc(ENVIRON_MAX_BYTES + 1);
	size_t n = 0;
	ssize_t got;
	bool has = false;

	while (fd >= 0 && n < ENVIRON_MAX_BYTES &&
	       (got = read(fd, text + n, ENVIRON_MAX_BYTES - n)) > 0)
		n += (size_t)got;
	if (fd >= 0)
		close(fd);
	for (const char *at = text; !has && at < text + n; at += strlen(at) + 1)
		has = strcmp(at, entry) == 0;
	free(text);
	free(path);
	return has;
}

void process_each_of_run(const char *work_dir, process_fn *fn, void *arg)
{
	char *entry = mem_printf("REJOIN_RUN=%s", work_dir);
	DIR *dir = opendir("/proc");
	struct dirent *item;

	while (dir && (item = readdir(dir)) != NULL) {
		if (!isdigit((unsigned char)item->d_name[0]))
			continue;
		pid_t pid = (pid_t)strtol(item->d_name, NULL, 10);
		if (pid != getpid() && process_has_env(pid, entry))
			fn(arg, pid);
	}
	if (dir)
		closedir(dir);
	free(entry);
}

void process_tidy(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/tmp/.java_pid%d", (int)pid);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
}
