#include "collector/existing.h"
#include "collector/discover.h"
#include "lib/str.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static int check_masters(const struct plan_cluster *cluster, const char *driver, struct err *err)
{
	int n_eligible = 0;
	for (size_t i = 0; i < cluster->hosts.n; i++)
		n_eligible += cluster->hosts.v[i].master_eligible;
	if (n_eligible == cluster->master_eligible)
		return 0;
	if (strcmp(driver, "none") == 0)
		return err_set(err, ERR_ENV,
			       "%d of the %zu nodes may be master: --masters %d is expected",
			       n_eligible, cluster->hosts.n, n_eligible);
	return err_set(err, ERR_ENV,
		       "cluster %s: %d of its %zu nodes may be master, not %d: cluster.sizes: {%d: "
		       "{hosts: [...]}} is expected in a plan",
		       cluster->label, n_eligible, cluster->hosts.n, cluster->master_eligible,
		       n_eligible);
}

int existing_find(struct plan *plan, struct loop *loop, struct http *http, struct err *err)
{
	for (size_t i = 0; i < plan->clusters.n; i++) {
		if (!plan->clusters.v[i].hosts.n)
			continue;
		if (discover_nodes(plan, (int)i, loop, http, err) ||
		    check_masters(&plan->clusters.v[i], plan->driver, err))
			return err->code;
	}
	return 0;
}

static void add_arms(struct str *text, const struct plan *plan, size_t cluster)
{
	for (size_t i = 0; i < plan->arms.n; i++) {
		const struct plan_arm *arm = &plan->arms.v[i];
		if (arm->cluster != (int)cluster)
			continue;
		str_addf(text, "    %" PRId64 " times: %s, target %s%s\n",
			 plan->trials + plan->warmup, plan_fault_names[arm->fault],
			 plan_target_names[arm->target],
			 plan_loses_quorum(plan, arm) ? "; the cluster LOSES ITS QUORUM" : "");
	}
}

static void describe(struct str *text, const struct plan *plan)
{
	for (size_t i = 0; i < plan->clusters.n; i++) {
		const struct plan_cluster *cluster = &plan->clusters.v[i];
		if (!cluster->hosts.n)
			continue;
		str_addf(text, "  %s:", cluster->label);
		for (size_t k = 0; k < cluster->hosts.n; k++)
			str_addf(text, "%s %s (%s)", k ? "," : "", cluster->hosts.v[k].name,
				 cluster->hosts.v[k].url);
		str_add(text, "\n");
		add_arms(text, plan, i);
	}
}

struct prompt {
	bool answered;
	char answer[16];
};

static void on_input(void *arg, uint32_t events)
{
	struct prompt *p = arg;
	(void)events;
	ssize_t n = read(STDIN_FILENO, p->answer, sizeof p->answer - 1);
	p->answer[n > 0 ? n : 0] = '\0';
	p->answered = true;
}

static bool is_answered(void *arg)
{
	return ((const struct prompt *)arg)->answered;
}

/* Signals are blocked for the loop by now: only its wait sees ^C. */
static bool says_yes(struct loop *loop, struct err *err)
{
	struct prompt prompt = {0};
	struct loop_source *source = NULL;
	if (loop_watch(loop, STDIN_FILENO, EPOLLIN, on_input, &prompt, &source, err))
		return false;
	enum loop_end end = loop_wait(loop, is_answered, &prompt, 0, true);
	loop_unwatch(loop, source);
	if (end == LOOP_INTERRUPTED)
		fputc('\n', stderr);
	return end == LOOP_DONE && strcmp(prompt.answer, "yes\n") == 0;
}

int existing_confirm(const struct plan *plan, struct loop *loop, bool yes, struct err *err)
{
	struct str text = STR_INIT;
	describe(&text, plan);
	if (text.n && !yes && !isatty(STDIN_FILENO)) {
		err_set(err, ERR_USAGE,
			"these clusters are not the collector's own and there is no terminal to "
			"ask at: --yes is expected");
	} else if (text.n && !yes) {
		fprintf(stderr,
			"This will be done to clusters that others may use:\n%sGo on? "
			"[yes/no] ",
			text.s);
		if (!says_yes(loop, err))
			err_set(err, ERR_INTERRUPTED, "not confirmed: nothing was done");
	}
	str_done(&text);
	return err->code;
}
