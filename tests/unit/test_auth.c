#include "lib/auth.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE "REJOIN_TEST_AUTH"

/* The header that auth makes; what it says of the variable's value never holds that value. */
static void makes(struct auth auth, const char *value, const char *expected)
{
	struct err err = ERR_INIT;
	char *header = NULL;

	assert_int_equal(setenv(VARIABLE, value, 1), 0);
	assert_int_equal(auth_header(&auth, &header, &err), 0);
	assert_string_equal(header, expected);
	auth_wipe(header);
}

static void refuses(struct auth auth, const char *said, const char *unsaid)
{
	struct err err = ERR_INIT;
	char *header = (char *)"not touched";

	assert_int_equal(auth_header(&auth, &header, &err), ERR_ENV);
	assert_null(header);
	assert_non_null(strstr(err.text, said));
	assert_null(strchr(err.text, '\n'));
	if (unsaid)
		assert_null(strstr(err.text, unsaid));
}

static struct auth basic(const char *user)
{
	return (struct auth){.user = user, .password_env = VARIABLE};
}

static void basic_is_that_of_rfc_7617(void **state)
{
	(void)state;
	makes(basic("Aladdin"), "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	/* its section 2.1: UTF-8 */
	makes(basic("test"), "123\xc2\xa3", "Basic dGVzdDoxMjPCow==");
}

/* RFC 4648, section 10, behind "f:" */
static void each_length_is_padded(void **state)
{
	(void)state;
	makes(basic("f"), "o", "Basic Zjpv");
	makes(basic("f"), "oo", "Basic Zjpvbw==");
	makes(basic("f"), "oob", "Basic Zjpvb2I=");
	makes(basic("f"), "ooba", "Basic Zjpvb2Jh");
	makes(basic("\xff\xfe"), "\xfb\xff", "Basic //46+/8=");
}

static void keys_and_tokens_are_sent_as_they_are(void **state)
{
	struct err err = ERR_INIT;
	char *header = (char *)"not touched";

	(void)state;
	makes((struct auth){.api_key_env = VARIABLE}, "VnVhQ2Zn==", "ApiKey VnVhQ2Zn==");
	makes((struct auth){.bearer_env = VARIABLE}, "a.b-c_d", "Bearer a.b-c_d");
	assert_int_equal(auth_header(&(struct auth){0}, &header, &err), 0);
	assert_null(header);
	auth_wipe(NULL);
}

static void a_secret_cannot_be_a_header_of_its_own(void **state)
{
	static const char *const bad[] = {"horse\nX: y", "horse\r\nX: y", "horse\t", "\x7fhorse"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(setenv(VARIABLE, bad[i], 1), 0);
		refuses((struct auth){.bearer_env = VARIABLE}, "control character", "horse");
		refuses(basic("me"), "control character", "horse");
	}
	assert_int_equal(setenv(VARIABLE, "", 1), 0);
	refuses((struct auth){.api_key_env = VARIABLE}, "has no " VARIABLE, NULL);
	unsetenv(VARIABLE);
	refuses((struct auth){.api_key_env = VARIABLE}, "has no " VARIABLE, NULL);
}

/* ---- files ---------------------------------------------------------------------------------- */

static void fill(const char *path, const char *text, size_t n, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void a_file_is_its_owners_alone(void **state)
{
	char folder[] = "/tmp/test_auth.XXXXXX", path[64];
	struct auth file = {.bearer_file = path};
	static const mode_t shared[] = {0640, 0604, 0660, 0602, 0610, 0601};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/key", folder);
	refuses(file, "No such file", NULL);
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
		fill(path, "horse", 5, shared[i]);
		refuses(file, "chmod 600 is expected", "horse");
	}
	fill(path, "horse", 5, 0600);
	makes(file, "", "Bearer horse");
	fill(path, "horse\r\nsecond line\n", 19, 0400);
	makes(file, "", "Bearer horse");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	refuses(file, "a file is expected", NULL);
	rmdir(path);
	/* nobody writes to it: it must not be waited for */
	assert_int_equal(mkfifo(path, 0600), 0);
	refuses(file, "a file is expected", NULL);
	unlink(path);
	rmdir(folder);
}

static void a_file_is_of_1_to_8192_bytes(void **state)
{
	char folder[] = "/tmp/test_auth.XXXXXX", path[64], text[8193], expected[8192 + 8];
	struct auth file = {.api_key_file = path};

	(void)state;
	memset(text, 'k', sizeof text);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/key", folder);
	fill(path, text, 8192, 0600);
	snprintf(expected, sizeof expected, "ApiKey %.8192s", text);
	makes(file, "", expected);
	fill(path, text, 8193, 0600);
	refuses(file, "1 to 8192 bytes", "kkkk");
	fill(path, "", 0, 0600);
	refuses(file, "1 to 8192 bytes", NULL);
	fill(path, "\nhorse", 6, 0600);
	refuses(file, "first line is empty", "horse");
	fill(path, "\0horse", 6, 0600);
	refuses(file, "first line is empty", "horse");
	unlink(path);
	rmdir(folder);
}

/* ---- where it may go ------------------------------------------------------------------------ */

static void nothing_goes_in_the_clear(void **state)
{
	static const char *const fine[] = {
		"https://es.example.com:9200", "https://192.0.2.1",
		"http://localhost:9200",       "http://localhost",
		"http://127.0.0.1/x",	       "http://127.1.2.3:9200",
		"http://[::1]:9200",	       "http://localhost?x=y",
	};
	static const char *const bad[] = {
		"http://es.example.com:9200",
		"http://192.0.2.1",
		"http://localhost.example.com:9200",
		"http://127.example.com",
		"http://127.0.0.1.example.com:9200",
		"http://127.0.0.1@example.com",
		"http://128.0.0.1",
		"http://0.0.0.0:9200",
		"http://[2001:db8::1]:9200",
		"http://[::1].example.com",
		"HTTP://es.example.com:9200",
		"es.example.com:9200",
		"http://",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(auth_check_url(fine[i], &err), 0);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(auth_check_url(bad[i], &err), ERR_ENV);
		assert_non_null(strstr(err.text, "https is expected"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(basic_is_that_of_rfc_7617),
		cmocka_unit_test(each_length_is_padded),
		cmocka_unit_test(keys_and_tokens_are_sent_as_they_are),
		cmocka_unit_test(a_secret_cannot_be_a_header_of_its_own),
		cmocka_unit_test(a_file_is_its_owners_alone),
		cmocka_unit_test(a_file_is_of_1_to_8192_bytes),
		cmocka_unit_test(nothing_goes_in_the_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
