/* What may stand in a template, and what becomes of it. */
#include "collector/command_template.h"
#include "collector/driver.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>

static void check(struct plan_command command, enum plan_fault fault, const char *expected)
{
	struct plan_arm arm = {.fault = fault};
	struct plan made = {.command = command};
	struct driver *none = NULL;
	struct err err = ERR_INIT;
	char name[] = "command";

	made.driver = name;
	vec_push(&made.arms, arm);
	assert_int_equal(driver_new(&made, NULL, "/no/such", &none, &err), ERR_USAGE);
	assert_string_equal(err.text, expected);
	assert_null(none);
	vec_done(&made.arms);
}

static plan_texts one(char *text)
{
	plan_texts texts = {0};

	vec_push(&texts, text);
	return texts;
}

static void templates_that_do_not_do(void **state)
{
	static const char *const wrong[][2] = {
		{"{nod}", "{nod}: one of {node}, {host}, {port}, {pid}, {others}, {since} is "
			  "expected, or {{ for a brace"},
		{"a { b", "{: {{ or }} is expected for a brace"},
		{"a } b", "}: {{ or }} is expected for a brace"},
		{"{node", "{: {{ or }} is expected for a brace"},
		{"{since} {others}", "{others}, {since} is not known there"},
		{"kill {pid}", "{pid} is what status prints: a status is expected"},
	};
	char word[] = "true", text[64], expected[200];
	plan_texts fine = one(word), odd = one(text);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		snprintf(text, sizeof text, "%s", wrong[i][0]);
		snprintf(expected, sizeof expected, "cluster.command.stop: %s", wrong[i][1]);
		check((struct plan_command){.stop = odd, .start = fine}, FAULT_STOP, expected);
	}
	check((struct plan_command){.stop = fine}, FAULT_STOP,
	      "cluster.command: fault stop needs start");
	check((struct plan_command){.start = fine}, FAULT_HANDOVER,
	      "cluster.command: fault handover needs stop");
	check((struct plan_command){0}, FAULT_KILL,
	      "cluster.command: fault kill needs kill, start");
	check((struct plan_command){.pause = fine}, FAULT_PAUSE,
	      "cluster.command: fault pause needs resume");
	check((struct plan_command){.mend = fine}, FAULT_PARTITION,
	      "cluster.command: fault partition needs cut");
	vec_done(&fine);
	vec_done(&odd);
}

static void values_are_quoted_for_a_shell(void **state)
{
	const char *const values[N_WORDS] = {[WORD_NODE] = "it's $x",
					     [WORD_HOST] = "h1",
					     [WORD_PORT] = "",
					     [WORD_OTHERS] = "h2 a;b h3:9200"};
	struct str text = STR_INIT;

	(void)state;
	command_fill("{node} {host} {port} {others} {pid}{{}}", values, true, &text);
	assert_string_equal(text.s, "'it'\\''s $x' h1 '' h2 'a;b' h3:9200 {}");
	str_clear(&text);
	command_fill("{node}|{others}", values, false, &text);
	assert_string_equal(text.s, "it's $x|h2 a;b h3:9200");
	str_done(&text);
}

static void plain_values(void **state)
{
	(void)state;
	assert_true(command_is_plain("es-1.example.org:9200"));
	assert_true(command_is_plain("fe80::1"));
	assert_false(command_is_plain(""));
	assert_false(command_is_plain("-x"));
	assert_false(command_is_plain("a b") || command_is_plain("a;b") || command_is_plain("a'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_that_do_not_do),
		cmocka_unit_test(values_are_quoted_for_a_shell),
		cmocka_unit_test(plain_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
