#include "lib/hash.h"
#include "tests/unit/unit.h"
#include <stdlib.h>
#include <string.h>

/* The examples that NIST publishes for FIPS 180. */
static void published_vectors(void **state)
{
	char hex[HASH_HEX_SIZE];
	char *million = malloc(1000000);

	(void)state;
	hash_sha256_hex("", 0, hex);
	assert_string_equal(hex,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_sha256_hex("abc", 3, hex);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
	assert_string_equal(hex,
			    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', 1000000);
	hash_sha256_hex(million, 1000000, hex);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(published_vectors)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
