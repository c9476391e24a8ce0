/* check: what a plan would do, in words. Reads the plan and nothing else. */
#include "collector/plan.h"
#include "collector/plan_value.h"
#include "collector/schedule.h"
#include "collector/verbs.h"
#include "lib/clock.h"
#include "lib/str.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What a stop, an election and a restarted node took on a small machine with five nodes. Only for
 * the estimate. */
enum { TRIAL_S = 20, START_S = 40, SHOWN_SLOTS = 10 };

static void print_size(int64_t bytes)
{
	struct str text = STR_INIT;

	plan_value_add_size(&text, bytes);
	fputs(text.s, stdout);
	str_done(&text);
}

static void print_duration(const char *label, int64_t ns)
{
	struct str text = STR_INIT;

	plan_value_add_duration(&text, ns);
	printf("%s %s", label, text.s);
	str_done(&text);
}

static void print_record(const struct plan_record *record)
{
	const struct {
		const char *label, *text;
	} facts[] = {{"objective", record->objective}, {"hypothesis", record->hypothesis},
		     {"scope", record->scope}, {"environment", record->environment},
		     {
			     "operator",
			     record->operator},
			     {"approver", record->approver},
			     {"ticket", record->ticket},
			     {"remarks", record->remarks},
	};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (facts[i].text)
			printf("%-12s %s\n", facts[i].label, facts[i].text);
	if (record->rto_ns) {
		print_duration("RTO         ", record->rto_ns);
		printf("\n");
	}
}

static void print_head(const struct plan *plan)
{
	printf("study        %s\n", plan->study_name);
	print_record(&plan->record);
	printf("plan         %s, SHA-256 %s\n", plan->file, plan->sha256);
	if (plan->home) {
		printf("driver       %s, %s, heap ", plan->driver, plan->home);
		print_size(plan->heap_bytes);
		printf(" a node\n");
	} else {
		printf("driver       %s%s\n", plan->driver,
		       plan->access.insecure ? "; certificates are NOT checked" : "");
	}
	print_duration("poll        ", plan->poll_fast_ns);
	print_duration(" until all agree,", plan->poll_rejoin_ns);
	print_duration(" until whole again,", plan->poll_idle_ns);
	print_duration(" else; time-out", plan->poll_timeout_ns);
	if (plan->write_probe_ns)
		print_duration("\nprobe        a document is written every", plan->write_probe_ns);
	print_duration("\nlimits       start", plan->limit_start_ns);
	print_duration(", gate", plan->limit_gate_ns);
	print_duration(", re-election", plan->limit_reelection_ns);
	print_duration(", rejoin", plan->limit_rejoin_ns);
	print_duration(", noop", plan->limit_noop_ns);
	printf("\n");
}

static void print_cluster(const struct plan_cluster *c)
{
	int voters = plan_voters(c->master_eligible);

	printf("  %s: %d nodes, ", c->label, c->n_nodes);
	if (c->master_eligible == c->n_nodes)
		printf("all master-eligible");
	else
		printf("the first %d master-eligible, the other %d not", c->master_eligible,
		       c->n_nodes - c->master_eligible);
	printf("; %d vote", voters);
	if (voters < c->master_eligible)
		printf(" (one is left out, but can be elected)");
	printf(", quorum %d\n", plan_quorum(voters));
	for (size_t i = 0; i < c->hosts.n; i++)
		printf("    %s\n", c->hosts.v[i].url);
	if (c->n_indices)
		printf("    %" PRId64 " small indices\n", c->n_indices);
	for (size_t i = 0; i < c->settings.n; i++)
		printf("    %s: %s\n", c->settings.v[i].key, c->settings.v[i].value);
}

/* What is done to which nodes: "kill the master", "cut off 2 nodes, voters first". */
static void print_deed(const struct plan_arm *arm, int masters)
{
	int n = plan_target_count(arm->target, masters);
	const char *fault = plan_fault_names[arm->fault];

	if (arm->target == TARGET_CASCADE)
		printf("%s the master, again and again until there is none", fault);
	else if (arm->target == TARGET_MASTER || n == 1)
		printf("%s %s", fault,
		       arm->target == TARGET_NON_MASTER ? "a node that is not the master"
		       : arm->target == TARGET_RANDOM	? "any node"
							: "the master");
	else
		printf("%s %d nodes at once, the master and other voters first", fault, n);
}

