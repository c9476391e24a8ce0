/* The chain of trials, its head, and the sign-offs behind it: schema/SEAL.md. */
#include "schema/seal.h"
#include "schema/seal_value.h"

void seal_begin(const char *study_uuid, unsigned char ret_chain[HASH_SIZE])
{
	struct hash h;

	hash_begin(&h);
	seal_add_text(&h, "rejoin seal 1");
	seal_add_text(&h, study_uuid);
	hash_end(&h, ret_chain);
}

void seal_add(unsigned char chain[HASH_SIZE], const struct seal_link *link)
{
	struct hash h;

	hash_begin(&h);
	hash_add(&h, chain, HASH_SIZE);
	hash_add(&h, link->hash, HASH_SIZE);
	hash_add_u64(&h, (uint64_t)link->ordinal);
	hash_add_u64(&h, (uint64_t)link->position);
	hash_add_u64(&h, (uint64_t)link->sealed_utc_us);
	hash_end(&h, chain);
}

void seal_head(const unsigned char chain[HASH_SIZE], const unsigned char study_hash[HASH_SIZE],
	       int64_t n_trials, int64_t closed_utc_us, unsigned char ret_head[HASH_SIZE])
{
	struct hash h;

	hash_begin(&h);
	hash_add(&h, chain, HASH_SIZE);
	hash_add(&h, study_hash, HASH_SIZE);
	hash_add_u64(&h, (uint64_t)n_trials);
	hash_add_u64(&h, (uint64_t)closed_utc_us);
	hash_end(&h, ret_head);
}

void seal_add_sign_off(unsigned char chain[HASH_SIZE], const struct seal_sign_off *sign_off,
		       const unsigned char *head)
{
	struct hash h;

	hash_begin(&h);
	hash_add(&h, chain, HASH_SIZE);
	seal_add_text(&h, sign_off->name);
	seal_add_text(&h, sign_off->decision);
	seal_add_text(&h, sign_off->comment);
	seal_add_integer(&h, sign_off->signed_utc_us);
	seal_add_text(&h, sign_off->account);
	seal_add_text(&h, sign_off->host);
	seal_add_text(&h, sign_off->tool_version);
	if (head)
		seal_add_bytes(&h, SEAL_BLOB, head, HASH_SIZE);
	else
		hash_add_byte(&h, SEAL_NULL);
	hash_end(&h, chain);
}

/* Its link would be that of the text before the NUL: nobody gives one with more behind it. */
static bool is_whole(const struct store_row *row, int column)
{
	size_t n;
	const char *text = store_text_bytes(row, column, &n);

	return !text || strlen(text) == n;
}

bool seal_read_sign_off(unsigned char chain[HASH_SIZE], const struct store_row *row,
			const unsigned char **ret_head)
{
	enum { NAME, DECISION, COMMENT, SIGNED, ACCOUNT, HOST, VERSION, HEAD, HASH };
	const struct seal_sign_off sign_off = {.name = store_text(row, NAME),
					       .decision = store_text(row, DECISION),
					       .comment = store_text(row, COMMENT),
					       .signed_utc_us = store_int(row, SIGNED),
					       .account = store_text(row, ACCOUNT),
					       .host = store_text(row, HOST),
					       .tool_version = store_text(row, VERSION)};
	size_t n_head, n_hash;
	const unsigned char *head = store_blob(row, HEAD, &n_head);
	const unsigned char *hash = store_blob(row, HASH, &n_hash);
	bool holds = n_head == HASH_SIZE || store_is_null(row, HEAD);

	*ret_head = n_head == HASH_SIZE ? head : NULL;
	seal_add_sign_off(chain, &sign_off, *ret_head);
	for (int column = NAME; column <= VERSION; column++)
		holds = holds && (column == SIGNED || is_whole(row, column));
	return holds && n_hash == HASH_SIZE && memcmp(hash, chain, HASH_SIZE) == 0;
}

void seal_signed_text(const unsigned char head[HASH_SIZE], unsigned char ret_text[SEAL_SIGNED_SIZE])
{
	static const char prefix[] = "rejoin seal head";

	memcpy(ret_text, prefix, sizeof prefix - 1);
	memcpy(ret_text + sizeof prefix - 1, head, HASH_SIZE);
}
