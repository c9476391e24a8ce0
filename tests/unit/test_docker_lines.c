/* What the engine sends of a log, as lines. */
#include "collector/docker_lines.h"
#include "collector/logs.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

static void unframes(const char *bytes, size_t n, const char *expected)
{
	struct str text = STR_INIT;

	assert_true(docker_unframe(bytes, n, &text));
	assert_string_equal(text.s ? text.s : "", expected);
	str_done(&text);
}

static void frames_of_both_streams(void **state)
{
	static const char both[] = "\1\0\0\0\0\0\0\2a\n\2\0\0\0\0\0\0\3bc\n";

	(void)state;
	unframes(both, sizeof both - 1, "a\nbc\n");
	unframes("", 0, "");
	unframes("\1\0\0\0\0\0\0\0", 8, "");
}

static void frames_that_were_cut(void **state)
{
	static const char both[] = "\1\0\0\0\0\0\0\2a\n\2\0\0\0\0\0\0\3bc\n";

	(void)state;
	unframes(both, sizeof both - 2, "a\nbc");
	unframes(both, 13, "a\n");
	unframes(both, 9, "a");
}

static void what_is_no_frame(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	assert_false(docker_unframe("[2026-01-01T", 12, &text));
	assert_false(docker_unframe("[", 1, &text));
	assert_false(docker_unframe("\1\0\0\1\0\0\0\1a", 9, &text));
	str_done(&text);
}

static void becomes(const char *lines, const char *expected)
{
	struct str text = STR_INIT;

	docker_plain_lines(lines, strlen(lines), &text);
	assert_string_equal(text.s ? text.s : "", expected);
	str_done(&text);
}

static void plain_lines_stay(void **state)
{
	(void)state;
	becomes("", "");
	becomes("a\n\nb", "a\n\nb");
	becomes("{not json}\n{\"message\":\"no instant\"}\n",
		"{not json}\n{\"message\":\"no instant\"}\n");
	becomes("{\"@timestamp\":\"2026-01-01T00:00:00.123+02:00\",\"message\":\"m\"}",
		"{\"@timestamp\":\"2026-01-01T00:00:00.123+02:00\",\"message\":\"m\"}");
}

#define APPLIED                                                                                    \
	"master node changed {previous [], current [{es02}{a}{b}{es02}{172.18.0.3}]}, term: 5, "   \
	"version: 42, reason: x"

static void images_of_version_8(void **state)
{
	(void)state;
	becomes("{\"@timestamp\":\"2026-01-01T00:00:00.123Z\", \"log.level\": \"INFO\", "
		"\"message\":\"" APPLIED
		"\", \"ecs.version\": \"1.2.0\",\"service.name\":\"ES_ECS\","
		"\"log.logger\":\"org.elasticsearch.cluster.service.ClusterApplierService\","
		"\"elasticsearch.node.name\":\"es01\",\"error.stack_trace\":\"a.B: c\\n\\tat "
		"d\"}\n",
		"[2026-01-01T00:00:00,123][INFO "
		"][org.elasticsearch.cluster.service.ClusterApplierService] [es01] " APPLIED
		"\na.B: c\n\tat d\n");
}

#define OF_7                                                                                       \
	"{\"type\": \"server\", \"timestamp\": \"2026-01-01T00:00:00,123Z\", \"level\": "          \
	"\"WARN\", \"component\": \"o.e.c.s.ClusterApplierService\", \"node.name\": \"es01\", "    \
	"\"message\": \"" APPLIED "\", \"stacktrace\": [\"a.B: c\", \"at d\"] }\n"

static void images_of_version_7(void **state)
{
	(void)state;
	becomes(OF_7,
		"[2026-01-01T00:00:00,123][WARN ][o.e.c.s.ClusterApplierService] [es01] " APPLIED
		"\na.B: c\nat d\n");
}

/* They are turned for the sake of the reader. */
static void the_reader_knows_them(void **state)
{
	log_events events = {0};
	struct log_counts counts;
	struct str text = STR_INIT;

	(void)state;
	docker_plain_lines(OF_7 OF_7, strlen(OF_7 OF_7), &text);
	logs_parse(text.s, text.n, &events, &counts);
	assert_int_equal(events.n, 2);
	assert_int_equal(events.v[1].kind, LOG_APPLIED);
	assert_int_equal(events.v[1].term, 5);
	assert_int_equal(events.v[1].utc_us % 1000000, 123000);
	assert_memory_equal(events.v[1].master.s, "es02", events.v[1].master.n);
	assert_int_equal(counts.n_entries, 2);
	vec_done(&events);
	str_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_both_streams), cmocka_unit_test(frames_that_were_cut),
		cmocka_unit_test(what_is_no_frame),	  cmocka_unit_test(plain_lines_stay),
		cmocka_unit_test(images_of_version_8),	  cmocka_unit_test(images_of_version_7),
		cmocka_unit_test(the_reader_knows_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
