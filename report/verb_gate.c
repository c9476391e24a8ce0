#include "lib/str.h"
#include "report/gate.h"
#include "report/output.h"
#include "report/verbs.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct request {
	const char *path, *format, *junit;
	struct selection selection;
	struct opt_list texts;
};

static int parse_all(const struct request *request, struct requirement *ret, struct err *err)
{
	if (!request->texts.n)
		return err_set(err, ERR_USAGE,
			       "gate needs --require, as in --require 'reelection.p95<5s'");
	for (size_t i = 0; i < request->texts.n; i++)
		if (requirement_parse(request->texts.v[i], &ret[i], err))
			return err->code;
	return 0;
}

static int fill_junit(void *arg, const char *temp, const char *folder, struct err *err)
{
	const struct str *text = arg;
	FILE *file = fopen(temp, "w");
	bool failed = !file || fwrite(text->s, 1, text->n, file) != text->n;

	(void)folder;
	if (file)
		failed |= fclose(file) != 0;
	return failed ? err_set(err, ERR_ENV, "%s", strerror(errno)) : 0;
}

static int write_junit(const char *path, const struct recording *recording, const struct gate *gate,
		       struct err *err)
{
	struct str text = STR_INIT;

	gate_print_junit(recording, gate, &text);
	output_write(path, fill_junit, &text, err);
	str_done(&text);
	return err->code;
}

static void print(const struct recording *recording, const struct gate *gate, const char *format)
{
	struct str text = STR_INIT;

	if (strcmp(format, "json") == 0)
		gate_print_json(recording, gate, &text);
	else
		gate_print(recording, gate, &text);
	fputs(text.s, stdout);
	str_done(&text);
}

/* 0: the gate holds, 1: it does not. */
static int check(const struct request *request, const struct requirement *requirements,
		 struct err *err)
{
	struct recording recording = {0};
	struct gate gate;
	int r;

	if (recording_open(request->path, &request->selection, &recording, err))
		return err->code;
	gate_make(&recording, requirements, request->texts.n, &gate);
	r = gate_holds(&gate) ? 0 : 1;
	if (request->junit && write_junit(request->junit, &recording, &gate, err))
		r = err->code;
	else
		print(&recording, &gate, request->format);
	gate_done(&gate);
	recording_close(&recording);
	return r;
}

static int run(const struct opt_verb *verb, int argc, char **argv, struct err *err)
{
	static const char *const formats[] = {"table", "json", NULL};
	struct request request = {.format = "table"};
	const struct opt opts[] = {
		{.name = "require",
		 .kind = OPT_LIST,
		 .value = "REQUIREMENT",
		 .help = "what must hold of every group",
		 .to = &request.texts},
		SELECTION_GROUPS(&request.selection),
		SELECTION_COUNT(&request.selection),
		{.name = "junit",
		 .kind = OPT_STRING,
		 .value = "FILE",
		 .help = "write the verdicts as JUnit XML too",
		 .to = &request.junit},
		FORMAT_OPT(formats, &request.format),
		OPT_END,
	};
	struct requirement *requirements = NULL;
	struct opt_list args = {0};
	int r = opt_parse(verb, opts, argc, argv, &args, err);

	if (!r) {
		request.path = args.v[0];
		requirements = mem_alloc((request.texts.n + 1) * sizeof *requirements);
		r = parse_all(&request, requirements, err);
	}
	if (!r && request.junit)
		r = output_check(request.junit, request.path, "gate needs --junit FILE", err);
	if (!r)
		r = check(&request, requirements, err);
	free(requirements);
	vec_done(&request.texts);
	vec_done(&args);
	return r;
}

const struct opt_verb verb_gate = {
	.name = "gate",
	.args = "DB --require REQUIREMENT... [--by FACTORS] [--junit FILE]",
	.summary = "Checks a recording against limits: passed, failed or undecided.",
	.text = "REQUIREMENT: METRIC.FIGURE or COUNT, then < <= > >= or =, then a number. FIGURE: "
		"min,\n"
		"p25, median, p75, p90, p95, p99, max, with a unit: ms, s, m. COUNT: failed (every "
		"trial\n"
		"that did not recover, in a summary \"not recovered\"), censored (of these: ran "
		"into a limit),\n"
		"contested, lost_writes, n, incidents, false_changes; the first three also as a "
		"share, with %.\n"
		"\n"
		"Undecided: the limit lies within the 95 % interval, or the trials are too few for "
		"one.\n"
		"Exit code 0 if all pass, else 1; JUnit counts undecided as failed.\n",
	.example =
		"rejoin-report gate drill.sqlite --require 'reelection.p95<5s' --by size\n"
		"rejoin-report gate drill.sqlite --require 'failed=0' --require 'contested<=20%'\n",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
