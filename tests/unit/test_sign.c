#include "lib/sign.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 8032, 7.1, test 2: the key, its public half, and the signature of the one byte 0x72. */
static const char private_pem[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
	"-----END PRIVATE KEY-----\n";
static const unsigned char public_key[SIGN_PUBLIC_SIZE] = {
	0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a,
	0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4,
	0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c};
static const unsigned char signature[SIGN_SIZE] = {
	0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f,
	0x64, 0x25, 0x40, 0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76,
	0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99,
	0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
	0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00};

static char path[] = "/tmp/rejoin-test-sign-XXXXXX";

static void write_file(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void published_vector(void **state)
{
	struct err err = ERR_INIT;
	struct sign_key *key = NULL;
	unsigned char made[SIGN_SIZE], half[SIGN_PUBLIC_SIZE];

	(void)state;
	write_file(private_pem, 0600);
	assert_int_equal(sign_key_read(path, &key, &err), 0);
	sign_key_public(key, half);
	assert_memory_equal(half, public_key, sizeof half);
	sign_make(key, "\x72", 1, made);
	assert_memory_equal(made, signature, sizeof made);
	sign_key_free(key);
}

static void every_bit_counts(void **state)
{
	unsigned char bad[SIGN_SIZE], other[SIGN_PUBLIC_SIZE];

	(void)state;
	assert_true(sign_holds(public_key, "\x72", 1, signature));
	assert_false(sign_holds(public_key, "\x73", 1, signature));
	assert_false(sign_holds(public_key, "\x72", 0, signature));
	for (size_t bit = 0; bit < 8 * sizeof bad; bit++) {
		memcpy(bad, signature, sizeof bad);
		bad[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(sign_holds(public_key, "\x72", 1, bad));
	}
	for (size_t bit = 0; bit < 8 * sizeof other; bit++) {
		memcpy(other, public_key, sizeof other);
		other[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(sign_holds(other, "\x72", 1, signature));
	}
}

static void refused(const char *wanted)
{
	struct err err = ERR_INIT;
	struct sign_key *key = NULL;

	assert_int_equal(sign_key_read(path, &key, &err), ERR_ENV);
	assert_null(key);
	assert_non_null(strstr(err.text, path));
	if (!strstr(err.text, wanted))
		fail_msg("'%s' does not say '%s'", err.text, wanted);
}

static void files_that_are_no_key(void **state)
{
	struct err err = ERR_INIT;
	unsigned char half[SIGN_PUBLIC_SIZE];

	(void)state;
	write_file(private_pem, 0640);
	refused("readable by others than its owner (mode 640)");
	write_file(private_pem, 0604);
	refused("readable by others");
	write_file("not a key\n", 0600);
	refused("not an Ed25519 private key");
	write_file("", 0600);
	refused("not an Ed25519 key");
	/* of another kind: X25519 */
	write_file("-----BEGIN PRIVATE KEY-----\n"
		   "MC4CAQAwBQYDK2VuBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
		   "-----END PRIVATE KEY-----\n",
		   0600);
	refused("not an Ed25519 private key");
	write_file(private_pem, 0600);
	assert_int_equal(sign_public_read(path, half, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "not an Ed25519 public key"));
	unlink(path);
	refused("No such file");
	assert_int_equal(mkdir(path, 0700), 0);
	refused("a file is expected");
	rmdir(path);
}

static void a_public_key(void **state)
{
	struct err err = ERR_INIT;
	unsigned char half[SIGN_PUBLIC_SIZE];

	(void)state;
	write_file("-----BEGIN PUBLIC KEY-----\n"
		   "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
		   "-----END PUBLIC KEY-----\n",
		   0644);
	assert_int_equal(sign_public_read(path, half, &err), 0);
	assert_memory_equal(half, public_key, sizeof half);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vector), cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(a_public_key), cmocka_unit_test(files_that_are_no_key)};
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
