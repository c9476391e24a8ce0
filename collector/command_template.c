#include "collector/command_template.h"
#include <string.h>

const char *const command_template_names[N_TEMPLATES] = {
	[TEMPLATE_STOP] = "stop",     [TEMPLATE_KILL] = "kill",	    [TEMPLATE_PAUSE] = "pause",
	[TEMPLATE_RESUME] = "resume", [TEMPLATE_START] = "start",   [TEMPLATE_CUT] = "cut",
	[TEMPLATE_MEND] = "mend",     [TEMPLATE_STATUS] = "status", [TEMPLATE_LOGS] = "logs",
};

static const char *const word_names[N_WORDS] = {
	[WORD_NODE] = "node", [WORD_HOST] = "host",	[WORD_PORT] = "port",
	[WORD_PID] = "pid",   [WORD_OTHERS] = "others", [WORD_SINCE] = "since",
};

#define WORD(word) (1U << (word))
#define ALWAYS (WORD(WORD_NODE) | WORD(WORD_HOST) | WORD(WORD_PORT))

static const unsigned allowed[N_TEMPLATES] = {
	[TEMPLATE_STOP] = ALWAYS | WORD(WORD_PID),
	[TEMPLATE_KILL] = ALWAYS | WORD(WORD_PID),
	[TEMPLATE_PAUSE] = ALWAYS | WORD(WORD_PID),
	[TEMPLATE_RESUME] = ALWAYS | WORD(WORD_PID),
	[TEMPLATE_START] = ALWAYS,
	[TEMPLATE_CUT] = ALWAYS | WORD(WORD_PID) | WORD(WORD_OTHERS),
	[TEMPLATE_MEND] = ALWAYS | WORD(WORD_PID) | WORD(WORD_OTHERS),
	[TEMPLATE_STATUS] = ALWAYS,
	[TEMPLATE_LOGS] = ALWAYS | WORD(WORD_SINCE),
};

