#include "collector/tail.h"
#include "collector/witness.h"
#include "lib/deflate.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- placement ------------------------------------------------------------------------------ */

#define UTC_NS (INT64_C(1767225600) * NS_PER_S) /* 2026-01-01T00:00:00Z */

static struct witness_clock clocks(int64_t drift_ns)
{
	return (struct witness_clock){
		.start = {1000 * NS_PER_S, UTC_NS, 300},
		.end = {1020 * NS_PER_S, UTC_NS + 20 * NS_PER_S + drift_ns, 700},
	};
}

static void test_place(void **state)
{
	const struct witness_clock clock = clocks(0);
	struct interval at = witness_place(&clock, UTC_NS / 1000 + 5000000);

	(void)state;
	/* the millisecond itself, and the worse anchor's error with what is lost to microseconds */
	assert_int_equal(at.lo_ns, 1005 * NS_PER_S - 1700);
	assert_int_equal(at.hi_ns, 1005 * NS_PER_S + NS_PER_MS + 1700);
	assert_int_equal(witness_error_ns(&clock), 1700);
	assert_int_equal(witness_utc_us(&clock.start, 1000 * NS_PER_S + 1999), UTC_NS / 1000 + 1);
}

static void test_drift(void **state)
{
	const struct witness_clock later = clocks(400000), earlier = clocks(-400000);
	struct interval at = witness_place(&later, UTC_NS / 1000);

	(void)state;
	assert_int_equal(at.lo_ns, 1000 * NS_PER_S - 400000 - 1700);
	assert_int_equal(at.hi_ns, 1000 * NS_PER_S + NS_PER_MS + 1700);
	at = witness_place(&earlier, UTC_NS / 1000);
	assert_int_equal(at.lo_ns, 1000 * NS_PER_S - 1700);
	assert_int_equal(at.hi_ns, 1000 * NS_PER_S + 400000 + NS_PER_MS + 1700);
}

static void test_step(void **state)
{
	const int64_t limit_ns = WITNESS_MAX_STEP_NS + 300 + 700;
	struct witness_clock clock = clocks(limit_ns);

	(void)state;
	assert_false(witness_stepped(&clock));
	clock = clocks(limit_ns + 1);
	assert_true(witness_stepped(&clock));
	clock = clocks(-limit_ns);
	assert_false(witness_stepped(&clock));
	clock = clocks(-limit_ns - 1);
	assert_true(witness_stepped(&clock));
	clock = clocks(0); /* there and back */
	clock.was_set = true;
	assert_true(witness_stepped(&clock));
}

/* ---- a log that grows, is rotated, vanishes ------------------------------------------------- */

static char dir[64], path[128], old_path[128];

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/rejoin-tail-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/c.log", dir);
	snprintf(old_path, sizeof old_path, "%s/c-1.log", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(old_path);
	rmdir(path);
	return rmdir(dir);
}

static void add(const char *text)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void reads(struct tail_mark *mark, size_t max_bytes, enum tail_state state,
		  const char *expected)
{
	struct str text = STR_INIT;

	assert_int_equal(tail_read(mark, path, max_bytes, &text), state);
	assert_string_equal(text.n ? text.s : "", expected);
	str_done(&text);
	tail_done(mark);
}

static struct tail_mark marked(void)
{
	struct tail_mark mark = TAIL_MARK_INIT;

	tail_set(&mark, path);
	return mark;
}

static void test_grows(void **state)
{
	struct tail_mark mark;

	(void)state;
	add("before\n");
	mark = marked();
	reads(&mark, 1000, TAIL_WHOLE, "");
	mark = marked();
	add("one\n");
	add("two\n");
	reads(&mark, 1000, TAIL_WHOLE, "one\ntwo\n");
	mark = marked();
	add("three\n");
	reads(&mark, 3, TAIL_LONG, "thr");
}

static void test_not_there_yet(void **state)
{
	struct tail_mark mark = marked();

	(void)state;
	reads(&mark, 1000, TAIL_GONE, "");
	mark = marked();
	add("first\n");
	reads(&mark, 1000, TAIL_WHOLE, "first\n");
}

