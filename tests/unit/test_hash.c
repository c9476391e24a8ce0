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

/* However it is cut into pieces, a stream is the text that it is made of. */
static void a_stream_is_its_text(void **state)
{
	static unsigned char text[100000];
	static const size_t cuts[] = {1, 7, 100, 8191, 8192, 8193, 50000};
	char wanted[HASH_HEX_SIZE], hex[HASH_HEX_SIZE];
	unsigned char sum[HASH_SIZE];
	struct hash h;

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (unsigned char)(i * 7 + i / 251);
	hash_sha256_hex(text, sizeof text, wanted);
	for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
		hash_begin(&h);
		for (size_t at = 0; at < sizeof text; at += cuts[c])
			hash_add(&h, text + at,
				 cuts[c] < sizeof text - at ? cuts[c] : sizeof text - at);
		hash_end(&h, sum);
		hash_hex(sum, hex);
		assert_string_equal(hex, wanted);
	}
}

static void numbers_in_a_stream(void **state)
{
	static const unsigned char bytes[] = {
		0x07,						/* a byte */
		0,    0,    0,	  0,	0x01, 0x02, 0x03, 0x04, /* u64 */
		0x00,						/* varints: 0, */
		0x7f,						/* 127, */
		0x80, 0x01,					/* 128, */
		0xe5, 0x8e, 0x26,				/* 624485, of DWARF's example, */
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, /* and -1 */
	};
	char wanted[HASH_HEX_SIZE], hex[HASH_HEX_SIZE];
	unsigned char sum[HASH_SIZE];
	struct hash h;

	(void)state;
	hash_sha256_hex(bytes, sizeof bytes, wanted);
	hash_begin(&h);
	hash_add_byte(&h, 7);
	hash_add_u64(&h, 0x01020304);
	hash_add_varint(&h, 0);
	hash_add_varint(&h, 127);
	hash_add_varint(&h, 128);
	hash_add_varint(&h, 624485);
	hash_add_varint(&h, UINT64_MAX);
	hash_end(&h, sum);
	hash_hex(sum, hex);
	assert_string_equal(hex, wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(published_vectors),
					   cmocka_unit_test(a_stream_is_its_text),
					   cmocka_unit_test(numbers_in_a_stream)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