static void print_quorum(const struct plan *plan, const struct plan_arm *arm)
{
	int masters = plan->clusters.v[arm->cluster].master_eligible;
	int voters = plan_voters(masters), n = plan_target_count(arm->target, masters);
	int left = n < voters ? voters - n : 0;

	if (arm->fault == FAULT_NOOP)
		printf("; nothing is done: every node is only watched\n");
	else if (arm->fault == FAULT_PARTITION)
		printf("; the side with at least %d of %d voters goes on\n", plan_quorum(voters),
		       voters);
	else if (arm->target == TARGET_CASCADE)
		printf("; in the end the quorum IS LOST\n");
	else
		printf("; leaves %d of %d voters, quorum %d %s\n", left, voters,
		       plan_quorum(voters), plan_loses_quorum(plan, arm) ? "IS LOST" : "holds");
}

static void print_arm(const struct plan *plan, size_t i)
{
	const struct plan_arm *arm = &plan->arms.v[i];
	const struct plan_cluster *c = &plan->clusters.v[arm->cluster];

	printf("  %zu. %s: ", i + 1, c->label);
	print_deed(arm, c->master_eligible);
	printf("; %" PRId64 " trial%s", plan->trials, plan->trials == 1 ? "" : "s");
	if (plan->warmup)
		printf(" after %" PRId64 " warm-up%s", plan->warmup, plan->warmup == 1 ? "" : "s");
	print_quorum(plan, arm);
}

static void print_order(const struct plan *plan, const schedule *slots)
{
	printf("order (%s, seed %" PRId64 ", %zu trial%s)\n",
	       plan->interleave ? "interleaved" : "arm after arm", plan->seed, slots->n,
	       slots->n == 1 ? "" : "s");
	for (size_t i = 0; i < slots->n && i < SHOWN_SLOTS; i++) {
		const struct schedule_slot *slot = &slots->v[i];
		const struct plan_arm *arm = &plan->arms.v[slot->arm];

		printf("  %" PRId64 ". block %" PRId64 ", %s, %s, target %s%s\n", slot->position,
		       slot->block, plan->clusters.v[arm->cluster].label,
		       plan_fault_names[arm->fault], plan_target_names[arm->target],
		       slot->warmup ? ", warm-up" : "");
	}
	if (slots->n > SHOWN_SLOTS)
		printf("  ... and %zu more\n", slots->n - SHOWN_SLOTS);
}

static int64_t count_starts(const struct plan *plan, const schedule *slots)
{
	int64_t n = 0;
	int open = -1;

	for (size_t i = 0; i < slots->n; i++) {
		int cluster = plan->arms.v[slots->v[i].arm].cluster;

		n += cluster != open;
		open = cluster;
	}
	return n;
}

/* In double: an hour's pause times the most trials a plan may have is more than an int64_t of ns.
 */
static void print_time(const struct plan *plan, const schedule *slots)
{
	int64_t starts = count_starts(plan, slots);
	double seconds = (double)starts * START_S;

	for (size_t i = 0; i < slots->n; i++)
		seconds += TRIAL_S + (double)(plan->pause_between_ns + slots->v[i].jitter_ns) /
					     (double)NS_PER_S;
	printf("time         about %.0f min: %zu trial%s of about %d s and pauses, %" PRId64
	       " cluster start%s of about %d s\n",
	       seconds < 60 ? 1 : seconds / 60, slots->n, slots->n == 1 ? "" : "s", TRIAL_S, starts,
	       starts == 1 ? "" : "s", START_S);
}

static void print_plan(const struct plan *plan)
{
	schedule slots;

	schedule_make(plan, &slots);
	print_head(plan);
	print_time(plan, &slots);
	printf("\nclusters\n");
	for (size_t i = 0; i < plan->clusters.n; i++)
		print_cluster(&plan->clusters.v[i]);
	printf("\narms\n");
	for (size_t i = 0; i < plan->arms.n; i++)
		print_arm(plan, i);
	printf("\n");
	print_order(plan, &slots);
	vec_done(&slots);
}

int verb_check(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	struct opt_list args = {0}, sets = {0};
	const struct opt opts[] = {{.name = "set",
				    .kind = OPT_LIST,
				    .value = "KEY=VALUE",
				    .help = "puts a value over the plan's; may be given again",
				    .to = &sets},
				   OPT_END};
	struct plan *plan;
	int code = opt_parse(verb, opts, argc, argv, &args, err);

	if (!code)
		code = plan_read(args.v[0], sets.v, sets.n, &plan, err);
	if (!code) {
		code = plan_can_run(plan, err);
		if (!code)
			print_plan(plan);
		plan_free(plan);
	}
	vec_done(&args);
	vec_done(&sets);
	return code;
}
