#include "collector/logs.h"
#include "lib/clock.h"
#include "tests/unit/unit.h"
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEAD "[2026-01-02T03:04:05,678][INFO ]"
#define APPLIER HEAD "[o.e.c.s.ClusterApplierService] [n1] "
#define NODE(name) "{" name "}{id-" name "}{eph}{127.0.0.1}{127.0.0.1:9300}{dm}"
#define CHANGED(old, new) "master node changed {previous [" old "], current [" new "]}"
#define APPLIED APPLIER CHANGED("", NODE("n2")) ", term: 7, version: 42, reason: Publication\n"

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	struct str text = STR_INIT;
	char buffer[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
		str_add_n(&text, buffer, n);
	fclose(f);
	return str_take(&text);
}

static void add_slice(struct str *out, const char *name, struct log_slice slice)
{
	str_addf(out, " %s %.*s", name, slice.s ? (int)slice.n : 1, slice.s ? slice.s : "-");
}

static void add_number(struct str *out, const char *name, int64_t number)
{
	if (number < 0)
		str_addf(out, " %s -", name);
	else
		str_addf(out, " %s %" PRId64, name, number);
}

static char *told(const char *text, size_t n)
{
	log_events events = {0};
	struct log_counts counts;
	struct log_event *e;
	struct str out = STR_INIT;

	logs_parse(text, n, &events, &counts);
	str_add(&out, "");
	vec_each (e, &events) {
		char utc[32];

		str_addf(&out, "%" PRId64 " %s %s", e->line, log_kind_names[e->kind],
			 clock_utc_text(e->utc_us * 1000, utc));
		add_number(&out, "term", e->term);
		add_number(&out, "version", e->state_version);
		add_slice(&out, "master", e->master);
		add_slice(&out, "about", e->about);
		add_number(&out, "checks", e->n_checks);
		add_number(&out, "ago", e->ago_ms);
		str_add(&out, "\n");
		assert_true(e->text.s > text && e->text.s + e->text.n <= text + n);
	}
	vec_done(&events);
	return str_take(&out);
}

/* Every tests/cases/logs/PRODUCT-VERSION/NAME.log, lines of real nodes, tells what NAME.expected
 * says, which another program read from them. */
static void test_real_logs(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("tests/cases/logs/*/*.log", 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 10);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *text = read_file(found.gl_pathv[i]);
		char *expected_path = mem_printf(
			"%.*s.expected", (int)strlen(found.gl_pathv[i]) - 4, found.gl_pathv[i]);
		char *expected = read_file(expected_path);
		char *got = told(text, strlen(text));

		assert_string_equal(got, expected);
		free(got);
		free(expected);
		free(expected_path);
		free(text);
	}
	globfree(&found);
}

static void tells(const char *text, const char *expected)
{
	char *got = told(text, strlen(text));

	assert_string_equal(got, expected);
	free(got);
}

static const char one_applied[] = "1 applied 2026-01-02T03:04:05.678Z term 7 version 42 master n2 "
				  "about - checks - ago -\n";

/* A log that is cut anywhere, or has a byte of it damaged, tells the truth or nothing. */
static void test_damaged(void **state)
{
	char text[] = APPLIED;

	(void)state;
	tells(APPLIED, one_applied);
	for (size_t n = 0; n < sizeof text - 1; n++) {
		char *got = told(text, n);
		assert_string_equal(got, "");
		free(got);
	}
	for (size_t i = 0; i < sizeof text - 2; i++) {
		char was = text[i], *got;

		text[i] = '\0';
		got = told(text, sizeof text - 1);
		assert_true(got[0] == '\0' || strstr(got, "term 7 version 42"));
		free(got);
		text[i] = was;
	}
}

/* The end of a killed node's log, then its next life's. */
static void test_cut_then_on(void **state)
{
	(void)state;
	tells(APPLIER CHANGED("", NODE("n3")) ", term: 8, vers" APPLIED, ""); /* not n3 in term 7 */
	tells(APPLIER CHANGED("", NODE("n3")) ", term: 8\n" APPLIED,
	      "2 applied 2026-01-02T03:04:05.678Z term 7 version 42 master n2 about - checks - ago "
	      "-\n");
}