static void test_rotated(void **state)
{
	struct tail_mark mark;

	(void)state;
	add("before\n");
	mark = marked();
	add("end of the old\n");
	assert_int_equal(rename(path, old_path), 0);
	add("start of the new\n");
	reads(&mark, 1000, TAIL_ROTATED, "end of the old\nstart of the new\n");
	/* packed by the node, and its name removed: the mark still holds it */
	mark = marked();
	add("end\n");
	assert_int_equal(unlink(path), 0);
	add("new\n");
	reads(&mark, 1000, TAIL_ROTATED, "end\nnew\n");
}

static void test_shortened(void **state)
{
	struct tail_mark mark;

	(void)state;
	add("a long line before\n");
	mark = marked();
	assert_int_equal(truncate(path, 0), 0);
	add("new\n");
	reads(&mark, 1000, TAIL_ROTATED, "new\n");
}

static void test_vanished(void **state)
{
	struct tail_mark mark;

	(void)state;
	add("before\n");
	mark = marked();
	add("last\n");
	assert_int_equal(unlink(path), 0);
	reads(&mark, 1000, TAIL_GONE, "last\n");
}

/* The folder belongs to the node's user: no link of its making leads us elsewhere. */
static void test_link(void **state)
{
	struct tail_mark mark;

	(void)state;
	assert_int_equal(symlink("/etc/passwd", path), 0);
	mark = marked();
	assert_int_equal(mark.fd, -1);
	reads(&mark, 1000, TAIL_FAILED, "");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	mark = marked();
	reads(&mark, 1000, TAIL_FAILED, "");
}

/* ---- packing -------------------------------------------------------------------------------- */

static void test_deflate(void **state)
{
	struct str text = STR_INIT, packed = STR_INIT, back = STR_INIT;
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i < 1000; i++)
		str_addf(&text, "line %d of a log, much like the others\n", i);
	deflate_pack(text.s, text.n, &packed);
	assert_true(packed.n < text.n / 5);
	assert_int_equal(deflate_unpack(packed.s, packed.n, text.n, &back, &err), 0);
	assert_int_equal(back.n, text.n);
	assert_memory_equal(back.s, text.s, text.n);

	assert_int_equal(deflate_unpack(packed.s, packed.n, text.n - 1, &back, &err), ERR_ENV);
	assert_int_equal(deflate_unpack(packed.s, packed.n, text.n + 1, &back, &err), ERR_ENV);
	assert_int_equal(deflate_unpack(packed.s, packed.n / 2, text.n, &back, &err), ERR_ENV);
	packed.s[packed.n / 2] ^= 0x55;
	assert_int_equal(deflate_unpack(packed.s, packed.n, text.n, &back, &err), ERR_ENV);
	assert_int_equal(back.n, text.n);
	/* sizes that somebody wrote into a recording */
	assert_int_equal(deflate_unpack(packed.s, packed.n, SIZE_MAX, &back, &err), ERR_ENV);
	assert_int_equal(deflate_unpack(packed.s, packed.n, (size_t)1 << 50, &back, &err), ERR_ENV);
	assert_int_equal(deflate_unpack("", 0, SIZE_MAX, &back, &err), ERR_ENV);
	assert_int_equal(back.n, text.n);

	/* as much as deflate can make smaller */
	str_clear(&packed);
	str_clear(&back);
	str_clear(&text);
	for (int i = 0; i < 1 << 20; i++)
		str_add_n(&text, "\0\0\0\0\0\0\0", 8);
	deflate_pack(text.s, text.n, &packed);
	err.code = 0;
	assert_int_equal(deflate_unpack(packed.s, packed.n, text.n, &back, &err), 0);
	assert_int_equal(back.n, text.n);

	str_clear(&packed);
	deflate_pack("", 0, &packed);
	str_clear(&back);
	err.code = 0;
	assert_int_equal(deflate_unpack(packed.s, packed.n, 0, &back, &err), 0);
	str_done(&text);
	str_done(&packed);
	str_done(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_step),
		cmocka_unit_test_setup_teardown(test_grows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_there_yet, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rotated, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_shortened, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_vanished, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_link, set_up, tear_down),
		cmocka_unit_test(test_deflate),
	};

	return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
