/* scan: the bare scan that `rejoin-report verify` is measured against.
 *
 *     scan DB
 *
 * Steps through the table sample and reads every column of every row, and does nothing with it but
 * add it up. Prints the rows, the seconds and the sum. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int scan(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = 0;
	uint64_t sum = 0;
	double begin = now_s();
	int rc = sqlite3_prepare_v2(db, "SELECT * FROM sample", -1, &stmt, NULL);

	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			sum += (uint64_t)sqlite3_column_int64(stmt, i);
		n++;
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK || rc != SQLITE_OK) {
		fprintf(stderr, "scan: %s\n", sqlite3_errmsg(db));
		return 3;
	}
	printf("%lld %.3f %llu\n", (long long)n, now_s() - begin, (unsigned long long)sum);
	return 0;
}

int main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	int rc = 2;

	if (argc != 2)
		fputs("usage: scan DB\n", stderr);
	else if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		fprintf(stderr, "scan: %s: %s\n", argv[1], sqlite3_errmsg(db));
	else
		rc = scan(db);
	sqlite3_close(db);
	return rc;
}
