#include "lib/opt.h"
#include "lib/log.h"
#include "lib/opt_help.h"
#include "lib/str.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The program that opt_main runs: verbs pass only themselves to opt_parse. */
static const struct opt_program *running;

static const struct opt_program unnamed = {.name = "rejoin", .version = "?"};

static const struct opt_program *program_now(void)
{
	return running ? running : &unnamed;
}

enum { N_COMMON = 4, FIRST_LONG = 256 };

/* What getopt_long needs, made from a verb's table and the options of every verb. */
struct parser {
	const struct opt **opts; /* own, then common */
	struct option *longs;
	const char **names; /* "--name" of each, for hints; ends with NULL */
	bool *given;
	size_t n;
	struct str letters;
};

static void parser_add(struct parser *p, const struct opt *opt)
{
	p->opts[p->n] = opt;
	p->longs[p->n] = (struct option){
		.name = opt->name,
		.has_arg = opt->kind == OPT_FLAG ? no_argument : required_argument,
		.val = FIRST_LONG + (int)p->n,
	};
	p->names[p->n] = opt->name;
	p->n++;
	if (opt->letter)
		str_addf(&p->letters, "%c%s", opt->letter, opt->kind == OPT_FLAG ? "" : ":");
}

static void parser_init(struct parser *p, const struct opt *own, const struct opt *common)
{
	size_t n = N_COMMON;

	while (own[n - N_COMMON].kind != OPT_NONE)
		n++;
	*p = (struct parser){
		.opts = mem_alloc((n + 1) * sizeof *p->opts),
		.longs = mem_alloc((n + 1) * sizeof *p->longs),
		.names = mem_alloc((n + 1) * sizeof *p->names),
		.given = mem_alloc((n + 1) * sizeof *p->given),
	};
	str_add(&p->letters, ":");
	for (; own->kind != OPT_NONE; own++)
		parser_add(p, own);
	for (; common->kind != OPT_NONE; common++)
		parser_add(p, common);
}

static void parser_done(struct parser *p)
{
	free(p->opts);
	free(p->longs);
	free(p->names);
	free(p->given);
	str_done(&p->letters);
}

/* Its place; p->n: there is none. */
static size_t place_of(const struct parser *p, int code)
{
	size_t i = 0;

	if (code >= FIRST_LONG)
		return (size_t)(code - FIRST_LONG);
	while (i < p->n && p->opts[i]->letter != code)
		i++;
	return i;
}

static const struct opt *by_code(const struct parser *p, int code)
{
	size_t i = place_of(p, code);

	return i < p->n ? p->opts[i] : NULL;
}

static int set_int(const struct opt *opt, const char *text, struct err *err)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end)
		return err_set(err, ERR_USAGE, "--%s: '%s' is not a whole number", opt->name, text);
	if (errno || value < opt->min || value > opt->max)
		return err_set(err, ERR_USAGE, "--%s: %s is not in %" PRId64 "..%" PRId64,
			       opt->name, text, opt->min, opt->max);
	*(int64_t *)opt->to = value;
	return 0;
}

static bool is_choice(const struct opt *opt, const char *text)
{
	const char *const *c = opt->choices;

	while (c && *c && strcmp(*c, text) != 0)
		c++;
	return !c || *c;
}

static int set_string(const struct opt *opt, const char *text, struct err *err)
{
	struct str list = STR_INIT;

	if (is_choice(opt, text)) {
		*(const char **)opt->to = text;
		return 0;
	}
	for (const char *const *c = opt->choices; *c; c++)
		str_addf(&list, "%s%s", list.n ? ", " : "", *c);
	err_set(err, ERR_USAGE, "--%s: '%s' is none of %s", opt->name, text, list.s);
	str_done(&list);
	return err->code;
}

static int set_value(const struct opt *opt, const char *text, struct err *err)
{
	switch (opt->kind) {
	case OPT_FLAG:
		*(bool *)opt->to = true;
		return 0;
	case OPT_STRING: /* as "$FILE" is where nobody has set FILE */
		if (!*text)
			return err_set(err, ERR_USAGE, "--%s: empty: %s is expected", opt->name,
				       opt->value);
		return set_string(opt, text, err);
	case OPT_INT:
		return set_int(opt, text, err);
	case OPT_LIST:
		vec_push((struct opt_list *)opt->to, text);
		return 0;
	case OPT_NONE:
		break;
	}
	abort();
}

