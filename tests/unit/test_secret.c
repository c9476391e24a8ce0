#include "collector/secret.h"
#include "tests/unit/unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char secret[] = "correct-horse";

/* A plan with one host and what auth says; its error, which must not show the secret. */
static struct err apply(const char *auth, const char *url)
{
	struct err err = ERR_INIT;
	struct plan plan = {0};
	struct plan_cluster cluster = {0};
	struct loop *loop;
	struct http *http;

	vec_push(&cluster.hosts, (struct plan_host){.url = (char *)url});
	vec_push(&plan.clusters, cluster);
	if (auth[0] == '$') {
		plan.access.user = (char *)"elastic";
		plan.access.password_env = (char *)auth + 1;
	} else if (auth[0] == '/') {
		plan.access.api_key_file = (char *)auth;
	} else {
		plan.access.ca_file = (char *)auth;
	}
	assert_int_equal(loop_open(&loop, &err), 0);
	assert_int_equal(http_open(loop, &http, &err), 0);
	secret_apply(&plan, http, &err);
	http_close(http);
	loop_close(loop);
	vec_done(&plan.clusters.v[0].hosts);
	vec_done(&plan.clusters);
	assert_null(strstr(err.text, secret));
	return err;
}

static void expect(const char *auth, const char *url, const char *said)
{
	struct err err = apply(auth, url);

	if (!said) {
		assert_string_equal(err.text, "");
		return;
	}
	assert_int_equal(err.code, ERR_ENV);
	assert_non_null(strstr(err.text, said));
}

static void secrets_come_from_the_environment(void **state)
{
	(void)state;
	unsetenv("REJOIN_TEST_SECRET");
	expect("$REJOIN_TEST_SECRET", "https://es1:9200", "has no REJOIN_TEST_SECRET");
	setenv("REJOIN_TEST_SECRET", "", 1);
	expect("$REJOIN_TEST_SECRET", "https://es1:9200", "has no REJOIN_TEST_SECRET");
	setenv("REJOIN_TEST_SECRET", "correct-horse\r\nX: y", 1);
	expect("$REJOIN_TEST_SECRET", "https://es1:9200", "control character");
	setenv("REJOIN_TEST_SECRET", secret, 1);
	expect("$REJOIN_TEST_SECRET", "https://es1:9200", NULL);
	expect("$REJOIN_TEST_SECRET", "http://127.0.0.1:9200", NULL);
	expect("$REJOIN_TEST_SECRET", "http://es1:9200", "https is expected");
	expect("$REJOIN_TEST_SECRET", "http://127.evil.example:9200", "https is expected");
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void files_are_their_owners_alone(void **state)
{
	char folder[] = "/tmp/test_secret.XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/key", folder);
	expect(path, "https://es1:9200", "No such file");
	write_file(path, "correct-horse\n", 0640);
	expect(path, "https://es1:9200", "mode 640");
	write_file(path, "", 0600);
	expect(path, "https://es1:9200", "a secret of 1 to");
	write_file(path, "\n", 0600);
	expect(path, "https://es1:9200", "first line is empty");
	write_file(path, "correct-horse\n", 0600);
	expect(path, "https://es1:9200", NULL);
	expect(folder, "https://es1:9200", "a file is expected");
	unlink(path);
	rmdir(folder);
}

static void a_missing_ca_is_said(void **state)
{
	(void)state;
	expect("no-such-ca.pem", "https://es1:9200", "cluster.tls.ca: no-such-ca.pem");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_come_from_the_environment),
		cmocka_unit_test(files_are_their_owners_alone),
		cmocka_unit_test(a_missing_ca_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
