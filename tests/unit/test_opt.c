#include "lib/opt.h"
#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include <string.h>

static const char *const formats[] = {"table", "json", NULL};

/* What the verb "run" of the program under test got. */
static struct got {
	const char *db, *format;
	bool yes;
	int64_t trials;
	struct opt_list set, args;
} got;

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	const struct opt opts[] = {
		{.name = "db",
		 .letter = 'o',
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "record into FILE",
		 .to = &got.db},
		{.name = "format",
		 .kind = OPT_STRING,
		 .value = "NAME",
		 .help = "lay out as",
		 .to = &got.format,
		 .choices = formats},
		{.name = "trials",
		 .kind = OPT_INT,
		 .value = "N",
		 .help = "trials of each arm",
		 .to = &got.trials,
		 .min = 1,
		 .max = 100},
		{.name = "set",
		 .kind = OPT_LIST,
		 .value = "KEY=VALUE",
		 .help = "change the plan",
		 .to = &got.set},
		{.name = "settle-for-a-long-name",
		 .kind = OPT_FLAG,
		 .help = "long",
		 .to = &got.yes},
		{.name = "yes",
		 .letter = 'y',
		 .kind = OPT_FLAG,
		 .help = "ask nothing",
		 .to = &got.yes},
		OPT_END,
	};
	int r = opt_parse(verb, opts, argc, argv, &got.args, err);

	return r ? r : 1;
}

static const struct opt_verb verbs[] = {
	{.name = "run",
	 .args = "PLAN [--db FILE]",
	 .summary = "Runs a drill.",
	 .text = "More.",
	 .example = "rejoin-x run a.yml\nrejoin-x run b.yml\n",
	 .min_args = 1,
	 .max_args = 2,
	 .run = run},
	{.name = "watch", .args = "", .summary = "Watches.", .max_args = -1, .run = run},
	{0},
};

static const struct opt_program program = {
	.name = "rejoin-x",
	.summary = "Does x.",
	.version = "0.1.0",
	.verbs = verbs,
	.exit_codes = "0  done\n2  usage\n",
};

struct output {
	int code;
	struct capture out, err;
};

/* Runs "rejoin-x WORDS"; words are split at single spaces. */
static struct output *rejoin_x(const char *words)
{
	static struct output o;
	static char line[256];
	char *argv[16] = {line}, *rest;
	int argc = 1;

