/* html and svg: what the page is written with. */
#include "report/html.h"
#include "report/svg.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(expected, ...)                                                                      \
	do {                                                                                       \
		struct str out_ = STR_INIT;                                                        \
		html_add(&out_, __VA_ARGS__);                                                      \
		assert_string_equal(out_.n ? out_.s : "", expected);                               \
		str_done(&out_);                                                                   \
	} while (0)

static void test_values_are_escaped(void **state)
{
	const char *volatile none = NULL; /* the compiler would refuse one that it sees */

	(void)state;
	EXPECT("<b>&lt;i&gt; &amp; &quot;x&quot; &#39;y&#39;</b>", "<b>%s</b>", "<i> & \"x\" 'y'");
	EXPECT("<b></b>", "<b>%s</b>", none);
	EXPECT("größe 東京", "%s", "größe 東京");
	/* what turns the line round or controls it goes, what is not UTF-8 shows */
	EXPECT("ab c", "%s",
	       "a\xe2\x80\xae"
	       "b\a\tc");
	EXPECT("\xef\xbf\xbd&lt;", "%s", "\xff<");
}

static void test_numbers(void **state)
{
	(void)state;
	EXPECT("100 %, 7, -3", "100 %%, %zu, %d", (size_t)7, -3);
	EXPECT("9000000000 -5", "%lld %ld", 9000000000LL, -5L);
	EXPECT("1.500 0.3 2 +0.25 -0.25", "%.3f %.1f %.*f %+.2f %+.2f", 1.5, 0.3, 0, 2.0, 0.25,
	       -0.25);
	EXPECT("0.125 1e-07", "%.6g %.6g", 0.125, 1e-7);
}

static void test_hash(void **state)
{
	/* echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64 */
	char *hash = html_hash("alert(1)");

	(void)state;
	assert_string_equal(hash, "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
	free(hash);
}

static void test_ticks(void **state)
{
	struct svg_axis x = {.from = 0.03, .to = 2.1, .at = 10, .length = 100};
	struct svg_axis log = {.from = 1, .to = 0.015};
	struct svg_axis far = {.from = 1, .to = 1e-5};
	struct svg_axis none = {.from = NAN, .to = NAN};

	(void)state;
	svg_ticks(&x, 5);
	assert_int_equal(x.n_ticks, 4); /* 0.5, 1.0, 1.5, 2.0 */
	assert_true(fabs(x.ticks[0] - 0.5) < 1e-12 && fabs(x.ticks[3] - 2) < 1e-12);
	assert_int_equal(x.digits, 1);
	svg_ticks_log(&log);
	assert_int_equal(log.n_ticks, 6); /* 0.02 0.05 0.1 0.2 0.5 1 */
	svg_ticks_log(&far);
	assert_int_equal(far.n_ticks, 6); /* powers of ten alone */
	svg_ticks(&none, 5);
	assert_true(none.to > none.from);
}

static void test_places(void **state)
{
	struct svg_axis x = {.from = 0, .to = 4, .at = 10, .length = 100};
	struct svg_axis y = {.from = 1, .to = 0.01, .at = 0, .length = 50, .log = true};

	(void)state;
	assert_true(fabs(svg_place(&x, 1) - 35) < 1e-9);
	assert_true(fabs(svg_place(&x, 9) - 110) < 1e-9); /* outside: at the end */
	assert_true(fabs(svg_place(&x, -1) - 10) < 1e-9);
	assert_true(fabs(svg_place(&y, 0.1) - 25) < 1e-9);
	assert_true(fabs(svg_place(&y, 0) - 50) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_escaped), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_hash), cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_places)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
