/* seal_value: how the values of the canonical form go into a hash: schema/SEAL.md. For seal_hash.c,
 * seal_samples.c and seal_chain.c. */
#ifndef REJOIN_SCHEMA_SEAL_VALUE_H
#define REJOIN_SCHEMA_SEAL_VALUE_H

#include "lib/hash.h"
#include <string.h>

enum seal_tag {
	SEAL_NULL,
	SEAL_INTEGER,
	SEAL_TEXT,
	SEAL_BLOB,
	SEAL_SECTION,
	SEAL_ROW,
	SEAL_END,
	SEAL_ELSEWHERE
};

static inline void seal_add_bytes(struct hash *hash, enum seal_tag tag, const void *bytes, size_t n)
{
	hash_add_byte(hash, tag);
	hash_add_u64(hash, n);
	hash_add(hash, bytes, n);
}

static inline void seal_add_integer(struct hash *hash, int64_t value)
{
	hash_add_byte(hash, SEAL_INTEGER);
	hash_add_u64(hash, (uint64_t)value);
}

static inline void seal_add_text(struct hash *hash, const char *text)
{
	if (text)
		seal_add_bytes(hash, SEAL_TEXT, text, strlen(text));
	else
		hash_add_byte(hash, SEAL_NULL);
}

static inline void seal_begin_section(struct hash *hash, const char *name)
{
	seal_add_bytes(hash, SEAL_SECTION, name, strlen(name));
}

#endif