/* Of two values one would be passed over without a word. */
static int set_once(struct parser *p, size_t i, const char *text, struct err *err)
{
	const struct opt *opt = p->opts[i];

	if (p->given[i] && (opt->kind == OPT_STRING || opt->kind == OPT_INT))
		return err_set(err, ERR_USAGE, "--%s is given twice", opt->name);
	p->given[i] = true;
	return set_value(opt, text, err);
}

/* getopt_long says only that it does not know a word: find out what is wrong with it. */
static int unknown_option(const struct parser *p, const char *word, struct err *err)
{
	char *name = mem_strndup(word + 2, strcspn(word + 2, "="));
	const char *nearest, *first = NULL, *second = NULL;

	for (size_t i = 0; i < p->n; i++) {
		if (!str_starts(p->names[i], name))
			continue;
		if (!first)
			first = p->names[i];
		else if (!second)
			second = p->names[i];
	}
	nearest = str_nearest(name, p->names);
	if (second)
		err_set(err, ERR_USAGE, "option --%s could be --%s or --%s", name, first, second);
	else if (nearest)
		err_set(err, ERR_USAGE, "unknown option --%s; did you mean --%s?", name, nearest);
	else
		err_set(err, ERR_USAGE, "unknown option --%s", name);
	free(name);
	return err->code;
}

static int bad_option(const struct parser *p, int code, const char *word, struct err *err)
{
	const struct opt *opt = by_code(p, optopt);

	if (code == ':')
		return err_set(err, ERR_USAGE, "option --%s needs a value (%s)", opt->name,
			       opt->value);
	if (!optopt)
		return unknown_option(p, word, err);
	if (opt)
		return err_set(err, ERR_USAGE, "option --%s takes no value", opt->name);
	return err_set(err, ERR_USAGE, "unknown option -%c", optopt);
}

/* Calls getopt_long until it has seen every word. Leaves the positional ones at argv + optind. */
static int parse_words(struct parser *p, int argc, char **argv, struct err *err)
{
	int code;

	opterr = 0;
	optind = 0; /* glibc: start anew, and forget the previous command line */
	while ((code = getopt_long(argc, argv, p->letters.s, p->longs, NULL)) != -1) {
		if (code == '?' || code == ':') {
			if (bad_option(p, code, argv[optind - 1], err))
				return err->code;
		} else if (set_once(p, place_of(p, code), optarg, err)) {
			return err->code;
		}
	}
	return 0;
}

static int take_args(const struct opt_verb *verb, int argc, char **argv, struct opt_list *ret_args,
		     struct err *err)
{
	int n = argc - optind;

	if (n < verb->min_args)
		return err_set(err, ERR_USAGE, "missing argument; usage: %s %s %s",
			       program_now()->name, verb->name, verb->args);
	if (verb->max_args >= 0 && n > verb->max_args)
		return err_set(err, ERR_USAGE, "too many arguments, from '%s' on",
			       argv[optind + verb->max_args]);
	for (int i = optind; i < argc; i++) {
		if (!*argv[i])
			return err_set(err, ERR_USAGE, "an argument is empty; usage: %s %s %s",
				       program_now()->name, verb->name, verb->args);
		vec_push(ret_args, argv[i]);
	}
	return 0;
}

static void print_version(void)
{
	printf("%s %s\n", program_now()->name, program_now()->version);
}

struct common {
	const char *color;
	bool quiet, help, version;
};

static void common_opts(struct common *c, struct opt ret_opts[N_COMMON + 1])
{
	static const char *const whens[] = {"auto", "always", "never", NULL};

	*c = (struct common){.color = "auto"};
	ret_opts[0] = (struct opt){.name = "color", .kind = OPT_STRING, .value = "WHEN"};
	ret_opts[0].help = "colours on stderr";
	ret_opts[0].to = &c->color;
	ret_opts[0].choices = whens;
	ret_opts[1] = (struct opt){.name = "quiet", .letter = 'q', .kind = OPT_FLAG};
	ret_opts[1].help = "say only warnings and errors";
	ret_opts[1].to = &c->quiet;
	ret_opts[2] = (struct opt){.name = "help", .letter = 'h', .kind = OPT_FLAG};
	ret_opts[2].help = "show this text";
	ret_opts[2].to = &c->help;
	ret_opts[3] = (struct opt){.name = "version", .kind = OPT_FLAG};
	ret_opts[3].help = "show the version";
	ret_opts[3].to = &c->version;
	ret_opts[4] = (struct opt)OPT_END;
}

