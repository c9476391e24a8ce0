/* store_check: is the file as SQLite and this schema say it must be? */
#ifndef REJOIN_SCHEMA_STORE_CHECK_H
#define REJOIN_SCHEMA_STORE_CHECK_H

#include "schema/store.h"

/* One thing that does not hold, in words. */
typedef void store_check_fn(void *arg, const char *text);

/* Calls fn for every page, index, constraint and foreign key that does not hold; for every table,
 * index, view and trigger that is missing, too much or worded otherwise than this format has it;
 * and where the numbers of a table's rows do not run from 1 without a gap, as they do where no row
 * was ever removed. The rows of sample are left to who reads them all: whether their trials and
 * snapshots are there, and whether there are as many as the file counts. ERR_ENV: the file cannot
 * be read. */
int store_check(struct store *store, store_check_fn *fn, void *arg, struct err *err);

#endif