static void test_odd(void **state)
{
	(void)state;
	tells("", "");
	tells("\n\n", "");
	tells(APPLIER CHANGED("", NODE("n2")) ", term: 7, version: 42, reason: x\r\n", one_applied);
	/* another logger, other shapes, numbers that no term can be */
	tells(HEAD "[o.e.x.Other] [n1] " CHANGED("", NODE("n2")) ", term: 7, version: 42, r\n", "");
	tells(APPLIER "x " CHANGED("", NODE("n2")) ", term: 7, version: 42, reason: x\n", "");
	tells(APPLIER CHANGED("", "n2") ", term: 7, version: 42, reason: x\n", "");
	tells(APPLIER CHANGED("", NODE("n2")) ", term: 99999999999999999999, version: 4, r\n", "");
	tells(APPLIER CHANGED("", NODE("n2")) ", term: -7, version: 42, reason: x\n", "");
	tells("[2026-02-30T03:04:05,678][INFO ][o.e.c.s.ClusterApplierService] [n1] " CHANGED(
		      "", NODE("n2")) ", term: 7, version: 42, reason: x\n",
	      "");
	tells("[2026-01-02T25:04:05,678][INFO ][o.e.c.s.ClusterApplierService] [n1] " CHANGED(
		      "", NODE("n2")) ", term: 7, version: 42, reason: x\n",
	      "");
	/* what is said of a failed publication is no election */
	tells(HEAD
	      "[o.e.c.s.MasterService] [n1] failing [elected-as-master ([2] nodes joined)[" NODE(
		      "n1") "]]: failed to commit cluster state version [9]\n",
	      "");
	/* a count below an entry that is about something else */
	tells(HEAD "[o.e.c.c.Coordinator] [n1] something\nnode [x] failed [2] consecutive checks\n",
	      "");
}

static void test_names(void **state)
{
	(void)state;
	tells(APPLIER CHANGED(NODE("a b, term: 1, version: 2, "), NODE("n}\xc3\xb6{2")) ", term: "
											"7, "
											"version: "
											"42, "
											"reason: "
											"x\n",
	      "1 applied 2026-01-02T03:04:05.678Z term 7 version 42 master n}\xc3\xb6{2 about a b, "
	      "term: 1, version: 2,  checks - ago -\n");
}

static void test_counts(void **state)
{
	static const char text[] = "\tat org.elasticsearch.X\n"
				   "{\"type\": \"server\"}\n" APPLIED "Exception: x\n\tat y\n" HEAD
				   "[o.e.n.Node               ] [n1] started";
	log_events events = {0};
	struct log_counts counts;

	(void)state;
	logs_parse(text, sizeof text - 1, &events, &counts);
	assert_int_equal(counts.n_lines, 6);
	assert_int_equal(counts.n_entries, 2);
	assert_int_equal(counts.n_strange, 2);
	assert_int_equal(events.n, 1);
	vec_done(&events);
}

/* A line of 8 MB, and a million short ones, in no time to speak of. */
static void test_long(void **state)
{
	struct str text = STR_INIT;
	char *got;

	(void)state;
	str_add(&text, APPLIER CHANGED("", NODE("n2")) ", added {");
	for (int i = 0; i < 1 << 17; i++)
		str_add(&text,
			"{n2}{id, term: 1, version}{abcdefgh}{127.0.0.1}{127.0.0.1:9300}{dm}");
	str_add(&text, "}, term: 7, version: 42, reason: x\n");
	got = told(text.s, text.n);
	assert_string_equal(got, one_applied);
	free(got);
	str_clear(&text);
	for (int i = 0; i < 1000000; i++)
		str_add(&text, "[2026\n");
	got = told(text.s, text.n);
	assert_string_equal(got, "");
	free(got);
	str_done(&text);
}

static void cleans(const char *in, size_t max_bytes, const char *expected)
{
	struct str out = STR_INIT;

	str_add(&out, "");
	logs_clean((struct log_slice){in, strlen(in)}, max_bytes, &out);
	assert_string_equal(out.s, expected);
	assert_true(out.n <= max_bytes);
	str_done(&out);
}

static void test_clean(void **state)
{
	(void)state;
	cleans("", 100, "");
	cleans("n1 \xc3\xb6 \xe6\x9d\xb1 \xf0\x9f\x98\x80", 100,
	       "n1 \xc3\xb6 \xe6\x9d\xb1 \xf0\x9f\x98\x80");
	cleans("a\tb\x1b[0m\x7f", 100, "a b [0m ");
	/* alone, overlong, a surrogate, beyond the last, cut off */
	cleans("\xff\xc0\xaf\xed\xa0\x80\xf4\x90", 100,
	       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf"
	       "\xbd"
	       "\xef\xbf\xbd");
	cleans("x\xe6\x9d", 100, "x\xef\xbf\xbd\xef\xbf\xbd");
	cleans("abcdefghijklmnop", 12, "abcdef...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_logs),   cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_cut_then_on), cmocka_unit_test(test_odd),
		cmocka_unit_test(test_names),	    cmocka_unit_test(test_counts),
		cmocka_unit_test(test_long),	    cmocka_unit_test(test_clean),
	};

	return cmocka_run_group_tests_name("logs", tests, NULL, NULL);
}
