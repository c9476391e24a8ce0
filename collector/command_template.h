/* command_template: what a plan says under cluster.command, and what is put into it.
 *
 * A template is a list of arguments, or one text for a shell. In each text {node}, {host}, {port},
 * {pid}, {others} and {since} stand for values; {{ and }} are braces. Pure: text in, text out. */
#ifndef REJOIN_COLLECTOR_COMMAND_TEMPLATE_H
#define REJOIN_COLLECTOR_COMMAND_TEMPLATE_H

#include "collector/plan.h"
#include "lib/str.h"

/* In the order of the plan's keys. */
enum command_template {
	TEMPLATE_STOP,
	TEMPLATE_KILL,
	TEMPLATE_PAUSE,
	TEMPLATE_RESUME,
	TEMPLATE_START,
	TEMPLATE_CUT,
	TEMPLATE_MEND,
	TEMPLATE_STATUS,
	TEMPLATE_LOGS,
	N_TEMPLATES
};
extern const char *const command_template_names[N_TEMPLATES]; /* "stop", ... */
const plan_texts *command_texts(const struct plan_command *command, enum command_template which);

enum command_word {
	WORD_NODE,   /* node.name */
	WORD_HOST,   /* of the node's URL, without the brackets of an IPv6 address */
	WORD_PORT,   /* of the node's URL */
	WORD_PID,    /* the first number that the status template printed */
	WORD_OTHERS, /* of cut: the hosts on the other side; of mend: all other hosts */
	WORD_SINCE,  /* of logs: an instant, RFC 3339 in UTC */
	N_WORDS
};

/* The words that a text uses, as bits (1U << word). An unknown one, or a brace alone: ERR_USAGE. */
int command_words(const char *text, unsigned *ret_words, struct err *err);
/* May the text stand in that template? Else ERR_USAGE. */
int command_check_text(const struct plan_command *command, enum command_template which,
		       const char *text, struct err *err);
/* The templates that the fault needs and the plan lacks, "start, stop"; false: none. */
bool command_missing(const struct plan_command *command, enum plan_fault fault,
		     struct str *ret_names);
/* All of it: ERR_USAGE with the key and what is wrong with it. */
int command_check(const struct plan *plan, struct err *err);

/* Adds the text with its words filled in. for_shell: values are quoted for sh where they need it,
 * each of the others by itself. */
void command_fill(const char *text, const char *const values[N_WORDS], bool for_shell,
		  struct str *ret_text);
/* Can the value go through any number of shells as it is? Others reach a shell at the far end of
 * ssh, or inside of quotes of the plan's, where no quoting of ours holds. */
bool command_is_plain(const char *value);

#endif