const plan_texts *command_texts(const struct plan_command *command, enum command_template which)
{
	const plan_texts *const texts[N_TEMPLATES] = {
		[TEMPLATE_STOP] = &command->stop,   [TEMPLATE_KILL] = &command->kill,
		[TEMPLATE_PAUSE] = &command->pause, [TEMPLATE_RESUME] = &command->resume,
		[TEMPLATE_START] = &command->start, [TEMPLATE_CUT] = &command->cut,
		[TEMPLATE_MEND] = &command->mend,   [TEMPLATE_STATUS] = &command->status,
		[TEMPLATE_LOGS] = &command->logs,
	};

	return texts[which];
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A piece of a text: a word, or plain bytes. */
struct piece {
	int word; /* -1: none */
	const char *s;
	size_t n;
};

static int find_word(const char *s, size_t n)
{
	for (int i = 0; i < N_WORDS; i++)
		if (strlen(word_names[i]) == n && memcmp(word_names[i], s, n) == 0)
			return i;
	return -1;
}

/* Takes the next piece off *text; false: its end, or a brace that means nothing (**text tells). */
static bool next_piece(const char **text, struct piece *piece)
{
	const char *s = *text;
	size_t n = strcspn(s, "{}");

	*piece = (struct piece){.word = -1, .s = s, .n = n};
	if (n == 0 && s[0] && s[0] == s[1]) { /* {{ or }} */
		piece->n = 1;
		*text += 2;
		return true;
	}
	if (n == 0 && s[0] == '{') {
		piece->n = strcspn(s + 1, "{}");
		piece->word = find_word(s + 1, piece->n);
		if (s[1 + piece->n] != '}' || piece->word < 0)
			return false;
		n = piece->n + 2;
	}
	*text += n;
	return n > 0;
}

static void add_words(struct str *text, unsigned words)
{
	for (int i = 0, n = 0; i < N_WORDS; i++)
		if (words & WORD(i))
			str_addf(text, "%s{%s}", n++ ? ", " : "", word_names[i]);
}

static int unknown_word(const char *at, struct err *err)
{
	size_t n = strcspn(at + 1, "{}");
	struct str known = STR_INIT;

	add_words(&known, WORD(N_WORDS) - 1);
	if (at[0] == '{' && at[1 + n] == '}' && n <= 40)
		err_set(err, ERR_USAGE, "{%.*s}: one of %s is expected, or {{ for a brace", (int)n,
			at + 1, known.s);
	else
		err_set(err, ERR_USAGE, "%c: {{ or }} is expected for a brace", at[0]);
	str_done(&known);
	return err->code;
}

int command_words(const char *text, unsigned *ret_words, struct err *err)
{
	struct piece piece;

	*ret_words = 0;
	while (next_piece(&text, &piece))
		if (piece.word >= 0)
			*ret_words |= WORD(piece.word);
	return *text ? unknown_word(text, err) : 0;
}

int command_check_text(const struct plan_command *command, enum command_template which,
		       const char *text, struct err *err)
{
	struct str names = STR_INIT;
	unsigned words = 0;

	if (command_words(text, &words, err))
		return err->code;
	add_words(&names, words & ~allowed[which]);
	if (names.n)
		err_set(err, ERR_USAGE, "%s is not known there", names.s);
	else if (words & WORD(WORD_PID) && !command->status.n)
		err_set(err, ERR_USAGE, "{pid} is what status prints: a status is expected");
	str_done(&names);
	return err->code;
}

/* ---- what a plan lacks ----------------------------------------------------------------------- */

static const struct {
	enum command_template does, undoes;
} needs[N_FAULTS] = {
	[FAULT_STOP] = {TEMPLATE_STOP, TEMPLATE_START},
	[FAULT_KILL] = {TEMPLATE_KILL, TEMPLATE_START},
	[FAULT_PAUSE] = {TEMPLATE_PAUSE, TEMPLATE_RESUME},
	[FAULT_PARTITION] = {TEMPLATE_CUT, TEMPLATE_MEND},
	[FAULT_HANDOVER] = {TEMPLATE_STOP, TEMPLATE_START},
};

bool command_missing(const struct plan_command *command, enum plan_fault fault,
		     struct str *ret_names)
{
	size_t before = ret_names->n;

	if (fault == FAULT_NOOP)
		return false;
	if (!command_texts(command, needs[fault].does)->n)
		str_add(ret_names, command_template_names[needs[fault].does]);
	if (!command_texts(command, needs[fault].undoes)->n)
		str_addf(ret_names, "%s%s", ret_names->n > before ? ", " : "",
			 command_template_names[needs[fault].undoes]);
	return ret_names->n > before;
}

static int check_texts(const struct plan_command *command, enum command_template which,
		       struct err *err)
{
	const plan_texts *texts = command_texts(command, which);

	if (which == TEMPLATE_START && command->start_auto)
		return 0;
	for (size_t i = 0; i < texts->n; i++)
		if (command_check_text(command, which, texts->v[i], err))
			return err_wrap(err, "cluster.command.%s", command_template_names[which]);
	if (command->shell && texts->n > 1)
		return err_set(err, ERR_USAGE,
			       "cluster.command.%s: one text is expected with shell: true",
			       command_template_names[which]);
	return 0;
}

int command_check(const struct plan *plan, struct err *err)
{
	struct str names = STR_INIT;

	for (int i = 0; i < N_TEMPLATES; i++)
		if (check_texts(&plan->command, (enum command_template)i, err))
			return err->code;
	for (size_t i = 0; i < plan->arms.n && !names.n; i++)
		if (command_missing(&plan->command, plan->arms.v[i].fault, &names))
			err_set(err, ERR_USAGE, "cluster.command: fault %s needs %s",
				plan_fault_names[plan->arms.v[i].fault], names.s);
	str_done(&names);
	return err->code;
}

/* ---- filling --------------------------------------------------------------------------------- */

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "._:@%+,=/-";

static void add_quoted(struct str *text, const char *value, size_t n)
{
	if (n && strspn(value, plain) >= n) {
		str_add_n(text, value, n);
		return;
	}
	str_add(text, "'");
	for (size_t i = 0; i < n; i++) {
		if (value[i] == '\'')
			str_add(text, "'\\''");
		else
			str_add_n(text, value + i, 1);
	}
	str_add(text, "'");
}

static void add_value(struct str *text, int word, const char *value, bool for_shell)
{
	if (!for_shell) {
		str_add(text, value);
	} else if (word != WORD_OTHERS) {
		add_quoted(text, value, strlen(value));
	} else {
		for (size_t n; *value; value += n) {
			n = strcspn(value, " ");
			add_quoted(text, value, n);
			for (; value[n] == ' '; n++)
				str_add(text, " ");
		}
	}
}

void command_fill(const char *text, const char *const values[N_WORDS], bool for_shell,
		  struct str *ret_text)
{
	struct piece piece;

	str_add(ret_text, ""); /* an empty argument is one, too */
	while (next_piece(&text, &piece)) {
		if (piece.word < 0)
			str_add_n(ret_text, piece.s, piece.n);
		else if (values[piece.word])
			add_value(ret_text, piece.word, values[piece.word], for_shell);
	}
}

bool command_is_plain(const char *value)
{
	return value[0] && value[0] != '-' && strspn(value, plain) == strlen(value);
}
