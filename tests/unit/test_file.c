#include "lib/file.h"
#include "lib/mem.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };

static volatile sig_atomic_t n_signals;

static void on_signal(int signal)
{
	(void)signal;
	n_signals++;
}

static char *some_bytes(void)
{
	char *bytes = mem_alloc(SIZE);

	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 7 + i / 256);
	return bytes;
}

/* Slowly, so that the writer waits when its signals come. Exits with 0 where all of it came. */
static void read_all(int fd, const char *expected)
{
	static char bytes[SIZE + 1];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof bytes && (got = read(fd, bytes + n, 20000)) > 0) {
		n += (size_t)got;
		usleep(1000);
	}
	_exit(n != SIZE || memcmp(bytes, expected, SIZE) != 0);
}

static void all_is_written_though_signals_cut_it_short(void **state)
{
	struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART */
	struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	char *bytes = some_bytes();
	int pipe_fds[2], status;
	pid_t reader;

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	reader = fork();
	if (reader == 0) {
		close(pipe_fds[1]);
		read_all(pipe_fds[0], bytes);
	}
	assert_true(reader > 0);
	close(pipe_fds[0]);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_int_equal(file_write_all(pipe_fds[1], bytes, SIZE), 0);
	setitimer(ITIMER_REAL, &never, NULL);
	close(pipe_fds[1]);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	assert_true(n_signals > 2);
	free(bytes);
}

static void a_file_that_takes_no_more_says_why(void **state)
{
	char path[] = "/tmp/rejoin-unit-XXXXXX", *bytes = some_bytes();
	int fd = mkstemp(path);
	struct rlimit was, small;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	signal(SIGXFSZ, SIG_IGN); /* writing fails instead */
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 5000;
	setrlimit(RLIMIT_FSIZE, &small);
	errno = 0;
	assert_int_equal(file_write_all(fd, bytes, SIZE), -1);
	assert_int_equal(errno, EFBIG);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_int_equal(lseek(fd, 0, SEEK_END), 5000);
	assert_int_equal(file_write_all(fd, NULL, 0), 0);
	close(fd);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_written_though_signals_cut_it_short),
		cmocka_unit_test(a_file_that_takes_no_more_says_why),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