	vec_done(&got.set);
	vec_done(&got.args);
	got = (struct got){.trials = 30, .format = "table"};
	strcpy(line, words);
	for (char *w = strtok_r(line, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
		argv[argc++] = w;
	capture_begin(&o.out, stdout);
	capture_begin(&o.err, stderr);
	o.code = opt_main(&program, argc, argv);
	capture_end(&o.err);
	capture_end(&o.out);
	return &o;
}

static void options_anywhere(void **state)
{
	(void)state;
	assert_int_equal(
		rejoin_x("run --yes a.yml --trials=7 -o x.db b.yml --set a=1 --set b=2")->code, 1);
	assert_true(got.yes);
	assert_int_equal(got.trials, 7);
	assert_string_equal(got.db, "x.db");
	assert_string_equal(got.format, "table");
	assert_int_equal(got.set.n, 2);
	assert_string_equal(got.set.v[1], "b=2");
	assert_int_equal(got.args.n, 2);
	assert_string_equal(got.args.v[1], "b.yml");
	rejoin_x("run --form json -- --yes");
	assert_string_equal(got.format, "json");
	assert_false(got.yes);
	assert_string_equal(got.args.v[0], "--yes");
}

static void wrong_usage(void **state)
{
	static const char *const table[][2] = {
		{"", "no verb given (see --help)"},
		{"rum", "unknown verb 'rum'; did you mean 'run'?"},
		{"fly", "unknown verb 'fly' (see --help)"},
		{"--yes run", "unknown option --yes before the verb (see --help)"},
		{"run", "missing argument; usage: rejoin-x run PLAN [--db FILE]"},
		{"run a b c d", "too many arguments, from 'c' on"},
		{"run a --fromat x", "unknown option --fromat; did you mean --format?"},
		{"run a --zzzzzz=1", "unknown option --zzzzzz"},
		{"run a -z", "unknown option -z"},
		{"run a --se x", "option --se could be --set or --settle-for-a-long-name"},
		{"run a --yes=1", "option --yes takes no value"},
		{"run a --db", "option --db needs a value (FILE)"},
		{"run a -o", "option --db needs a value (FILE)"},
		{"run a --db=", "--db: empty: FILE is expected"},
		{"run a --format=", "--format: empty: NAME is expected"},
		{"run a --db x --yes --db y", "--db is given twice"},
		{"run a -o x --db=x", "--db is given twice"},
		{"run a --trials 1 --trials 2", "--trials is given twice"},
		{"run a --color never --color always", "--color is given twice"},
		{"run a --trials 0", "--trials: 0 is not in 1..100"},
		{"run a --trials 101", "--trials: 101 is not in 1..100"},
		{"run a --trials 99999999999999999999",
		 "--trials: 99999999999999999999 is not in 1..100"},
		{"run a --trials 7x", "--trials: '7x' is not a whole number"},
		{"run a --trials=", "--trials: '' is not a whole number"},
		{"run a --format xml", "--format: 'xml' is none of table, json"},
		{"run a --color red", "--color: 'red' is none of auto, always, never"},
	};
	char want[256];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct output *o = rejoin_x(table[i][0]);

		snprintf(want, sizeof want, "rejoin-x: error: %s\n", table[i][1]);
		assert_string_equal(o->err.text, want);
		assert_string_equal(o->out.text, "");
		assert_int_equal(o->code, 2);
	}
}

static void help_and_version(void **state)
{
	(void)state;
	assert_int_equal(rejoin_x("--version")->code, 0);
	assert_string_equal(rejoin_x("--version")->out.text, "rejoin-x 0.1.0\n");
	assert_string_equal(rejoin_x("run --version")->out.text, "rejoin-x 0.1.0\n");
	assert_int_equal(rejoin_x("run --help")->code, 0);
	assert_string_equal(rejoin_x("-h")->out.text,
			    "usage: rejoin-x VERB [ARGUMENT...] [OPTION...]\n"
			    "\n"
			    "Does x.\n"
			    "\n"
			    "Verbs:\n"
			    "  run    Runs a drill.\n"
			    "  watch  Watches.\n"
			    "\n"
			    "'rejoin-x VERB --help' explains a verb.\n"
			    "\n"
			    "Exit codes:\n"
			    "  0  done\n"
			    "  2  usage\n");
	assert_string_equal(rejoin_x("run --trials 5 --help")->out.text,
			    "usage: rejoin-x run PLAN [--db FILE]\n"
			    "\n"
			    "Runs a drill.\n"
			    "\n"
			    "More.\n"
			    "\n"
			    "Options:\n"
			    "  -o, --db FILE        record into FILE\n"
			    "      --format NAME    lay out as: table, json [table]\n"
			    "      --trials N       trials of each arm [30]\n"
			    "      --set KEY=VALUE  change the plan\n"
			    "      --settle-for-a-long-name\n"
			    "                       long\n"
			    "  -y, --yes            ask nothing\n"
			    "      --color WHEN     colours on stderr: auto, always, never [auto]\n"
			    "  -q, --quiet          say only warnings and errors\n"
			    "  -h, --help           show this text\n"
			    "      --version        show the version\n"
			    "\n"
			    "Examples:\n"
			    "  rejoin-x run a.yml\n"
			    "  rejoin-x run b.yml\n");
}

static int free_lists(void **state)
{
	(void)state;
	vec_done(&got.set);
	vec_done(&got.args);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_anywhere),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(help_and_version),
	};

	return cmocka_run_group_tests(tests, NULL, free_lists);
}
