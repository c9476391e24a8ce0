/* The command driver over real processes: tests/cases/command/node is the service. */
#include "collector/driver_command.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include "tests/unit/driver_told.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODE "tests/cases/command/node"
#define ALL                                                                                        \
	"start: [" NODE ", start, '{node}'], stop: [" NODE ", stop, '{node}'], "                   \
	"kill: [kill, -KILL, '{pid}'], pause: [kill, -STOP, '{pid}'], "                            \
	"resume: [kill, -CONT, '{pid}'], status: [" NODE ", status, '{node}']"

static char dir[64]; /* of the test at hand */
static struct plan *plan;

static char *file_text(const char *name)
{
	static char text[4096];
	char path[128];
	size_t n = 0;
	FILE *in;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	in = fopen(path, "r");
	if (in) {
		n = fread(text, 1, sizeof text - 1, in);
		fclose(in);
	}
	text[n] = '\0';
	return text;
}

/* R, S, T, ...; 0: there is no such process, or it only waits to be reaped. */
static char process_state(const char *pid_file)
{
	char path[64], line[256], state = 0;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%ld/stat", strtol(file_text(pid_file), NULL, 10));
	in = fopen(path, "r");
	if (in && fgets(line, sizeof line, in))
		state = strrchr(line, ')')[2];
	if (in)
		fclose(in);
	return state == 'Z' ? 0 : state;
}

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	snprintf(dir, sizeof dir, "/tmp/rejoin-unit-XXXXXX");
	n_told = n_wanted = 0;
	plan = NULL;
	driver = NULL;
	return mkdtemp(dir) && setenv("REJOIN_TEST_DIR", dir, 1) == 0 ? loop_open(&loop, &err) : -1;
}

/* Ends the node if it runs, and waits for that: nothing is left of a test, not even a failed one.
 */
static void end_node(int n)
{
	char pid_file[32];

	snprintf(pid_file, sizeof pid_file, "n%d.pid", n);
	int pid = (int)strtol(file_text(pid_file), NULL, 10);
	if (pid > 0)
		kill(pid, SIGKILL);
	while (pid > 0 && process_state(pid_file))
		usleep(1000);
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;
	char *rm;
	int code = 0;

	(void)state;
	if (driver) {
		code = driver->ops->close(driver, &err);
		driver->ops->free(driver);
	}
	plan_free(plan);
	loop_close(loop);
	for (int i = 1; i <= 3; i++)
		end_node(i);
	rm = mem_printf("rm -rf %s", dir);
	code = code ? code : system(rm);
	free(rm);
	return code;
}

static struct plan *read_plan(const char *command, const char *factors, struct err *err)
{
	struct plan *read;
	char *text = mem_printf("schema: 1\nstudy: {name: s}\ntrials: 1\n"
				"cluster: {driver: command, sizes: {3: {hosts: [http://h1:9201, "
				"http://h2:9202, 'http://[::1]']}}, command: {%s}}\n"
				"factors: {%s}\n",
				command, factors);

	plan_from_text("t.yml", text, strlen(text), NULL, 0, &read, err);
	free(text);
	return read;
}

/* The driver with its three nodes, opened. REJOIN_TEST_DIR is passed on. */
static void open_nodes(const char *command, const char *fault)
{
	struct err err = ERR_INIT;
	char *with_env = mem_printf("env: [REJOIN_TEST_DIR], %s", command);

	plan = read_plan(with_env, fault, &err);
	if (err.code)
		fail_msg("%s", err.text);
	for (int i = 0; i < 3; i++)
		plan->clusters.v[0].hosts.v[i].name = mem_printf("n%d", i + 1);
	if (driver_new(plan, loop, dir, &driver, &err) || driver->ops->open(driver, 0, &err))
		fail_msg("%s", err.text);
	driver->on_event = on_event;
	free(with_env);
}

static struct told *act(int node, enum action action)
{
	begin_action(node, action);
	return await_acted(node, action, "");
}

/* The loop runs for so long, and nothing may be told in that time. */
static void nothing_told_for(int64_t ns)
{
	n_wanted++;
	assert_int_equal(loop_wait(loop, all_told, NULL, clock_mono_ns() + ns, false),
			 LOOP_DEADLINE);
	n_wanted--;
}

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* ---- actions --------------------------------------------------------------------------------- */

