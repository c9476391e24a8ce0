/* What a node that does not come up said last. */
#include "collector/driver_local.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define TAIL_BYTES (64 << 10)
#define MAX_LINES 15
#define MAX_LINE_BYTES 300

struct line {
	const char *s;
	size_t n;
};

typedef VEC(struct line) lines;

static bool tells_trouble(const struct line *line)
{
	static const char *const words[] = {"ERROR",  "FATAL", "xception", "bootstrap check",
					    "rror: ", "fatal", "[WARN ]"};

	/* the servers name options such as OnOutOfMemoryError, and warn of small limits, at every
	 * start */
	if (memmem(line->s, line->n, "[INFO ]", 7) ||
	    memmem(line->s, line->n, "[WARN ][o.e.b.Boot", 18) ||
	    memmem(line->s, line->n, "[WARN ][o.o.b.Boot", 18))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (memmem(line->s, line->n, words[i], strlen(words[i])))
			return true;
	return false;
}

static bool is_stack(const struct line *line)
{
	return line->n == 0 || (line->n > 3 && memcmp(line->s, "\tat ", 4) == 0) ||
	       (line->n > 4 && memcmp(line->s, "\t...", 4) == 0);
}

static void split(const char *text, lines *ret_all, lines *ret_trouble)
{
	while (*text) {
		struct line line = {text, strcspn(text, "\n")};
		text += line.n + (text[line.n] == '\n');
		if (is_stack(&line))
			continue;
		vec_push(ret_all, line);
		if (tells_trouble(&line))
			vec_push(ret_trouble, line);
	}
}

void explain_lines(const char *text, size_t max_lines, struct str *ret_text)
{
	lines all = {0}, trouble = {0};

	split(text, &all, &trouble);
	const lines *chosen = trouble.n ? &trouble : &all;
	for (size_t i = chosen->n > max_lines ? chosen->n - max_lines : 0; i < chosen->n; i++) {
		size_t n = chosen->v[i].n;
		str_add(ret_text, "  ");
		str_add_n(ret_text, chosen->v[i].s, n > MAX_LINE_BYTES ? MAX_LINE_BYTES : n);
		str_add(ret_text, n > MAX_LINE_BYTES ? "...\n" : "\n");
	}
	vec_done(&all);
	vec_done(&trouble);
}

static void add_state(const struct local_node *node, struct str *text)
{
	if (life_running(node))
		str_addf(text, "%s runs (pid %d)", node->name,
			 (int)(node->server ? node->server : node->launcher));
	else if (node->launcher)
		str_addf(text, "%s has ended", node->name);
	else if (WIFSIGNALED(node->exit_status))
		str_addf(text, "%s was ended by signal %d", node->name,
			 WTERMSIG(node->exit_status));
	else
		str_addf(text, "%s has ended (exit %d)", node->name,
			 WEXITSTATUS(node->exit_status));
}

void explain_node(const struct local_node *node, struct str *ret_text)
{
	char *log = mem_printf("%s/logs/%s.log", node->dir, node->local->cluster_name);
	char *out = mem_printf("%s/logs/stdout", node->dir);
	char *log_text = files_read(log, node->log_from, TAIL_BYTES);
	char *out_text = files_read(out, node->out_from, TAIL_BYTES);
	size_t n_log = log_text ? strlen(log_text) : 0, n_out = out_text ? strlen(out_text) : 0;

	add_state(node, ret_text);
	if (n_log == 0 && n_out == 0) {
		str_add(ret_text, " and said nothing\n");
	} else {
		str_add(ret_text, "; it said last:\n");
		explain_lines(n_out >= n_log ? out_text : log_text, MAX_LINES, ret_text);
	}
	free(out_text);
	free(log_text);
	free(out);
	free(log);
}
