#include "lib/opt_help.h"
#include <inttypes.h>
#include <string.h>

enum { LEFT_MAX = 26 }; /* a longer left column puts the help on a line of its own */

static int left_width(const struct opt *opt)
{
	size_t n = strlen("  -x, --") + strlen(opt->name);

	return (int)(n + (opt->value ? 1 + strlen(opt->value) : 0));
}

static int widest(const struct opt *opts, int width)
{
	for (; opts->kind != OPT_NONE; opts++) {
		int n = left_width(opts);

		if (n > width && n <= LEFT_MAX)
			width = n;
	}
	return width;
}

static void add_choices(struct str *text, const struct opt *opt)
{
	const char *before = ": ";

	for (const char *const *c = opt->choices; c && *c; c++, before = ", ")
		str_addf(text, "%s%s", before, *c);
}

static void add_default(struct str *text, const struct opt *opt)
{
	/* a number outside of what may be given means "not given" */
	if (opt->kind == OPT_INT && *(const int64_t *)opt->to >= opt->min &&
	    *(const int64_t *)opt->to <= opt->max)
		str_addf(text, " [%" PRId64 "]", *(const int64_t *)opt->to);
	else if (opt->kind == OPT_STRING && *(const char *const *)opt->to)
		str_addf(text, " [%s]", *(const char *const *)opt->to);
}

static void add_options(struct str *text, const struct opt *opts, int width)
{
	for (; opts->kind != OPT_NONE; opts++) {
		int left = left_width(opts);

		if (opts->letter)
			str_addf(text, "  -%c, --%s", opts->letter, opts->name);
		else
			str_addf(text, "      --%s", opts->name);
		if (opts->value)
			str_addf(text, " %s", opts->value);
		if (left > width)
			str_addf(text, "\n%*s", width, "");
		else
			str_addf(text, "%*s", width - left, "");
		str_addf(text, "  %s", opts->help);
		add_choices(text, opts);
		add_default(text, opts);
		str_add(text, "\n");
	}
}

/* Each line of lines, moved in by two. */
static void add_indented(struct str *text, const char *lines)
{
	while (*lines) {
		size_t n = strcspn(lines, "\n");

		if (n)
			str_addf(text, "  %.*s", (int)n, lines);
		str_add(text, "\n");
		lines += n + (lines[n] == '\n');
	}
}

void opt_help_verb(struct str *ret_text, const struct opt_program *program,
		   const struct opt_verb *verb, const struct opt *own, const struct opt *common)
{
	int width = widest(own, widest(common, 0));

	str_addf(ret_text, "usage: %s %s", program->name, verb->name);
	if (verb->args)
		str_addf(ret_text, " %s", verb->args);
	str_addf(ret_text, "\n\n%s\n", verb->summary);
	if (verb->text) {
		str_addf(ret_text, "\n%s", verb->text);
		if (ret_text->s[ret_text->n - 1] != '\n')
			str_add(ret_text, "\n");
	}
	str_add(ret_text, "\nOptions:\n");
	add_options(ret_text, own, width);
	add_options(ret_text, common, width);
	if (verb->example) {
		str_add(ret_text, "\nExamples:\n");
		add_indented(ret_text, verb->example);
	}
}

void opt_help_program(struct str *ret_text, const struct opt_program *program)
{
	const struct opt_verb *verb;
	int width = 0;

	for (verb = program->verbs; verb->name; verb++)
		if ((int)strlen(verb->name) > width)
			width = (int)strlen(verb->name);
	str_addf(ret_text, "usage: %s VERB [ARGUMENT...] [OPTION...]\n\n%s\n\nVerbs:\n",
		 program->name, program->summary);
	for (verb = program->verbs; verb->name; verb++)
		str_addf(ret_text, "  %-*s  %s\n", width, verb->name, verb->summary);
	str_addf(ret_text, "\n'%s VERB --help' explains a verb.\n", program->name);
	if (program->exit_codes) {
		str_add(ret_text, "\nExit codes:\n");
		add_indented(ret_text, program->exit_codes);
	}
}
