#include "collector/local_cut.h"
#include "lib/clock.h"
#include "lib/hash.h"
#include "lib/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const places[] = {"/usr/sbin/", "/sbin/", "/usr/bin/"};

static bool find_program(const char *name, char path[64])
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		snprintf(path, 64, "%s%s", places[i], name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* Names are limited to 28 bytes; the folder's hash keeps runs apart. */
static void name_chain(const char *work_dir, char chain[CUT_CHAIN_SIZE])
{
	char hex[HASH_HEX_SIZE];
	hash_sha256_hex(work_dir, strlen(work_dir), hex);
	snprintf(chain, CUT_CHAIN_SIZE, "rejoin-%.16s", hex);
}

/* The collector blocks signals for its loop: the program must not. Its words go to /dev/null. */
static int spawn(char *const *argv, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	int code = posix_spawn(ret_pid, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return code;
}

/* argv[0] is filled in. Waits. True: it ended with 0. */
static bool run_iptables(char **argv)
{
	char path[64];
	pid_t pid;
	int status = -1;
	if (!find_program("iptables", path))
		return false;
	argv[0] = path;
	if (spawn(argv, &pid) != 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#define IPTABLES(...) run_iptables((char *[]){NULL, (char *)"-w", (char *)"5", __VA_ARGS__, NULL})
#define WORD(text) ((char *)(text))

int cut_check(struct err *err)
{
	char path[64];
	if (geteuid() != 0)
		return err_set(err, ERR_ENV,
			       "fault partition: root is needed, for firewall rules and a user of "
			       "its own for every node");
	if (!find_program("iptables", path) || !find_program("iptables-restore", path))
		return err_set(err, ERR_ENV, "fault partition: iptables is not installed");
	if (!IPTABLES(WORD("-S"), WORD("OUTPUT")))
		return err_set(err, ERR_ENV,
			       "fault partition: iptables cannot be used here "
			       "(iptables -S fails)");
	return 0;
}

void cut_init(struct cut *cut, struct loop *loop, const char *work_dir, cut_fn *fn, void *arg)
{
	*cut = (struct cut){.loop = loop, .fn = fn, .arg = arg};
	name_chain(work_dir, cut->chain);
	cut->rules_path = mem_printf("%s/cut.rules", work_dir);
}

void cut_set_nodes(struct cut *cut, const struct cut_node *nodes, int n)
{
	memcpy(cut->nodes, nodes, (size_t)n * sizeof *nodes);
	cut->n_nodes = n;
	memset(cut->pairs, 0, sizeof cut->pairs);
}

static void add_rule(const struct cut *cut, const struct cut_node *from, const struct cut_node *to,
		     struct str *text)
{
	str_addf(text, "-A %s -p tcp -m owner --uid-owner %u -m tcp --dport %d -j DROP\n",
		 cut->chain, (unsigned)from->uid, to->transport_port);
}

void cut_rules(const struct cut *cut, struct str *ret_text)
{
	bool any = false;
	str_addf(ret_text, "*filter\n:%s - [0:0]\n", cut->chain);
	for (int i = 0; i < cut->n_nodes; i++)
		for (int k = 0; k < i; k++) {
			if (!cut->pairs[i][k])
				continue;
			add_rule(cut, &cut->nodes[i], &cut->nodes[k], ret_text);
			add_rule(cut, &cut->nodes[k], &cut->nodes[i], ret_text);
			any = true;
		}
	if (any && !cut->linked)
		str_addf(ret_text, "-I OUTPUT -o lo -j %s\n", cut->chain);
	if (!any && cut->linked)
		str_addf(ret_text, "-D OUTPUT -o lo -j %s\n", cut->chain);
	if (!any)
		str_addf(ret_text, "-X %s\n", cut->chain);
	str_add(ret_text, "COMMIT\n");
}

static bool has_pairs(const struct cut *cut)
{
	for (int i = 0; i < cut->n_nodes; i++)
		for (int k = 0; k < i; k++)
			if (cut->pairs[i][k])
				return true;
	return false;
}

static int write_rules(const struct cut *cut, struct err *err)
{
	struct str text = STR_INIT;
	FILE *f = fopen(cut->rules_path, "we");
	cut_rules(cut, &text);
	if (!f || fwrite(text.s, 1, text.n, f) != text.n)
		err_set(err, ERR_ENV, "cannot write %s: %s", cut->rules_path, strerror(errno));
	if (f && fclose(f) != 0)
		err_set(err, ERR_ENV, "cannot write %s: %s", cut->rules_path, strerror(errno));
	str_done(&text);
	return err->code;
}

static int start_change(struct cut *cut, struct err *err);

static void tell(struct cut *cut, int64_t done_ns, const char *error)
{
	bool in_hand[CUT_MAX_NODES];
	memcpy(in_hand, cut->in_hand, sizeof in_hand);
	memset(cut->in_hand, 0, sizeof cut->in_hand);
	for (int i = 0; i < cut->n_nodes; i++)
		if (in_hand[i])
			cut->fn(cut->arg, i, cut->issued_ns, done_ns, error);
}

static void on_end(void *arg, int64_t earliest_ns, int64_t now_ns)
{
	struct cut *cut = arg;
	struct err err = ERR_INIT;
	int status = -1;
	(void)earliest_ns;
	cut->process = NULL;
	while (waitpid(cut->pid, &status, 0) < 0 && errno == EINTR)
		;
	bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (ok)
		cut->linked = cut->will_be_linked;
	tell(cut, now_ns, ok ? NULL : "iptables-restore failed: the rules are as they were");
	for (int i = 0; i < cut->n_nodes; i++)
		if (cut->waiting[i] && !cut->process && start_change(cut, &err))
			tell(cut, clock_mono_ns(), err.text);
}

/* All that wait go with it. */
static int start_change(struct cut *cut, struct err *err)
{
	char path[64], noflush[] = "--noflush", w[] = "-w", wait_s[] = "5";
	char *argv[] = {path, noflush, w, wait_s, cut->rules_path, NULL};
	memcpy(cut->in_hand, cut->waiting, sizeof cut->in_hand);
	memset(cut->waiting, 0, sizeof cut->waiting);
	/* what is asked for meanwhile is of the next change */
	cut->will_be_linked = has_pairs(cut);
	if (write_rules(cut, err))
		return err->code;
	if (!find_program("iptables-restore", path))
		return err_set(err, ERR_ENV, "iptables-restore is not there any more");
	cut->issued_ns = clock_mono_ns();
	int code = spawn(argv, &cut->pid);
	if (code)
		return err_set(err, ERR_ENV, "%s: %s", path, strerror(code));
	return loop_process_watch(cut->loop, cut->pid, on_end, cut, &cut->process, err);
}

static int change(struct cut *cut, int node, struct err *err)
{
	cut->waiting[node] = true;
	if (cut->process)
		return 0;
	if (start_change(cut, err)) {
		cut->in_hand[node] = false;
		return err->code;
	}
	return 0;
}

int cut_begin(struct cut *cut, int node, const bool *others, struct err *err)
{
	for (int i = 0; i < cut->n_nodes; i++)
		if (i != node && others[i])
			cut->pairs[node][i] = cut->pairs[i][node] = true;
	return change(cut, node, err);
}

int cut_mend(struct cut *cut, int node, struct err *err)
{
	for (int i = 0; i < cut->n_nodes; i++)
		cut->pairs[node][i] = cut->pairs[i][node] = false;
	return change(cut, node, err);
}

/* ---- removing everything -------------------------------------------------------------------- */

static int remove_chain(const char *chain, struct err *err)
{
	if (!IPTABLES(WORD("-S"), WORD(chain)))
		return 0; /* there is none */
	while (IPTABLES(WORD("-D"), WORD("OUTPUT"), WORD("-o"), WORD("lo"), WORD("-j"),
			WORD(chain)))
		;
	IPTABLES(WORD("-F"), WORD(chain));
	if (IPTABLES(WORD("-X"), WORD(chain)))
		return 0;
	return err_set(err, ERR_UNHEALED,
		       "firewall rules are left; by hand: iptables -D OUTPUT -o lo -j %s; "
		       "iptables -F %s; iptables -X %s",
		       chain, chain, chain);
}

static bool is_settled(void *arg)
{
	return ((struct cut *)arg)->process == NULL;
}

int cut_close(struct cut *cut, struct err *err)
{
	if (!cut->rules_path)
		return 0;
	loop_wait(cut->loop, is_settled, cut, clock_mono_ns() + 10 * NS_PER_S, false);
	memset(cut->pairs, 0, sizeof cut->pairs);
	if (!cut->issued_ns)
		return 0; /* never used */
	cut->linked = false;
	return remove_chain(cut->chain, err);
}

void cut_done(struct cut *cut)
{
	free(cut->rules_path);
	cut->rules_path = NULL;
}

int cut_sweep(const char *work_dir, struct err *err)
{
	char chain[CUT_CHAIN_SIZE], path[64];
	name_chain(work_dir, chain);
	if (geteuid() != 0 || !find_program("iptables", path))
		return 0;
	return remove_chain(chain, err);
}