static enum log_color color_of(const char *when)
{
	if (strcmp(when, "auto") == 0)
		return LOG_COLOR_AUTO;
	return strcmp(when, "never") == 0 ? LOG_COLOR_NEVER : LOG_COLOR_ALWAYS;
}

int opt_parse(const struct opt_verb *verb, const struct opt *opts, int argc, char **argv,
	      struct opt_list *ret_args, struct err *err)
{
	struct opt common_table[N_COMMON + 1];
	struct common common;
	struct str text = STR_INIT;
	struct parser p;
	int r;

	common_opts(&common, common_table);
	/* Before parsing: afterwards the variables no longer hold their defaults. */
	opt_help_verb(&text, program_now(), verb, opts, common_table);
	parser_init(&p, opts, common_table);
	r = parse_words(&p, argc, argv, err);
	parser_done(&p);
	if (!r && common.help)
		fputs(text.s, stdout);
	else if (!r && common.version)
		print_version();
	str_done(&text);
	if (r)
		return r;
	if (common.help || common.version)
		return OPT_HANDLED;
	log_init(program_now()->name, color_of(common.color), common.quiet);
	return take_args(verb, argc, argv, ret_args, err);
}

static const struct opt_verb *find_verb(const struct opt_program *program, const char *name,
					struct err *err)
{
	VEC(const char *) names = {0};
	const struct opt_verb *verb;
	const char *nearest;

	for (verb = program->verbs; verb->name; verb++) {
		if (strcmp(verb->name, name) == 0)
			break;
		vec_push(&names, verb->name);
	}
	vec_push(&names, NULL);
	nearest = str_nearest(name, names.v);
	vec_done(&names);
	if (verb->name)
		return verb;
	if (name[0] == '-')
		err_set(err, ERR_USAGE, "unknown option %s before the verb (see --help)", name);
	else if (nearest)
		err_set(err, ERR_USAGE, "unknown verb '%s'; did you mean '%s'?", name, nearest);
	else
		err_set(err, ERR_USAGE, "unknown verb '%s' (see --help)", name);
	return NULL;
}

/* What is asked of the program itself. True: that was all. */
static bool program_option(const struct opt_program *program, const char *word)
{
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
		struct str text = STR_INIT;

		opt_help_program(&text, program);
		fputs(text.s, stdout);
		str_done(&text);
		return true;
	}
	if (strcmp(word, "--version") == 0) {
		print_version();
		return true;
	}
	return false;
}

static int run_verb(const struct opt_program *program, int argc, char **argv, struct err *err)
{
	const struct opt_verb *verb;

	if (argc < 2)
		return err_set(err, ERR_USAGE, "no verb given (see --help)");
	if (program_option(program, argv[1]))
		return 0;
	verb = find_verb(program, argv[1], err);
	return verb ? verb->run(verb, argc - 1, argv + 1, err) : err->code;
}

/* A file or connection that got the number of a closed standard stream would be written into by
 * whatever is said there. What is opened in its place fails as a closed one does. */
static void fill_closed_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			return; /* nothing else can be opened either */
}

int opt_main(const struct opt_program *program, int argc, char **argv)
{
	struct err err = ERR_INIT;
	int r;

	fill_closed_streams();
	running = program;
	log_init(program->name, LOG_COLOR_AUTO, false);
	r = run_verb(program, argc, argv, &err);
	if (r == OPT_HANDLED)
		r = 0;
	/* A full disk or a closed pipe must not look like success. */
	if ((fflush(stdout) || ferror(stdout)) && r >= 0)
		r = err_set(&err, ERR_ENV, "cannot write to standard output");
	log_status("%s", "");
	if (r < 0)
		log_error("%s", err.text);
	return err_exit_code(r);
}
