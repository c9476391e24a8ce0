/* seal: how long a trial takes to be sealed, next to a bare SHA-256 over the same bytes.
 *
 *     seal DB BYTES ROUNDS
 *
 * DB holds one trial, not sealed, and BYTES its canonical form, made by others
 * (tests/seal/canonical.py). Rounds take turns: what the collector does between two trials, from
 * reading the rows to the commit, and the hash alone. Both must come to the same. Prints one JSON
 * object: seconds of each round (wall and CPU), the number of bytes. */
#include "schema/seal.h"
#include "lib/hash.h"
#include "tests/bench/took.h"
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int code, const char *what)
{
	if (!code)
		return;
	fprintf(stderr, "seal: %s\n", what);
	exit(3);
}

static unsigned char *read_all(const char *path, size_t *ret_n)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes;
	long n;

	must(!file || fseek(file, 0, SEEK_END), path);
	n = ftell(file);
	rewind(file);
	bytes = malloc((size_t)n + 1);
	must(!bytes || fread(bytes, 1, (size_t)n, file) != (size_t)n, path);
	fclose(file);
	*ret_n = (size_t)n;
	return bytes;
}

/* As the collector does after a trial. */
static struct took by_store(const char *db)
{
	struct store *store;
	struct err err = ERR_INIT;
	struct took begin, took;

	must(store_open(db, STORE_APPEND, &store, &err), err.text);
	begin = took_since((struct took){0, 0});
	must(seal_trials(store, 1, &err), err.text);
	took = took_since(begin);
	must(store_close(store, &err), err.text);
	return took;
}

/* Takes the seal away again. */
static void take_seal(const char *db, char ret_hex[HASH_HEX_SIZE])
{
	sqlite3 *file;
	sqlite3_stmt *stmt;

	must(sqlite3_open(db, &file), db);
	must(sqlite3_prepare_v2(file, "SELECT hash FROM seal", -1, &stmt, NULL),
	     sqlite3_errmsg(file));
	must(sqlite3_step(stmt) != SQLITE_ROW || sqlite3_column_bytes(stmt, 0) != HASH_SIZE,
	     "no seal was made");
	hash_hex(sqlite3_column_blob(stmt, 0), ret_hex);
	sqlite3_finalize(stmt);
	must(sqlite3_exec(file, "DELETE FROM seal", NULL, NULL, NULL), sqlite3_errmsg(file));
	sqlite3_close(file);
}

static void add(json_t *list, struct took took)
{
	json_array_append_new(list, json_pack("[f, f]", took.wall_s, took.cpu_s));
}

int main(int argc, char **argv)
{
	json_t *seals = json_array(), *bare = json_array(), *result;
	char sealed[HASH_HEX_SIZE], hashed[HASH_HEX_SIZE];
	unsigned char *bytes;
	struct took begin;
	size_t n;

	must(argc != 4, "usage: seal DB BYTES ROUNDS");
	bytes = read_all(argv[2], &n);
	for (int i = atoi(argv[3]); i > 0; i--) {
		add(seals, by_store(argv[1]));
		take_seal(argv[1], sealed);
		begin = took_since((struct took){0, 0});
		hash_sha256_hex(bytes, n, hashed);
		add(bare, took_since(begin));
		must(strcmp(sealed, hashed) != 0, "what was sealed has another hash than BYTES");
	}
	result = json_pack("{so so sI}", "seal", seals, "bare", bare, "bytes", (json_int_t)n);
	json_dumpf(result, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(result);
	free(bytes);
	return 0;
}
