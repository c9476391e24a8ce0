#include "report/session_facts.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <jansson.h>
#include <string.h>

static void add_text(session_facts *facts, const char *label, char *text)
{
	if (text)
		vec_push(facts, (struct session_fact){.label = label, .text = text});
}

static void add_column(session_facts *facts, const char *label, const struct store_row *row,
		       int column)
{
	const char *text = store_text(row, column);

	add_text(facts, label, text ? mem_strdup(text) : NULL);
}

static void add_number(session_facts *facts, const char *label, double number)
{
	vec_push(facts, (struct session_fact){.label = label, .number = number});
}

/* As a shell takes it. */
static void add_word(struct str *text, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=:,./@%";

	if (*word && !word[strspn(word, plain)]) {
		str_add(text, word);
		return;
	}
	str_add(text, "'");
	for (const char *p = word; *p; p++) {
		str_add(text, *p == '\'' ? "'\\'" : "");
		str_add_n(text, p, 1);
	}
	str_add(text, "'");
}

/* Words as a command, members as "libcurl 7.88.1, sqlite 3.40.1"; what is neither as it is. */
static char *list_text(const char *recorded)
{
	json_t *root = recorded ? json_loads(recorded, 0, NULL) : NULL, *value;
	struct str text = STR_INIT;
	const char *key;
	bool known = json_is_array(root) || json_is_object(root);
	size_t i;

	json_array_foreach(root, i, value)
	{
		known = known && json_is_string(value);
		str_add(&text, i ? " " : "");
		add_word(&text, known ? json_string_value(value) : "");
	}
	json_object_foreach(root, key, value)
	{
		known = known && json_is_string(value);
		str_addf(&text, "%s%s %s", text.n ? ", " : "", key,
			 known ? json_string_value(value) : "");
	}
	json_decref(root);
	if (known && text.n)
		return str_take(&text);
	str_done(&text);
	return recorded ? mem_strdup(recorded) : NULL;
}

/* How the session went. */
static void add_run(session_facts *facts, const struct store_row *row)
{
	add_column(facts, "started [UTC]", row, 11);
	if (!store_is_null(row, 12))
		add_number(facts, "took [s]", store_double(row, 12));
	if (store_is_null(row, 13))
		add_text(facts, "ended by", mem_strdup("was cut off, or still runs"));
	else
		add_column(facts, "ended by", row, 13);
	add_column(facts, "reason", row, 16);
}

static void add_machine(session_facts *facts, const struct store_row *row)
{
	static const struct {
		const char *label;
		int column;
	} texts[] = {{"account", 15}, {"tool version", 2}, {"host", 3}, {"kernel", 4}, {"CPU", 5}},
	  lists[] = {{"command line", 8}, {"libraries", 9}, {"sysctls", 10}};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add_column(facts, texts[i].label, row, texts[i].column);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		add_text(facts, lists[i].label, list_text(store_text(row, lists[i].column)));
	add_number(facts, "CPUs", (double)store_int(row, 6));
	add_text(facts, "memory", mem_printf("%.1f GiB", (double)store_int(row, 7) / (1 << 30)));
}

static char *sync_text(const struct store_row *row, int column)
{
	if (store_is_null(row, column))
		return mem_strdup("not read");
	if (!store_int(row, column))
		return mem_strdup("NOT synchronised");
	return mem_printf("synchronised, estimated error %.0f us, at most %.0f us",
			  store_double(row, column + 1), store_double(row, column + 2));
}

static void add_clocks(session_facts *facts, const struct store_row *row)
{
	double us = store_double(row, 14);

	add_column(facts, "clock source", row, 17);
	add_text(facts, "wall clock, start", sync_text(row, 18));
	add_text(facts, "wall clock, end", sync_text(row, 21));
	add_text(facts, "anchors",
		 mem_printf(us < 1 ? "the clocks were read together to within %.0f ns"
				   : "the clocks were read together to within %.1f us",
			    us < 1 ? us * 1e3 : us));
}

void session_facts_make(const struct store_row *row, session_facts *ret_facts)
{
	*ret_facts = (session_facts){0};
	add_run(ret_facts, row);
	add_machine(ret_facts, row);
	add_clocks(ret_facts, row);
}

void session_facts_done(session_facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		free(facts->v[i].text);
	vec_done(facts);
}
