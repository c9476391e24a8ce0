/* What a user is told of a node that does not answer as it should. */
#include "collector/ask.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "tests/unit/fake.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rig {
	struct loop *loop;
	struct http *http;
	struct fake fake;
	char *base;
};

static int set_up(void **state)
{
	struct rig *rig = mem_alloc(sizeof *rig);
	struct err err = ERR_INIT;

	*state = rig;
	if (loop_open(&rig->loop, &err) || http_open(rig->loop, &rig->http, &err))
		return -1;
	fake_start(&rig->fake, rig->loop, "", "n1 n2");
	rig->base = fake_url(&rig->fake, "n1");
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;

	fake_stop(&rig->fake);
	http_close(rig->http);
	loop_close(rig->loop);
	free(rig->base);
	free(rig);
	return 0;
}

/* The node behaves so; whoever asks is told "http://HOST:PORT: " and said. */
static void expect(struct rig *rig, const char *behaviour, const char *said)
{
	char *line = mem_printf("now n1 %s", behaviour);
	char *url = mem_printf("%s/_cluster/health?local=true", rig->base);
	char *expected = mem_printf("%s: %s", rig->base, said);
	struct err err = ERR_INIT;
	json_t *json = NULL;

	fake_say(&rig->fake, line, 1);
	assert_int_equal(ask(rig->loop, rig->http, "GET", url, NULL, 5 * NS_PER_S, &json, &err),
			 ERR_ENV);
	assert_null(json);
	if (strncmp(err.text, expected, strlen(expected)) != 0)
		fail_msg("said '%s', expected '%s'", err.text, expected);
	assert_null(strchr(err.text, '\n'));
	free(line);
	free(url);
	free(expected);
}

static void credentials_are_told_from_rights(void **state)
{
	expect(*state, "status 401", "credentials are missing or refused (HTTP 401)");
	expect(*state, "status 403", "not allowed to these credentials (HTTP 403)");
	expect(*state, "status 503", "HTTP status 503");
}

/* Secrets go to the node that was named, and to no other. */
static void a_redirect_is_not_followed(void **state)
{
	expect(*state, "status 302", "HTTP status 302");
	expect(*state, "status 307", "HTTP status 307");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(credentials_are_told_from_rights, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_redirect_is_not_followed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
