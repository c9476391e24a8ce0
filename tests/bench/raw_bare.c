/* raw_bare: the bare libxlsxwriter loop that `workbook --raw` is measured against.
 *
 *     raw_bare DB OUT.xlsx
 *
 * Reads the polls of DB into memory, and then writes the cells of the raw sheets (trial, observer,
 * due, sent, took, outcome, snapshot), each sheet as long as one may be, in constant memory as
 * --raw does. Prints the rows and the seconds of the writing alone, closing included. */
#include "lib/vec.h"
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <xlsxwriter.h>

enum { SHEET_ROWS = 1048576, N_COLUMNS = 7 };

struct row {
	int64_t trial, node, due_us, late_us, took_us, outcome, snapshot;
};

typedef VEC(struct row) rows;

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int read_rows(const char *path, rows *ret)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db,
					"SELECT trial_id, node, due_us, late_us, took_us, outcome, "
					"coalesce(snapshot_id, 0) FROM sample",
					-1, &stmt, NULL);
	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		struct row r;
		int64_t *const to[N_COLUMNS] = {&r.trial,   &r.node,	&r.due_us,  &r.late_us,
						&r.took_us, &r.outcome, &r.snapshot};

		for (int i = 0; i < N_COLUMNS; i++)
			*to[i] = sqlite3_column_int64(stmt, i);
		vec_push(ret, r);
	}
	if (rc != SQLITE_OK)
		fprintf(stderr, "raw_bare: %s: %s\n", path, sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return rc == SQLITE_OK ? 0 : 3;
}

static void write_row(lxw_worksheet *ws, lxw_row_t to, const struct row *r, lxw_format *whole,
		      lxw_format *seconds)
{
	static const char *const names[] = {"n1", "n2", "n3", "n4", "n5"};
	static const char *const outcomes[] = {"ok", "http_error", "net_error", "timeout"};

	worksheet_write_number(ws, to, 0, (double)r->trial, whole);
	worksheet_write_string(ws, to, 1, names[r->node % 5], NULL);
	worksheet_write_number(ws, to, 2, (double)r->due_us / 1e6, seconds);
	worksheet_write_number(ws, to, 3, (double)(r->due_us + r->late_us) / 1e6, seconds);
	worksheet_write_number(ws, to, 4, (double)r->took_us / 1e6, seconds);
	worksheet_write_string(ws, to, 5, outcomes[r->outcome & 3], NULL);
	if (r->snapshot)
		worksheet_write_number(ws, to, 6, (double)r->snapshot, whole);
}

static int write_all(const char *path, const rows *all)
{
	lxw_workbook_options options = {.constant_memory = LXW_TRUE};
	lxw_workbook *book = workbook_new_opt(path, &options);
	lxw_format *whole = workbook_add_format(book), *seconds = workbook_add_format(book);
	lxw_worksheet *ws = NULL;

	format_set_num_format(whole, "0");
	format_set_num_format(seconds, "0.000000");
	for (size_t i = 0; i < all->n; i++) {
		if (i % SHEET_ROWS == 0)
			ws = workbook_add_worksheet(book, NULL);
		write_row(ws, (lxw_row_t)(i % SHEET_ROWS), &all->v[i], whole, seconds);
	}
	return workbook_close(book) == LXW_NO_ERROR ? 0 : 3;
}

int main(int argc, char **argv)
{
	rows all = {0};
	double begin;
	int rc = 2;

	if (argc != 3)
		fputs("usage: raw_bare DB OUT.xlsx\n", stderr);
	else
		rc = read_rows(argv[1], &all);
	begin = now_s();
	if (!rc)
		rc = write_all(argv[2], &all);
	if (!rc)
		printf("%zu %.3f\n", all.n, now_s() - begin);
	vec_done(&all);
	return rc;
}
