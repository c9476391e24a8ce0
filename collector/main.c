#include "collector/verbs.h"

static const struct opt_verb verbs[] = {
	{
		.name = "run",
		.args = "PLAN | --driver docker --hosts URL,URL,... [--db FILE] [--resume]",
		.summary = "Runs the drills of a plan and records them.",
		.text = "Stops the elected master, watches the others agree on a new one, brings "
			"it back and\n"
			"watches it rejoin. Interrupting heals first. Keys of a plan: "
			"data/plans/README.md.\n",
		.example =
			"rejoin-collector run data/plans/demo.yml --db drill.sqlite\n"
			"rejoin-collector run data/plans/demo.yml --set trials=10 --resume\n"
			"rejoin-collector run --driver docker --trials 10 --hosts \\\n"
			"    http://localhost:9200,http://localhost:9201,http://localhost:9202\n",
		.min_args = 0,
		.max_args = 1,
		.run = verb_run,
	},
	{
		.name = "check",
		.args = "PLAN [--set KEY=VALUE]...",
		.summary = "Shows what a plan would do, and touches nothing.",
		.text = "Clusters, faults, the quorum that each leaves, the order of the trials "
			"and the\n"
			"time they need.\n",
		.example = "rejoin-collector check data/plans/demo.yml\n"
			   "rejoin-collector check data/plans/demo.yml --set trials=30\n",
		.min_args = 1,
		.max_args = 1,
		.run = verb_check,
	},
	{
		.name = "watch",
		.args = "--hosts URL,URL,... [--db FILE] [--for TIME]",
		.summary = "Records what others do to a cluster, and does nothing to it.",
		.text = "An upgrade, an incident: whatever happens becomes a trial, and so does "
			"each "
			"hour in\n"
			"which nothing did. Ends on ^C or after --for.\n",
		.example = "rejoin-collector watch --for 2h --db upgrade.sqlite --hosts \\\n"
			   "    http://es1:9200,http://es2:9200,http://es3:9200\n",
		.min_args = 0,
		.max_args = 0,
		.run = verb_watch,
	},
	{
		.name = "heal",
		.args = "DB",
		.summary = "Brings back whatever an interrupted run left undone.",
		.text = "Reads from the recording what was stopped and not brought back, and "
			"undoes it.\n"
			"Doing it twice is harmless.\n",
		.example = "rejoin-collector heal drill.sqlite\n",
		.min_args = 1,
		.max_args = 1,
		.run = verb_heal,
	},
	{
		.name = "sign",
		.args = "DB [--name NAME [--decision DECISION] [--comment TEXT]] [--key FILE]",
		.summary = "Signs a recorded study off: who stands for its result.",
		.text = "Adds to the recording who accepts or rejects it, when, and why. It stays "
			"with the\n"
			"head of the seal that was signed; nothing is ever changed or removed.\n"
			"--key signs that head itself; 'rejoin-report verify --key' checks it. A "
			"study that is\n"
			"signed with another key is refused.\n",
		.example = "rejoin-collector sign drill.sqlite --name 'A. Person' --decision "
			   "accepted\n"
			   "rejoin-collector sign drill.sqlite --name 'A. Person' --comment 'see "
			   "CHG-17'\n"
			   "rejoin-collector sign drill.sqlite --key seal.key\n",
		.min_args = 1,
		.max_args = 1,
		.run = verb_sign,
	},
	{.name = NULL},
};

int main(int argc, char **argv)
{
	const struct opt_program program = {
		.name = "rejoin-collector",
		.summary = "Records failover drills: stops the elected master of a cluster, "
			   "watches the\n"
			   "re-election and the rejoin, again and again.",
		.version = REJOIN_VERSION,
		.verbs = verbs,
		.exit_codes = "0  done\n"
			      "1  done, but a trial failed, or limits.max_downtime ended the run\n"
			      "2  the command line or the plan is wrong\n"
			      "3  the machine, the cluster or a file cannot be used\n"
			      "4  interrupted; everything is healed\n"
			      "5  something could not be healed; it says what, and what to do\n",
	};

	return opt_main(&program, argc, argv);
}