static void remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert_int_equal(unlink(path), 0);
}

static bool is_there(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

/* How often a status was asked for. */
static int n_asked(void)
{
	int n = 0;

	for (const char *at = file_text("asked"); (at = strchr(at, '\n')); at++)
		n++;
	return n;
}

static bool were_asked(void *arg)
{
	return n_asked() >= *(int *)arg;
}

static void await_asked(int n)
{
	assert_int_equal(loop_wait(loop, were_asked, &n, clock_mono_ns() + 60 * NS_PER_S, false),
			 LOOP_DONE);
}

static void stop_is_seen_and_start_brings_back(void **state)
{
	struct told *stop, *gone;
	int64_t held_until_ns;

	(void)state;
	open_nodes(ALL, "fault: stop");
	act(2, ACTION_START);
	assert_int_not_equal(process_state("n2.pid"), 0);
	write_file("hold", "");
	stop = act(2, ACTION_STOP);
	/* the call is over: status says that it runs, in a call that began since and has ended */
	await_asked(n_asked() + 3);
	held_until_ns = clock_mono_ns();
	remove_file("hold");
	gone = await_gone(2);
	assert_true(gone->event.gone.lo_ns > stop->event.done_ns);
	assert_true(gone->event.gone.hi_ns > held_until_ns);
	assert_true(gone->event.gone.lo_ns < gone->event.gone.hi_ns);
	assert_int_equal(process_state("n2.pid"), 0);
	act(2, ACTION_START);
	assert_int_not_equal(process_state("n2.pid"), 0);
	assert_string_equal(file_text("calls"), "start n2\nstop n2\nstart n2\n");
}

static void start_of_what_runs_is_done(void **state)
{
	(void)state;
	open_nodes(ALL, "fault: stop");
	act(1, ACTION_START);
	act(1, ACTION_START);
	assert_string_equal(file_text("calls"), "start n1\nstart n1\n");
}

static void start_that_met_an_ending_node_is_called_again(void **state)
{
	(void)state;
	open_nodes("stop: ['true'], start: [" NODE ", late, '{node}'], "
		   "status: [" NODE ", status, '{node}']",
		   "fault: stop");
	act(1, ACTION_START);
	act(1, ACTION_START);
	assert_int_not_equal(process_state("n1.pid"), 0);
	assert_string_equal(file_text("calls"), "late n1\nstart n1\nlate n1\nlate n1\nstart n1\n");
}

static void start_that_fails_is_told(void **state)
{
	(void)state;
	open_nodes("stop: ['true'], start: [" NODE ", refuse], status: ['false']", "fault: stop");
	begin_action(1, ACTION_START);
	await_acted(1, ACTION_START, "start n1: node: exit 255: Permission denied");
	assert_string_equal(file_text("calls"), "refuse\nrefuse\n");
}

/* Signals take their time. */
static void await_state(const char *pid_file, bool stopped)
{
	int64_t end_ns = clock_mono_ns() + 60 * NS_PER_S;

	while ((process_state(pid_file) == 'T') != stopped && clock_mono_ns() < end_ns)
		usleep(1000);
	assert_int_equal(process_state(pid_file) == 'T', stopped);
}

static void pid_is_what_status_prints(void **state)
{
	(void)state;
	open_nodes(ALL, "fault: [kill, pause]");
	act(1, ACTION_START);
	act(3, ACTION_START);
	act(3, ACTION_PAUSE);
	await_state("n3.pid", true);
	assert_int_not_equal(process_state("n1.pid"), 'T');
	act(3, ACTION_RESUME);
	act(3, ACTION_RESUME);
	await_state("n3.pid", false);
	act(3, ACTION_KILL);
	await_gone(3);
	assert_int_equal(process_state("n3.pid"), 0);
	begin_action(3, ACTION_KILL);
	await_acted(3, ACTION_KILL, "kill n3: status: the node does not run");
	assert_int_not_equal(process_state("n1.pid"), 0);
}

static void without_status_the_call_says_it(void **state)
{
	struct told *stop, *gone;

	(void)state;
	open_nodes("stop: [sleep, '0.1'], start: ['true']", "fault: stop");
	stop = act(1, ACTION_STOP);
	gone = await_gone(1);
	assert_int_equal(gone->event.gone.lo_ns, stop->event.issued_ns);
	assert_int_equal(gone->event.gone.hi_ns, stop->event.done_ns);
	assert_true(stop->event.done_ns - stop->event.issued_ns >= 100 * NS_PER_MS);
}

/* What starts it again may do so before anybody has asked: status is not waited for. */
static void auto_start_is_no_call(void **state)
{
	(void)state;
	open_nodes("stop: ['true'], start: auto, status: ['true']", "fault: stop");
	act(1, ACTION_STOP);
	await_gone(1);
	act(1, ACTION_START);
	nothing_told_for(250 * NS_PER_MS);
}

static void status_that_cannot_tell_is_asked_again(void **state)
{
	(void)state;
	open_nodes("stop: ['true'], start: ['true'], shell: false, "
		   "status: [sh, -c, 'exit $(cat $REJOIN_TEST_DIR/code)']",
		   "fault: stop");
	write_file("code", "255");
	act(1, ACTION_STOP);
	nothing_told_for(300 * NS_PER_MS);
	write_file("code", "3");
	await_gone(1);
}

static void cut_names_the_other_side(void **state)
{
	(void)state;
	open_nodes("cut: [" NODE ", note, cut, '{host} {port} from {others}'], "
		   "mend: [" NODE ", note, mend, '{node} from {others}']",
		   "fault: partition");
	driver->nodes.v[1].cut_off = true;
	act(2, ACTION_CUT);
	act(1, ACTION_CUT);
	driver->nodes.v[1].cut_off = false;
	act(3, ACTION_MEND);
	assert_string_equal(file_text("calls"), "note cut h2 9202 from h1 ::1\n"
						"note cut h1 9201 from h2\n"
						"note mend n3 from h1 h2\n");
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

static void failure_ends_with_what_was_said_last(void **state)
{
	(void)state;
	open_nodes("stop: [" NODE ", refuse], kill: [no-such-program], start: ['true'], "
		   "pause: [sh, -c, 'kill -9 $$'], resume: ['false'], status: ['true']",
		   "fault: [stop, kill, pause]");
	begin_action(2, ACTION_STOP);
	await_acted(2, ACTION_STOP, "stop n2: node: exit 255: Permission denied");
	begin_action(2, ACTION_KILL);
	await_acted(2, ACTION_KILL,
		    "kill n2: no-such-program: cannot run: No such file or directory");
	begin_action(2, ACTION_PAUSE);
	await_acted(2, ACTION_PAUSE, "pause n2: sh: ended by signal 9 (Killed)");
	begin_action(2, ACTION_RESUME);
	await_acted(2, ACTION_RESUME, "resume n2: false: exit 1");
	nothing_told_for(250 * NS_PER_MS); /* no end of a node that was not stopped */
}

static void timeout_ends_the_whole_group(void **state)
{
	(void)state;
	open_nodes("stop: [" NODE ", hang, '{node}'], start: ['true'], timeout: 3s", "fault: stop");
	begin_action(1, ACTION_STOP);
	await_acted(1, ACTION_STOP, "stop n1: node: not done after 3s and ended");
	assert_true(strtol(file_text("n1.child"), NULL, 10) > 0);
	while (process_state("n1.child")) /* killed; gone as soon as it is scheduled */
		usleep(1000);
}

static void what_heals_follows_what_hangs(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("stop: [sleep, '100'], start: [" NODE ", start, '{node}'], timeout: 3s",
		   "fault: stop");
	begin_action(1, ACTION_STOP);
	begin_action(1, ACTION_START);
	assert_int_equal(driver->ops->act(driver, 0, ACTION_START, &err), ERR_ENV);
	assert_string_equal(err.text, "start n1: stop is not done yet");
	await_acted(1, ACTION_STOP, "stop n1: sleep: not done after 3s and ended");
	await_acted(1, ACTION_START, "");
	assert_int_not_equal(process_state("n1.pid"), 0);
}

static void missing_action_is_one_line(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("stop: ['true'], start: ['true']", "fault: stop");
	assert_int_equal(driver->ops->act(driver, 1, ACTION_KILL, &err), ERR_ENV);
	assert_string_equal(err.text, "kill n2: the plan has no cluster.command.kill");
}

static int n_ticks;
static struct loop_timer ticker;

static void on_tick(void *arg)
{
	(void)arg;
	n_ticks++;
	loop_timer_set(loop, &ticker, clock_mono_ns() + 5 * NS_PER_MS);
}

static bool all_wait(void *arg)
{
	(void)arg;
	return n_ticks > 20 && is_there("n1.waits") && is_there("n2.waits") && is_there("n3.waits");
}

/* None of the three ends before all are under way. */
static void loop_goes_on_and_nodes_do_not_wait_for_each_other(void **state)
{
	(void)state;
	open_nodes("stop: [" NODE ", waits, '{node}'], start: ['true']", "fault: stop");
	ticker = (struct loop_timer){.fn = on_tick};
	n_ticks = 0;
	on_tick(NULL);
	for (int i = 1; i <= 3; i++)
		begin_action(i, ACTION_STOP);
	assert_int_equal(loop_wait(loop, all_wait, NULL, clock_mono_ns() + 60 * NS_PER_S, false),
			 LOOP_DONE);
	loop_timer_stop(loop, &ticker);
	write_file("go", "");
	for (int i = 0; i < 6; i++)
		await_told();
}

static void close_waits_for_what_is_under_way(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes(ALL, "fault: stop");
	act(1, ACTION_START);
	begin_action(2, ACTION_START);
	begin_action(2, ACTION_STOP);
	assert_int_equal(driver->ops->close(driver, &err), 0);
	await_acted(2, ACTION_STOP, "the cluster is being closed");
	await_acted(2, ACTION_START, "");
	assert_int_not_equal(process_state("n2.pid"), 0);
	assert_int_equal(driver->nodes.n, 0);
	assert_int_equal(driver->ops->close(driver, &err), 0);
}

/* a stop that takes longer than the trial waited for it: its undoing is all that brings it back */
static void close_runs_what_heals(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	open_nodes("stop: [sleep, '0.3'], start: [" NODE ", start, '{node}'], "
		   "status: [" NODE ", status, '{node}']",
		   "fault: stop");
	begin_action(1, ACTION_STOP);
	begin_action(1, ACTION_START);
	assert_int_equal(driver->ops->close(driver, &err), 0);
	await_acted(1, ACTION_STOP, "");
	await_acted(1, ACTION_START, "");
	assert_int_not_equal(process_state("n1.pid"), 0);
	assert_int_equal(n_told, 2);
}

/* ---- what a program is given, and what it says ----------------------------------------------- */

/* What the template of logs prints. */
static char *read_log(enum tail_state expected)
{
	struct tail_mark mark;
	struct str text = STR_INIT;

	assert_int_equal(driver->ops->read_log(driver, 0, &mark, NULL), TAIL_WHOLE);
	str_add(&text, "");
	assert_int_equal(driver->ops->read_log(driver, 0, &mark, &text), expected);
	tail_done(&mark);
	return text.s;
}

static void environment_is_clean(void **state)
{
	char *text, *expected;

	(void)state;
	setenv("LANG", "C", 1);
	setenv("REJOIN_TEST_SECRET", "hunter2", 1);
	unsetenv("REJOIN_TEST_UNSET");
	expected = mem_printf("PATH=%s\nHOME=%s\nLANG=C\nREJOIN_TEST_DIR=%s\n", getenv("PATH"),
			      getenv("HOME"), dir);
	open_nodes("logs: [env]", "fault: noop");
	text = read_log(TAIL_WHOLE);
	assert_string_equal(text, expected);
	free(text);
	free(expected);
}

static void process_is_clean(void **state)
{
	sigset_t all, old;
	char *text;

	(void)state;
	/* its signals by exec: a shell blocks some while it forks; its descriptors by a child: a
	 * shell has more while it makes a pipe. The fourth is ls's own, of the folder. */
	open_nodes("logs: [sh, -c, 'readlink /proc/$$/fd/0; ls /proc/self/fd; "
		   "cut -d\" \" -f1,5,6 /proc/$$/stat; exec grep -E \"^Sig(Blk|Ign)\" "
		   "/proc/self/status']",
		   "fault: noop");
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	signal(SIGPIPE, SIG_IGN);
	text = read_log(TAIL_WHOLE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	int pid = 0, group = 0, session = 0;
	unsigned long blocked = 1, ignored = 1;
	assert_int_equal(sscanf(text, "/dev/null\n0\n1\n2\n3\n%d %d %d\nSigBlk:\t%lx\nSigIgn:\t%lx",
				&pid, &group, &session, &blocked, &ignored),
			 5);
	assert_int_equal(blocked, 0);
	assert_int_equal(ignored & 0x7fffffff, 0); /* libc keeps two after these to itself */
	assert_true(pid > 0 && pid == group && pid == session);
	free(text);
}

static void output_is_bounded(void **state)
{
	char *text;

	(void)state;
	open_nodes("logs: [head, -c, '17000000', /dev/zero]", "fault: noop");
	struct tail_mark mark;
	struct str log = STR_INIT;
	driver->ops->read_log(driver, 0, &mark, NULL);
	assert_int_equal(driver->ops->read_log(driver, 0, &mark, &log), TAIL_LONG);
	assert_int_equal(log.n, 16 << 20);
	text = str_take(&log);
	free(text);
}

static void log_that_cannot_be_read(void **state)
{
	char *text;

	(void)state;
	open_nodes("logs: [cat, no-such-file], timeout: 30s", "fault: noop");
	text = read_log(TAIL_FAILED);
	assert_int_equal(errno, EIO);
	assert_string_equal(text, "");
	free(text);
}

static void since_is_an_instant_of_utc(void **state)
{
	char *text, now[40], since[40] = "";

	(void)state;
	open_nodes("logs: [echo, '{since}']", "fault: noop");
	text = read_log(TAIL_WHOLE);
	clock_utc_text(clock_anchor_read().utc_ns, now);
	assert_int_equal(sscanf(text, "%39s", since), 1);
	assert_int_equal(strlen(since), strlen("2026-01-01T00:00:00.000Z"));
	assert_true(strncmp(since, now, 5) == 0 && since[10] == 'T' && since[23] == 'Z');
	free(text);
}

/* Log readers that know whole seconds give the lines just before too; what is far off stays: a
 * clock or zone that is wrong is to be seen. */
static void early_lines_are_left_out(void **state)
{
	struct tail_mark mark = {-1, INT64_C(1767225600500) * NS_PER_MS};
	struct str text = STR_INIT;

	(void)state;
	open_nodes("logs: [" NODE ", logs, '{node}']", "fault: noop");
	write_file("n1.log", "[2026-01-01T00:00:00,100][INFO ] early\n\tof the same\n"
			     "[2026-01-01T00:00:00,499][INFO ] early, too\n"
			     "[2026-01-01T00:00:00,500][INFO ] due\n"
			     "[2026-01-01T00:00:00,100][INFO ] stays\n");
	assert_int_equal(driver->ops->read_log(driver, 0, &mark, &text), TAIL_WHOLE);
	assert_string_equal(text.s, "[2026-01-01T00:00:00,500][INFO ] due\n"
				    "[2026-01-01T00:00:00,100][INFO ] stays\n");
	str_clear(&text);
	write_file("n1.log", "[2025-12-31T20:00:00,100][INFO ] another zone\n");
	assert_int_equal(driver->ops->read_log(driver, 0, &mark, &text), TAIL_WHOLE);
	assert_string_equal(text.s, "[2025-12-31T20:00:00,100][INFO ] another zone\n");
	str_done(&text);
}

static void explains_by_the_log(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	open_nodes("logs: [" NODE ", logs, '{node}']", "fault: noop");
	write_file("n2.log", "[2026-01-01T00:00:00,100][INFO ] a\nERROR: b\n");
	driver->ops->explain(driver, 1, &text);
	assert_string_equal(text.s, "n2 logged last:\n  ERROR: b\n");
	str_done(&text);
}

static void explains_by_what_was_said(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	open_nodes("stop: [" NODE ", refuse], start: ['true']", "fault: stop");
	assert_null(driver->ops->read_log);
	driver->ops->explain(driver, 0, &text);
	assert_string_equal(text.s, "n1: no log of it was read (cluster.command.logs)\n");
	str_clear(&text);
	begin_action(1, ACTION_STOP);
	await_acted(1, ACTION_STOP, "stop n1: node: exit 255: Permission denied");
	driver->ops->explain(driver, 0, &text);
	assert_string_equal(text.s, "the last command for n1 said:\n  first line\n"
				    "  Permission denied\n");
	str_done(&text);
}

static void shell_where_asked(void **state)
{
	char *text;

	(void)state;
	open_nodes("shell: true, logs: 'x=1; echo \"$x {node}\" {{a,b}} | cat'", "fault: noop");
	text = read_log(TAIL_WHOLE);
	assert_string_equal(text, "1 n1 {a,b}\n");
	free(text);
}

static void no_shell_unless_asked(void **state)
{
	char *text;

	(void)state;
	open_nodes("logs: [echo, '$HOME', '{port}; ls', '{{node}}', '']", "fault: noop");
	text = read_log(TAIL_WHOLE);
	assert_string_equal(text, "$HOME 9201; ls {node} \n");
	free(text);
}

/* ---- checks before anything is touched ------------------------------------------------------- */

static void names_that_no_shell_may_see(void **state)
{
	static const char *const names[] = {"a b", "$(x)", "-oProxyCommand=x", "a\nb", "a'b"};
	struct err err = ERR_INIT;

	(void)state;
	plan = read_plan("stop: [stop, '{node}'], start: auto", "fault: stop", &err);
	for (int i = 0; i < 3; i++)
		plan->clusters.v[0].hosts.v[i].name = mem_strdup("n1");
	assert_int_equal(driver_new(plan, loop, dir, &driver, &err), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char **name = &plan->clusters.v[0].hosts.v[1].name;

		free(*name);
		*name = mem_strdup(names[i]);
		err = (struct err)ERR_INIT;
		assert_int_equal(driver->ops->open(driver, 0, &err), ERR_ENV);
		assert_non_null(strstr(err.text, "cannot stand in a command"));
	}
	free(plan->clusters.v[0].hosts.v[1].name);
	plan->clusters.v[0].hosts.v[1].name = NULL;
	err = (struct err)ERR_INIT;
	assert_int_equal(driver->ops->open(driver, 0, &err), ERR_ENV);
	assert_string_equal(err.text, "cluster.sizes.3.hosts: http://h2:9202: the name of its node "
				      "is not known, and commands are given by it");
}

static void sweep_has_nothing_to_do(void **state)
{
	struct err err = ERR_INIT;
	int n = -1;

	(void)state;
	assert_int_equal(driver_ops_by_name("command")->sweep(loop, "/no/such", &n, &err), 0);
	assert_int_equal(n, 0);
	assert_false(driver_ops_by_name("command")->owns_nodes);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stop_is_seen_and_start_brings_back),
		TEST(start_of_what_runs_is_done),
		TEST(start_that_met_an_ending_node_is_called_again),
		TEST(start_that_fails_is_told),
		TEST(pid_is_what_status_prints),
		TEST(without_status_the_call_says_it),
		TEST(auto_start_is_no_call),
		TEST(status_that_cannot_tell_is_asked_again),
		TEST(cut_names_the_other_side),
		TEST(failure_ends_with_what_was_said_last),
		TEST(timeout_ends_the_whole_group),
		TEST(what_heals_follows_what_hangs),
		TEST(missing_action_is_one_line),
		TEST(loop_goes_on_and_nodes_do_not_wait_for_each_other),
		TEST(close_waits_for_what_is_under_way),
		TEST(close_runs_what_heals),
		TEST(environment_is_clean),
		TEST(process_is_clean),
		TEST(output_is_bounded),
		TEST(log_that_cannot_be_read),
		TEST(since_is_an_instant_of_utc),
		TEST(early_lines_are_left_out),
		TEST(explains_by_the_log),
		TEST(explains_by_what_was_said),
		TEST(shell_where_asked),
		TEST(no_shell_unless_asked),
		TEST(names_that_no_shell_may_see),
		TEST(sweep_has_nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
